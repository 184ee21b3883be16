"""Named arrays and texts as bytes: packed, and found damaged if they are."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_UNSIGNED = ("<u1", "<u2", "<u4", "<u8")
_FLOAT = "<f8"


def packed(texts: Any, arrays: Mapping[str, Array]) -> bytes:
    """Pack what JSON can hold and arrays of whole (int64) or decimal (float64) numbers."""
    places: list[tuple[str, str, int, tuple[int, ...]]] = []
    parts: list[bytes] = []
    for name, array in arrays.items():
        kind, least, data = _shrunk(array)
        places.append((name, kind, least, array.shape))
        parts.append(data)
    head = json.dumps([texts, places], separators=(",", ":")).encode()
    return zlib.compress(b"\n".join([head, b"".join(parts)]), 1)


def unpacked(content: bytes) -> tuple[Any, dict[str, Array]]:
    """Give what was packed. Raises ValueError for bytes that are not as they were packed."""
    try:
        head, _, body = zlib.decompress(content).partition(b"\n")  # it checks a sum over all bytes
        texts, places = json.loads(head)
        arrays, start = {}, 0
        for name, kind, least, shape in places:
            count = int(np.prod(shape))
            found = np.frombuffer(body, kind, count, start).reshape(shape)
            arrays[name] = found if kind == _FLOAT else found.astype(np.int64) + least
            start += found.nbytes
    except (zlib.error, ValueError, TypeError) as error:
        raise ValueError(f"damaged: {error}") from error
    return texts, arrays


def _shrunk(array: Array) -> tuple[str, int, bytes]:
    if array.dtype.kind == "f":
        return _FLOAT, 0, array.astype(_FLOAT).tobytes()
    least = int(array.min()) if array.size else 0
    rest = array - least
    most = int(rest.max(initial=0))
    kind = next(kind for kind in _UNSIGNED if most < 1 << 8 * int(kind[2:]))
    return kind, least, rest.astype(kind).tobytes()
