"""Where the bytes come from: whole when small, else by ranges, each byte fetched at most once."""

import hashlib
import os
from collections.abc import Iterable
from typing import Protocol, Self

from kaigong.domain.model.facts import Limit

from .limits import Limits, OverLimit

_HASHED_AT_ONCE = 4 * 1024 * 1024


class RangeSource(Protocol):
    """Something that hands out ranges of one unchanging object, such as one version of an S3 object."""

    @property
    def size(self) -> int:
        """Bytes of the whole object."""

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to, not including, `end`. What it raises ends the examination."""


class FileSource:
    """A file on disk."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.size = os.fstat(self._fd).st_size

    def read(self, start: int, end: int) -> bytes:
        return os.pread(self._fd, end - start, start)

    def close(self) -> None:
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Blocks:
    """What was fetched so far, in aligned blocks, and what it cost.

    Nothing is ever thrown away: the bound on fetched bytes is the bound on memory, and the second reader pays nothing
    for what the first one has seen.
    """

    def __init__(self, source: RangeSource, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._blocks: dict[int, bytes] = {}
        self._next = -1  # the block after the last one fetched: a request for it looks like reading on
        self._ahead = 1
        self._share = 1.0
        self.size = source.size
        self.bytes_read = 0
        self.hashed = 0  # beside those
        self.requests = 0
        self._hash_requests = 0  # among those
        self._fetching = limits.fetching
        self.whole: bytes | None = None
        self._uncut: bytes | None = None
        if 0 < self.size <= limits.whole:
            self.whole = self._uncut = self._fetch(0, self.size)

    def cut(self, size: int) -> None:
        """From now on the file ends here: what stands behind is none of it. A later cut may leave more of it."""
        self.size = min(size, self._source.size)
        if self._uncut is not None:
            self.whole = self._uncut[: self.size]

    def share(self, part: float) -> None:
        """From now on, use up to this part of what may be fetched altogether."""
        self._share = part

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end`, both clipped to the file. Raises OverLimit beyond the budget."""
        start, end = max(0, min(start, self.size)), max(0, min(end, self.size))
        if start >= end:
            return b""
        if self.whole is not None:
            return self.whole[start:end]
        block = self._limits.block
        first, last = start // block, (end - 1) // block
        self._fill(first, last)
        data = b"".join(self._blocks[i] for i in range(first, last + 1))
        return data[start - first * block : end - first * block]

    def digest(self, algorithm: str, ranges: Iterable[tuple[int, int]]) -> bytes:
        """A digest of these parts, fetched for this alone and not kept: it takes time, no memory. Raises OverLimit."""
        worked_out = hashlib.new(algorithm, usedforsecurity=False)
        for start, end in ranges:
            for at in range(max(start, 0), min(end, self.size), _HASHED_AT_ONCE):
                stop = min(at + _HASHED_AT_ONCE, end, self.size)
                self.hashed += stop - at
                if self.hashed > self._limits.hashed:
                    raise OverLimit(Limit.BYTES)
                self._hash_requests += 1
                if self._hash_requests > self._limits.hash_requests:
                    raise OverLimit(Limit.REQUESTS)
                self.requests += 1
                worked_out.update(self._source.read(at, stop))
        return worked_out.digest()

    def excused(self, spent: float) -> float:
        """Of these seconds of fetching, those that are not the reader's: storage may be slow, but not for ever."""
        granted = min(spent, self._fetching)
        self._fetching -= granted
        return granted

    def _fill(self, first: int, last: int) -> None:
        at = first
        while at <= last:
            if at in self._blocks:
                at += 1
                continue
            stop = at
            while stop <= last and stop not in self._blocks:
                stop += 1
            self._fetch_blocks(at, self._extend(at, stop))
            at = stop

    def _extend(self, at: int, stop: int) -> int:
        """Where a request that starts at block `at` should stop: further on while somebody reads straight through."""
        block = self._limits.block
        self._ahead = min(self._ahead * 4, self._limits.read_ahead // block) if at == self._next else 1
        end = -(-self.size // block)
        while stop < min(at + self._ahead, end) and stop not in self._blocks:
            stop += 1
        return stop

    def _fetch_blocks(self, first: int, stop: int) -> None:
        block = self._limits.block
        data = self._fetch(first * block, min(stop * block, self.size))
        for i in range(first, stop):
            self._blocks[i] = data[(i - first) * block : (i - first + 1) * block]
        self._next = stop

    def _fetch(self, start: int, end: int) -> bytes:
        if self.requests >= self._limits.max_requests * self._share:
            raise OverLimit(Limit.REQUESTS)
        if self.bytes_read + end - start > self._limits.max_bytes * self._share:
            raise OverLimit(Limit.BYTES)
        data = self._source.read(start, end)
        self.requests += 1
        self.bytes_read += len(data)
        if len(data) != end - start:
            raise OSError(f"the source returned {len(data)} bytes for a range of {end - start}")
        return data
