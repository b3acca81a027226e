"""The parent's side of reading: a process to fork children from, and one child for each file.

A child cannot open the file: it is sent a small one whole, and asks for ranges of a larger one. Lambda has no /dev/shm,
hence connections and `fork`, not multiprocessing.
"""

import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

from kaigong.domain.model.features import Limit
from kaigong.errors import Bug

from .limits import Limits, OverLimit
from .protocol import (
    AT_ONCE,
    BY_ITSELF,
    CONTROL,
    DIGESTS,
    DONE,
    EMIT,
    HASH,
    LENGTH,
    LONGEST,
    MEMORY_EXIT,
    NOWHERE,
    READ,
    SAID,
)
from .source import Blocks

_ASKED_AT_ONCE = 1024 * 1024  # bytes; the child asks for less, so more is not honoured
_HEARD_AT_ONCE = 65536
_ROOT = Path(__file__).parents[2]


class Readers(NamedTuple):
    """What a child may read a file with: modules that are loaded in the process that it is forked from."""

    process: str  # which one: those that few files need have one of their own, and leave the first one small
    modules: tuple[str, ...]


@dataclass
class Outcome:
    """What a reader reported, and which limit ended it, if one did."""

    facts: dict[str, Any] = field(default_factory=dict)
    limit: Limit | None = None


class _Gone(Bug):
    """The process that children are forked from has ended: another one takes its place, once."""

    def __init__(self) -> None:
        super().__init__("the process that reads papers has ended")


class Zygote:
    """The process that children are forked from, as its parent sees it."""

    def __init__(self) -> None:
        """Start it. Raises Bug where it does not come up; what it says of that, it prints."""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.loaded: set[str] = set()
        self.spent = 0.0  # seconds of processor time so far, with those of its children
        path = [str(_ROOT), *sys.path]
        code = f"import sys; sys.path[:] = {path!r}; from kaigong.examine.zygote import main; main()"
        flags = ["-I", "-S", *(["-B"] if sys.dont_write_bytecode else [])]
        # Nothing of the environment but where Python's own library may lie, as on Lambda.
        kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
        with theirs:
            self._pid = os.posix_spawn(
                sys.executable,
                [sys.executable, *flags, "-c", code],
                kept,
                # What it prints is for the log: standard output may carry answers of the function.
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, theirs.fileno(), CONTROL),
                    (os.POSIX_SPAWN_DUP2, 2, 1),
                    (os.POSIX_SPAWN_OPEN, NOWHERE, os.devnull, os.O_RDWR, 0),
                ],
                setpgroup=0,  # what is typed at a terminal is not for it
            )

        try:
            self.confined = bool(self._hear()["confined"])  # whether its children can but read and answer
        except _Gone as error:
            self.end()
            raise Bug("the process that reads papers does not start") from error

    def load(self, modules: tuple[str, ...]) -> None:
        """Have these ready before a file needs them: that takes no file's time. Raises _Gone."""
        if new := [name for name in modules if name not in self.loaded]:
            self._send(json.dumps({"modules": new}).encode())
            self._hear()
            self.loaded.update(new)

    def fork(self, channel: socket.socket, limits: Limits) -> None:
        """Have a child read at the other end of this connection. Raises _Gone."""
        self._send(json.dumps({"limits": asdict(limits)}).encode(), channel.fileno())

    def reap(self, *, ended: bool) -> int:
        """End the child, and all that it may have started; one that has `ended` by itself may say with what status."""
        self._send(BY_ITSELF if ended else AT_ONCE)
        return int(self._hear()["status"])

    def end(self) -> None:
        self._control.close()
        os.kill(self._pid, signal.SIGKILL)  # its child, if it has one, dies with it
        os.waitpid(self._pid, 0)

    def _send(self, message: bytes, *connections: int) -> None:
        try:
            socket.send_fds(self._control, [message], connections)
        except ConnectionError as error:
            raise _Gone from error

    def _hear(self) -> dict[str, Any]:
        try:
            said = self._control.recv(LONGEST)
        except ConnectionError:
            said = b""
        if not said:
            raise _Gone
        news: dict[str, Any] = json.loads(said)
        self.spent = news["spent"]
        return news


_running: dict[tuple[int, str], Zygote] = {}  # by the process that started it: a copy of this one has none


def zygote(process: str) -> Zygote:
    """The process that children are forked from; started when it is first needed, and anew after it has died."""
    key = (os.getpid(), process)
    if key not in _running:
        _running[key] = Zygote()
    return _running[key]


def _bury(process: str) -> None:
    _running.pop((os.getpid(), process)).end()


def ready(readers: Readers) -> bool:
    """Have readers loaded. Returns whether what reads with them can do nothing else."""
    process = zygote(readers.process)
    process.load(readers.modules)
    return process.confined


def spent() -> float:
    """Seconds of processor time of all that read for this process so far; `getrusage` does not see them."""
    return sum(process.spent for process in _running.values())


class Child:
    """One child for one file: it reads with one reader after another, until it breaks a bound. Then another is born."""

    def __init__(self, readers: Readers, blocks: Blocks, limits: Limits) -> None:
        self._readers = readers
        self._blocks = blocks
        self._limits = limits
        self._channel: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(_Gone):
            self._end(ended=False)

    def read(self, reader: str, **arguments: Any) -> Outcome:
        """Let this reader, `module:function`, read the file. Whatever the file does to it, this returns.

        Raises only what the source raises: then storage failed, not the file.
        """
        for _ in range(2):
            try:
                return self._read(reader, arguments)
            except _Gone:  # nothing that the file could have done
                _bury(self._readers.process)
        return Outcome(limit=Limit.CRASH)

    def _read(self, reader: str, arguments: dict[str, Any]) -> Outcome:
        channel = self._channel or self._born()
        serving = _Serving(channel, self._blocks, self._limits)
        serving.run(reader, arguments)
        limit = serving.limit
        if not serving.done:
            status = self._end(ended=serving.ended)
            limit = limit or _death(status)
        return Outcome(serving.facts, limit)

    def _born(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with ExitStack() as unless_born, theirs:
            unless_born.callback(ours.close)
            ours.setblocking(False)
            process = zygote(self._readers.process)
            process.load(self._readers.modules)
            process.fork(theirs, self._limits)
            unless_born.pop_all()
        self._channel = ours
        return ours

    def _end(self, *, ended: bool) -> int:
        if self._channel is None:
            return 0
        self._channel.close()
        self._channel = None
        return zygote(self._readers.process).reap(ended=ended)


def _death(status: int) -> Limit:
    """Why a child ended that we did not end, and that was not done."""
    if os.WIFEXITED(status):
        return Limit.MEMORY if os.WEXITSTATUS(status) == MEMORY_EXIT else Limit.CRASH
    return Limit.CPU if os.WTERMSIG(status) == signal.SIGXCPU else Limit.CRASH


def _ranges(said: object) -> list[tuple[int, int]]:
    """Starts and ends of parts, as a child says them. Raises ValueError where they are none."""
    if not isinstance(said, list):
        raise ValueError("ranges are a list")
    for part in said:
        if not isinstance(part, list) or len(part) != 2 or not all(type(number) is int for number in part):
            raise ValueError("a range is two numbers")
    return [(start, end) for start, end in said]


class _Serving:
    """Serves ranges and collects facts until a reader is done, its child closes the connection or breaks a bound."""

    def __init__(self, channel: socket.socket, blocks: Blocks, limits: Limits) -> None:
        self.facts: dict[str, Any] = {}
        self.limit: Limit | None = None
        self.done = False
        self.ended = False  # the child closed its connection: it is ending by itself
        self._channel = channel
        self._blocks = blocks
        self._heard = bytearray()
        self._left = limits.answer
        self._deadline = time.monotonic() + limits.wall
        self._in = select.poll()
        self._in.register(channel, select.POLLIN)
        self._out = select.poll()
        self._out.register(channel, select.POLLOUT)

    def run(self, reader: str, arguments: dict[str, Any]) -> None:
        blocks, whole = self._blocks, self._blocks.whole
        command = {"reader": reader, "arguments": arguments, "size": blocks.size, "whole": whole is not None}
        try:
            data = json.dumps(command).encode()
            self._send(LENGTH.pack(len(data)) + data + (whole or b""))
            while head := self._receive(SAID.size):
                kind, a, b = SAID.unpack(head)
                if kind == READ:
                    self._serve(a, b)
                elif kind == HASH:
                    self._hash(a)
                elif kind == EMIT:
                    self._collect(a)
                elif kind == DONE:
                    self.done = True
                    return
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
        self._answer(lambda: self._blocks.read(start, end))

    def _hash(self, length: int) -> None:
        if length > _HEARD_AT_ONCE:
            raise OverLimit(Limit.CRASH)
        wanted = self._said(length)
        algorithm, ranges = str(wanted.get("algorithm")), _ranges(wanted.get("ranges"))
        if algorithm not in DIGESTS:
            raise ValueError("no digest of ours")
        self._answer(lambda: self._blocks.digest(algorithm, ranges))

    def _answer(self, fetch: Callable[[], bytes]) -> None:
        began = time.monotonic()
        data = fetch()
        self._deadline += self._blocks.excused(time.monotonic() - began)
        self._send(LENGTH.pack(len(data)) + data)

    def _collect(self, length: int) -> None:
        self._left -= length
        if self._left < 0:
            raise OverLimit(Limit.MEMORY)
        self.facts.update(self._said(length))

    def _said(self, length: int) -> dict[str, Any]:
        """An object of so many bytes of JSON. Raises ValueError: a child that a file took over says anything."""
        try:
            said = json.loads(self._receive(length))
        except RecursionError as error:
            raise ValueError("nested for ever") from error
        if not isinstance(said, dict):
            raise ValueError("what is said is an object")
        return said

    def _receive(self, length: int) -> bytes:
        """Exactly `length` bytes, or none at the end of the connection."""
        while len(self._heard) < length:
            try:
                part = self._channel.recv(_HEARD_AT_ONCE)
            except BlockingIOError:
                self._wait(self._in)
                continue
            except ConnectionError:  # it died with questions of ours unread
                part = b""
            if not part:
                return b""
            self._heard += part
        said = bytes(self._heard[:length])
        del self._heard[:length]
        return said

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[self._channel.send(view) :]
            except BlockingIOError:
                self._wait(self._out)
            except ConnectionError:
                return  # it died meanwhile; its connection tells

    def _wait(self, poll: select.poll) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise OverLimit(Limit.TIME)
