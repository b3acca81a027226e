"""The room that children begin with: addresses alone, until somebody touches them."""

import subprocess
import sys

_CODE = """
import ctypes
from kaigong.examine import heap

def kilobytes(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name))

addresses, resident = kilobytes("VmSize"), kilobytes("VmRSS")
reserved = heap.reserve() // 1024
print(reserved, kilobytes("VmSize") - addresses, kilobytes("VmRSS") - resident)
addresses = kilobytes("VmSize")
block = ctypes.create_string_buffer(16 * 1024 * 1024)
print(kilobytes("VmSize") - addresses)
"""


def test_what_is_reserved_is_no_memory_and_serves_large_and_small_alike() -> None:
    said = subprocess.run([sys.executable, "-c", _CODE], check=True, capture_output=True, text=True).stdout
    reserved, addresses, resident, more = map(int, said.split())
    assert reserved == 64 * 1024
    assert reserved - 4096 < addresses < reserved + 4096  # the heap may have had some
    assert resident < 4096  # less than two huge pages
    assert more < 1024  # 16 MB were there already
