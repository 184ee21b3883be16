"""A HOME with one day of every file that programs read, for any of them to be spoiled."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from common.files import csv_file
from common.files.csv_file import Cell
from data_files import notices
from data_files.csv_table import DatedFiles, SingleFile
from data_files.launches import instances, journal, looks, probes, refused_pairs, selection, spending
from data_files.market import (
    advisor,
    configurations,
    mailed,
    plans,
    polled,
    polls,
    scores,
    settings_in_force,
    spot_prices,
    standing_definitions,
    standing_queries,
    standing_scores,
)
from data_files.market.configurations import SCOPES

DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12).astimezone()
PAIRS = [(region, instance) for region in ("eu-west-1", "us-east-1") for instance in ("c5.large", "m5.large")]
TIMES = [(NOON - timedelta(minutes=10 * back)).isoformat() for back in (3, 2, 1)]


class Files:
    """A HOME with one day of everything, any of whose files can be spoiled."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.whole = {path: content.encode() for path, content in self._contents()}
        self.restore()

    def restore(self) -> None:
        """Make all of them as they should be, and remove what else is there; thousands of times, so write few."""
        found = {path for path in self.home.rglob("*") if path.is_file()}
        for path in found - self.whole.keys():
            path.unlink()
        for path, content in self.whole.items():
            if path not in found or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)

    def _contents(self) -> Iterator[tuple[Path, str]]:
        asked = TIMES[0]
        looked = [
            (*pair, 3, asked, time, number, number, number) for pair in PAIRS for number, time in enumerate(TIMES)
        ]
        kept = [("sir-1", "i-1", *PAIRS[0][:1], "use1-az1", "m5.large", asked, *TIMES[:1] * 2, "", TIMES[1], "ready")]
        token = "6f2a3b4c-0000-11f0-8000-010203040506"
        entries = [
            (asked, event, token, "us-east-1", "m5.large", 3, "sir-1 sir-2", "i-1")
            for event in ("intended", "requested")
        ]
        uses = [(time, "us-east-1", "m5.large", "eu-west-1 us-east-1", 10) for time in TIMES]
        queries = [("m5.large", "eu-west-1 us-east-1", "top", 1), ("c5.large", "us-east-1", "sample", 0.2)]
        ranking = [(*pair, 3, 1, 1.2) for pair in PAIRS]
        yield self._file(plans.FILES, queries)
        yield self._file(configurations.FILES, uses)
        yield self._file(polled.FILES, [(time, *pair, 3, 1, "ok") for time in TIMES for pair in PAIRS])
        yield self._file(standing_scores.FILES, [(time, "mine", "us-east-1", "use1-az1", 3, "ok") for time in TIMES])
        defined = [
            (time, "mine", "m5.large", "us-east-1", 10, scope) for time, scope in zip(TIMES, SCOPES, strict=False)
        ]
        yield self._file(standing_definitions.FILE, defined)
        yield self._file(spot_prices.FILES, [(TIMES[0], pair[0], "use1-az1", pair[1], 0.05) for pair in PAIRS])
        ended = ("sample", 0.5, "ready", 600, 3, TIMES[2], "timeout")
        yield self._file(probes.FILES, [(asked, *pair, 3, *ended) for pair in PAIRS])
        yield self._file(polls.FILE, [(time, 2, 0, 4, 1.5) for time in TIMES])
        yield self._file(scores.FILES, ranking, DAY - timedelta(days=1))
        yield self._file(scores.INITIAL, ranking)
        yield self._file(advisor.FILES, [(time, *pair, 1, 60) for time in TIMES[:2] for pair in PAIRS])
        yield self._file(looks.FILES, looked)
        yield self._file(instances.FILES, kept)
        yield self._file(journal.FILES, entries)
        yield self._file(spending.FILES, [(asked, "us-east-1", "m5.large", 3, 180, 0.01)])
        yield self._file(selection.FILES, [(token, asked, *pair, 3, "top", 1, "ready", 600, 3) for pair in PAIRS])
        yield self._file(refused_pairs.FILES, [(asked, *pair, "Unsupported", "not here") for pair in PAIRS])
        yield self._file(spot_prices.FETCHED, [(*pair, TIMES[2]) for pair in PAIRS])
        yield self._file(settings_in_force.FILE, [(asked, "WATCH_TYPES", "m5.large"), (asked, "REGIONS", "")])
        yield self._file(mailed.FILE, [(asked, "2026-02-28", "<2026-02-28.1@x.invalid>", "owner@example.com")])
        yield self._file(notices.FILE, [(asked, "# polls failed")])
        yield self.home / mailed.UNSENT / "2026-02-28.eml", "Message-ID: <2026-02-28.1@x.invalid>\n\nbody\n"
        lines = ["mine,m5.large c5.large,us-east-1,20,zone", "# mine too", "pool,m5.large,,,", '"a, b",c5.large']
        yield self.home / standing_queries.PLACE, "\n".join([standing_queries.HEADER, *lines, ""])

    def _file(
        self, table: DatedFiles[Any] | SingleFile[Any], rows: Sequence[Sequence[Cell]], day: date = DAY
    ) -> tuple[Path, str]:
        path = table.path(self.home, day) if isinstance(table, DatedFiles) else table.path(self.home)
        return path, csv_file.render(table.header, rows)
