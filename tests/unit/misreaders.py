"""Readers that misbehave, as one that a file took over may. They are loaded where children are forked from."""

import ctypes
import errno
import json
import mmap
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from kaigong.examine.child import CHANNEL, Emit
from kaigong.examine.protocol import HASH, SAID

FOR_EVER = 24 * 3600  # seconds: who is not ended is found by the test's own time limit
LIBC = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: Any) -> None:
    """A function of the C library, which says by -1 that it failed."""
    ctypes.set_errno(0)
    if getattr(LIBC, name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)


class Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def look_into(pid: int) -> None:
    own, other = (Iovec(ctypes.addressof(ctypes.create_string_buffer(8)), 8) for _ in range(2))
    call("process_vm_readv", pid, ctypes.byref(own), 1, ctypes.byref(other), 1, 0)


# What must fail. `pid` is of another process: of the examination's, and of the one that the child was forked from.
POWERS: dict[str, Callable[[int], object]] = {
    "connect": lambda _: socket.socket(),
    "socket pair": lambda _: socket.socketpair(),
    "send on its connection": lambda _: socket.socket(fileno=CHANNEL).sendmsg([b"x"]),
    "read a file": lambda _: os.open("/etc/hostname", os.O_RDONLY),
    "read another's environment": lambda pid: Path(f"/proc/{pid}/environ").read_bytes(),
    "read another's memory": lambda pid: os.open(f"/proc/{pid}/mem", os.O_RDONLY),
    "look into another": look_into,
    "trace another": lambda pid: call("ptrace", 16, pid, 0, 0),
    "take another's connection": lambda pid: call("syscall", 438, os.pidfd_open(pid), CHANNEL, 0),  # pidfd_getfd
    "write a file": lambda _: os.open("/tmp/stolen", os.O_WRONLY | os.O_CREAT),  # noqa: S108 - it is never made
    "make a folder": lambda _: os.mkdir("/tmp/stolen"),  # noqa: S108 - it is never made
    "remove a file": lambda _: os.unlink("/tmp/stolen"),  # noqa: S108 - it is never made
    "list a folder": lambda _: os.listdir("/"),
    "fork": lambda _: os.fork(),
    "start a thread": lambda _: threading.Thread(target=print).start(),
    "start a program": lambda _: subprocess.run(["/bin/true"], check=True),
    "become a program": lambda _: os.execv("/bin/true", ["true"]),  # noqa: S606 - it is refused
    "end another": lambda pid: os.kill(pid, signal.SIGTERM),
    "end another's group": lambda pid: os.killpg(os.getpgid(pid), signal.SIGTERM),
    "end its own group": lambda _: os.killpg(os.getpid(), signal.SIGTERM),
    "leave its group": lambda pid: os.setpgid(0, pid),
    "make a pipe": lambda _: os.pipe(),
    "make memory that is a file": lambda _: os.memfd_create("x"),
    "make memory for code": lambda _: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC),
    "loosen its limits": lambda _: resource.setrlimit(resource.RLIMIT_CPU, (1, 1)),
    "loosen another's": lambda pid: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1)),
    "outlive its parent": lambda _: call("prctl", 1, 0, 0, 0, 0),
    "change its owner": lambda _: os.setuid(0),
    "mount": lambda _: call("mount", b"a", b"/", b"b", 0, None),
    "make a namespace": lambda _: call("unshare", 0x10000000),
    "be watched": lambda _: call("prctl", 4, 1, 0, 0, 0),
    "call another way": lambda _: call("syscall", 425, 1, None),  # io_uring_setup
}


def pry(_: BinaryIO, emit: Emit, power: str, caller: int, **__: Any) -> None:
    for whose, pid in (("caller", caller), ("zygote", os.getppid())):
        try:
            POWERS[power](pid)
        except (OSError, RuntimeError, ValueError) as error:  # Python says them apart
            emit(**{whose: type(error).__name__})


def look_for_keys(_: BinaryIO, emit: Emit, key: str, **__: Any) -> None:
    LIBC.getenv.restype = ctypes.c_char_p
    emit(seen=dict(os.environ), known=LIBC.getenv(key.encode()))


def breed(_: BinaryIO, emit: Emit, **__: Any) -> None:
    pid = os.fork()
    if pid == 0:
        os.close(CHANNEL)
        signal.pause()
    emit(pid=pid)


def have_threads(_: BinaryIO, emit: Emit, **__: Any) -> None:
    thread = threading.Thread(target=lambda: emit(thread=True))
    thread.start()
    thread.join()
    try:
        os.fork()
    except OSError:
        emit(refused=True)


def say_done(_: BinaryIO, emit: Emit, **__: Any) -> None:
    emit(done=True)


def read_a_null_pointer(_: BinaryIO, emit: Emit, **__: Any) -> None:
    emit(done=True)
    ctypes.string_at(0)


def spin(_: BinaryIO, emit: Emit, **__: Any) -> None:
    emit(opens="yes")
    while True:
        pass


def sleep(_: BinaryIO, emit: Emit, **__: Any) -> None:
    emit(opens="yes")
    time.sleep(FOR_EVER)


def play_dead(_: BinaryIO, emit: Emit, **__: Any) -> None:
    emit(opens="yes")
    os.close(CHANNEL)
    time.sleep(FOR_EVER)


def leave(_: BinaryIO, emit: Emit, **__: Any) -> None:
    emit(opens="yes")
    os._exit(0)


def eat(_: BinaryIO, emit: Emit, **__: Any) -> None:
    emit(opens="yes")
    bytearray(3 * 1024**3)


def die(_: BinaryIO, emit: Emit, **__: Any) -> None:
    emit(opens="yes")
    os.kill(os.getpid(), signal.SIGABRT)


def chatter(_: BinaryIO, emit: Emit, **__: Any) -> None:
    emit(opens="yes")
    while True:
        emit(text="x" * 10_000)


def babble(_: BinaryIO, emit: Emit, **__: Any) -> None:
    emit(opens="yes")
    os.write(CHANNEL, b"\xff" * 17)
    time.sleep(FOR_EVER)


def ask_for_a_digest(_: BinaryIO, emit: Emit, wanted: str, **__: Any) -> None:
    emit(opens="yes")
    os.write(CHANNEL, SAID.pack(HASH, len(wanted), 0) + wanted.encode())
    time.sleep(FOR_EVER)


def grab(_: BinaryIO, emit: Emit, **__: Any) -> None:
    emit(opens="yes")
    os.write(CHANNEL, b"R" + (0).to_bytes(8) + (2**62).to_bytes(8))
    time.sleep(FOR_EVER)


def fail(_: BinaryIO, emit: Emit, **__: Any) -> None:
    emit(opens="yes")
    raise RuntimeError("a library's own error")


def read_four_places(stream: BinaryIO, emit: Emit, **_: Any) -> None:
    for at in (0, 30_000_000, 90_000_000, 150_000_000):
        stream.seek(at)
        stream.read(10)
    emit(done=True)


def shout(_: BinaryIO, emit: Emit, **__: Any) -> None:
    os.write(1, b"to standard output")
    os.write(2, b"to standard error")
    print("by print", flush=True)
    emit(done=True)


def count_open_files(_: BinaryIO, emit: Emit, **__: Any) -> None:
    def is_open(number: int) -> bool:
        try:
            os.lseek(number, 0, os.SEEK_CUR)
        except OSError as error:
            return error.errno != errno.EBADF
        return True

    emit(open=[number for number in range(1024) if is_open(number)])


def scribble(_: BinaryIO, emit: Emit, target: str, **__: Any) -> None:
    try:
        Path(target).write_bytes(b"x")
    except OSError:
        emit(refused=True, core=resource.getrlimit(resource.RLIMIT_CORE)[0])


def end_the_zygote(_: BinaryIO, emit: Emit, **__: Any) -> None:
    """As the machine might, where memory is short; only a child that is not confined can."""
    emit(opens="yes")
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(FOR_EVER)


def see_every_page(stream: BinaryIO, emit: Emit, limits: Any) -> None:
    """The structure's reader, which lets the page through that kills pdfium."""
    from kaigong.examine import content, structure

    class Blind(content.Survey):
        def _survey(self, page: object) -> bool:
            self.words = True
            return page is not None

    structure.Survey = Blind  # type: ignore[misc]  # in this child
    structure.read_structure(stream, emit, limits)


def repeat_what_the_file_says(stream: BinaryIO, emit: Emit, **_: Any) -> None:
    emit(opens="yes", pages=1)
    emit(**json.loads(stream.read().removeprefix(b"%PDF-")))


def fail_at_signatures(stream: BinaryIO, emit: Emit, limits: Any, trust_list: str, error: type[Exception]) -> None:
    from kaigong.examine import signatures

    def failing(*_: object, **__: object) -> None:
        raise error

    signatures.async_validate_pdf_signature = failing
    signatures.read_signatures(stream, emit, limits, trust_list)


def look_at_one_signature(stream: BinaryIO, emit: Emit, limits: Any, trust_list: str) -> None:
    from kaigong.examine import signatures

    signatures.MOST = 1
    signatures.read_signatures(stream, emit, limits, trust_list)


def __getattr__(name: str) -> Any:
    """`fail_at_signatures_with_KeyError` and its like."""
    error = name.removeprefix("fail_at_signatures_with_")
    if error == name:
        raise AttributeError(name)
    return lambda *given, **named: fail_at_signatures(*given, **named, error=getattr(sys.modules["builtins"], error))
