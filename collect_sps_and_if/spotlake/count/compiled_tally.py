"""`Tally.add` in machine code: one pass over a snapshot's rows, where numpy needs several."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.read.compiled import compiled

PoolIds = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int16]
Counts = npt.NDArray[np.int64]
Series = tuple[Codes, Codes, Codes, Counts]
"""The codes of the snapshot's rows; and for each pool, first and last known code, and changes."""
UNKNOWN = -1  # as in `codes`, but of this file: numba would not notice a change of it there


@compiled
def add(number: int, pools: PoolIds, last_snapshot: PoolIds, sps: Series, frequency: Series) -> None:
    """Add the rows of a snapshot, of which each pool's last one counts; `number` is greater than in earlier calls."""
    # Written out for both series: in a loop over them numba would count references, at five times the time.
    sps_codes, sps_first, sps_last, sps_changes = sps
    if_codes, if_first, if_last, if_changes = frequency
    for row in range(len(pools) - 1, -1, -1):
        pool = pools[row]
        if last_snapshot[pool] == number:
            continue
        last_snapshot[pool] = number
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
