"""Compiles functions to machine code (numba), and the smallest of those: a search in a .gz.

Import it where it is needed, and do without on ImportError: numba has no build for every Python and machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from collect_sps_and_if.spotlake.read.scan_arrays import Bytes

Function = TypeVar("Function", bound=Callable[..., Any])

# RFC 1952: magic, deflate, flags of which three bits are 0. Bytes, that they be compared as such, many at once.
MAGIC, AND_MORE, DEFLATE, FLAGS_BELOW = np.uint8(0x1F), np.uint8(0x8B), np.uint8(0x08), np.uint8(0x20)


def compiled(function: Function) -> Function:
    """Compile a function when it is first called, and keep the code where there is a folder to keep it in."""
    try:
        kept: Any = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # neither beside the file nor in the user's own folder may be written
        kept = njit(nogil=True)(function)
    return cast(Function, kept)


@compiled
def member_begins_in(data: Bytes) -> bool:
    """Tell whether the first four bytes of a gzip member stand anywhere."""
    first, second, third, fourth = data[:-3], data[1:-2], data[2:-1], data[3:]
    found = False
    for i in range(len(fourth)):  # to the end, found or not: only so it is done many at once
        found |= (first[i] == MAGIC) & (second[i] == AND_MORE) & (third[i] == DEFLATE) & (fourth[i] < FLAGS_BELOW)
    return found
