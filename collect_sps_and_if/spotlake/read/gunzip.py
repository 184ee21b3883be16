"""Unpacks a .gz in memory, with libdeflate where that is certain to unpack all of it, else with zlib."""

from __future__ import annotations

import re
import zlib

from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.read.scan_arrays import array_of

MEMBER_START = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")  # RFC 1952: magic, deflate, flags of which three bits are 0
MAX_STATED_BYTES = 256 * 1024 * 1024
"""The size that a .gz states at its end may be wrong, and libdeflate allocates that much. (A snapshot has 3 MB.)"""
MAX_UNPACKED_BYTES = 512 * 1024 * 1024
"""What unpacks to more is not read on, to save memory. (A whole day in one CSV has 430 MB.)"""
_GZIP_FORMAT = 16 + zlib.MAX_WBITS
"""zlib's `wbits` for a .gz with header and checksum."""


def gunzip(data: bytes) -> bytes | bytearray:
    """Unpack all members of a .gz. Raises Damaged if it is cut short, broken or too large."""
    if not data:
        raise Damaged("empty")
    # libdeflate is three times as fast as zlib, but unpacks only the first member, without an error, and nothing where
    # the stated size is 0.
    stated_bytes = int.from_bytes(data[-4:], "little")
    if 0 < stated_bytes <= MAX_STATED_BYTES and not _has_second_member(data):
        try:
            import deflate

            unpacked = deflate.gzip_decompress(data)
        except ImportError:
            pass
        except (deflate.DeflateError, ValueError):
            pass  # zlib tells what is wrong, or unpacks it all the same: zeros may follow the last member
        else:
            if len(unpacked) == stated_bytes:  # else something follows the first member
                return unpacked
    return _gunzip_with_zlib(data)


def _has_second_member(data: bytes) -> bool:
    """Tell whether there may be a second member: its first bytes may also stand in the first one by chance."""
    try:
        from collect_sps_and_if.spotlake.read.compiled import has_member_start
    except ImportError:  # numba has no build for this Python or machine
        return MEMBER_START.search(data, 1) is not None
    return has_member_start(array_of(data)[1:])


def _gunzip_with_zlib(data: bytes) -> bytearray:
    unpacked = bytearray()
    while data:
        member = zlib.decompressobj(_GZIP_FORMAT)
        try:
            unpacked += member.decompress(data, MAX_UNPACKED_BYTES + 1 - len(unpacked))
        except zlib.error as error:
            raise Damaged(f"not a complete .gz ({error})") from error
        if len(unpacked) > MAX_UNPACKED_BYTES:
            raise Damaged(f"unpacks to more than {MAX_UNPACKED_BYTES >> 20} MB")
        if not member.eof:
            raise Damaged("cut short (the .gz ends too early)")
        data = member.unused_data.lstrip(b"\0")  # zeros may follow the last member
    return unpacked
