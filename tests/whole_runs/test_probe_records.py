"""What the probe writes down is what happened, by the stand-in's own truth."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.stand_in import StandIn
from tests.whole_runs.probe_stage import PAIRS, Stage

pytestmark = pytest.mark.whole_run

CALLS = timedelta(seconds=1.5)  # what the calls of a look may take here
CLOCKS = timedelta(seconds=0.05)  # each process reads the wall clock once, at its start
INVISIBLE = timedelta(seconds=0.6)  # a new request, and then its instance, are unknown for so long at first


@pytest.fixture
def stage(aws: StandIn, tmp_path: Path) -> Stage:
    stage = Stage(aws, tmp_path)
    stage.prepare()
    return stage


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def longest_beat(stage: Stage) -> timedelta:
    """Return the longest time between two looks: on a machine with much else to do it is more than the interval."""
    looks: dict[tuple[str, str], list[datetime]] = {}
    for row in stage.rows(""):
        looks.setdefault((row["region"], row["instance"]), []).append(at(row["current_time"]))
    gaps = sorted(later - earlier for own in looks.values() for earlier, later in pairwise(own))
    assert gaps[len(gaps) // 2] < timedelta(seconds=2 * stage.interval), "the usual beat is the interval all the same"
    return gaps[-1]


def instances_with_truth(stage: Stage) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    truth = {
        instance["instance_id"]: instance
        for instance in stage.aws.control.truth()["instances"]
        if not instance["decoy"]
    }
    rows = {row["instance_id"]: row for row in stage.rows("instances") if row["instance_id"]}
    assert rows.keys() == truth.keys()
    return ((row, truth[instance_id]) for instance_id, row in rows.items())


def test_a_run_is_silent_and_recorded_as_it_happened(stage: Stage) -> None:
    ended = stage.run()
    assert (ended.code, ended.stdout, ended.stderr) == (0, "", "")
    every_time_lies_in_its_recorded_interval_and_the_intervals_are_one_look_wide(stage)
    the_counts_of_each_look_are_right_and_only_grow(stage)
    what_was_spent_is_the_stand_ins_own_bill_to_the_cent(stage)


def every_time_lies_in_its_recorded_interval_and_the_intervals_are_one_look_wide(stage: Stage) -> None:
    wide = longest_beat(stage) + CALLS
    for row, truth in instances_with_truth(stage):
        assert row["outcome"] == "ready"
        assert row["az"] == truth["zone_id"]
        assert at(row["request_time"]) - CLOCKS < at(truth["fulfilled"]) <= at(row["fulfilled_time"]) + CLOCKS
        assert at(truth["running"]) <= at(row["running_time"]) + CLOCKS
        assert at(row["not_ready_time"]) - CLOCKS < at(truth["all_ok"]) <= at(row["ready_time"]) + CLOCKS
        assert at(row["ready_time"]) - at(row["not_ready_time"]) <= wide
        # A new instance, or its request, is invisible at first: so long it is not recorded either.
        assert at(row["fulfilled_time"]) - at(truth["fulfilled"]) <= wide + INVISIBLE
        assert at(row["running_time"]) - at(truth["running"]) <= wide
    assert len(stage.rows("instances")) == len(PAIRS) * stage.count


def the_counts_of_each_look_are_right_and_only_grow(stage: Stage) -> None:
    truth = [instance for instance in stage.aws.control.truth()["instances"] if not instance["decoy"]]
    for kind, region in PAIRS:
        rows = [row for row in stage.rows("") if (row["instance"], row["region"]) == (kind, region)]
        own = [instance for instance in truth if (instance["instance_type"], instance["region"]) == (kind, region)]
        for column, happened in (
            ("ready_instances", "all_ok"),
            ("fulfilled_instances", "fulfilled"),
            ("running_instances", "running"),
        ):
            counts = [int(row[column]) for row in rows]
            assert counts == sorted(counts)
            assert counts[-1] == stage.count
            for row in rows:
                surely = at(row["current_time"]) - CALLS - INVISIBLE
                least = sum(at(instance[happened]) < surely for instance in own)
                most = sum(at(instance[happened]) <= at(row["current_time"]) + CLOCKS for instance in own)
                assert least <= int(row[column]) <= most


def what_was_spent_is_the_stand_ins_own_bill_to_the_cent(stage: Stage) -> None:
    spent = sum(float(row["usd"]) for row in stage.rows("spending"))
    assert spent == pytest.approx(stage.aws.control.bill()["usd"], abs=0.005)
    assert spent > 0


def test_in_a_rehearsal_far_from_the_real_time_all_goes_by_the_clocks_of_each(stage: Stage) -> None:
    stage.aws.control.set_clock(now=datetime.fromisoformat("2031-07-01T12:00:00+00:00"))
    ended = stage.run(settings={"SPOT_NOW": "2025-02-03T23:59:58+00:00"})
    assert (ended.code, ended.stderr) == (0, "")
    assert stage.rows("")[-1]["ready_instances"] == "3"
    # A probe stays in the files of the day of its request.
    data = stage.home / "collect_launch_time" / "data"
    assert len(list(data.glob("*.csv"))) == len(list((data / "instances").glob("*.csv"))) == 1
    for request in stage.aws.control.truth()["spot_requests"]:
        assert at(request["valid_until"]) - at(request["created"]) < timedelta(seconds=stage.timeout + 10)


def test_a_probe_is_ended_within_a_look_of_its_last_instance_and_does_not_wait_for_others(
    aws: StandIn, tmp_path: Path
) -> None:
    stage = Stage(aws, tmp_path, timeout=8)
    stage.prepare(pairs=(PAIRS[0], PAIRS[1]))
    aws.control.set_scenario(pairs={"c5.large@us-east-1": {"check_seconds": [5, 5]}})
    assert stage.run().code == 0
    by_type: dict[str, list[tuple[dict[str, str], dict[str, Any]]]] = {}
    for row, truth in instances_with_truth(stage):
        by_type.setdefault(row["instance"], []).append((row, truth))
    for own in by_type.values():
        last_ready = max(at(truth["all_ok"]) for _, truth in own)
        ended = [at(truth["shutting_down"]) for _, truth in own]
        # All are held until the last one is ready, and none for longer than a look.
        assert last_ready < min(ended)
        assert max(ended) <= last_ready + longest_beat(stage) + CALLS
    quick = max(at(truth["shutting_down"]) for _, truth in by_type["m5.large"])
    slow = max(at(truth["all_ok"]) for _, truth in by_type["c5.large"])
    assert quick < slow


def test_an_interruption_in_the_middle_shows_and_costs_nothing(aws: StandIn, tmp_path: Path) -> None:
    stage = Stage(aws, tmp_path, timeout=8)
    stage.prepare(pairs=PAIRS[:1], check_seconds=[30, 30], interruption_notice_seconds=1.0)
    fork = stage.begin()
    truth = stage.wait_until(lambda truth: sum(instance["state"] == "running" for instance in truth["instances"]) == 3)
    taken = truth["instances"][0]["instance_id"]
    aws.control.interrupt("us-east-1", taken)
    assert fork.end().code == 0
    outcomes = {row["instance_id"]: row["outcome"] for row in stage.rows("instances")}
    assert outcomes.pop(taken) == "instance-terminated-no-capacity"
    assert set(outcomes.values()) == {"fulfilled"}
    assert stage.rows("")[-1]["running_instances"] == "3"
    assert [row["instances"] for row in stage.rows("spending")] == ["2"]
    assert float(stage.rows("spending")[0]["usd"]) == pytest.approx(aws.control.bill()["usd"], abs=0.0005)


def test_where_there_is_no_capacity_the_markets_own_word_is_the_outcome(aws: StandIn, tmp_path: Path) -> None:
    stage = Stage(aws, tmp_path, timeout=5)
    stage.prepare(pairs=PAIRS[:1], capacity=1, cancel_race_probability=0.0)
    assert stage.run().code == 0
    assert sorted(row["outcome"] for row in stage.rows("instances")) == ["capacity-not-available"] * 2 + ["ready"]
    assert stage.rows("")[-1]["ready_instances"] == "1"
    assert not stage.left_over()


def test_until_fulfilled_ends_each_instance_at_once_and_costs_next_to_nothing(aws: StandIn, tmp_path: Path) -> None:
    stage = Stage(aws, tmp_path)
    stage.prepare(pairs=PAIRS[:1], pending_seconds=[4, 4], fulfilment_seconds=[0.1, 3])
    assert stage.run("--until", "fulfilled").code == 0
    for row, truth in instances_with_truth(stage):
        assert row["outcome"] == "fulfilled"
        ended = at(truth["shutting_down"]) - at(truth["fulfilled"])
        assert ended <= longest_beat(stage) + CALLS + INVISIBLE
    assert stage.rows("")[-1]["fulfilled_instances"] == "3"
    assert aws.control.bill()["usd"] == 0
    assert not stage.left_over()
