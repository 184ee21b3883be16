"""The journal: what was asked for, read back whatever befell the files."""

import time
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from collect_launch_time import journal
from collect_launch_time.journal import Entry, Journal, new_token
from collect_launch_time.tables import Tables
from common.clock import Clock

NOW = datetime.fromisoformat("2026-03-01T12:00:00+01:00").astimezone()


def journal_at(home: Path, now: datetime = NOW) -> Journal:
    return Journal(Tables(home), Clock(now, time.monotonic()))


def entry(token: str = "t1", **more: object) -> Entry:
    return Entry(token, "us-east-1", "m5.large", 3, **more)  # type: ignore[arg-type]


def test_an_entry_gathers_what_its_rows_say(tmp_path: Path) -> None:
    book = journal_at(tmp_path)
    book.write(journal.INTENDED, entry())
    book.write(journal.REQUESTED, entry(request_ids=("sir-1", "sir-2")))
    book.write(journal.CANCELLED, entry(request_ids=("sir-1", "sir-2"), instance_ids=("i-1",)))
    [known] = book.entries().values()
    assert (known.request_ids, known.instance_ids, known.is_closed) == (("sir-1", "sir-2"), ("i-1",), False)
    book.write(journal.CLOSED, entry())
    assert book.entries()["t1"].is_closed


def test_rows_that_make_no_sense_cost_themselves_only(tmp_path: Path) -> None:
    book = journal_at(tmp_path)
    book.write(journal.INTENDED, entry())
    path = Tables(tmp_path).journal(NOW.date())
    good = path.read_text()
    path.write_text(
        good
        + "2026-03-01T12:00:00+01:00,exploded,t2,us-east-1,m5.large,3,,\n"
        + "2026-03-01T12:00:00+01:00,intended,,us-east-1,m5.large,3,,\n"
        + "2026-03-01T12:00:00+01:00,intended,t3,../etc,m5.large,3,,\n"
        + "2026-03-01T12:00:00+01:00,requested,t4,us-east-1,m5.large,many,sir-4 i-5 x;rm,i-4 sir-5 *\n"
        + "2026-03-01T12:00:00+01:00,clo"
    )
    known = book.entries()
    assert known.keys() == {"t1", "t4"}
    assert (known["t4"].count, known["t4"].request_ids, known["t4"].instance_ids) == (0, ("sir-4",), ("i-4",))
    assert not known["t1"].is_closed


def test_what_a_machine_left_before_it_was_off_for_a_month_is_still_known(tmp_path: Path) -> None:
    journal_at(tmp_path, NOW - timedelta(days=31)).write(journal.INTENDED, entry("old"))
    assert journal_at(tmp_path).entries().keys() == {"old"}


def test_reading_does_not_grow_with_the_years_and_what_stays_open_is_carried_along(tmp_path: Path) -> None:
    journal_at(tmp_path, NOW - timedelta(days=9)).write(journal.REQUESTED, entry("open", request_ids=("sir-1",)))
    for day in range(8, 0, -1):
        book = journal_at(tmp_path, NOW - timedelta(days=day))
        book.write(journal.CLOSED, entry(f"day{day}"))
        book.carry_over([one for one in book.entries().values() if not one.is_closed])
    known = journal_at(tmp_path).entries()
    assert known["open"].request_ids == ("sir-1",)
    assert len(known) < 5


def test_a_rehearsal_in_the_past_knows_its_own_day_and_the_one_before(tmp_path: Path) -> None:
    for day in range(5):
        journal_at(tmp_path, NOW + timedelta(days=day)).write(journal.INTENDED, entry(f"later{day}"))
    journal_at(tmp_path, NOW - timedelta(days=400)).write(journal.INTENDED, entry("then"))
    assert "then" in journal_at(tmp_path, NOW - timedelta(days=399)).entries()


def test_a_token_is_unique_fits_the_call_and_tells_its_age(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) <= 64 and token.isascii() for token in tokens)
    known = entry(tokens.pop())
    assert known.age_seconds < 5
    real = time.time()
    monkeypatch.setattr(time, "time", lambda: real + 100)
    assert 99 < known.age_seconds < 106
    monkeypatch.setattr(time, "time", lambda: real - 3600)
    assert known.age_seconds == 0


def test_a_token_does_not_tell_this_machines_address() -> None:
    assert {uuid.UUID(new_token()).node for _ in range(3)} & {uuid.getnode()} == set()


def test_a_token_of_another_make_is_old() -> None:
    assert entry("whatever").age_seconds == float("inf")


def test_a_closing_row_is_known_by_its_moment(tmp_path: Path) -> None:
    book = journal_at(tmp_path)
    book.write(journal.CLOSED, entry(), NOW)
    book.write(journal.CANCELLED, entry(), NOW)
    assert book.closings() == {(NOW.isoformat(timespec="seconds"), "us-east-1", "m5.large")}
