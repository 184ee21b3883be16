import os
import resource
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from common.files.run_lock import run_lock
from data_files.market.configurations import Configuration, Ledger
from tests.collect_sps_and_if.advisor_server import serving
from tests.collect_sps_and_if.collected import Collected
from tests.collect_sps_and_if.polling import FEW, MIDNIGHT, Polling
from tests.dripping import drips_its_head, endpoint
from tests.monitor import monitor
from tests.program import Ended, Fork, dies_at_disk_step, run
from tests.stand_in import StandIn

pytestmark = pytest.mark.whole_run


def test_records_every_planned_pair_with_its_outcome_and_says_nothing(aws: StandIn, tmp_path: Path) -> None:
    environment = {**aws.environment, "SPOT_HOME": str(tmp_path), "SPOT_NOW": MIDNIGHT.isoformat(), "TZ": "UTC"}
    assert run("collect_sps_and_if", environment=environment) == Ended(0, "", "")
    collected = Collected(tmp_path)
    plan, rows = collected.day("plan"), collected.day("sps_and_if")
    assert len(plan) == 40
    assert {row["origin"] for row in plan} == {"sample"}
    assert [(row["region"], row["instance"]) for row in rows] == sorted(collected.pairs())
    assert {row["time"] for row in rows} == {"2026-03-01T00:00:00+00:00"}
    assert {row["outcome"] for row in rows} == {"ok"}
    assert all(1 <= int(row["sps"]) <= 10 for row in rows)
    assert all(row["if"] in ("", "0", "1", "2", "3", "4") for row in rows)
    assert sum(row["if"] != "" for row in rows) > len(rows) / 2
    (poll,) = collected.rows("polls.csv")
    assert (poll["queries"], poll["failed"], poll["rows"]) == ("40", "0", str(len(rows)))
    assert len(collected.day("configurations")) == 40


def test_a_region_that_does_not_say_what_it_offers_is_named_and_left_out_of_the_day(polling: Polling) -> None:
    polling.aws.control.set_faults(
        {"action": "DescribeInstanceTypeOfferings", "region": "eu-west-1", "kind": "garbage"}
    )
    ended = polling.at("00:00:00", **FEW)
    assert (ended.code, ended.stderr.count("\n")) == (1, 1)
    assert "left out of the day's plan" in ended.stderr
    assert ": eu-west-1 (" in ended.stderr
    assert len(ended.stderr) < 700
    assert {region for region, _ in polling.collected.pairs()} == {"us-east-1", "us-west-2"}
    assert polling.at("00:10:00", **FEW) == Ended(0, "", "")


def test_a_region_that_is_misspelt_or_not_enabled_is_named_when_the_plan_is_made_and_left_out(polling: Polling) -> None:
    regions = {**FEW, "SPOT_REGIONS": "us-east-1 me-south-1 us-esat-1"}
    ended = polling.at("00:00:00", **regions)
    assert (ended.code, ended.stderr.count("\n")) == (1, 1)
    assert "left out: me-south-1, us-esat-1" in ended.stderr
    assert polling.at("00:10:00", **regions) == Ended(0, "", "")


def test_records_the_scores_and_frequencies_that_aws_gave(polling: Polling) -> None:
    polling.at("00:00:00", **FEW)
    client = polling.aws.client()
    truth: dict[tuple[str, str], str] = {}
    for query in polling.collected.day("plan"):
        answer = client.get_spot_placement_scores(
            InstanceTypes=[query["instance"]], TargetCapacity=10, RegionNames=query["regions"].split()
        )
        truth |= {(one["Region"], query["instance"]): str(one["Score"]) for one in answer["SpotPlacementScores"]}
    rows = polling.collected.day("sps_and_if")
    assert {(row["region"], row["instance"]): row["sps"] for row in rows} == truth
    advice = {(row["region"], row["instance"]): row["if"] for row in polling.collected.day("interruption_frequency")}
    assert all(row["if"] == advice.get((row["region"], row["instance"]), "") for row in rows)


def test_repeats_the_days_queries_unchanged_and_asks_for_nothing_else(polling: Polling) -> None:
    for time in ("00:00:00", "00:10:00", "23:50:00"):
        assert polling.at(time, **FEW) == Ended(0, "", "")
    asked = polling.aws.control.score_queries()
    assert len(asked) == 15
    assert len({(*query["instance_types"], *query["regions"], query["target_capacity"]) for query in asked}) == 5
    assert polling.aws.control.call_count("DescribeRegions") == 1


def test_an_unchanged_advisor_costs_a_304_and_adds_no_row(polling: Polling) -> None:
    polling.at("00:00:00", **FEW)
    listed = len(polling.collected.day("interruption_frequency"))
    first = {(row["region"], row["instance"]): row["if"] for row in polling.collected.day("sps_and_if")}
    polling.at("00:10:00", **FEW)
    assert len(polling.collected.day("interruption_frequency")) == listed > 10_000
    second = [row for row in polling.collected.day("sps_and_if") if "T00:10" in row["time"]]
    assert {(row["region"], row["instance"]): row["if"] for row in second} == first
    assert polling.aws.control.call_count("advisor", "not modified") == 1


def test_forgetting_the_last_answer_does_not_double_the_listing(polling: Polling) -> None:
    polling.at("00:00:00", **FEW)
    listed = len(polling.collected.day("interruption_frequency"))
    (polling.collected.data / "interruption_frequency" / "latest.json").write_text("{half a fi")
    assert polling.at("00:10:00", **FEW).code == 0
    assert len(polling.collected.day("interruption_frequency")) == listed


@pytest.mark.parametrize("kind", ["truncated", "empty", "renamed_key", "html", "huge"])
def test_a_senseless_advisor_costs_only_its_column_and_says_so(polling: Polling, kind: str) -> None:
    polling.at("00:00:00", **FEW)
    (polling.collected.data / "interruption_frequency" / "latest.json").unlink()
    listed = polling.collected.day("interruption_frequency")
    polling.aws.control.set_faults({"action": "advisor", "kind": kind})
    ended = polling.at("00:10:00", **FEW)
    assert ended.code == 1
    assert ended.stderr.startswith("collect_sps_and_if: no interruption frequency from http://127.0.0.1")
    assert ended.stderr.count("\n") == 1
    rows = [row for row in polling.collected.day("sps_and_if") if "T00:10" in row["time"]]
    assert {(row["if"], row["outcome"]) for row in rows} == {("", "ok")}
    assert polling.collected.day("interruption_frequency") == listed
    polling.aws.control.set_faults()
    assert polling.at("00:20:00", **FEW).code == 0


def test_a_scale_that_was_changed_costs_the_file_which_is_kept_once_a_day(polling: Polling) -> None:
    polling.at("00:00:00", **FEW)
    listed = polling.collected.day("interruption_frequency")
    body = requests.get(polling.environment["SPOT_ADVISOR_URL"], timeout=10).content
    changed = [body.replace(b"5-10%", b"5-%d%%" % most) for most in (15, 16)]
    for minute, sent in zip(("10", "20"), changed, strict=True):
        with serving({}, file=sent) as address:
            ended = polling.at(f"00:{minute}:00", **FEW, SPOT_ADVISOR_URL=f"{address}/file")
        assert ended.code == 1
        assert ended.stderr.count("\n") == 1
        assert "range 1 is labelled '5-1" in ended.stderr
        assert "refused-2026-03-01.json" in ended.stderr
        rows = [row for row in polling.collected.day("sps_and_if") if f"T00:{minute}" in row["time"]]
        assert {(row["if"], row["outcome"]) for row in rows} == {("", "ok")}
    kept = list((polling.collected.data / "interruption_frequency").glob("refused-*"))
    assert [path.read_bytes() for path in kept] == changed[:1]
    assert polling.collected.day("interruption_frequency") == listed
    assert polling.at("00:30:00", **FEW).code == 0


def test_an_advisor_that_fails_for_a_moment_is_asked_again(polling: Polling) -> None:
    polling.aws.control.set_faults(
        {"action": "advisor", "kind": "server_error", "limit": 1}, {"action": "advisor", "kind": "reset", "limit": 1}
    )
    assert polling.at("00:00:00", **FEW).code == 0


def test_survives_throttling_server_errors_and_reset_connections(polling: Polling) -> None:
    scores = {"action": "GetSpotPlacementScores"}
    polling.aws.control.set_faults(
        {**scores, "kind": "throttle", "probability": 0.3},
        {**scores, "kind": "server_error", "probability": 0.1},
        {**scores, "kind": "reset", "probability": 0.05},
    )
    ended = polling.at("00:00:00", SPOT_REGIONS="us-east-1 us-west-2 eu-west-1")
    rows = polling.collected.day("sps_and_if")
    failed = {row["instance"] for row in rows if row["outcome"] != "ok"}
    # Such dice fall badly ten times running for one query in 9,000: perhaps for one of the 30, never for two.
    assert len(failed) <= 1
    assert ended == Ended(0, "", "") or failed


def test_garbage_costs_its_own_rows(polling: Polling) -> None:
    polling.at("00:00:00", **FEW)
    polling.aws.control.set_faults({"action": "GetSpotPlacementScores", "kind": "garbage", "limit": 1})
    ended = polling.at("00:10:00", **FEW)
    assert ended.code == 1
    assert ended.stderr.count("\n") == 1
    assert "1 of 5 placement-score queries failed" in ended.stderr
    assert polling.collected.rows("polls.csv")[-1]["failed"] == "1"
    failed = [row for row in polling.collected.day("sps_and_if") if row["outcome"] == "failed"]
    assert len({row["instance"] for row in failed}) == 1
    assert {row["sps"] for row in failed} == {""}


def test_a_dead_endpoint_leaves_rows_that_say_failed(polling: Polling, monkeypatch: pytest.MonkeyPatch) -> None:
    polling.at("00:00:00", **FEW)
    dead = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "SPOT_ADVISOR_URL": "http://127.0.0.1:9/"}

    def fewer_attempts() -> None:
        from common.aws import aws_client

        aws_client.ATTEMPTS = 2

    ended = Fork(
        "collect_sps_and_if",
        environment={**polling.environment, **FEW, **dead, "SPOT_NOW": "2026-03-01T00:10:00"},
        before=fewer_attempts,
    ).end()
    assert ended.code == 1
    assert [line.split(":")[1].strip() for line in ended.stderr.splitlines()] == [
        "5 of 5 placement-score queries failed",
        "no interruption frequency from http",
    ]
    rows = [row for row in polling.collected.day("sps_and_if") if "T00:10" in row["time"]]
    assert {(row["sps"], row["if"], row["outcome"]) for row in rows} == {("", "", "failed")}
    assert len(rows) == len(polling.collected.pairs())


def test_no_credentials_at_all_are_one_line(polling: Polling) -> None:
    ended = polling.at("00:00:00", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", **FEW)
    assert (ended.code, ended.stderr.count("\n")) == (2, 1)
    assert "no AWS credentials" in ended.stderr


def test_without_named_regions_a_denied_list_of_them_is_named(polling: Polling) -> None:
    polling.aws.control.deny("DescribeRegions")
    ended = polling.at("00:00:00", **(FEW | {"SPOT_REGIONS": ""}))
    assert (ended.code, ended.stderr.count("\n")) == (2, 1)
    assert "ec2:DescribeRegions" in ended.stderr


def test_a_pattern_that_matches_no_type_is_a_bad_setting(polling: Polling) -> None:
    ended = polling.at("00:00:00", **{**FEW, "SPOT_INSTANCE_PATTERN": "m5"})
    assert (ended.code, ended.stderr.count("\n")) == (2, 1)
    assert "INSTANCE_PATTERN 'm5'" in ended.stderr


def test_a_refused_query_is_not_asked_again_that_day(polling: Polling) -> None:
    polling.aws.control.set_configuration_limit(10)
    polling.aws.control.use_configurations_elsewhere(8)
    first = polling.at("00:00:00", **FEW)
    assert first.code == 1
    assert "AWS refused 3 of 5" in first.stderr
    assert first.stderr.count("\n") == 1
    assert polling.at("00:10:00", **FEW) == Ended(0, "", "")
    assert len(polling.aws.control.score_queries()) == 5 + 2
    rows = polling.collected.day("sps_and_if")
    refused = {(row["time"], row["instance"]) for row in rows if row["outcome"] == "refused"}
    by_time = [{instance for time, instance in refused if minute in time} for minute in ("T00:00", "T00:10")]
    assert by_time[0] == by_time[1]
    assert len(by_time[0]) == 3


def test_a_second_poll_at_once_leaves_with_75(polling: Polling) -> None:
    polling.at("00:00:00", **FEW)
    polling.aws.control.set_faults({"kind": "stall", "action": "GetSpotPlacementScores", "seconds": 60})
    first = polling.fork("00:10:00", **FEW)
    while len(polling.collected.day("configurations")) < 10:
        os.sched_yield()  # it has the lock by then, and waits for AWS
    second = polling.at("00:10:00", **FEW)
    first.kill()
    first.end()
    assert second.code == 75
    assert second.stderr.count("\n") == 1


def test_a_home_that_cannot_be_written_is_one_line(polling: Polling, tmp_path: Path) -> None:
    (tmp_path / "collect_sps_and_if").write_text("a file where a folder should be")
    ended = polling.at("00:00:00", **FEW)
    assert (ended.code, ended.stderr.count("\n")) == (2, 1)


def test_a_setting_changed_since_the_plan_was_made_is_said_once_and_holds_from_the_next_day(polling: Polling) -> None:
    assert polling.at("00:00:00", **FEW) == Ended(0, "", "")
    changed = {**FEW, "SPOT_INSTANCE_COUNT": "3", "SPOT_SAMPLE_COUNT": "5"}
    ended = polling.at("00:10:00", **changed)
    assert (ended.code, ended.stderr.count("\n")) == (0, 1)
    assert "INSTANCE_COUNT and SAMPLE_COUNT changed since today's plan was made" in ended.stderr
    assert "from 2026-03-02 on" in ended.stderr
    assert polling.at("00:20:00", **changed) == Ended(0, "", "")
    assert {row["target_capacity"] for row in polling.collected.day("sps_and_if")} == {"10"}


def test_a_query_whose_place_in_the_quota_is_not_free_waits_and_is_asked_as_soon_as_it_is(polling: Polling) -> None:
    ledger = Ledger(Path(polling.environment["SPOT_HOME"]), "us-east-1")
    before = datetime(2026, 2, 28, 0, 30, tzinfo=UTC)  # holds its places until 00:39
    ledger.record([Configuration(f"x{number}.large", ("us-east-1",), 10) for number in range(48)], before)
    assert polling.at("00:00:00", **FEW) == Ended(0, "", "")
    assert polling.at("00:40:00", **FEW) == Ended(0, "", "")
    early, late = polling.collected.rows("polls.csv")
    assert (early["waiting"], late["waiting"]) == ("3", "0")
    rows = polling.collected.day("sps_and_if")
    assert {row["outcome"] for row in rows if "T00:00" in row["time"]} == {"ok", "waiting"}
    assert {row["outcome"] for row in rows if "T00:40" in row["time"]} == {"ok"}


def test_a_disk_too_full_for_the_advisors_listing_still_takes_the_polls_own_rows(polling: Polling) -> None:
    def take_no_file_past_50_kb() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    environment = {**polling.environment, **FEW, "SPOT_NOW": "2026-03-01T00:00:00+00:00"}
    ended = Fork("collect_sps_and_if", environment=environment, before=take_no_file_past_50_kb).end()
    assert (ended.code, ended.stderr.count("\n")) == (1, 1)
    assert "cannot write" in ended.stderr
    assert "interruption_frequency" in ended.stderr
    rows = polling.collected.day("sps_and_if")
    assert {row["outcome"] for row in rows} == {"ok"}
    assert {row["if"] for row in rows} != {""}
    (poll,) = polling.collected.rows("polls.csv")
    assert int(poll["rows"]) == len(rows)
    assert polling.at("00:10:00", **FEW) == Ended(0, "", "")
    assert len(polling.collected.day("interruption_frequency")) > 10_000


def test_two_polls_that_start_in_the_same_second_have_rows_of_their_own(polling: Polling) -> None:
    polling.at("00:00:00", **FEW)
    polling.at("00:00:00", **FEW)
    keys = [(row["time"], row["region"], row["instance"]) for row in polling.collected.day("sps_and_if")]
    assert len(keys) == len(set(keys)) == 2 * len(polling.collected.pairs())


def test_killed_at_any_step_to_the_disk_keeps_every_acknowledged_row(polling: Polling) -> None:
    acknowledged: dict[str, int] = {}
    step = 0
    while True:
        step += 1
        now = f"2026-03-01T{step // 6:02}:{step % 6}0:00+00:00"
        polling.aws.control.set_clock(datetime.fromisoformat(now))
        environment = {**polling.environment, **FEW, "SPOT_NOW": now}
        ended = Fork("collect_sps_and_if", environment=environment, before=dies_at_disk_step(step)).end()
        _assert_nothing_lost(polling.collected, acknowledged)
        if ended.code == 0:
            break
        assert ended.code == -signal.SIGKILL, ended
    assert step > 9
    assert polling.at("23:50:00", **FEW).code == 0
    _assert_nothing_lost(polling.collected, acknowledged)


KILLS = int(os.environ.get("KILLS", "25"))


def test_killed_at_any_moment_keeps_every_acknowledged_row(polling: Polling) -> None:
    acknowledged: dict[str, int] = {}
    polling.at("00:00:00", **FEW)
    for kill in range(1, KILLS + 1):
        running = polling.fork(f"{kill // 60:02}:{kill % 60:02}:00", **FEW)
        running.kill_after(0.6 * kill / KILLS)  # spread evenly over a run of about half a second
        running.end()
        _assert_whole_lines(polling.collected)
        if kill % 5 == 0:
            assert polling.at(f"{kill // 60:02}:{kill % 60:02}:30", **FEW).code == 0
            _assert_nothing_lost(polling.collected, acknowledged)


def _assert_whole_lines(collected: Collected) -> None:
    for path in collected.data.rglob("*.csv"):
        lines = path.read_bytes().split(b"\n")
        assert len({line.count(b",") for line in lines[:-1]}) <= 1, path


def _assert_nothing_lost(collected: Collected, acknowledged: dict[str, int]) -> None:
    """Every acknowledged poll has all its rows, once; and none that was acknowledged before is gone."""
    polls = [row for row in _complete(collected.data / "polls.csv") if row.count(",") == 4][1:]
    rows = _complete(collected.data / "sps_and_if" / "2026-03-01.csv")[1:]
    keys = [tuple(row.split(",")[:3]) for row in rows]
    assert len(keys) == len(set(keys))
    now = {poll.split(",")[0]: int(poll.split(",")[3]) for poll in polls}
    assert len(now) == len(polls)
    assert acknowledged.items() <= now.items()
    for time, count in now.items():
        assert sum(key[0] == time for key in keys) == count
    acknowledged |= now


def _complete(path: Path) -> list[str]:
    return path.read_text().split("\n")[:-1] if path.exists() else []


PLACEMENT_SCORES_FAIL = {"action": "GetSpotPlacementScores", "kind": "garbage"}


def test_a_monitor_is_told_after_each_poll_whether_half_of_the_scores_came(polling: Polling) -> None:
    with monitor() as watch:
        told = {**FEW, "SPOT_HEARTBEAT_URL": f"{watch.address}/ping/a-secret-token?a=b"}
        assert polling.at("00:00:00", **told) == Ended(0, "", "")
        polling.aws.control.set_faults({**PLACEMENT_SCORES_FAIL, "limit": 2})
        assert polling.at("00:10:00", **told).code == 1
        polling.aws.control.set_faults(PLACEMENT_SCORES_FAIL)
        assert polling.at("00:20:00", **told).code == 1
        assert polling.at("00:30:00", **told, AWS_ACCESS_KEY_ID="no key").code == 2
        well, failed = "/ping/a-secret-token?a=b", "/ping/a-secret-token/fail?a=b"
        assert watch.paths == [well, well, failed, failed]
    assert polling.at("00:40:00", **told).code == 1, "the monitor is away, and costs nothing"
    log = polling.collected.log()
    assert "the heartbeat was not taken: ConnectionError" in log
    assert "a-secret-token" not in log


def test_a_monitor_that_never_comes_to_an_end_costs_no_score_and_not_the_exit_code(polling: Polling) -> None:
    with endpoint(drips_its_head) as address:
        assert polling.at("00:00:00", **FEW, SPOT_HEARTBEAT_URL=address) == Ended(0, "", "")
    assert len(polling.collected.rows("polls.csv")) == 1


def test_a_poll_that_is_locked_out_tells_no_monitor(polling: Polling) -> None:
    with monitor() as watch, run_lock(polling.collected.data / "poll.lock"):
        assert polling.at("00:00:00", **FEW, SPOT_HEARTBEAT_URL=watch.address).code == 75
        assert watch.paths == []
