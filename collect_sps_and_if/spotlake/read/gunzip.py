"""Unpacks a .gz whole, with libdeflate where that is sure to give all of it."""

from __future__ import annotations

import re
import zlib

from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.read.scan_arrays import view_of

MEMBER_BEGINS = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")  # RFC 1952: magic, deflate, flags of which three bits are 0
# A snapshot unpacks to 3 MB. The size at a file's end is only a claim, and libdeflate sets that much aside.
LARGEST_CLAIM = 256 * 1024 * 1024
# A whole day in one file has 430 MB; what goes on after this is no snapshot, and memory is not for it.
MOST_BYTES = 512 * 1024 * 1024
_WITH_GZIP_HEADER = 16 + zlib.MAX_WBITS


def gunzip(data: bytes) -> bytes | bytearray:
    """Unpack all members of a .gz. Raises Damaged if it is cut short or broken."""
    if not data:
        raise Damaged("empty")
    # libdeflate is three times as fast as zlib, but may stop in silence after the first of several members, and takes a
    # claim of no bytes for the truth.
    if not _member_begins_behind_the_first(data) and 0 < int.from_bytes(data[-4:], "little") <= LARGEST_CLAIM:
        try:
            import deflate

            unpacked = deflate.gzip_decompress(data)
        except ImportError:
            pass
        except (deflate.DeflateError, ValueError):
            pass  # zlib says what is wrong, or knows better: zeros may follow the last member
        else:
            if len(unpacked) == int.from_bytes(data[-4:], "little"):  # else something follows the first member
                return unpacked
    return _gunzip_with_zlib(data)


def _member_begins_behind_the_first(data: bytes) -> bool:
    try:
        from collect_sps_and_if.spotlake.read.compiled import member_begins_in
    except ImportError:  # numba has no build for this Python or machine
        return MEMBER_BEGINS.search(data, 1) is not None
    return member_begins_in(view_of(data)[1:])


def _gunzip_with_zlib(data: bytes) -> bytearray:
    unpacked = bytearray()
    while data:
        member = zlib.decompressobj(_WITH_GZIP_HEADER)
        try:
            unpacked += member.decompress(data, MOST_BYTES + 1 - len(unpacked))
        except zlib.error as error:
            raise Damaged(f"no whole .gz ({error})") from error
        if len(unpacked) > MOST_BYTES:
            raise Damaged(f"unpacks to more than {MOST_BYTES >> 20} MB")
        if not member.eof:
            raise Damaged("cut short (the .gz ends too early)")
        data = member.unused_data.lstrip(b"\0")  # zeros may follow the last member
    return unpacked
