"""The instance table has a row an instance and stage: between which seconds it came, or until when it had not."""

from pathlib import Path
from typing import Any

import pytest

from tests.collect_launch_time.dataset.collected import Collection, at

NOON = at("01T12:00:00")


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


def stages(collection: Collection, number: int = 1) -> dict[str, tuple[Any, ...]]:
    """By stage of an instance: entry, last no, first yes, cause."""
    names = ("entry", "last_no", "first_yes", "cause")
    rows = [row for row in collection.instance_table() if row["number"] == number]
    assert [row["stage"] for row in rows] == ["fulfilled", "running", "ready"]
    return {row["stage"]: tuple(row[name] for name in names) for row in rows}


def test_each_stage_came_between_the_last_no_and_the_first_yes(collection: Collection) -> None:
    collection.end(NOON)
    collection.instance(
        NOON, "sir-1", not_fulfilled_time=3.0, fulfilled_time=6.1, not_running_time=12.0, running_time=15.1,
        not_ready_time=120.0, ready_time=123.1, az="use1-az1", outcome="ready",
    )  # fmt: skip
    assert stages(collection) == {
        "fulfilled": (0.0, 3.0, 6.1, None),
        "running": (3.0, 12.0, 15.1, None),
        "ready": (12.0, 120.0, 123.1, None),
    }


def test_what_never_came_is_censored_at_the_last_no_with_the_cause(collection: Collection) -> None:
    collection.end(NOON, ended="timeout")
    collection.instance(
        NOON, "sir-1", not_fulfilled_time=3.0, fulfilled_time=6.0, not_running_time=12.0, running_time=15.0,
        not_ready_time=597.0, az="use1-az1", outcome="fulfilled", cause="us",
    )  # fmt: skip
    collection.instance(
        NOON, "sir-2", not_fulfilled_time=597.0, not_running_time=597.0, not_ready_time=597.0,
        outcome="capacity-not-available", cause="market",
    )  # fmt: skip
    assert stages(collection)["ready"] == (12.0, 597.0, None, "us")
    assert stages(collection)["running"] == (3.0, 12.0, 15.0, None)
    assert stages(collection, 2) == {
        "fulfilled": (0.0, 597.0, None, "market"),
        "running": (597.0, 597.0, None, "market"),
        "ready": (597.0, 597.0, None, "market"),
    }


@pytest.mark.parametrize(
    ("ended", "censored"), [("timeout", 300.0), ("all_ready", 300.0), ("stopped", None), ("lost", None)]
)
def test_one_that_no_look_ever_saw_is_censored_at_the_probes_end_if_it_was_watched_until_then(
    collection: Collection, ended: str, censored: float | None
) -> None:
    collection.end(NOON, ended=ended)
    collection.instance(NOON, "sir-1", cause="market")
    assert {row[1] for row in stages(collection).values()} == {censored}


def test_in_older_files_a_stage_came_some_time_after_the_request(collection: Collection) -> None:
    collection.instance(NOON, "sir-1", fulfilled_time=6.0, running_time=15.0, not_ready_time=120.0, ready_time=123.0)
    collection.instance(NOON, "sir-2", not_ready_time=597.0, outcome="capacity-not-available")
    assert stages(collection) == {
        "fulfilled": (0.0, 0.0, 6.0, None),
        "running": (0.0, 0.0, 15.0, None),
        "ready": (0.0, 120.0, 123.0, None),
    }
    assert stages(collection, 2)["fulfilled"] == (0.0, 597.0, None, None)


def test_a_probe_until_fulfilled_says_nothing_of_later_stages(collection: Collection) -> None:
    collection.end(NOON, until="fulfilled", ended="all_fulfilled")
    collection.instance(
        NOON, "sir-1", not_fulfilled_time=3.0, fulfilled_time=6.0, not_running_time=9.0, not_ready_time=9.0, cause="us"
    )
    found = stages(collection)
    assert found["fulfilled"] == (0.0, 3.0, 6.0, None)
    assert [found[stage][1:] for stage in ("running", "ready")] == [(None, None, "us")] * 2


@pytest.mark.parametrize(("ended", "cause"), [("timeout", "account"), ("refused", None)])
def test_what_the_account_kept_away_is_no_answer_of_the_markets(
    collection: Collection, ended: str, cause: str | None
) -> None:
    collection.end(NOON, ended=ended)
    collection.instance(
        NOON, "sir-1", not_fulfilled_time=3.0, fulfilled_time=6.0, not_running_time=9.0, not_ready_time=9.0, cause=cause
    )
    found = stages(collection)
    assert found["fulfilled"][1:3] == (3.0, 6.0), "it was fulfilled, that is true"
    assert [found[stage][1:3] for stage in ("running", "ready")] == [(None, None)] * 2


def test_a_row_has_what_was_known_of_its_pair_and_how_its_probe_was_run(collection: Collection) -> None:
    collection.poll(at("01T11:50:00"), sps=3)
    collection.price(at("01T06:00:00"), 0.04)
    collection.end(NOON, instance_count=12)
    collection.instance(NOON, "sir-1")
    (row, *_) = collection.instance_table()
    names = ("request_time", "sps", "usd", "origin", "instance_count", "timeout")
    assert tuple(row[name] for name in names) == ("2026-03-01T12:00:00+09:00", 3, 0.04, "sample", 12, 600.0)


def test_without_a_row_of_the_probe_as_many_were_asked_for_as_there_are_rows(collection: Collection) -> None:
    for name in ("sir-1", "sir-2", "sir-3"):
        collection.instance(NOON, name)
    assert {row["instance_count"] for row in collection.instance_table()} == {3}


def test_a_request_that_was_written_twice_is_one_instance_and_the_last_row_counts(collection: Collection) -> None:
    collection.instance(NOON, "sir-1", not_ready_time=3.0)
    collection.instance(NOON, "sir-2")
    collection.instance(NOON, "sir-1", not_ready_time=9.0)
    assert stages(collection)["ready"][1] == 9.0
    assert len(collection.instance_table()) == 6


def test_requests_whose_ids_are_unknown_are_instances_of_their_own(collection: Collection) -> None:
    collection.instance(NOON, "")
    collection.instance(NOON, "")
    assert [row["number"] for row in collection.instance_table()] == [1, 1, 1, 2, 2, 2]


def test_the_zones_own_score_is_that_of_the_standing_query_that_was_asked_last(collection: Collection) -> None:
    collection.stand(at("01T11:30:00"), 9, "use1-az1", "older")
    collection.stand(at("01T11:40:00"), 4, "use1-az1", "two")
    collection.stand(at("01T11:40:00"), 5, "use1-az1", "one")
    collection.stand(at("01T11:40:00"), 6, "use1-az2", "one")
    collection.stand(at("01T11:40:00"), 7, None, "whole Region")
    collection.stand(at("01T12:40:00"), 1, "use1-az1", "one")
    for name, zone in (("sir-1", "use1-az1"), ("sir-2", "use1-az2"), ("sir-3", None)):
        collection.instance(NOON, name, az=zone)
    rows = collection.instance_table()[::3]
    names = ("az", "az_sps", "az_sps_age_seconds", "az_sps_name")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("use1-az1", 5, 1200.0, "one"),
        ("use1-az2", 6, 1200.0, "one"),
        (None, None, None, None),
    ]
