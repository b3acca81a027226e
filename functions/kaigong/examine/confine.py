"""What a child that opens a stranger's file may still do: read what its parent hands it, compute, and answer.

A file that takes a reader over finds no keys in its environment, and a filter of system calls in the kernel (seccomp)
through which no socket, file, program, process or signal to others can be had. Both cannot be taken back.
Numbers: the kernel's own headers, asm/unistd_64.h and asm-generic/unistd.h.
"""

import ctypes
import os
import platform
import signal
import struct
import warnings
from functools import cache

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_MODE_FILTER = 2
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050001  # the last: the call fails with EPERM
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets of what is filtered
_X32 = 0x40000000  # another way to call the same kernel: numbers from here on
_ALL, _EXECUTABLE = 0xFFFFFFFF, 4


_MARKS = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# What stays free: memory, time, and the pipes that are open. Numbers on x86_64 and on aarch64, as in _MARKS.
_FREE = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "pread64": (17, 67),
    "readv": (19, 65),
    "writev": (20, 66),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "exit": (60, 93),
    "gettimeofday": (96, 169),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "gettid": (186, 178),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "sigaltstack": (131, 132),
    "getrandom": (318, 278),
    "restart_syscall": (219, 128),
}
_NO_CODE = {"mmap": (9, 222), "mprotect": (10, 226)}  # memory, and none that programs can be put in
_OWN_LIMITS = (302, 261)  # prlimit64: to look at the own ones
_IN_THREADS = ((273, 99), (334, 293))  # set_robust_list and rseq, which libc calls in each new thread
_THREAD = (56, 220)  # clone, with the flag that makes a thread of this process and no other: libde265 decodes in one
_CLONE_THREAD = 0x10000
_CLONE3 = (435, 435)  # its flags cannot be seen from here: told that there is no such call, libc takes clone
_NO_SUCH_CALL = 0x00050026


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]


def confine(*, threads: bool = False) -> bool:
    """Give up everything but reading and answering; `threads`: of the own process there may be more. Returns False
    where the machine does not let itself be filtered: then the limits remain, and an environment without keys.
    """
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    program = _program(threads)
    if program is None or _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(_libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(program), 0, 0) == 0)


def die_with_parent() -> None:
    """Have the kernel end this process when the one that it was forked from ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


@cache
def can_be_confined() -> bool:
    """Whether children can be filtered on this machine: one that does nothing else tries.

    The process that children are forked from asks, and so has the filters ready for all of them.
    """
    for threads in (False, True):
        _program(threads)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, none of which the child has
        pid = os.fork()
    if pid == 0:
        os._exit(0 if confine() else 1)
    return os.waitpid(pid, 0)[1] == 0


def forget_environment() -> None:
    """Before children are forked. Also where the kernel put it, from which no library of them is to make a copy."""
    block = ctypes.POINTER(ctypes.c_void_p).in_dll(_libc, "environ")
    entries: list[int] = []
    while block and block[len(entries)]:
        entries.append(int(block[len(entries)]))
    for entry in entries:
        ctypes.memset(entry, 0, len(ctypes.string_at(entry)))
    os.environ._data.clear()  # type: ignore[attr-defined]  # to unset each would look for its name, which is gone
    _libc.clearenv()


@cache
def _program(threads: bool) -> _Program | None:
    code = _filter(platform.machine(), threads)
    return _Program(len(code) // 8, code) if code else None


def _filter(machine: str, threads: bool = False) -> bytes:
    """The filter's program: what it does not name is refused. Empty for a processor that is not known here."""
    if machine not in _MARKS:
        return b""
    which = list(_MARKS).index(machine)
    code = [_step(_LOAD, _ARCHITECTURE), _step(_EQUAL, _MARKS[machine], 1, 0), _step(_RETURN, _KILL)]
    code += [_step(_LOAD, _NUMBER), _step(_AT_LEAST, _X32, 0, 1), _step(_RETURN, _KILL)]
    for numbers in _FREE.values():
        code += [_step(_EQUAL, numbers[which], 0, 1), _step(_RETURN, _ALLOW)]
    for numbers in _NO_CODE.values():
        code += _where_clear(numbers[which], ((2, _EXECUTABLE),))
    code += _where_clear(_OWN_LIMITS[which], ((0, _ALL), (2, _ALL)))
    if threads:
        for numbers in _IN_THREADS:
            code += [_step(_EQUAL, numbers[which], 0, 1), _step(_RETURN, _ALLOW)]
        code += [_step(_EQUAL, _CLONE3[which], 0, 1), _step(_RETURN, _NO_SUCH_CALL)]
        code += [_step(_EQUAL, _THREAD[which], 0, 4), _step(_LOAD, _ARGUMENTS), _step(_ANY_BIT, _CLONE_THREAD, 0, 1)]
        code += [_step(_RETURN, _ALLOW), _step(_RETURN, _REFUSE)]
    return b"".join([*code, _step(_RETURN, _REFUSE)])


def _where_clear(number: int, bits: tuple[tuple[int, int], ...]) -> list[bytes]:
    """Allows a call if none of these bits is set in its arguments, of which each has two halves of 32."""
    halves = [(8 * argument + 4 * half, mask) for argument, mask in bits for half in ((0, 1) if mask == _ALL else (0,))]
    checks = [
        step
        for offset, mask in halves
        for step in (_step(_LOAD, _ARGUMENTS + offset), _step(_ANY_BIT, mask, 0, 1), _step(_RETURN, _REFUSE))
    ]
    return [_step(_EQUAL, number, 0, len(checks) + 1), *checks, _step(_RETURN, _ALLOW)]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
