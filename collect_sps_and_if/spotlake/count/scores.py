"""Turns the changes counted per pool into scores of (Region, instance type) pairs: changes per day."""

from __future__ import annotations

from collections.abc import Iterable

from collect_sps_and_if.scoring import scored
from collect_sps_and_if.spotlake.count.summary import Summary
from collect_sps_and_if.spotlake.find.times import DAY_SECONDS
from collect_sps_and_if.spotlake.read.codes import pair_of
from data_files.market.scores import Score, ranked


def day_count(summary: Summary) -> int:
    """Count the (UTC) dates with at least one snapshot."""
    return len({*(summary.times // DAY_SECONDS).tolist()})


def pair_scores(summary: Summary) -> list[Score]:
    """Average each pair's changes over its zones, divide them by the number of days, and rank the pairs."""
    days = day_count(summary)
    sums: dict[tuple[str, str], list[int]] = {}
    for pool, sps, frequency in _changes(summary):
        pair = sums.setdefault(pair_of(pool), [0, 0, 0])
        pair[0] += sps
        pair[1] += frequency
        pair[2] += 1
    return ranked(
        scored(region, instance, sps / zones / days, frequency / zones / days)
        for (region, instance), (sps, frequency, zones) in sums.items()
    )


def _changes(summary: Summary) -> Iterable[tuple[str, int, int]]:
    return zip(summary.pools, summary.sps.changes.tolist(), summary.frequency.changes.tolist(), strict=True)
