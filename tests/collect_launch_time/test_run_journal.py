"""The journal of a run: the times of its rows, and open entries that are carried over from day to day."""

from datetime import datetime, timedelta
from pathlib import Path

from collect_launch_time.run_journal import RunJournal
from common.clock import Clock, steady_seconds
from data_files.launches import journal
from data_files.launches.journal import Entry

NOW = datetime.fromisoformat("2026-03-01T12:00:00+01:00").astimezone()


def journal_at(home: Path, now: datetime = NOW) -> RunJournal:
    return RunJournal(home, Clock(now, steady_seconds()))


def entry(token: str = "t1", request_ids: tuple[str, ...] = ()) -> Entry:
    return Entry(token, "us-east-1", "m5.large", 3, request_ids=request_ids)


def test_rows_carry_the_runs_time_or_the_moment_given(tmp_path: Path) -> None:
    own_journal = journal_at(tmp_path)
    own_journal.write(journal.INTENDED, entry())
    own_journal.write(journal.CLOSED, entry(), NOW + timedelta(seconds=7))
    intended = own_journal.entries()["t1"].intended
    assert intended
    assert NOW <= intended < NOW + timedelta(seconds=5)
    assert own_journal.closings() == {(NOW + timedelta(seconds=7), "us-east-1", "m5.large")}


def test_open_entries_are_carried_over_with_all_that_is_known_of_them(tmp_path: Path) -> None:
    first = journal_at(tmp_path, NOW - timedelta(days=9))
    first.write(journal.REQUESTED, entry("requested", ("sir-1",)))
    first.write(journal.INTENDED, entry("intended"))
    for day in range(8, 0, -1):
        own_journal = journal_at(tmp_path, NOW - timedelta(days=day))
        own_journal.write(journal.CLOSED, entry(f"day{day}"))
        own_journal.carry_over([known for known in own_journal.entries().values() if not known.is_closed])
    known = journal_at(tmp_path).entries()
    assert len(known) == 5
    assert known["requested"].request_ids == ("sir-1",)
    assert not known["intended"].request_ids


def test_entries_in_todays_file_are_not_carried_over(tmp_path: Path) -> None:
    own_journal = journal_at(tmp_path)
    own_journal.write(journal.INTENDED, entry())
    own_journal.carry_over(own_journal.entries().values())
    assert len(list(journal.FILES.rows(tmp_path, NOW.date()))) == 1
