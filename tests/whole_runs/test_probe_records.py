"""What the probe writes down is what happened, by the stand-in's own truth."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from data_files.launches.instances import InstanceRow
from tests.stand_in import StandIn
from tests.whole_runs.probe_stage import PAIRS, Stage
from tests.whole_runs.recorded import (
    CLOCKS,
    at,
    ended,
    every_instance_is_recorded_as_it_was,
    instances_with_truth,
    probes_without_their_one_row,
)

pytestmark = pytest.mark.whole_run

CALLS = timedelta(seconds=1.5)  # what the calls of a look may take here
INVISIBLE = timedelta(seconds=0.6)  # a new request, and then its instance, are unknown for so long at first


@pytest.fixture
def stage(aws: StandIn, tmp_path: Path) -> Stage:
    stage = Stage(aws, tmp_path)
    stage.prepare()
    return stage


def longest_beat(stage: Stage) -> timedelta:
    """Return the longest time between two looks: on a machine with much else to do it is more than the interval."""
    looks: dict[tuple[str, str], list[datetime]] = {}
    for row in stage.rows(""):
        looks.setdefault((row["region"], row["instance"]), []).append(at(row["current_time"]))
    gaps = sorted(later - earlier for own in looks.values() for earlier, later in pairwise(own))
    assert gaps[len(gaps) // 2] < timedelta(seconds=2 * stage.interval), "the usual beat is the interval all the same"
    return gaps[-1]


def test_a_run_is_silent_and_recorded_as_it_happened(stage: Stage) -> None:
    done = stage.run()
    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    every_instance_is_recorded_as_it_was(stage)
    the_intervals_are_one_look_wide(stage)
    every_file_has_the_same_moment_for_a_probe_and_how_it_ended(stage)
    the_counts_of_each_look_are_right_and_only_grow(stage)
    what_was_spent_is_the_stand_ins_own_bill_to_the_cent(stage)


def the_intervals_are_one_look_wide(stage: Stage) -> None:
    wide = longest_beat(stage) + CALLS
    for row, truth in instances_with_truth(stage):
        assert (row.outcome, row.cause, row.reason) == ("ready", None, None)
        assert row.az == truth["zone_id"]
        assert row.fulfilled_time
        assert row.running_time
        assert row.ready_time
        assert row.not_ready_time
        assert row.ready_time - row.not_ready_time <= wide
        # A new instance, or its request, is invisible at first: so long it is not recorded either.
        assert row.fulfilled_time - at(truth["fulfilled"]) <= wide + INVISIBLE
        assert row.running_time - at(truth["running"]) <= wide
    assert len(stage.rows("instances")) == len(PAIRS) * stage.count


def every_file_has_the_same_moment_for_a_probe_and_how_it_ended(stage: Stage) -> None:
    assert probes_without_their_one_row(stage) == []
    intended = {row["client_token"]: row["time"] for row in stage.rows("journal") if row["event"] == "intended"}
    moments = {(row["region"], row["instance"]): row["request_time"] for row in stage.rows("probes")}
    assert {row["client_token"]: row["request_time"] for row in stage.rows("selection")} == intended
    for name in ("", "instances", "selection"):
        assert {(row["region"], row["instance"]): row["request_time"] for row in stage.rows(name)} == moments
    for (kind, region), probe in ended(stage).items():
        assert probe.ended == "all_ready"
        assert (probe.until, probe.timeout, probe.status_interval) == ("ready", stage.timeout, stage.interval)
        looks = [row for row in stage.rows("") if (row["instance"], row["region"]) == (kind, region)]
        assert probe.end_time
        assert at(looks[-1]["current_time"]) <= probe.end_time <= at(looks[-1]["current_time"]) + CALLS


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
    done = stage.run(settings={"SPOT_NOW": "2025-02-03T23:59:58+00:00"})
    assert (done.code, done.stderr) == (0, "")
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
    by_type: dict[str, list[tuple[InstanceRow, dict[str, Any]]]] = {}
    for row, truth in instances_with_truth(stage):
        by_type.setdefault(row.instance, []).append((row, truth))
    for own in by_type.values():
        last_ready = max(at(truth["all_ok"]) for _, truth in own)
        ends = [at(truth["shutting_down"]) for _, truth in own]
        # All are held until the last one is ready, and none for longer than a look.
        assert last_ready < min(ends)
        assert max(ends) <= last_ready + longest_beat(stage) + CALLS
    quick = max(at(truth["shutting_down"]) for _, truth in by_type["m5.large"])
    slow = max(at(truth["all_ok"]) for _, truth in by_type["c5.large"])
    assert quick < slow


def seen_running(stage: Stage, count: int) -> set[str]:
    """Give the types of which a look saw so many running: what no look saw running cannot be billed by the second."""
    return {row["instance"] for row in stage.rows("") if row["running_instances"] == str(count)}


def test_an_interruption_in_the_middle_shows_and_costs_nothing_and_what_others_end_is_lost(
    aws: StandIn, tmp_path: Path
) -> None:
    stage = Stage(aws, tmp_path, timeout=8)
    stage.prepare(pairs=PAIRS[:2], check_seconds=[30, 30], interruption_notice_seconds=1.0)
    fork = stage.begin()
    truth = stage.wait_until(lambda _: seen_running(stage, 3) == {"m5.large", "c5.large"})
    by_type: dict[str, list[str]] = {}
    for instance in truth["instances"]:
        by_type.setdefault(instance["instance_type"], []).append(instance["instance_id"])
    taken = by_type["m5.large"][0]
    aws.control.interrupt("us-east-1", taken)
    aws.client().terminate_instances(InstanceIds=by_type["c5.large"])
    done = fork.end()
    assert done.code == 1
    assert done.stderr.endswith("others ended its instances before any was ready: 3 x c5.large in us-east-1\n")
    assert done.stderr.count("\n") == 1
    every_instance_is_recorded_as_it_was(stage)
    what = {row.instance_id: (row.outcome, row.cause, row.reason) for row, _ in instances_with_truth(stage)}
    assert what.pop(taken) == (
        "instance-terminated-no-capacity",
        "market",
        "Server.SpotInstanceTermination: Spot instance termination",
    )
    by_others = {what.pop(instance_id)[1:] for instance_id in by_type["c5.large"]}
    assert by_others == {("others", "Client.UserInitiatedShutdown: User initiated shutdown")}
    assert set(what.values()) == {("fulfilled", "us", "Your spot request is fulfilled.")}
    assert {pair[0]: probe.ended for pair, probe in ended(stage).items()} == {"m5.large": "timeout", "c5.large": "lost"}
    assert {row["running_instances"] for row in stage.rows("")[-2:]} == {"3"}
    assert {row["instance"]: row["instances"] for row in stage.rows("spending")} == {"m5.large": "2", "c5.large": "3"}
    spent = sum(float(row["usd"]) for row in stage.rows("spending"))
    assert spent == pytest.approx(aws.control.bill()["usd"], abs=0.001)


def test_where_there_is_no_capacity_the_markets_own_word_is_the_outcome(aws: StandIn, tmp_path: Path) -> None:
    stage = Stage(aws, tmp_path, timeout=5)
    stage.prepare(pairs=PAIRS[:1], capacity=1, cancel_race_probability=0.0)
    assert stage.run().code == 0
    waited = ("capacity-not-available", "market", "There is no Spot capacity available that matches your request.")
    what = sorted((row["outcome"], row["cause"], row["reason"]) for row in stage.rows("instances"))
    assert what == [waited, waited, ("ready", "", "")]
    assert [probe.ended for probe in ended(stage).values()] == ["timeout"]
    every_instance_is_recorded_as_it_was(stage)
    assert stage.rows("")[-1]["ready_instances"] == "1"
    assert not stage.left_over()


def test_until_fulfilled_ends_each_instance_at_once_and_costs_next_to_nothing(aws: StandIn, tmp_path: Path) -> None:
    stage = Stage(aws, tmp_path)
    stage.prepare(pairs=PAIRS[:1], pending_seconds=[4, 4], fulfilment_seconds=[0.1, 3])
    assert stage.run("--until", "fulfilled").code == 0
    every_instance_is_recorded_as_it_was(stage)
    for row, truth in instances_with_truth(stage):
        assert (row.outcome, row.cause) == ("fulfilled", "us")
        lived = at(truth["shutting_down"]) - at(truth["fulfilled"])
        assert lived <= longest_beat(stage) + CALLS + INVISIBLE
    assert [(probe.until, probe.ended) for probe in ended(stage).values()] == [("fulfilled", "all_fulfilled")]
    assert stage.rows("")[-1]["fulfilled_instances"] == "3"
    assert aws.control.bill()["usd"] == 0
    assert not stage.left_over()
