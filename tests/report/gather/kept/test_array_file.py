"""Arrays come back as they were packed, and damage is found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from report.gather.kept.array_file import packed, unpacked

whole = arrays(np.int64, array_shapes(max_dims=2, min_side=0), elements=st.integers(-(1 << 62), 1 << 61))
decimal = arrays(np.float64, array_shapes(max_dims=2, min_side=0))


@given(one=whole, other=decimal)
def test_arrays_come_back_as_they_were(one: NDArray[np.int64], other: NDArray[np.float64]) -> None:
    texts, found = unpacked(packed({"words": ["ä\n", None]}, {"one": one, "other": other}))
    assert texts == {"words": ["ä\n", None]}
    np.testing.assert_array_equal(found["one"], one, strict=True)
    np.testing.assert_array_equal(found["other"], other, strict=True)


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7), end=st.integers(0, 10_000))
def test_damage_is_found(place: int, bit: int, end: int) -> None:
    content = packed({}, {"numbers": np.arange(1000) ** 2, "others": np.linspace(0, 1, 50)})
    torn = content[: end % len(content)]
    flipped = bytearray(content)
    flipped[place % len(content)] ^= 1 << bit
    for damaged in (torn, bytes(flipped)):
        with pytest.raises(ValueError, match="damaged"):
            unpacked(damaged)
