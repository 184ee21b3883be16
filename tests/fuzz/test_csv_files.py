"""Every CSV file that a program reads: whatever is in it costs that, and no more."""

import gzip
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.health.causes import causes
from analysis.health.figures import HealthSettings, health
from collect_launch_time.choosing.targets import ranked_pairs
from collect_launch_time.dataset.table_writer import make_table
from collect_spot_price.stored import StoredPrices
from collect_sps_and_if.asking.advisor_answer import Advice
from collect_sps_and_if.asking.advisor_fetch import Fetched, Validators
from collect_sps_and_if.asking.interruption_frequency import CurrentListing, keep_listing
from collect_sps_and_if.nightly.day_moves import moves_of, score_day
from collect_sps_and_if.nightly.report_facts import gather as gather_facts
from collect_sps_and_if.planning.days_plan import plan_for
from collect_sps_and_if.planning.policy import PlanSettings
from collect_sps_and_if.poll_records import earlier_polls
from common.files import csv_file
from common.files.compressed_file import compressed
from data_files import notices
from data_files.launches import instance_table, journal, refused_pairs, selection, spending, training_table
from data_files.market import (
    advisor,
    configurations,
    mailed,
    plans,
    polled,
    scores,
    settings_in_force,
    standing_queries,
)
from data_files.market.spot_prices import PriceChange
from report.gather.everything import Gathered, gather_collected
from report.page import render_page
from tests.fuzz.collected_files import DAY, NOON, PAIRS, Files
from tests.fuzz.spoiling import NASTY, lightly, spoiled, spoiled_bytes

SETTINGS = HealthSettings(50, "us-east-1", 5.0, 600.0)
WISHES = PlanSettings(2, 3, 8, 10)
OFFERS = dict.fromkeys(("m5.large", "c5.large", "t3.micro", "r5.large", "c6g.large"), ("eu-west-1", "us-east-1"))


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
    keep_listing(CurrentListing(listing, Fetched(b"", Validators("e", "l"))), "https://x", files.home, NOON)
    # A listing that the file ends with already is not added, and a compressed file then stays as it is.
    assert any(row[1:] == (*PAIRS[0], 1, 60) for row in advisor.FILES.rows(files.home, DAY))


def _probe(files: Files) -> None:
    for entry in journal.entries(files.home, DAY).values():
        assert entry.age_seconds >= 0
    journal.closings(files.home, DAY)
    selection.by_token(files.home, DAY)
    refused_pairs.refused(files.home, DAY)
    assert spending.spent(files.home, DAY) >= 0


def _prices(files: Files) -> None:
    stored = StoredPrices(files.home)
    assert all(stored.until(*pair) is None or isinstance(stored.until(*pair), datetime) for pair in PAIRS)
    before = stored.price_before(PriceChange(NOON, PAIRS[0][0], "use1-az1", PAIRS[0][1], 0.06))
    assert before is None or before >= 0


def _records(files: Files) -> None:
    values = {"WATCH_TYPES": "c5.large", "REGIONS": ""}
    settings_in_force.record(files.home, NOON, values)
    assert settings_in_force.record(files.home, NOON, values) == []
    list(mailed.letters(files.home))
    list(notices.FILE.rows(files.home))


def _standing(files: Files) -> None:
    found = standing_queries.read_standing_queries(files.home)
    assert all(query.instances and len(query.regions) <= plans.REGIONS_PER_QUERY for query in found.queries)
    assert all("\n" not in complaint for complaint in found.complaints)


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
    form = data.draw(st.sampled_from(["plain", "compressed", "damaged"])) if path.name[:4].isdigit() else "plain"
    content = files.whole[path]
    if form == "plain":
        path.write_bytes(data.draw(spoiled(content)))
    else:
        path.unlink()
        packed = gzip.compress(data.draw(spoiled(content)) if form == "compressed" else content, mtime=0)
        compressed(path).write_bytes(packed if form == "compressed" else data.draw(spoiled_bytes(packed)))
    reader(files)


@pytest.mark.parametrize(
    ("reader", "names"),
    [
        (_plans, ["plan", "configurations", "score"]),
        (_targets, ["score"]),
        (_polls, ["sps_and_if/2026"]),
        (_night, ["sps_and_if", "launch_time"]),
        (_advisor, ["interruption_frequency"]),
        (_probe, ["journal", "spending", "selection", "refused_pairs"]),
        (_prices, ["collect_spot_price"]),
        (_records, ["settings", "mailed", "unsent", "notices"]),
        (_standing, ["standing_queries"]),
        (_health, [""]),
        (_gathered, [""]),
        (_table, ["sps_and_if/2026", "polls", "interruption", "launch_time"]),
    ],
    ids=[
        "plans",
        "targets",
        "polls",
        "night",
        "advisor",
        "probe",
        "prices",
        "records",
        "standing queries",
        "status",
        "page",
        "training table",
    ],
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
