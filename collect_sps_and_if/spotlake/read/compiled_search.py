"""One compiled pass over a .gz, in place of a search by `re` that takes twice as long."""

from __future__ import annotations

import numpy as np

from collect_sps_and_if.spotlake.read.compiled import compiled
from collect_sps_and_if.spotlake.read.scan_arrays import Bytes

# RFC 1952: magic, deflate, flags of which three bits are 0. Bytes, that they be compared as such, many at once.
MAGIC, AND_MORE, DEFLATE, FLAGS_BELOW = np.uint8(0x1F), np.uint8(0x8B), np.uint8(0x08), np.uint8(0x20)


@compiled
def member_begins_in(data: Bytes) -> bool:
    """Tell whether the first four bytes of a gzip member stand anywhere."""
    first, second, third, fourth = data[:-3], data[1:-2], data[2:-1], data[3:]
    found = False
    for i in range(len(fourth)):  # to the end, found or not: only so it is done many at once
        found |= (first[i] == MAGIC) & (second[i] == AND_MORE) & (third[i] == DEFLATE) & (fourth[i] < FLAGS_BELOW)
    return found
