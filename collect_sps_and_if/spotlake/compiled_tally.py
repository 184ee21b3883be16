"""One compiled pass over a snapshot's rows, in place of the several that `tally` needs without it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.compiled import compiled

Numbers = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int16]
Counts = npt.NDArray[np.int64]
Column = tuple[Codes, Codes, Codes, Counts]
UNKNOWN = -1


@compiled
def take(pools: Numbers, place: Numbers, seen: npt.NDArray[np.bool_], sps: Column, frequency: Column) -> None:
    """Take in a snapshot's rows, of which a pool's last one counts; a column is its codes, first, last and changes."""
    for row in range(len(pools)):
        place[pools[row]] = row
        seen[pools[row]] = True
    _see(pools, place, *sps)
    _see(pools, place, *frequency)


@compiled
def _see(pools: Numbers, place: Numbers, codes: Codes, first: Codes, last: Codes, changes: Counts) -> None:
    for row in range(len(pools)):
        code, pool = codes[row], pools[row]
        if code != last[pool] and code != UNKNOWN and place[pool] == row:
            if last[pool] == UNKNOWN:
                first[pool] = code
            else:
                changes[pool] += 1
            last[pool] = code
