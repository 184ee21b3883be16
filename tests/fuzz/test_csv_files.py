"""Every CSV file that a program reads: whatever is in it costs that, and no more."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.health.causes import causes
from analysis.health.figures import HealthSettings, health
from collect_launch_time.choosing.targets import ranked_pairs
from collect_launch_time.dataset.table_writer import make_table
from collect_sps_and_if.asking.advisor_answer import Advice
from collect_sps_and_if.asking.advisor_fetch import Fetched, Validators
from collect_sps_and_if.asking.interruption_frequency import Answer, keep_listing
from collect_sps_and_if.nightly.day_moves import moves_of, score_day
from collect_sps_and_if.nightly.report_facts import gather as gather_facts
from collect_sps_and_if.planning.days_plan import plan_for
from collect_sps_and_if.planning.policy import Wishes
from collect_sps_and_if.poll_records import earlier_polls
from common.files import csv_file
from common.files.csv_file import Cell
from data_files.csv_table import DatedFiles, SingleFile
from data_files.launches import instance_table, instances, journal, looks, probes, spending, training_table
from data_files.market import (
    advisor,
    configurations,
    plans,
    polled,
    polls,
    scores,
    spot_prices,
    standing_definitions,
    standing_scores,
)
from data_files.market.configurations import SCOPES
from report.gather.everything import Gathered, gather_collected
from report.page import render_page
from tests.fuzz.spoiling import NASTY, lightly, spoiled

DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12).astimezone()
SETTINGS = HealthSettings(50, "us-east-1", 5.0, 600.0)
WISHES = Wishes(2, 3, 8, 10)
OFFERS = dict.fromkeys(("m5.large", "c5.large", "t3.micro", "r5.large", "c6g.large"), ("eu-west-1", "us-east-1"))
PAIRS = [(region, instance) for region in ("eu-west-1", "us-east-1") for instance in ("c5.large", "m5.large")]
TIMES = [(NOON - timedelta(minutes=10 * back)).isoformat() for back in (3, 2, 1)]


class Files:
    """A HOME with one day of everything, any of whose files can be spoiled."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.whole = {path: content.encode() for path, content in self._contents()}
        self.restore()

    def restore(self) -> None:
        """Write all of them as they should be."""
        for path, content in self.whole.items():
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

    def _file(
        self, table: DatedFiles[Any] | SingleFile[Any], rows: Sequence[Sequence[Cell]], day: date = DAY
    ) -> tuple[Path, str]:
        path = table.path(self.home, day) if isinstance(table, DatedFiles) else table.path(self.home)
        return path, csv_file.render(table.header, rows)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("fuzz"))


def _plans(files: Files) -> None:
    ledger = configurations.Ledger(files.home, "us-east-1")
    for day in (DAY, DAY + timedelta(days=1)):
        queries = plan_for(day, NOON, files.home, ledger, WISHES, lambda: OFFERS)
        assert queries, "there is always a plan"
        assert all(0 < len(query.regions) <= plans.REGIONS_PER_QUERY for query in queries)
    plans.FILES.path(files.home, DAY + timedelta(days=1)).unlink()


def _targets(files: Files) -> None:
    for or_later in (False, True):
        newest = scores.newest(files.home, DAY, or_later=or_later)
        assert all(
            pair.region == "us-east-1" for pair in ranked_pairs(newest, {"us-east-1"}, re.compile(".*"), Random(1))
        )


def _polls(files: Files) -> None:
    earlier = earlier_polls(files.home, DAY)
    assert earlier.time_for(NOON) >= NOON


def _night(files: Files) -> None:
    day = polled.read_day(files.home, DAY)
    moves = moves_of(day)
    ranking = score_day(day, moves)
    assert all(row.score >= 0 for row in ranking)
    gather_facts(files.home, day, ranking, moves, NOON)


def _advisor(files: Files) -> None:
    listing = {PAIRS[0]: Advice(1, 60)}
    keep_listing(Answer(listing, Fetched(b"", Validators("e", "l"))), "https://x", files.home, NOON)
    stored = advisor.FILES.path(files.home, DAY)
    assert ",eu-west-1,c5.large,1,60" in stored.read_text(errors="replace")
    stored.with_name("latest.json").unlink()


def _probe(files: Files) -> None:
    for entry in journal.entries(files.home, DAY).values():
        assert entry.age_seconds >= 0
    journal.closings(files.home, DAY)
    assert spending.spent(files.home, DAY) >= 0


def _health(files: Files) -> None:
    assert all("  " not in cause for cause in causes(health(files.home, NOON, SETTINGS)))


def _table(files: Files) -> None:
    for table in (training_table.TABLE, instance_table.TABLE):
        make_table(io.BytesIO(), table, files.home, print, is_csv=True)


def _gathered(files: Files) -> Gathered:
    return gather_collected(files.home, NOON, SETTINGS)


def _page(files: Files) -> None:
    page = render_page(_gathered(files))
    assert "</html>" in page


Reader = Callable[[Files], object]


def _spoil_and_read(data: st.DataObject, files: Files, reader: Reader, names: list[str]) -> None:
    files.restore()
    paths = sorted(path for path in files.whole if any(name in str(path.relative_to(files.home)) for name in names))
    path = data.draw(st.sampled_from(paths))
    path.write_bytes(data.draw(spoiled(files.whole[path])))
    reader(files)


@pytest.mark.parametrize(
    ("reader", "names"),
    [
        (_plans, ["plan", "configurations", "score"]),
        (_targets, ["score"]),
        (_polls, ["sps_and_if/2026"]),
        (_night, ["sps_and_if", "launch_time"]),
        (_advisor, ["interruption_frequency"]),
        (_probe, ["journal", "spending"]),
        (_gathered, [""]),
        (_table, ["sps_and_if/2026", "polls", "interruption", "launch_time"]),
    ],
    ids=["plans", "targets", "polls", "night", "advisor", "probe", "page", "training table"],
)
@lightly(35)
@given(data=st.data())
def test_a_spoiled_file_is_no_defect(data: st.DataObject, files: Files, reader: Reader, names: list[str]) -> None:
    _spoil_and_read(data, files, reader, names)


@pytest.mark.filterwarnings("error")
def test_a_broken_row_that_is_no_text_is_passed_over_in_silence(files: Files) -> None:
    files.restore()
    path = polled.FILES.path(files.home, DAY)
    path.write_bytes(files.whole[path] + b"2026-03-01T11:55:00+00:00,\xc3\n")
    assert "passed over: 1" in " ".join(_gathered(files).troubles.lines)


@lightly(1)
@given(data=st.data())
def test_a_spoiled_file_does_not_keep_the_page_from_being_drawn(data: st.DataObject, files: Files) -> None:
    _spoil_and_read(data, files, _page, [""])


@lightly(75)
@given(st.lists(st.sampled_from(NASTY) | st.text(max_size=30), max_size=5), st.integers(0, 2**32))
def test_senseless_lines_cost_only_themselves(tmp_path: Path, lines: list[str], seed: int) -> None:
    path = tmp_path / "file.csv"
    rows = [[str(number), "x", ""] for number in range(5)]
    texts = [",".join(row) for row in rows]
    for line in lines:
        if line.count(",") != 2 and '"' not in line:
            texts.insert(Random(seed).randint(0, len(texts)), line.replace("\n", " "))
    path.write_text("\n".join(["a,b,c", *texts, ""]), newline="", errors="replace")
    assert _whole_rows(path) == rows
    csv_file.append(path, ("a", "b", "c"), [("9", "x", None)])
    assert _whole_rows(path) == [*rows, ["9", "x", ""]]


def _whole_rows(path: Path) -> list[list[str]]:
    header, *rows = csv_file.read(path)
    assert header == ["a", "b", "c"]
    return [row for row in rows if row is not None]
