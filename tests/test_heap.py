"""What is free goes back to the system, from whichever thread it was asked for."""

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told")

_ONE_HEAP = """
import re
from pathlib import Path
from threading import Barrier, Thread
from swapboard.heap import share_one_heap
share_one_heap()
together, places = Barrier(4), []
def hold():
    block = bytearray(100_000)
    places.append((__import__("ctypes").c_char * 1).from_buffer(block))
    together.wait()
threads = [Thread(target=hold) for _ in range(4)]
[each.start() for each in threads]
[each.join() for each in threads]
first, end = re.search(r"(\\w+)-(\\w+) .*\\[heap\\]", Path("/proc/self/maps").read_text()).groups()
from ctypes import addressof
print(sum(int(first, 16) <= addressof(each) < int(end, 16) for each in places))
"""
_LARGE = """
import re
from pathlib import Path
from swapboard.heap import share_one_heap
share_one_heap()
def resident():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
def fill(size):
    return bytearray(b"x") * size
# glibc takes what was free once to the heap the next time.
fill(30_000_000)
before, large, above = resident(), fill(20_000_000), [fill(100_000) for _ in range(20)]
del large
print(resident() - before)
"""


def test_threads_share_one_heap() -> None:
    assert _printed(_ONE_HEAP) == 4


def test_what_was_large_is_not_kept() -> None:
    assert _printed(_LARGE) < 10_000, "KB are still there"


def _printed(program: str) -> int:
    return int(subprocess.check_output([sys.executable, "-c", program], text=True))
