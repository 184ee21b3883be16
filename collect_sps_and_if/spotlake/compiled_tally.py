"""One compiled pass over a snapshot's rows, in place of the several that `tally` needs without it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.compiled import compiled

Numbers = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int16]
Counts = npt.NDArray[np.int64]
UNKNOWN = -1


@compiled
def mark_last(pools: Numbers, place: Numbers, counts: npt.NDArray[np.bool_], seen: npt.NDArray[np.bool_]) -> None:
    """Mark the rows that count, each pool's last, and the pools as seen."""
    for row in range(len(pools)):
        place[pools[row]] = row
    for row in range(len(pools)):
        counts[row] = place[pools[row]] == row
        seen[pools[row]] = True


@compiled
def see(
    pools: Numbers, codes: Codes, counts: npt.NDArray[np.bool_], first: Codes, last: Codes, changes: Counts
) -> None:
    """Take in the next values of the pools whose rows count."""
    for row in range(len(pools)):
        code, pool = codes[row], pools[row]
        if counts[row] and code != UNKNOWN and code != last[pool]:
            if last[pool] == UNKNOWN:
                first[pool] = code
            else:
                changes[pool] += 1
            last[pool] = code
