"""The journal of a run: what stays open for days is carried along, by the run's own clock."""

import time
from datetime import datetime, timedelta
from pathlib import Path

from collect_launch_time.run_journal import RunJournal
from common.clock import Clock
from data_files.launches import journal
from data_files.launches.journal import Entry

NOW = datetime.fromisoformat("2026-03-01T12:00:00+01:00").astimezone()


def journal_at(home: Path, now: datetime = NOW) -> RunJournal:
    return RunJournal(home, Clock(now, time.monotonic()))


def entry(token: str = "t1", request_ids: tuple[str, ...] = ()) -> Entry:
    return Entry(token, "us-east-1", "m5.large", 3, request_ids=request_ids)


def test_rows_carry_the_runs_time_or_the_moment_given(tmp_path: Path) -> None:
    book = journal_at(tmp_path)
    book.write(journal.INTENDED, entry())
    book.write(journal.CLOSED, entry(), NOW + timedelta(seconds=7))
    intended = book.entries()["t1"].intended
    assert intended
    assert NOW <= intended < NOW + timedelta(seconds=5)
    assert book.closings() == {(NOW + timedelta(seconds=7), "us-east-1", "m5.large")}


def test_what_stays_open_is_carried_along_as_far_as_it_got(tmp_path: Path) -> None:
    first = journal_at(tmp_path, NOW - timedelta(days=9))
    first.write(journal.REQUESTED, entry("requested", ("sir-1",)))
    first.write(journal.INTENDED, entry("intended"))
    for day in range(8, 0, -1):
        book = journal_at(tmp_path, NOW - timedelta(days=day))
        book.write(journal.CLOSED, entry(f"day{day}"))
        book.carry_over([one for one in book.entries().values() if not one.is_closed])
    known = journal_at(tmp_path).entries()
    assert len(known) == 5
    assert known["requested"].request_ids == ("sir-1",)
    assert not known["intended"].request_ids


def test_what_today_has_already_is_not_written_again(tmp_path: Path) -> None:
    book = journal_at(tmp_path)
    book.write(journal.INTENDED, entry())
    book.carry_over(book.entries().values())
    assert len(list(journal.FILES.rows(tmp_path, NOW.date()))) == 1
