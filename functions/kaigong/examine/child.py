"""One reader in one limited child process.

A stranger's file may make a C library loop, eat memory or abort. So every library works in a forked child with hard
limits; the parent only serves it ranges of the file and collects what it reports, fact by fact, so that what was found
before a death is kept. Lambda has no /dev/shm, hence `os.fork` and pipes, not multiprocessing. Before the file's first
byte is read, the child has lost the parent's connections and keys and may do next to nothing (`confine`): so whatever a
reader needs is loaded and used once in the parent.
"""

import codecs
import contextlib
import gc
import io
import json
import logging
import os
import resource
import select
import signal
import struct
import sys
import time
import warnings
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, BinaryIO, NoReturn, Protocol, cast

from kaigong.domain.model.facts import Limit

from .confine import confine
from .limits import Limits, OverLimit
from .source import Blocks

_ASK = struct.Struct("!cQQ")  # child to parent: b"R", start, end; or b"E", length, 0 and that many bytes of JSON
_READ, _EMIT = b"R", b"E"
_ASKED_AT_ONCE = 1024 * 1024  # bytes; the child asks for less, so more is not honoured
_CACHED_BLOCKS = 512  # in the child, beside the parent's
_ENCODINGS = (
    "ascii latin-1 cp1252 mac-roman charmap cp437 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 gb18030 gbk gb2312 hz "
    "big5 big5hkscs cp950 shift_jis cp932 euc_jp iso2022_jp euc_kr cp949"
)
_MEMORY_EXIT = 86  # exit status of a child that ran out of its address space


class Emit(Protocol):
    """How a reader reports: each call adds facts to what is known."""

    def __call__(self, **facts: Any) -> None: ...


Task = Callable[[BinaryIO, Emit], None]


@dataclass
class Outcome:
    """What a reader reported, and which limit ended it, if one did."""

    facts: dict[str, Any] = field(default_factory=dict)
    limit: Limit | None = None


@cache
def _load_encodings() -> None:
    """Of text in papers and names of files; Python loads each from a file when it is first used."""
    for name in _ENCODINGS.split():
        codecs.lookup(name)


def run_limited(task: Task, blocks: Blocks, limits: Limits) -> Outcome:
    """Let `task` read the file in a limited child. Whatever the file does to it, this returns.

    Raises only what the source raises: then storage failed, not the file.
    """
    _load_encodings()
    ask_in, ask_out = os.pipe()
    answer_in, answer_out = os.pipe()
    with warnings.catch_warnings():
        # The child runs C code and leaves by os._exit; it takes none of the locks that other threads may hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        _child(task, blocks, limits, ask_out, answer_in)
    _own_group(pid)
    os.close(ask_out)
    os.close(answer_in)
    os.set_blocking(answer_out, False)
    serving = _Serving(blocks, limits, ask_in, answer_out)
    try:
        serving.run()
    finally:
        os.close(ask_in)
        os.close(answer_out)
        if serving.ended:
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # its number stays taken until its group is ended
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    limit = serving.limit or _death(status)
    return Outcome(serving.facts, limit)


def _own_group(pid: int) -> None:
    """Whatever the child may start ends with it. Both sides say so, whichever comes first."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # it did, or has ended
        os.setpgid(pid, pid)


def _death(status: int) -> Limit | None:
    """Why a child ended that we did not end."""
    if os.WIFEXITED(status):
        code = os.WEXITSTATUS(status)
        return None if code == 0 else Limit.MEMORY if code == _MEMORY_EXIT else Limit.CRASH
    return Limit.CPU if os.WTERMSIG(status) == signal.SIGXCPU else Limit.CRASH


class _Serving:
    """The parent's side: serve ranges and collect facts until the child closes its pipe or breaks a bound."""

    def __init__(self, blocks: Blocks, limits: Limits, ask: int, answer: int) -> None:
        self.facts: dict[str, Any] = {}
        self.limit: Limit | None = None
        self.ended = False  # the child closed its pipe: it is ending by itself
        self._blocks = blocks
        self._ask = ask
        self._answer = answer
        self._left = limits.answer
        self._deadline = time.monotonic() + limits.wall
        self._in = select.poll()
        self._in.register(ask, select.POLLIN)
        self._out = select.poll()
        self._out.register(answer, select.POLLOUT)

    def run(self) -> None:
        try:
            while head := self._receive(_ASK.size):
                kind, a, b = _ASK.unpack(head)
                if kind == _READ:
                    self._serve(a, b)
                elif kind == _EMIT:
                    self._collect(a)
                else:
                    raise ValueError("neither a question nor a report")
            self.ended = True
        except OverLimit as over:
            self.limit = over.limit
        except ValueError:  # not our protocol: the file has taken the child over
            self.limit = Limit.CRASH

    def _serve(self, start: int, end: int) -> None:
        if end - start > _ASKED_AT_ONCE:
            raise OverLimit(Limit.CRASH)
        began = time.monotonic()
        data = self._blocks.read(start, end)
        self._deadline += time.monotonic() - began
        self._send(struct.pack("!Q", len(data)) + data)

    def _collect(self, length: int) -> None:
        self._left -= length
        if self._left < 0:
            raise OverLimit(Limit.MEMORY)
        news = json.loads(self._receive(length))
        if not isinstance(news, dict):
            raise ValueError("a report is an object")
        self.facts.update(news)

    def _receive(self, length: int) -> bytes:
        """Exactly `length` bytes, or none at the end of the pipe."""
        parts: list[bytes] = []
        while length > 0:
            self._wait(self._in)
            part = os.read(self._ask, min(length, 65536))
            if not part:
                return b""
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            self._wait(self._out)
            try:
                view = view[os.write(self._answer, view) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                return  # it died while it waited; its pipe tells

    def _wait(self, poll: select.poll) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise OverLimit(Limit.TIME)


def _child(task: Task, blocks: Blocks, limits: Limits, ask: int, answer: int) -> NoReturn:
    """The child's whole life. It never returns and never runs the parent's clean-up."""
    code = 1
    try:
        gc.freeze()  # the collector leaves the inherited objects alone, so their pages stay shared
        ask, answer = _limited(ask, answer, limits)
        confine(threads=limits.threads)

        def emit(**facts: Any) -> None:
            data = json.dumps(facts).encode()
            _write_all(ask, _ASK.pack(_EMIT, len(data), 0) + data)

        whole = blocks.whole
        ranged = RangedFile(blocks.size, limits.block, ask, answer)
        task(cast(BinaryIO, io.BytesIO(whole) if whole is not None else ranged), emit)
        code = 0
    except MemoryError:
        code = _MEMORY_EXIT
    finally:
        os._exit(code)


def _limited(ask: int, answer: int, limits: Limits) -> tuple[int, int]:
    """Keep two pipes and nothing else; print nowhere; take the limits on. Returns the pipes' new numbers."""
    _own_group(0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    high = max(ask, answer, 16) + 1
    os.dup2(ask, high)
    os.dup2(answer, high + 1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    sys.stdout = sys.stderr = io.StringIO()  # the caller's may write elsewhere, as in Lambda
    logging.disable(logging.CRITICAL)
    os.dup2(high, 3)
    os.dup2(high + 1, 4)
    os.closerange(5, max(resource.getrlimit(resource.RLIMIT_NOFILE)[0], high + 2))
    with open("/proc/self/statm", "rb") as statm:
        inherited = int(statm.read().split()[0]) * resource.getpagesize()
    for what, bound in (
        (resource.RLIMIT_AS, inherited + limits.memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (bound, bound))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))  # SIGXCPU tells what it died of
    return 3, 4


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


class RangedFile(io.RawIOBase):
    """The child's view of a large file: a seekable stream whose blocks the parent fetches."""

    def __init__(self, size: int, block: int, ask: int, answer: int) -> None:
        self._size = size
        self._block = block
        self._ask = ask
        self._answer = answer
        self._at = 0
        self._cache: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("negative seek position")
        self._at = base + offset
        return self._at

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

    def _get(self, index: int) -> bytes:
        data = self._cache.get(index)
        if data is not None:
            self._cache.move_to_end(index)
            return data
        start = index * self._block
        _write_all(self._ask, _ASK.pack(_READ, start, min(start + self._block, self._size)))
        (length,) = struct.unpack("!Q", self._take(8))
        data = self._cache[index] = self._take(length)
        if len(self._cache) > _CACHED_BLOCKS:
            self._cache.popitem(last=False)
        return data

    def _take(self, length: int) -> bytes:
        parts: list[bytes] = []
        while length > 0:
            part = os.read(self._answer, min(length, 65536))
            if not part:
                raise EOFError("the parent is gone")
            parts.append(part)
            length -= len(part)
        return b"".join(parts)
