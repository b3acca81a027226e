"""What a reader may do that a file has taken over: nothing but answer. Each power is tried from inside the child."""

import ctypes
import mmap
import os
import resource
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from kaigong.domain.model.facts import Limit
from kaigong.examine import can_be_confined, child, confine
from kaigong.examine.child import Emit, Outcome, run_limited
from kaigong.examine.limits import Limits
from kaigong.examine.source import Blocks

from tests.patience import PATIENCE

from .test_examine import Memory

LIBC = ctypes.CDLL(None, use_errno=True)
HERE = os.getpid()


def run(task: Callable[[BinaryIO, Emit], None]) -> Outcome:
    limits = Limits(wall=PATIENCE)
    return run_limited(task, Blocks(Memory(b"%PDF-"), limits), limits)


def call(name: str, *arguments: Any) -> None:
    """A function of the C library, which says by -1 that it failed."""
    ctypes.set_errno(0)
    if getattr(LIBC, name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)


class Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def look_into_the_parent() -> None:
    own, other = (Iovec(ctypes.addressof(ctypes.create_string_buffer(8)), 8) for _ in range(2))
    call("process_vm_readv", os.getppid(), ctypes.byref(own), 1, ctypes.byref(other), 1, 0)


POWERS: dict[str, Callable[[], object]] = {
    "connect": lambda: socket.socket(),
    "socket pair": lambda: socket.socketpair(),
    "read a file": lambda: os.open("/etc/hostname", os.O_RDONLY),
    "read the parent's environment": lambda: Path(f"/proc/{HERE}/environ").read_bytes(),
    "read the parent's memory": lambda: os.open(f"/proc/{HERE}/mem", os.O_RDONLY),
    "look into the parent": look_into_the_parent,
    "trace the parent": lambda: call("ptrace", 16, HERE, 0, 0),
    "write a file": lambda: os.open("/tmp/stolen", os.O_WRONLY | os.O_CREAT),  # noqa: S108 - it is never made
    "make a folder": lambda: os.mkdir("/tmp/stolen"),  # noqa: S108 - it is never made
    "remove a file": lambda: os.unlink("/tmp/stolen"),  # noqa: S108 - it is never made
    "list a folder": lambda: os.listdir("/"),
    "fork": os.fork,
    "start a thread": lambda: threading.Thread(target=print).start(),
    "start a program": lambda: subprocess.run(["/bin/true"], check=True),
    "become a program": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606 - it is refused
    "end the parent": lambda: os.kill(HERE, signal.SIGTERM),
    "end its group": lambda: os.killpg(os.getpgid(HERE), signal.SIGTERM),
    "leave its group": lambda: os.setpgid(0, HERE),
    "make a pipe": os.pipe,
    "make memory that is a file": lambda: os.memfd_create("x"),
    "make memory for code": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC),
    "loosen its limits": lambda: resource.setrlimit(resource.RLIMIT_CPU, (1, 1)),
    "loosen the parent's": lambda: resource.prlimit(HERE, resource.RLIMIT_CPU, (1, 1)),
    "change its owner": lambda: os.setuid(0),
    "mount": lambda: call("mount", b"a", b"/", b"b", 0, None),
    "make a namespace": lambda: call("unshare", 0x10000000),
    "be watched": lambda: call("prctl", 4, 1, 0, 0, 0),
    "call another way": lambda: call("syscall", 425, 1, None),  # io_uring_setup
}


@pytest.mark.parametrize("power", POWERS)
def test_each_forbidden_thing_fails_and_the_reader_goes_on(power: str) -> None:
    def pry(_: BinaryIO, emit: Emit) -> None:
        try:
            POWERS[power]()
        except (OSError, RuntimeError, ValueError) as error:  # Python says them apart
            emit(refused=type(error).__name__)

    outcome = run(pry)
    assert (set(outcome.facts), outcome.limit) == ({"refused"}, None)


def test_nothing_of_the_environment_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-key-of-the-function")

    def pry(_: BinaryIO, emit: Emit) -> None:
        LIBC.getenv.restype = ctypes.c_char_p
        emit(seen=dict(os.environ), known=LIBC.getenv(b"AWS_SECRET_ACCESS_KEY"))

    assert run(pry).facts == {"seen": {}, "known": None}
    assert os.environ["AWS_SECRET_ACCESS_KEY"] == "a-key-of-the-function"


def test_what_a_child_started_in_spite_of_all_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "confine", lambda **_: False)

    def breed(_: BinaryIO, emit: Emit) -> None:
        pid = os.fork()
        if pid == 0:
            os.close(3)
            signal.pause()
        emit(pid=pid)

    born = run(breed).facts["pid"]
    try:
        os.waitpid(born, 0)  # where this process takes up orphans
    except ChildProcessError:
        while Path(f"/proc/{born}/stat").exists() and " Z " not in Path(f"/proc/{born}/stat").read_text():
            pass


def test_a_processor_or_kernel_without_the_filter_is_told_and_reading_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert can_be_confined()
    monkeypatch.setattr(confine.platform, "machine", lambda: "riscv64")
    assert not confine.can_be_confined.__wrapped__()
    assert run(lambda _, emit: emit(done=True)).facts == {"done": True}


def test_an_alarm_looks_for_the_words_that_the_function_logs() -> None:
    words = "readers are not confined"
    root = Path(__file__).parents[2]
    assert f'logger.error("{words}")' in (root / "functions/kaigong/handlers/validate.py").read_text("utf-8")
    assert f'$.message = "{words}"' in (root / "template.yaml").read_text("utf-8")


def test_a_reader_that_may_have_threads_may_start_no_process() -> None:
    def pry(_: BinaryIO, emit: Emit) -> None:
        thread = threading.Thread(target=lambda: emit(thread=True))
        thread.start()
        thread.join()
        try:
            os.fork()
        except OSError:
            emit(refused=True)

    outcome = child.run_limited(pry, Blocks(Memory(b"x"), Limits()), Limits(threads=True))
    assert (outcome.facts, outcome.limit) == ({"thread": True, "refused": True}, None)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_of_each_processor_is_a_program_that_the_kernel_could_take(machine: str) -> None:
    code = confine._filter(machine)
    assert len(code) % 8 == 0
    assert len(code) // 8 < 4096  # BPF_MAXINSNS


def test_a_reader_that_dies_by_its_own_signal_is_a_crash() -> None:
    def die(_: BinaryIO, emit: Emit) -> None:
        emit(done=True)
        ctypes.string_at(0)

    assert run(die) == Outcome({"done": True}, Limit.CRASH)
