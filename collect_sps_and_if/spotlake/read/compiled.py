"""Compiles a function to machine code, once for all starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile a function when it is first called, and keep the code where there is a folder to keep it in."""
    try:
        kept: Any = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # neither beside the file nor in the user's own folder may be written
        kept = njit(nogil=True)(function)
    return cast(Function, kept)
