"""Nothing in a row comes from after its request: what happens later may change no row that came before.

The check itself is tested: with times shifted, so that scores seem to be known before they were measured, it fails.
"""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collect_launch_time.dataset.market import Delays
from collect_launch_time.dataset.numbering import Integers
from data_files.csv_table import DatedFiles
from data_files.market import advisor, polled, polls
from tests.collect_launch_time.dataset.collected import Collection
from tests.collect_launch_time.dataset.test_table_rows import LOOKS, some_days

EVERY = 3  # of so many probes one is looked at; it takes a table of its own


def leaks(collection: Collection, scratch: Path) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The rows that change when everything that became known after their request is taken away."""
    whole = collection.table()
    changed = []
    for place in range(0, len(whole), EVERY * len(LOOKS)):
        earlier = Collection(scratch / str(place))
        shutil.copytree(collection.home, earlier.home)
        forget_all_after(datetime.fromisoformat(whole[place]["request_time"]), earlier)
        again = earlier.table()[place]
        if again != whole[place]:
            changed.append((whole[place], again))
    return changed


def forget_all_after(moment: datetime, collection: Collection) -> None:
    ends = {poll.time: poll.time + timedelta(seconds=poll.seconds or 0) for poll in polls.FILE.rows(collection.home)}
    files: tuple[DatedFiles[Any], ...] = (polled.FILES, advisor.FILES)
    for table in files:
        for day in table.days(collection.home):
            kept = [row for row in table.rows(collection.home, day) if ends[row.time] <= moment]
            table.replace(table.path(collection.home, day), kept)


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    collection = Collection(tmp_path / "home")
    some_days(collection)
    return collection


def test_no_row_changes_if_all_that_became_known_later_is_removed(collection: Collection, tmp_path: Path) -> None:
    assert leaks(collection, tmp_path) == []


@pytest.mark.parametrize("seconds_too_early", [60, 3600])
def test_the_check_finds_scores_that_are_known_too_early(
    collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds_too_early: int
) -> None:
    honest = Delays.known_at

    def leaky(self: Delays, start: Integers) -> Integers:
        return honest(self, start) - 1000 * seconds_too_early

    monkeypatch.setattr(Delays, "known_at", leaky)
    assert leaks(collection, tmp_path)


def test_no_age_is_negative(collection: Collection) -> None:
    ages = [row[name] for row in collection.table() for name in ("sps_age_seconds", "if_age_seconds")]
    assert min(age for age in ages if age is not None) >= 0
