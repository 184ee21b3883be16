"""The table has one row per probe and look, with what was known when the request was made."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from data_files.csv_table import DatedFiles
from data_files.launches import looks
from data_files.market import advisor, polled, polls
from tests.collect_launch_time.dataset.collected import Collection, at

LOOKS = ((3.0, 0, 0, 0), (6.0, 0, 4, 1), (120.0, 9, 10, 10))


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


def test_each_look_has_a_row_with_all_that_is_known(collection: Collection) -> None:
    collection.advise(at("01T11:50:00"), frequency=2, savings=70)
    collection.poll(at("01T11:50:00"), sps=3, frequency=2)
    collection.poll(at("01T12:00:00"), sps=5, frequency=2)
    collection.probe(at("01T12:03:20"), LOOKS)
    rows = collection.table()
    assert rows[1] == {
        "request_time": "2026-03-01T12:03:20+09:00",
        "region": "us-east-1",
        "instance": "m5.large",
        "family": "m5",
        "size": "large",
        "architecture": "x86_64",
        "vcpus": 2,
        "instance_count": 10,
        "hour_utc": 3,
        "weekday_utc": 6,
        "sps": 5,
        "sps_age_seconds": 200.0,
        "sps_changes_24h": 1,
        "if": 2,
        "if_age_seconds": 200.0,
        "if_changes_30d": 0,
        "savings": 70,
        "sps_target_capacity": 10,
        "sps_looks_24h": 2,
        "usd": None,
        "usd_age_seconds": None,
        "usd_changes_24h": None,
        "usd_spread": None,
        "origin": None,
        "probability": None,
        "until": None,
        "ended": None,
        "timeout": None,
        "seconds": 6.0,
        "ready_instances": 0,
        "fulfilled_instances": 4,
        "running_instances": 1,
    }
    assert [row["seconds"] for row in rows] == [3.0, 6.0, 120.0]


def test_the_rows_of_a_poll_under_way_are_not_known_yet(collection: Collection) -> None:
    collection.poll(at("01T11:50:00"), sps=3)
    collection.poll(at("01T12:00:00"), sps=9, seconds=4)
    collection.probe(at("01T12:00:03"), LOOKS[:1])
    collection.probe(at("01T12:00:05"), LOOKS[:1])
    assert [row["sps"] for row in collection.table()] == [3, 9]


def test_the_rows_of_an_unacknowledged_poll_become_known_at_a_polls_deadline(collection: Collection) -> None:
    collection.poll(at("01T11:40:00"), sps=3, seconds=30)
    collection.poll(at("01T11:50:00"), sps=9, seconds=None)
    collection.probe(at("01T11:58:59"), LOOKS[:1])
    collection.probe(at("01T11:59:01"), LOOKS[:1])
    assert [row["sps"] for row in collection.table()] == [3, 9]


def test_after_an_unknown_score_the_last_known_one_counts_with_its_age(collection: Collection) -> None:
    collection.poll(at("01T11:50:00"), sps=3)
    collection.poll(at("01T12:00:00"), sps=None)
    collection.probe(at("01T12:05:00"), LOOKS[:1])
    row = collection.table()[0]
    assert (row["sps"], row["sps_age_seconds"], row["sps_changes_24h"]) == (3, 900.0, 0)


def test_a_value_that_was_never_known_is_an_empty_cell(collection: Collection) -> None:
    collection.poll(at("01T11:50:00"), sps=3, pair=("us-east-1", "c5.large"))
    collection.probe(at("01T12:05:00"), LOOKS[:1], pair=("us-east-1", "zz9.large"))
    row = collection.table()[0]
    unknown = ("architecture", "vcpus", "sps", "sps_age_seconds", "sps_changes_24h", "if", "if_changes_30d", "savings")
    assert {row[name] for name in unknown} == {None}


def test_a_pair_that_was_never_polled_has_the_advisors_values(collection: Collection) -> None:
    collection.advise(at("01T09:00:00"), frequency=1, savings=60)
    collection.advise(at("03T09:00:00"), frequency=3, savings=50)
    collection.probe(at("04T09:00:00"), LOOKS[:1])
    row = collection.table()[0]
    assert (row["if"], row["if_age_seconds"], row["if_changes_30d"], row["savings"]) == (3, 86_400.0, 1, 50)


def test_changes_are_counted_within_their_window_only(collection: Collection) -> None:
    for hour, sps in (("01T00:00:00", 1), ("01T06:00:00", 2), ("01T18:00:00", 3), ("02T03:00:00", 4)):
        collection.poll(at(hour), sps=sps)
    collection.probe(at("02T07:00:00"), LOOKS[:1])
    assert collection.table()[0]["sps_changes_24h"] == 2


def test_on_a_day_without_polls_yesterdays_values_count(collection: Collection) -> None:
    collection.poll(at("01T23:50:00"), sps=7)
    collection.probe(at("09T00:00:00"), LOOKS[:1])
    assert collection.table()[0]["sps"] == 7


def test_a_poll_that_ends_after_midnight_is_known_on_the_next_day(collection: Collection) -> None:
    collection.poll(at("01T23:59:50"), sps=7, seconds=20)
    collection.probe(at("02T00:00:05"), LOOKS[:1])
    collection.probe(at("02T00:00:15"), LOOKS[:1])
    assert [row["sps"] for row in collection.table()] == [None, 7]


def test_rows_that_make_no_sense_are_counted_and_change_nothing_else(collection: Collection) -> None:
    collection.probe(at("01T12:00:00"), [*LOOKS, (-5.0, 0, 0, 0), (9.0, 11, 10, 10)])
    with (collection.home / "collect_launch_time" / "data" / "2026-03-01.csv").open("a") as file:
        file.write("us-east-1,m5.large,10,yesterday,2026-03-01T12:00:09+09:00,0,0,0\n")
        file.write("us-east-1,m5.large,ten,2026-03-01T12:00:00+09:00,2026-03-01T12:00:09+09:00,0,0,0\n")
        file.write("us-east-1,m5.large\n")
        file.write("us-east-1,m5.large,10,2026-03-01T12:00:00+09:00,2026-03-01T12:00:09+09:00,0,0,")
    assert [row["seconds"] for row in collection.table()] == [3.0, 6.0, 120.0]
    assert sum(collection.passed_over) == 5


def add_lines(table: DatedFiles[Any], collection: Collection, *lines: str) -> None:
    """Write lines at the end of the file of the first of March."""
    with table.path(collection.home, at("01T00:00:00").date()).open("a") as file:
        file.writelines(f"{line}\n" for line in lines)


def test_a_score_that_makes_no_sense_is_none_and_is_counted_and_one_that_pandas_rewrote_is_one(
    collection: Collection,
) -> None:
    collection.poll(at("01T11:30:00"), sps=5, frequency=2)
    add_lines(polled.FILES, collection, "2026-03-01T11:40:00+09:00,us-east-1,m5.large,3.0,1.0,ok,10.0")
    add_lines(polled.FILES, collection, "2026-03-01T11:50:00+09:00,us-east-1,m5.large,99,0,ok,10")
    collection.probe(at("01T12:05:00"), LOOKS[:1])
    (row,) = collection.table()
    assert (row["sps"], row["sps_age_seconds"], row["if"], row["if_age_seconds"]) == (3, 1500.0, 1, 1500.0)
    assert collection.passed_over == [1]


def test_senseless_rows_of_the_advisor_and_of_polls_are_counted_whatever_pair_they_are_about(
    collection: Collection,
) -> None:
    collection.advise(at("01T09:00:00"), frequency=1, savings=60)
    add_lines(advisor.FILES, collection, "2026-03-01T10:00:00+09:00,us-east-1,m5.large,5,60", "x,eu-west-1,t3.nano,0,0")
    collection.poll(at("01T11:30:00"), sps=5)
    with polls.FILE.path(collection.home).open("a") as file:
        file.write("2026-03-01T11:40:00+09:00,1,0,1,-4\n")
    collection.probe(at("01T12:05:00"), LOOKS[:1])
    (row,) = collection.table()
    assert (row["if"], row["savings"], row["sps"]) == (1, 60, 5)
    assert sorted(collection.passed_over) == [1, 2]


def test_of_rows_with_the_same_time_and_pair_the_last_counts_whole(collection: Collection) -> None:
    collection.poll(at("01T11:40:00"), sps=7, frequency=0)
    collection.poll(at("01T11:50:00"), sps=9, frequency=2)
    collection.poll(at("01T11:50:00"), sps=2, frequency=None)
    collection.probe(at("01T12:05:00"), LOOKS[:1])
    (row,) = collection.table()
    assert (row["sps"], row["sps_changes_24h"], row["if"]) == (2, 1, 0)


def test_a_row_filed_under_a_day_far_from_its_own_is_passed_over_and_counted_once(collection: Collection) -> None:
    collection.poll(at("01T11:40:00"), sps=7, frequency=0)
    add_lines(polled.FILES, collection, "2026-03-21T11:40:00+09:00,us-east-1,m5.large,3,1,ok,10")
    collection.probe(at("25T12:05:00"), LOOKS[:1])
    assert collection.table()[0]["sps"] == 7
    assert collection.passed_over == [1]


def test_a_count_that_is_unknown_is_an_empty_cell_of_its_look(collection: Collection) -> None:
    collection.probe(at("01T12:00:00"), LOOKS[:1])
    add_lines(
        looks.FILES, collection, "us-east-1,m5.large,10,2026-03-01T12:00:00+09:00,2026-03-01T12:00:09+09:00,,4.0,1"
    )
    rows = collection.table()
    assert [(row["seconds"], row["ready_instances"], row["fulfilled_instances"]) for row in rows] == [
        (3.0, 0, 0),
        (9.0, None, 4),
    ]
    assert collection.passed_over == []


def test_the_same_look_in_the_files_of_two_days_is_one_row_and_the_later_file_counts(collection: Collection) -> None:
    collection.probe(at("01T12:00:00"), LOOKS[:1])
    today, tomorrow = (looks.FILES.path(collection.home, at(f"{day}T00:00:00").date()) for day in ("01", "02"))
    tomorrow.write_text(today.read_text().replace(",0,0,0", ",,0,0"))
    assert [row["ready_instances"] for row in collection.table()] == [None]
    assert collection.passed_over == []


def test_a_look_that_was_written_twice_is_one_row(collection: Collection) -> None:
    collection.probe(at("01T12:00:00"), LOOKS)
    collection.probe(at("01T12:00:00"), LOOKS)
    assert len(collection.table()) == 3


def some_days(collection: Collection) -> None:
    """Three days in which everything changes often, with polls of all lengths, and probes while they ask."""
    dice = random.Random(7)
    pairs = [("us-east-1", "m5.large"), ("eu-west-1", "c7g.large")]
    for step in range(3 * 24):
        time = at("01T00:00:00") + timedelta(hours=step)
        for pair in pairs:
            collection.poll(time, dice.choice([None, 1, 2, 3]), dice.choice([None, 0, 1]), seconds=None, pair=pair)
        collection.poll(time, 1, 1, seconds=dice.uniform(1, 500), pair=("us-east-1", "t3.nano"))
        if step % 20 == 0:
            collection.advise(time, dice.randrange(5), dice.randrange(100))
        for pair in pairs:
            collection.probe(time + timedelta(seconds=dice.uniform(0, 540)), LOOKS, pair=pair)


def test_the_same_rows_come_out_whatever_order_files_and_rows_are_in(collection: Collection) -> None:
    some_days(collection)
    expected = collection.table()
    assert len(expected) == 3 * 24 * 2 * 3
    files = sorted(collection.home.rglob("*.csv"))
    for path in reversed(files):
        header, *rows = path.read_text().splitlines(keepends=True)
        random.Random(1).shuffle(rows)
        path.unlink()
        path.write_text(header + "".join(rows))
    assert collection.table() == expected


def test_rows_are_in_the_order_of_requests_and_looks(collection: Collection) -> None:
    some_days(collection)
    rows = collection.table()
    assert rows == sorted(rows, key=lambda row: (at(row["request_time"][8:-6]), row["region"], row["seconds"]))
