"""The journal: what was asked for, read back whatever befell the files. What must never happen: an entry is lost."""

import gzip
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data_files.launches import journal
from data_files.launches.journal import FILES, Entry, JournalRow, new_token
from tests.data_files.odd_cells import SENSELESS, what_becomes_of, write

NOW = datetime.fromisoformat("2026-03-01T12:00:00+01:00").astimezone()
GOOD = {
    "time": "2026-03-01T12:00:00+01:00",
    "event": "requested",
    "client_token": "t1",
    "region": "us-east-1",
    "instance": "m5.large",
    "instance_count": "3",
    "request_ids": "sir-1 sir-2",
    "instance_ids": "i-1",
}
TEXT = ["3.0", "3", "99", "0", "-1", "nan", "much", None]


def entry(token: str = "t1", **more: Any) -> Entry:
    return Entry(token, "us-east-1", "m5.large", 3, **more)


def known(home: Path, now: datetime = NOW) -> dict[str, Entry]:
    return journal.entries(home, now.date())


def test_a_row_is_written_as_the_contract_has_it_and_read_back(tmp_path: Path) -> None:
    journal.write(tmp_path, journal.REQUESTED, entry(request_ids=("sir-1", "sir-2"), instance_ids=("i-1",)), NOW)
    journal.write(tmp_path, journal.INTENDED, entry("t2"), NOW)
    path = FILES.path(tmp_path, NOW.date())
    assert path.read_text().splitlines() == [
        ",".join(GOOD),
        f"{NOW.isoformat(timespec='seconds')},requested,t1,us-east-1,m5.large,3,sir-1 sir-2,i-1",
        f"{NOW.isoformat(timespec='seconds')},intended,t2,us-east-1,m5.large,3,,",
    ]
    assert list(FILES.rows(tmp_path, NOW.date())) == [
        JournalRow(NOW, "requested", "t1", "us-east-1", "m5.large", 3, ("sir-1", "sir-2"), ("i-1",)),
        JournalRow(NOW, "intended", "t2", "us-east-1", "m5.large", 3, None, None),
    ]


def test_an_entry_gathers_what_its_rows_say(tmp_path: Path) -> None:
    journal.write(tmp_path, journal.INTENDED, entry(), NOW)
    journal.write(tmp_path, journal.REQUESTED, entry(request_ids=("sir-1",)), NOW + timedelta(seconds=1))
    journal.write(tmp_path, journal.CANCELLED, entry(request_ids=("sir-2", "sir-1"), instance_ids=("i-1",)), NOW)
    assert known(tmp_path)["t1"] == entry(
        intended=NOW, request_ids=("sir-1", "sir-2"), instance_ids=("i-1",), day=NOW.date()
    )
    journal.write(tmp_path, journal.CLOSED, entry(), NOW)
    journal.write(tmp_path, journal.REQUESTED, entry(), NOW)
    assert known(tmp_path)["t1"].is_closed, "once closed, always closed"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("time", [None] * 8),
        ("event", [SENSELESS] * 8),
        ("client_token", [*TEXT[:-1], SENSELESS]),
        ("region", [SENSELESS] * 8),
        ("instance", TEXT),
        ("instance_count", [3, 3, 99, 0, None, None, None, None]),
        ("request_ids", [text and (text,) for text in TEXT]),
        ("instance_ids", [text and (text,) for text in TEXT]),
    ],
)
def test_only_a_row_that_names_nothing_to_end_makes_no_sense(tmp_path: Path, name: str, expected: list[Any]) -> None:
    assert what_becomes_of(FILES, tmp_path, GOOD, name) == expected


def test_rows_that_make_no_sense_cost_themselves_only(tmp_path: Path) -> None:
    journal.write(tmp_path, journal.INTENDED, entry(), NOW)
    path = FILES.path(tmp_path, NOW.date())
    path.write_text(
        path.read_text()
        + "2026-03-01T12:00:00+01:00,exploded,t2,us-east-1,m5.large,3,,\n"
        + "2026-03-01T12:00:00+01:00,intended,,us-east-1,m5.large,3,,\n"
        + "2026-03-01T12:00:00+01:00,intended,t3,../etc,m5.large,3,,\n"
        + "yesterday,requested,t4,us-east-1,,many,sir-4 i-5 x;rm sir- sir-é,i-4 sir-5 *\n"
        + "2026-03-01T12:00:00+01:00,clo"
    )
    assert known(tmp_path).keys() == {"t1", "t4"}
    t4 = known(tmp_path)["t4"]
    assert (t4.intended, t4.instance, t4.count, t4.request_ids, t4.instance_ids) == (None, "", 0, ("sir-4",), ("i-4",))
    assert not known(tmp_path)["t1"].is_closed


@pytest.mark.parametrize("missing", ["time", "instance", "instance_count", "request_ids", "instance_ids"])
def test_without_a_column_the_entry_is_known_all_the_same(tmp_path: Path, missing: str) -> None:
    write(FILES, tmp_path, [{**GOOD, "note": "mine"}], ["note", *(name for name in GOOD if name != missing)])
    assert known(tmp_path).keys() == {"t1"}


def test_a_compressed_day_is_read_as_the_plain_one(tmp_path: Path) -> None:
    write(FILES, tmp_path, [GOOD], gz=True)
    assert known(tmp_path)["t1"].request_ids == ("sir-1", "sir-2")


@pytest.mark.parametrize("kept", [0, 5, 20, -20, -1])
def test_a_compressed_day_that_is_cut_off_costs_only_what_is_cut_off(tmp_path: Path, kept: int) -> None:
    journal.write(tmp_path, journal.INTENDED, entry("t0"), NOW)
    other = FILES.path(tmp_path, NOW.date() - timedelta(days=1))
    whole = gzip.compress((",".join(GOOD) + "\n" + ",".join(GOOD.values()) + "\n").encode())
    other.with_name(f"{other.name}.gz").write_bytes(whole[:kept])
    assert known(tmp_path).keys() >= {"t0"}


def test_a_file_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    journal.write(tmp_path, journal.INTENDED, entry("t0"), NOW)
    FILES.path(tmp_path, NOW.date() - timedelta(days=1)).mkdir()
    assert known(tmp_path).keys() == {"t0"}


def test_what_a_machine_left_before_it_was_off_for_a_month_is_still_known(tmp_path: Path) -> None:
    journal.write(tmp_path, journal.INTENDED, entry("old"), NOW - timedelta(days=31))
    assert known(tmp_path).keys() == {"old"}


def test_reading_does_not_grow_with_the_years(tmp_path: Path) -> None:
    for day in range(9):
        journal.write(tmp_path, journal.CLOSED, entry(f"day{day}"), NOW - timedelta(days=day))
    assert known(tmp_path).keys() == {"day0", "day1", "day2"}


def test_a_rehearsal_in_the_past_knows_its_own_day_and_the_one_before(tmp_path: Path) -> None:
    for day in range(5):
        journal.write(tmp_path, journal.INTENDED, entry(f"later{day}"), NOW + timedelta(days=day))
    journal.write(tmp_path, journal.INTENDED, entry("then"), NOW - timedelta(days=400))
    assert "then" in known(tmp_path, NOW - timedelta(days=399))


def test_a_token_is_unique_fits_the_call_and_tells_its_age(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) <= 64 and token.isascii() for token in tokens)
    made_now = entry(tokens.pop())
    assert made_now.age_seconds < 5
    real = time.time()
    monkeypatch.setattr(time, "time", lambda: real + 100)
    assert 99 < made_now.age_seconds < 106
    monkeypatch.setattr(time, "time", lambda: real - 3600)
    assert made_now.age_seconds == 0


def test_a_token_does_not_tell_this_machines_address() -> None:
    assert {uuid.UUID(new_token()).node for _ in range(3)} & {uuid.getnode()} == set()


def test_a_token_of_another_make_is_old() -> None:
    assert entry("whatever").age_seconds == float("inf")


def test_a_closing_row_is_known_by_its_moment_whatever_its_offset(tmp_path: Path) -> None:
    moment = NOW + timedelta(milliseconds=123)
    journal.write(tmp_path, journal.CLOSED, entry(), moment)
    journal.write(tmp_path, journal.CANCELLED, entry(), NOW)
    assert journal.closings(tmp_path, NOW.date()) == {(moment.astimezone(UTC), "us-east-1", "m5.large")}


def test_a_region_is_named_as_far_back_as_there_are_files_also_compressed_ones(tmp_path: Path) -> None:
    journal.write(tmp_path, journal.INTENDED, entry(), NOW - timedelta(days=900))
    for region in ("us-east-1", "us-east-2", "east-1"):
        assert journal.names_region(tmp_path, region) is (region == "us-east-1")
    path = FILES.path(tmp_path, (NOW - timedelta(days=900)).date())
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    assert journal.names_region(tmp_path, "us-east-1")
    assert not journal.names_region(tmp_path, "us-east-2")
    path.with_name(f"{path.name}.gz").write_bytes(b"damaged")
    assert journal.names_region(tmp_path, "us-east-2")  # nobody knows
