"""A .gz is unpacked completely, or it is damaged; with libdeflate and without."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.read import gunzip as gunzip_module
from collect_sps_and_if.spotlake.read.gunzip import gunzip


@pytest.fixture(params=["libdeflate", None], autouse=True)
def _library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.param:
        monkeypatch.setattr(gunzip_module, "libdeflate", None)
    elif not gunzip_module.libdeflate:
        pytest.skip("libdeflate is not installed")


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4))
def test_all_members_are_unpacked(parts: list[bytes]) -> None:
    assert gunzip(b"".join(map(gzip.compress, parts))) == b"".join(parts)


def test_two_members_of_one_size_are_both_unpacked() -> None:
    assert gunzip(gzip.compress(b"a" * 1000) + gzip.compress(b"b" * 1000)) == b"a" * 1000 + b"b" * 1000


def test_what_looks_like_the_start_of_a_second_member_does_not_matter() -> None:
    stored = zlib.compressobj(0, wbits=31)
    content = b"snapshot \x1f\x8b\x08\x00 and more"
    assert gunzip(stored.compress(content) + stored.flush()) == content


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


def test_a_member_with_a_wrong_checksum_is_damaged() -> None:
    packed = bytearray(gzip.compress(b"x" * 100))
    packed[-5] ^= 1
    with pytest.raises(Damaged):
        gunzip(bytes(packed))
