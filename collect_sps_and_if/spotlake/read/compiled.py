"""Compiles functions to machine code with numba; and the smallest of those that are, a search in a .gz.

Modules that compile anything are imported inside the functions that use them: loading numba takes half a second, and
where it has no build for the Python or the machine, the ImportError is caught and the same is done without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from collect_sps_and_if.spotlake.read.scan_arrays import Bytes

Function = TypeVar("Function", bound=Callable[..., Any])

# The first four bytes of a gzip member (RFC 1952); of the flags three bits are 0. They are numpy bytes because bytes
# can be compared many at once, which Python's integers cannot.
MAGIC_1, MAGIC_2, DEFLATE, FLAGS_END = np.uint8(0x1F), np.uint8(0x8B), np.uint8(0x08), np.uint8(0x20)


def compiled(function: Function) -> Function:
    """Compile a function when it is first called, and keep the code on disk for later starts if that is possible."""
    try:
        result: Any = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # neither the folder of the file nor the user's cache folder can be written to
        result = njit(nogil=True)(function)
    return cast(Function, result)


@compiled
def has_member_start(data: Bytes) -> bool:
    """Tell whether bytes that a gzip member can begin with occur anywhere; a search by `re` takes twice as long."""
    first, second, third, fourth = data[:-3], data[1:-2], data[2:-1], data[3:]
    found = False
    for i in range(len(fourth)):  # to the end even if found: a loop without an exit is compiled to compare many at once
        found |= (first[i] == MAGIC_1) & (second[i] == MAGIC_2) & (third[i] == DEFLATE) & (fourth[i] < FLAGS_END)
    return found
