"""The scores in the simplest possible way: all rows in memory, dictionaries and loops, no code of the product."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

Row = dict[str, str]


def known(cell: str) -> float | None:
    """Read a number; an empty cell and -1 are unknown."""
    return None if cell in ("", "nan", "NaN") or float(cell) == -1 else float(cell)


def reference_scores(rows: Iterable[tuple[str, Row]]) -> list[tuple[str, str, float, float, float]]:
    """Score rows, each with the time of its snapshot; of rows with the same time and pool the last counts.

    Rows without a zone do not.
    """
    series: dict[tuple[str, str, str], dict[datetime, Row]] = defaultdict(dict)
    days = set()
    for time, row in rows:
        moment = datetime.fromisoformat(time)
        days.add(moment.date())
        if row["AZ"]:
            series[row["Region"], row["InstanceType"], row["AZ"]][moment] = row
    zones = defaultdict(list)
    for (region, instance, _), by_time in series.items():
        ordered = [by_time[moment] for moment in sorted(by_time)]
        zones[region, instance].append([changes([row[name] for row in ordered]) for name in ("SPS", "IF")])
    scores = []
    for (region, instance), counts in zones.items():
        sps, frequency = (sum(column) / len(counts) / len(days) for column in zip(*counts, strict=True))
        scores.append((region, instance, sps, frequency, sps / 3 + frequency / 5))
    return sorted(scores, key=lambda score: (-score[4], score[0], score[1]))


def changes(cells: list[str]) -> int:
    """Count the changes in a series of cells."""
    last, count = None, 0
    for cell in cells:
        value = known(cell)
        if value is not None:
            count += last is not None and value != last
            last = value
    return count
