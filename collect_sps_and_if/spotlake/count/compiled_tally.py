"""One compiled pass over a snapshot's rows, in place of the several that `tally` needs without it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.read.compiled import compiled

Numbers = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int16]
Counts = npt.NDArray[np.int64]
Column = tuple[Codes, Codes, Codes, Counts]
UNKNOWN = -1


@compiled
def take(number: int, pools: Numbers, stamps: Numbers, sps: Column, frequency: Column) -> None:
    """Take in the rows of a snapshot, whose number is greater than those before; a pool's last row counts.

    A column is the rows' codes, and for each pool its first and last known code and the changes between.
    """
    # Written out for each column: what takes arrays in a loop would count references to them, at five times the time.
    sps_codes, sps_first, sps_last, sps_changes = sps
    if_codes, if_first, if_last, if_changes = frequency
    for row in range(len(pools) - 1, -1, -1):
        pool = pools[row]
        if stamps[pool] == number:
            continue
        stamps[pool] = number
        code = sps_codes[row]
        if code != UNKNOWN and code != sps_last[pool]:
            if sps_last[pool] == UNKNOWN:
                sps_first[pool] = code
            else:
                sps_changes[pool] += 1
            sps_last[pool] = code
        code = if_codes[row]
        if code != UNKNOWN and code != if_last[pool]:
            if if_last[pool] == UNKNOWN:
                if_first[pool] = code
            else:
                if_changes[pool] += 1
            if_last[pool] = code
