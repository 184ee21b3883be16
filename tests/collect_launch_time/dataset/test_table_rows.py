"""The table has one row per probe and look, with what was known when the request was made."""

import gzip
import random
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from data_files.csv_table import DatedFiles
from data_files.launches import instances, looks
from data_files.market import advisor, polled, polls
from tests.collect_launch_time.dataset.collected import Collection, at
from tests.collect_launch_time.dataset.eventful_days import DAYS, LOOKS, PAIRS, eventful_days


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


def rewrite(home: Path, change: Callable[[Path, str, list[str]], None]) -> None:
    """Rewrite every file of a collection, given its header and rows."""
    for path in sorted(home.rglob("*.csv"), reverse=True):
        header, *rows = path.read_text().splitlines()
        path.unlink()
        change(path, header, rows)


def in_another_order(path: Path, header: str, rows: list[str]) -> None:
    random.Random(1).shuffle(rows)
    path.write_text("".join(f"{line}\n" for line in (header, *rows)))


def with_columns_in_another_order(path: Path, header: str, rows: list[str]) -> None:
    lines = [",".join(reversed(line.split(","))) for line in (header, *rows)]
    path.write_text("".join(f"{line}\n" for line in lines))


def compressed(path: Path, header: str, rows: list[str]) -> None:
    text = "".join(f"{line}\n" for line in (header, *rows))
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(text.encode()))


def through_a_spreadsheet(path: Path, header: str, rows: list[str]) -> None:
    rows = [re.sub(r",(\d+)(?=,|$)", r",\1.0", re.sub(r",(\d+)(?=,|$)", r",\1.0", row)) for row in rows]
    path.write_text("\ufeff" + "".join(f"{line}\r\n" for line in (header, *rows)))


@pytest.mark.parametrize("change", [in_another_order, with_columns_in_another_order, compressed, through_a_spreadsheet])
def test_both_tables_are_the_same_whatever_became_of_the_files(
    collection: Collection, change: Callable[[Path, str, list[str]], None]
) -> None:
    eventful_days(collection)
    tables = collection.table(), collection.instance_table()
    assert len(tables[0]) == DAYS * 24 * len(PAIRS) * len(LOOKS)
    rewrite(collection.home, change)
    assert (collection.table(), collection.instance_table()) == tables
    assert collection.passed_over == []


def test_files_begun_by_an_older_version_say_all_but_what_they_lack(collection: Collection) -> None:
    collection.poll(at("01T11:40:00"), sps=3)
    collection.poll(at("01T11:50:00"), sps=4)
    collection.probe(at("01T12:00:00"), LOOKS)
    collection.instance(
        at("01T12:00:00"), "sir-1", az="use1-az1", fulfilled_time=6.0, not_ready_time=9.0, ready_time=12.0
    )
    new, (new_instance, *_) = collection.table(), collection.instance_table()
    later = {column for table in (polled, instances) for column in table.FILES.columns if column.is_later}

    def cut(path: Path, header: str, rows: list[str]) -> None:
        names = header.split(",")
        kept = [place for place, name in enumerate(names) if name not in {column.name for column in later}]
        lines = [",".join(line.split(",")[place] for place in kept) for line in (header, *rows)]
        path.write_text("".join(f"{line}\n" for line in lines))

    rewrite(collection.home, cut)
    old, (old_instance, *_) = collection.table(), collection.instance_table()
    assert old == [{**row, "sps_target_capacity": None} for row in new]
    assert old_instance == {**new_instance, "sps_target_capacity": None, "last_no": 0.0}


def test_rows_are_in_the_order_of_requests_and_looks(collection: Collection) -> None:
    eventful_days(collection)
    rows = collection.table()
    assert rows == sorted(rows, key=lambda row: (at(row["request_time"][8:-6]), row["region"], row["seconds"]))


def test_a_score_of_another_target_capacity_is_another_series(collection: Collection) -> None:
    for time, sps, capacity in (("09:00", 1, 10), ("09:10", 2, 10), ("09:20", 9, 1), ("09:30", 8, 1), ("09:40", 2, 10)):
        collection.poll(at(f"01T{time}:00"), sps=sps, capacity=capacity)
    for time in ("09:15", "09:35", "09:45"):
        collection.probe(at(f"01T{time}:00"), LOOKS[:1])
    names = ("sps", "sps_target_capacity", "sps_changes_24h", "sps_looks_24h", "sps_age_seconds")
    assert [tuple(row[name] for name in names) for row in collection.table()] == [
        (2, 10, 1, 2, 300.0),
        (8, 1, 1, 2, 300.0),
        (2, 10, 1, 3, 300.0),
    ]


def test_looks_tell_a_calm_pair_from_one_that_is_polled_since_twenty_minutes(collection: Collection) -> None:
    for hour in range(30):
        collection.poll(at("01T00:00:00") + timedelta(hours=hour), sps=3)
    collection.poll(at("02T05:40:00"), sps=3, pair=("eu-west-1", "m5.large"))
    collection.probe(at("02T06:00:00"), LOOKS[:1])
    collection.probe(at("02T06:00:00"), LOOKS[:1], pair=("eu-west-1", "m5.large"))
    assert [(row["sps_changes_24h"], row["sps_looks_24h"]) for row in collection.table()] == [(0, 1), (0, 24)]


def test_the_price_is_the_cheapest_zones_by_awss_own_time(collection: Collection) -> None:
    collection.price(at("01T06:00:00"), 0.04, "use1-az1")
    collection.price(at("01T07:00:00"), 0.05, "use1-az2")
    collection.price(at("01T08:00:00"), 0.03, "use1-az2")
    collection.price(at("01T09:00:00"), 0.02, "use1-az1")
    collection.price(at("01T09:00:00"), 0.01, "euw1-az1", pair=("eu-west-1", "m5.large"))
    for hour in ("05", "07", "08", "10"):
        collection.probe(at(f"01T{hour}:30:00"), LOOKS[:1])
    names = ("usd", "usd_age_seconds", "usd_changes_24h", "usd_spread")
    assert [tuple(row[name] for name in names) for row in collection.table()] == [
        (None, None, None, None),
        (0.04, 5400.0, 0, 1.25),
        (0.03, 1800.0, 1, 0.04 / 0.03),
        (0.02, 5400.0, 1, 0.03 / 0.02),
    ]


def test_a_single_zone_has_no_spread_and_a_price_of_nothing_has_none_that_is_known(collection: Collection) -> None:
    collection.price(at("01T06:00:00"), 0.04, "use1-az1")
    collection.probe(at("01T07:00:00"), LOOKS[:1])
    collection.price(at("01T08:00:00"), 0.0, "use1-az1")
    collection.probe(at("01T09:00:00"), LOOKS[:1])
    assert [(row["usd"], row["usd_spread"]) for row in collection.table()] == [(0.04, 1.0), (0.0, None)]


NAMES = ("origin", "probability", "until", "ended", "timeout")
COUNTS = ("ready_instances", "fulfilled_instances", "running_instances")
AS_SEEN = [look[1:] for look in LOOKS]


def counts(collection: Collection) -> list[tuple[int | None, ...]]:
    return [tuple(row[name] for name in COUNTS) for row in collection.table()]


def test_how_a_probe_was_selected_and_ended_stands_in_each_of_its_rows(collection: Collection) -> None:
    time = at("01T12:00:00")
    collection.probe(time, LOOKS)
    collection.end(time)
    collection.end(time, ended="lost", origin="top")  # of two rows the first counts
    assert {tuple(row[name] for name in NAMES) for row in collection.table()} == {
        ("sample", 0.25, "ready", "all_ready", 600.0)
    }


def test_of_a_probe_without_a_row_of_its_end_the_counts_are_as_recorded(collection: Collection) -> None:
    collection.probe(at("01T12:00:00"), LOOKS)
    assert {row[name] for row in collection.table() for name in NAMES} == {None}
    assert counts(collection) == AS_SEEN


@pytest.mark.parametrize("ended", ["all_ready", "timeout", "stopped", "lost"])
def test_true_counts_seen_before_a_probe_was_cut_stay(collection: Collection, ended: str) -> None:
    collection.probe(at("01T12:00:00"), LOOKS)
    collection.end(at("01T12:00:00"), ended=ended)
    assert counts(collection) == AS_SEEN


def test_a_probe_until_fulfilled_says_nothing_of_running_or_ready_instances(collection: Collection) -> None:
    collection.probe(at("01T12:00:00"), LOOKS)
    collection.end(at("01T12:00:00"), until="fulfilled", ended="all_fulfilled")
    assert counts(collection) == [(None, fulfilled, None) for _, _, fulfilled, _ in LOOKS]


def test_what_the_account_kept_away_is_no_zero_of_the_markets(collection: Collection) -> None:
    for hour in ("12", "13"):
        collection.probe(at(f"01T{hour}:00:00"), LOOKS)
    collection.end(at("01T12:00:00"), ended="refused")
    collection.end(at("01T13:00:00"), ended="timeout")
    collection.instance(at("01T13:00:00"), "sir-1", cause="account", outcome="limit-exceeded")
    assert counts(collection) == [(None, None, None)] * 6


@pytest.mark.parametrize("cause", ["others", "us"])
def test_after_an_instance_was_ended_nothing_more_is_known_of_readiness(collection: Collection, cause: str) -> None:
    collection.probe(at("01T12:00:00"), LOOKS)
    collection.end(at("01T12:00:00"), ended="timeout")
    collection.instance(at("01T12:00:00"), "sir-1", cause=cause, not_ready_time=5.9)
    collection.instance(at("01T12:00:00"), "sir-2", cause="market", not_ready_time=1.0)
    assert counts(collection) == [*AS_SEEN[:2], (None, 10, 10)]


def test_a_standing_query_of_one_type_informs_the_score_of_its_pair(tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    collection.define(at("01T10:00:00"), "mine", "m5.large", capacity=10)
    collection.stand(at("01T11:00:00"), 2, None)
    collection.poll(at("01T11:00:00"), 1, pair=("eu-west-1", "c5.large"))
    collection.define(at("01T11:30:00"), "mine", "m5.large", capacity=50)
    collection.stand(at("01T11:40:00"), 7, None)
    collection.probe(at("01T11:20:00"), [(3.0, 0, 0, 0)])
    collection.probe(at("01T12:20:00"), [(3.0, 0, 0, 0)])
    first, second = collection.table()
    assert (first["sps"], first["sps_age_seconds"], first["sps_target_capacity"]) == (2, 1200, 10)
    assert (second["sps"], second["sps_target_capacity"], second["sps_looks_24h"]) == (7, 50, 1)
    assert second["sps_changes_24h"] == 0, "another capacity is another series"


def test_of_scores_of_one_poll_that_of_the_capacity_nearest_to_the_probes_own_counts(tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    for name, capacity in (("few", 1), ("many", 200)):
        collection.define(at("01T10:00:00"), name, "m5.large", capacity=capacity)
        collection.stand(at("01T11:00:00"), 9, None, name)
    collection.poll(at("01T11:00:00"), 3, capacity=10)
    collection.probe(at("01T12:00:00"), [(3.0, 0, 0, 0)])
    (row,) = collection.table()
    assert (row["sps"], row["sps_target_capacity"]) == (3, 10)


def test_pools_zones_and_queries_whose_definition_is_unknown_are_no_scores_of_a_pair(tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    collection.define(at("01T10:00:00"), "pool", "c5.large", "m5.large")
    collection.define(at("01T10:00:00"), "zones", "m5.large", scope="zone")
    for name in ("pool", "unknown"):
        collection.stand(at("01T11:00:00"), 9, None, name)
    collection.stand(at("01T11:00:00"), 9, "use1-az1", "zones")
    collection.probe(at("01T12:00:00"), [(3.0, 0, 0, 0)])
    (row,) = collection.table()
    assert row["sps"] is None
