"""Unpacks a .gz in memory: with libdeflate, if that is installed and certain to unpack all of it, else with zlib."""

from __future__ import annotations

import zlib
from typing import Any

from collect_sps_and_if.spotlake.find.damage import MAX_BYTES, Damaged, too_large

_MEMBER_START = b"\x1f\x8b\x08"  # RFC 1952: magic, deflate
_MAX_STATED_BYTES = 256 * 1024 * 1024
"""The size that a .gz states at its end may be wrong, and libdeflate allocates that much. (A snapshot has 3 MB.)"""
_GZIP_FORMAT = 16 + zlib.MAX_WBITS
"""zlib's `wbits` for a .gz with header and checksum."""


def _libdeflate() -> Any:
    try:
        import deflate
    except ImportError:  # it is in the extra `fast`
        return None
    return deflate


libdeflate = _libdeflate()


def gunzip(data: bytes) -> bytes | bytearray:
    """Unpack all members of a .gz. Raises Damaged if it is cut short, broken or too large."""
    if not data:
        raise Damaged("empty")
    # libdeflate is three times as fast as zlib, but unpacks only the first member, without an error, and nothing where
    # the stated size is 0. The first bytes of a second member may also stand in the first one, by chance.
    stated_bytes = int.from_bytes(data[-4:], "little")
    if libdeflate and 0 < stated_bytes <= _MAX_STATED_BYTES and data.find(_MEMBER_START, 1) < 0:
        try:
            unpacked: bytearray = libdeflate.gzip_decompress(data)
        except (libdeflate.DeflateError, ValueError):
            pass  # zlib tells what is wrong, or unpacks it all the same: zeros may follow the last member
        else:
            if len(unpacked) == stated_bytes:  # else something follows the first member
                return unpacked
    return _gunzip_with_zlib(data)


def _gunzip_with_zlib(data: bytes) -> bytes:
    members: list[bytes] = []
    left = MAX_BYTES
    while data:
        member = zlib.decompressobj(_GZIP_FORMAT)
        try:
            members.append(member.decompress(data, left + 1))
        except zlib.error as error:
            raise Damaged(f"not a complete .gz ({error})") from error
        left -= len(members[-1])
        if left < 0:
            raise too_large("unpacks to")
        if not member.eof:
            raise Damaged("cut short (the .gz ends too early)")
        data = member.unused_data.lstrip(b"\0")  # zeros may follow the last member
    return members[0] if len(members) == 1 else b"".join(members)
