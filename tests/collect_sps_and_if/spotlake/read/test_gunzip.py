"""A .gz is unpacked completely, or it is damaged."""

import gzip
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.read.compiled import has_member_start
from collect_sps_and_if.spotlake.read.gunzip import MEMBER_START, gunzip
from collect_sps_and_if.spotlake.read.scan_arrays import array_of


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4))
def test_all_members_are_unpacked(parts: list[bytes]) -> None:
    assert gunzip(b"".join(map(gzip.compress, parts))) == b"".join(parts)


def test_two_members_of_one_size_are_both_unpacked() -> None:
    assert gunzip(gzip.compress(b"a" * 1000) + gzip.compress(b"b" * 1000)) == b"a" * 1000 + b"b" * 1000


@given(st.lists(st.sampled_from([b"\x1f", b"\x8b", b"\x08", b"\x20", b"\x1f\x8b\x08", b"\xff" * 70]), max_size=9))
def test_numba_and_re_find_the_same_starts_of_members(parts: list[bytes]) -> None:
    data = b"".join(parts)
    assert has_member_start(array_of(data)) == bool(MEMBER_START.search(data))


def test_without_numba_a_second_member_is_found_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "collect_sps_and_if.spotlake.read.compiled", None)
    test_two_members_of_one_size_are_both_unpacked()


def test_zeros_behind_the_last_member_do_not_matter() -> None:
    assert gunzip(gzip.compress(b"snapshot") + bytes(512)) == b"snapshot"


@given(st.binary(min_size=100, max_size=300), st.integers(1, 80))
def test_what_is_cut_short_is_damaged(content: bytes, missing: int) -> None:
    packed = gzip.compress(content)
    with pytest.raises(Damaged):
        gunzip(packed[: max(0, len(packed) - missing)])


def test_a_member_cut_short_behind_a_whole_one_is_damaged() -> None:
    with pytest.raises(Damaged, match="cut short"):
        gunzip(gzip.compress(b"a" * 1000) + gzip.compress(b"b" * 1000)[:-4])


@pytest.mark.parametrize(
    "content",
    [b"", b"no gzip at all", gzip.compress(b"x" * 100)[:-8] + bytes(8)],
    ids=["empty", "no gzip", "wrong checksum"],
)
def test_what_is_not_a_gz_is_damaged(content: bytes) -> None:
    with pytest.raises(Damaged):
        gunzip(content)


def test_a_false_size_at_the_end_takes_no_memory() -> None:
    packed = gzip.compress(b"x" * 100)[:-4] + (2**32 - 1).to_bytes(4, "little")
    with pytest.raises(Damaged):
        gunzip(packed)


def test_without_libdeflate_zlib_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "deflate", None)
    assert gunzip(gzip.compress(b"snapshot")) == b"snapshot"


def test_a_member_with_a_wrong_checksum_is_damaged() -> None:
    packed = bytearray(gzip.compress(b"x" * 100))
    packed[-5] ^= 1
    with pytest.raises(Damaged):
        gunzip(bytes(packed))
