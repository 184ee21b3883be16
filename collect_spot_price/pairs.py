"""Whose prices are fetched: the pairs of instance type and Region in the plans and probes of the last two days."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from data_files.launches import looks, probes, selection
from data_files.market import plans


def types_by_region(home: Path, today: date) -> dict[str, set[str]]:
    """Give the instance types to ask each Region for. Raises OSError for a file that cannot be read."""
    found: dict[str, set[str]] = {}
    for day in (today, today - timedelta(days=1)):
        for region, instance in _pairs(home, day):
            found.setdefault(region, set()).add(instance)
    return found


def _pairs(home: Path, day: date) -> Iterator[tuple[str, str]]:
    for query in plans.FILES.rows(home, day):
        yield from ((region, query.instance) for region in query.regions)
    yield from ((row.region, row.instance) for row in probes.FILES.rows(home, day))
    yield from ((row.region, row.instance) for row in selection.FILES.rows(home, day))
    if not (probes.FILES.has(home, day) or selection.FILES.has(home, day)):
        # Written by an older version. There are hundreds of looks a probe, so they are not read without need.
        yield from ((row.region, row.instance) for row in looks.FILES.rows(home, day))
