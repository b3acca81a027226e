"""Room on the heap that children begin with, in huge pages where the kernel gives them.

A child that reads a long document takes tens of megabytes in pages of 4 KB, and each costs it a fault: a tenth of its
work. Of memory that a process has asked for and not touched, the processes forked from it have as much, for nothing.
Numbers: glibc's malloc.h, mallopt(3); the kernel's asm-generic/mman-common.h.
"""

import ctypes
import mmap

from .limits import MB

ROOM = 64 * MB  # bytes, of addresses; memory is what is touched of it
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD

_libc = ctypes.CDLL(None)
_libc.malloc.restype = ctypes.c_void_p
_libc.malloc.argtypes = (ctypes.c_size_t,)
_libc.free.argtypes = (ctypes.c_void_p,)
_libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)


def reserve() -> int:
    """Have the heap of this process end in so many bytes that nobody has touched. Returns how many."""
    for threshold in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):  # so that all that is asked for comes from there, and stays
        _libc.mallopt(threshold, 2 * ROOM)
    start = _libc.malloc(ROOM)
    if start is None:
        return 0
    first = -(-start // mmap.PAGESIZE) * mmap.PAGESIZE
    _libc.madvise(first, start + ROOM - first, mmap.MADV_HUGEPAGE)  # a kernel without them says no, which is as good
    _libc.free(start)
    return ROOM
