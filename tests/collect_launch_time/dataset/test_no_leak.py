"""Nothing in a row comes from after its request: whatever is wrong with what became known later changes no row before.

The check itself is tested: with times shifted, so that values seem to be known before they were, it fails.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collect_launch_time.dataset.market import Delays
from data_files.cell_arrays import Integers
from data_files.csv_table import DatedFiles
from data_files.launches import instance_table, training_table
from data_files.market import advisor, polled, polls, spot_prices, standing_scores
from tests.collect_launch_time.dataset.collected import Collection
from tests.collect_launch_time.dataset.eventful_days import eventful_days

EVERY = 18  # of so many requests one is a cut; it takes tables of its own

Rows = list[dict[str, Any]]


def leaks(collection: Collection, scratch: Path) -> Rows:
    """The rows that change when everything that became known after some requests is another, or gone."""
    before = collection.table(), collection.instance_table()
    times = sorted({datetime.fromisoformat(row["request_time"]) for row in before[0]})
    changed: Rows = []
    for number, moment in enumerate(times[::EVERY]):
        earlier = Collection(scratch / str(number))
        shutil.copytree(collection.home, earlier.home)
        spoil_all_after(moment, earlier.home, is_removed=number % 2 == 0)
        for rows, again in zip(before, (earlier.table(), earlier.instance_table()), strict=True):
            changed += list(differing(rows, again, moment))
    return changed


def differing(rows: Rows, again: Rows, moment: datetime) -> Iterator[dict[str, Any]]:
    for row, other in zip(rows, again, strict=True):
        if datetime.fromisoformat(row["request_time"]) <= moment and row != other:
            yield other


def spoil_all_after(moment: datetime, home: Path, *, is_removed: bool) -> None:
    """Change, or remove, each value that became known later."""
    ends = {poll.time: poll.time + timedelta(seconds=poll.seconds or 0) for poll in polls.FILE.rows(home)}

    def is_known(row: Any) -> bool:
        return bool(ends.get(row.time, row.time + timedelta(seconds=540)) <= moment)

    changes = {"sps": 10, "interruption_frequency": 4, "savings": 1, "target_capacity": 7}
    tables: tuple[DatedFiles[Any], ...] = (polled.FILES, advisor.FILES, standing_scores.FILES)
    for table in tables:
        own = {name: value for name, value in changes.items() if name in table.row._fields}
        for day in table.days(home):
            rows = [row if is_known(row) else row._replace(**own) for row in table.rows(home, day)]
            table.replace(table.path(home, day), [row for row in rows if is_known(row) or not is_removed])
    for day in spot_prices.FILES.days(home):
        prices = [row if row.time <= moment else row._replace(usd=0.001) for row in spot_prices.FILES.rows(home, day)]
        kept = [row for row in prices if row.time <= moment or not is_removed]
        spot_prices.FILES.replace(spot_prices.FILES.path(home, day), kept)


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    collection = Collection(tmp_path / "home")
    eventful_days(collection)
    return collection


def test_no_row_changes_whatever_became_known_after_its_request(collection: Collection, tmp_path: Path) -> None:
    assert leaks(collection, tmp_path) == []


@pytest.mark.parametrize("seconds_too_early", [600, 3600])
def test_the_check_finds_scores_that_are_known_too_early(
    collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds_too_early: int
) -> None:
    honest = Delays.known_at

    def leaky(self: Delays, start: Integers) -> Integers:
        return honest(self, start) - 1000 * seconds_too_early

    monkeypatch.setattr(Delays, "known_at", leaky)
    assert leaks(collection, tmp_path)


def test_no_age_is_negative(collection: Collection) -> None:
    names = [column.name for column in instance_table.TABLE.columns if column.name.endswith("age_seconds")]
    ages = [row[name] for row in collection.instance_table() for name in names]
    assert min(age for age in ages if age is not None) >= 0


def test_what_came_of_a_request_is_named_as_such() -> None:
    known = {"sps", "if", "usd", "usd_spread", "origin", "probability", "timeout", "hour_utc", "vcpus"}
    for table, of_table in (
        (training_table.TABLE, training_table.OUTCOMES_OF_PROBE),
        (instance_table.TABLE, instance_table.OUTCOMES_OF_STAGE),
    ):
        outcomes = {column.name for column in of_table}
        assert outcomes <= set(table.header)
        assert not outcomes & known
        assert "ended" in outcomes
