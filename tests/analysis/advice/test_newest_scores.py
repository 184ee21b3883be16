"""What the polls said last of each pair, in the last 24 hours and before."""

import gzip
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from analysis.advice.newest_scores import NewestScore, newest_polled
from analysis.reading import NotingReader, Troubles
from data_files.columnar import ColumnarRows
from data_files.csv_table import Column, DatedFiles
from data_files.market import polled
from data_files.market.polled import ABSENT, FAILED, REFUSED
from tests.analysis.advice.small_home import NOW, OTHER, PAIR, SmallHome, before
from tests.time_zone import in_zone


def test_the_newest_known_score_counts_with_its_time_and_capacity(small: SmallHome) -> None:
    small.poll(before(hours=2), 3, capacity=20)
    small.poll(before(hours=1), 2)
    small.poll(before(minutes=10), None, outcome=FAILED)
    found = newest_polled(small.reader(), NOW)
    assert found.scores == {PAIR: NewestScore(2, 10, before(hours=1))}
    assert found.recent == {PAIR}


def test_of_rows_with_the_same_time_the_last_one_counts_whole(small: SmallHome) -> None:
    small.poll(before(hours=2), 1)
    small.poll(before(hours=1), 3)
    small.poll(before(hours=1), None, outcome=ABSENT)
    assert newest_polled(small.reader(), NOW).scores[PAIR].score == 1


def test_what_was_written_after_the_moment_asked_about_does_not_count(small: SmallHome) -> None:
    small.poll(before(hours=1), 3)
    small.poll(before(hours=-1), 1)
    small.poll(before(hours=-1), 1, OTHER)
    found = newest_polled(small.reader(), NOW)
    assert found.recent == {PAIR}
    assert found.scores[PAIR].score == 3


def test_only_what_was_polled_in_the_last_24_hours_is_recent(small: SmallHome) -> None:
    small.poll(before(hours=24.1), 3)
    small.poll(before(hours=23.9), 2, OTHER)
    assert newest_polled(small.reader(), NOW).recent == {OTHER}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_rows_under_the_date_of_another_time_zone_are_found(small: SmallHome, zone: str) -> None:
    small.poll(before(hours=23.5), 3)
    small.poll(before(minutes=5), 2, OTHER)
    with in_zone(zone):
        assert newest_polled(small.reader(), NOW.astimezone()).recent == {PAIR, OTHER}


@pytest.mark.parametrize("has_score", [True, False])
def test_on_a_day_all_refused_the_scores_of_before_are_told(small: SmallHome, has_score: bool) -> None:
    for days in range(1, 10):
        small.poll(before(days=days), 3 if days == 9 else None, outcome="ok" if days == 9 else REFUSED)
        if has_score:
            small.score(before(days=days).date(), PAIR)
    small.poll(before(minutes=5), None, outcome=REFUSED)
    found = newest_polled(small.reader(), NOW)
    assert found.recent == {PAIR}
    assert found.scores == {PAIR: NewestScore(3, 10, before(days=9))}


@pytest.mark.parametrize("has_score", [True, False])
def test_of_a_type_that_is_asked_for_a_score_of_any_age_is_found(small: SmallHome, has_score: bool) -> None:
    small.poll(before(days=300), 3, band=2)
    small.poll(before(days=200), 2, ("us-west-2", "m5.large"))
    for days in (1, 200, 300):
        small.poll(before(days=days), 1, OTHER)
        if has_score:
            small.score(before(days=days).date(), OTHER, PAIR, ("us-west-2", "m5.large"))
    found = newest_polled(small.reader(), NOW, ["m5.large"])
    assert found.scores[PAIR] == NewestScore(3, 10, before(days=300))
    assert found.scores["us-west-2", "m5.large"].time == before(days=200)
    assert found.frequencies[PAIR].index == 2
    assert OTHER not in found.named


def test_without_a_type_what_is_older_is_not_looked_for(small: SmallHome) -> None:
    small.poll(before(days=5), 3)
    small.poll(before(minutes=5), 3, OTHER)
    assert newest_polled(small.reader(), NOW).named == {OTHER}


def test_compressed_days_are_read_as_plain_ones(small: SmallHome) -> None:
    small.poll(before(days=40), 3)
    path = polled.FILES.path(small.home, before(days=40).date())
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    assert newest_polled(small.reader(), NOW, ["m5.large"]).scores[PAIR].score == 3


def test_a_file_of_an_older_version_has_no_target_capacity(small: SmallHome) -> None:
    path = polled.FILES.path(small.home, NOW.date())
    path.parent.mkdir(parents=True)
    path.write_text(f"time,region,instance,sps,if,outcome\n{before(hours=1).isoformat()},eu-west-1,m5.large,3,1,ok\n")
    assert newest_polled(small.reader(), NOW).scores == {PAIR: NewestScore(3, None, before(hours=1))}


def test_broken_rows_are_passed_over_and_noted(small: SmallHome) -> None:
    small.poll(before(hours=2), 3)
    with polled.FILES.path(small.home, NOW.date()).open("a") as file:
        file.write(f"{before(hours=1).isoformat()},eu-west-1,m5.large,11,1,ok,10\nnonsense\n")
    reader = small.reader()
    assert newest_polled(reader, NOW).scores[PAIR].score == 3
    assert reader.troubles.lines == ["sps_and_if/2026-03-03.csv: rows that make no sense were passed over: 2"]


@dataclass(frozen=True)
class CountingReader(NotingReader):
    """Takes note of the days whose polled rows are read."""

    read: list[date] = field(default_factory=list)

    def columns(self, files: DatedFiles[Any], day: date, *columns: Column) -> ColumnarRows | None:
        """Read, and take note."""
        if files is polled.FILES:
            self.read.append(day)
        return super().columns(files, day, *columns)


def test_a_pair_that_never_has_a_score_does_not_make_the_whole_history_be_read(small: SmallHome) -> None:
    for days in range(100):
        small.poll(before(days=days), None, outcome=ABSENT)
        small.score(before(days=days).date(), PAIR)
    reader = CountingReader(small.home, Troubles())
    assert newest_polled(reader, NOW, ["m5.large"]).named == {PAIR}
    assert len(reader.read) == 3 + 13  # those with the last 24 hours, then until it stood in 14 older days


def test_a_day_that_does_not_name_the_type_is_not_read(small: SmallHome) -> None:
    small.poll(before(days=90), 3)
    for days in range(91):
        small.poll(before(days=days), 1, OTHER)
        small.score(before(days=days).date(), *([OTHER, PAIR] if days == 90 else [OTHER]))
    reader = CountingReader(small.home, Troubles())
    assert newest_polled(reader, NOW, ["m5.large"]).scores[PAIR].score == 3
    assert reader.read == [NOW.date(), NOW.date() - timedelta(days=1), before(days=90).date()]


def test_no_files_are_no_pairs(small: SmallHome) -> None:
    assert not newest_polled(small.reader(), NOW, ["m5.large"]).named
