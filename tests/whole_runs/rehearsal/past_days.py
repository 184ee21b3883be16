"""Days that are over: each has the score that all its polls give, and reads after its compression as it did before."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from data_files.csv_table import DatedFiles
from data_files.launches import instances, journal, looks, probes, selection, spending
from data_files.market import advisor, configurations, plans, polled, scores, spot_prices, standing_scores
from tests.whole_runs.rehearsal.rows import Row, rows_of

_TABLES: Sequence[DatedFiles[Any]] = (
    *(instances.FILES, journal.FILES, looks.FILES, probes.FILES, selection.FILES, spending.FILES),
    *(advisor.FILES, configurations.FILES, plans.FILES, polled.FILES, scores.FILES, standing_scores.FILES),
)


class CompressedDays:
    """What our readers read of each day's files just before they were compressed, and what they read now."""

    def __init__(self, home: Path, keep_plain_days: int) -> None:
        self._home, self._keep = home, timedelta(days=keep_plain_days)
        self._read: dict[Path, list[int]] = {}

    def remember(self, today: date) -> None:
        """Read what tonight's work is going to compress."""
        for path, files, day in self._dated():
            if path.exists() and day < today - self._keep:
                self._read[path] = self._rows(files, day)

    def complaints(self) -> Iterator[str]:
        """Every day that was to be compressed is, and reads as before; to prices, older ones may have come."""
        for path, files, day in self._dated():
            if path in self._read:
                if path.exists():
                    yield f"{path} was not compressed"
                before, now = self._read[path], self._rows(files, day)
                if now != before and (files is not spot_prices.FILES or Counter(before) - Counter(now)):
                    yield f"{path} reads otherwise than before it was compressed"
            elif not path.exists():
                yield f"{path} was compressed before its time"

    @property
    def number(self) -> int:
        """Count the files."""
        return len(self._read)

    def _dated(self) -> Iterator[tuple[Path, DatedFiles[Any], date]]:
        for files in _TABLES:
            for day in files.days(self._home):
                yield files.path(self._home, day), files, day

    def _rows(self, files: DatedFiles[Any], day: date) -> list[int]:
        return [hash(repr(row)) for row in files.rows(self._home, day)]


def scores_of_past_days(home: Path) -> Iterator[str]:
    """Every day with polls has its score, of all of them: also where the night's work came early, late or not."""
    for day in polled.FILES.days(home):
        counted = _changes(rows_of(polled.FILES.path(home, day)))
        scored = {
            (row["region"], row["instance"]): float(row["sps_changes"]) for row in rows_of(scores.FILES.path(home, day))
        }
        if not scored:
            yield f"{day} has polls and no score"
        elif wrong := [pair for pair in {*counted, *scored} if counted.get(pair) != scored.get(pair)]:
            yield f"the score of {day} is not that of its polls for {len(wrong)} pairs, such as {wrong[0]}"


def _changes(rows: Sequence[Row]) -> dict[tuple[str, str], int]:
    known: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        series = known[row["region"], row["instance"]]
        if row["sps"]:
            series.append((row["sps"], row.get("target_capacity", "")))
    return {
        pair: sum(
            score != before and capacity == capacity_before
            for (before, capacity_before), (score, capacity) in itertools.pairwise(series)
        )
        for pair, series in known.items()
    }
