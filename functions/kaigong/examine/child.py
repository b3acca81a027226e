"""The life of one child: it reads one file, for one reader after another, within hard limits.

A stranger's file may make a C library loop, eat memory or abort. So every library works in a process that ends with the
file; what it finds it reports fact by fact, so that what was found before a death is kept. Before the file's first byte
is read, it has given up all but reading and answering (`confine`): so whatever a reader needs is loaded and used once
in the process that it is forked from (`zygote`), and whatever is to be read of a large file is asked of `parent`.
"""

import io
import json
import os
import resource
import sys
from collections import OrderedDict
from typing import Any, BinaryIO, NoReturn, Protocol, cast

from .confine import confine, die_with_parent
from .limits import KB, Limits
from .protocol import DONE, EMIT, HASH, LENGTH, MEMORY_EXIT, NOWHERE, READ, SAID

CHANNEL = 3  # the number of its one open connection
MOST_OPEN = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
_CACHED_BLOCKS = 512  # beside the parent's


class Emit(Protocol):
    """How a reader reports: each call adds facts to what is known."""

    def __call__(self, **facts: Any) -> None: ...


def live(channel: int, limits: Limits, inherited: int) -> NoReturn:
    """The child's whole life; `inherited`: bytes of its address space from its start. It never returns and never runs
    the clean-up of the process that it was.

    All that it touches of what it inherits is copied for it. So whatever it can take over ready is made in the process
    that it is forked from, once.
    """
    code = 1
    try:
        _limited(channel, limits, inherited)
        confine(threads=limits.threads)
        kept: list[object] = []  # documents that readers opened: to take one apart takes a fifth of the time to read it
        while length := _told(LENGTH.size):
            opened = _read(json.loads(_told(*LENGTH.unpack(length))), limits)
            if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KB < limits.memory // 2:
                kept.append(opened)
            del opened
            _say(DONE)
        code = 0
    except MemoryError:
        code = MEMORY_EXIT
    finally:
        os._exit(code)


def _read(command: dict[str, Any], limits: Limits) -> object:
    """Let one reader read the file; it is named by its module, which is loaded, and its function.

    Returns what it opened and has no more use for.
    """
    module, name = command["reader"].split(":")
    file = _whole(command["size"]) if command["whole"] else RangedFile(command["size"], limits.block)
    reader = getattr(sys.modules[module], name)
    return reader(cast(BinaryIO, file), _emit, limits=limits, **command["arguments"])


def _whole(size: int) -> io.BytesIO:
    """A file that the parent sends whole, received where it stays: new memory is what costs most."""
    file = io.BytesIO()
    file.seek(size - 1)
    file.write(b"\0")
    file.seek(0)
    with file.getbuffer() as view:
        got = 0
        while got < size and (more := os.readv(CHANNEL, [view[got:]])):
            got += more
    return file


def _emit(**facts: Any) -> None:
    data = json.dumps(facts).encode()
    _say(EMIT, len(data), 0, data)


def _say(kind: bytes, a: int = 0, b: int = 0, data: bytes = b"") -> None:
    view = memoryview(SAID.pack(kind, a, b) + data)
    while view:
        view = view[os.write(CHANNEL, view) :]


def _told(length: int) -> bytes:
    """Exactly so many bytes, or none where the parent says no more."""
    parts: list[bytes] = []
    while length > 0:
        part = os.read(CHANNEL, min(length, 1024 * 1024))
        if not part:
            return b""
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _limited(channel: int, limits: Limits, inherited: int) -> None:
    """Keep one connection and nothing else; print nowhere; take the limits on."""
    die_with_parent()
    os.dup2(NOWHERE, 1)
    os.dup2(NOWHERE, 2)
    os.dup2(channel, CHANNEL)
    os.closerange(CHANNEL + 1, MOST_OPEN)
    for what, bound in (
        (resource.RLIMIT_AS, inherited + limits.memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (bound, bound))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))  # SIGXCPU tells what it died of


class RangedFile(io.RawIOBase):
    """The child's view of a large file: a seekable stream whose blocks the parent fetches.

    qpdf seeks forty times an object, and reads a few bytes five times: so these are short.
    """

    def __init__(self, size: int, block: int) -> None:
        self._size = size
        self._block = block
        self._at = 0
        self._cache: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence != os.SEEK_SET:
            offset += self._at if whence == os.SEEK_CUR else self._size
        if offset < 0:
            raise ValueError("negative seek position")
        self._at = offset
        return offset

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        end = min(self._at + len(view), self._size)
        done = 0
        while self._at < end:
            index, skip = divmod(self._at, self._block)
            data = self._get(index)[skip : skip + end - self._at]
            view[done : done + len(data)] = data
            done += len(data)
            self._at += len(data)
        return done

    def digest(self, algorithm: str, ranges: list[tuple[int, int]]) -> bytes:
        """Of these parts of the file, by one of DIGESTS; worked out where they are fetched: they may be all of it."""
        data = json.dumps({"algorithm": algorithm, "ranges": ranges}).encode()
        _say(HASH, len(data), 0, data)
        return _told(*LENGTH.unpack(_told(LENGTH.size)))

    def _get(self, index: int) -> bytes:
        data = self._cache.get(index)
        if data is not None:
            self._cache.move_to_end(index)
            return data
        start = index * self._block
        _say(READ, start, min(start + self._block, self._size))
        (length,) = LENGTH.unpack(_told(LENGTH.size))
        data = self._cache[index] = _told(length)
        if len(self._cache) > _CACHED_BLOCKS:
            self._cache.popitem(last=False)
        return data
