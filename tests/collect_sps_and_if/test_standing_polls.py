"""Standing queries at real polls of the local AWS: their scores are its truth, and each line costs itself only."""

from pathlib import Path
from typing import Any

import pytest

from data_files.market.standing_queries import HEADER, PLACE
from tests.collect_sps_and_if.polling import FEW, Polling
from tests.program import Ended

pytestmark = pytest.mark.whole_run

POOL = "m5.large c5.large m6i.large"


def stand(polling: Polling, *lines: str) -> None:
    Path(polling.environment["SPOT_HOME"], PLACE).write_text("\n".join([HEADER, *lines, ""]))


def standing(polling: Polling, name: str, time: str = "") -> dict[tuple[str, str], tuple[str, str]]:
    """Score and outcome by Region and zone of a query's rows, those of a time of day."""
    rows = polling.collected.day("standing_scores")
    return {
        (row["region"], row["az"]): (row["sps"], row["outcome"])
        for row in rows
        if row["name"] == name and f"T{time}" in row["time"]
    }


def truth(polling: Polling, **question: Any) -> dict[tuple[str, str], tuple[str, str]]:
    """What the local AWS answers to the same question."""
    answer = polling.aws.client().get_spot_placement_scores(**question)["SpotPlacementScores"]
    return {(one["Region"], one.get("AvailabilityZoneId", "")): (str(one["Score"]), "ok") for one in answer}


def test_every_kind_of_query_has_the_scores_that_aws_gives(polling: Polling) -> None:
    stand(
        polling,
        f"pool,{POOL},us-east-1 eu-west-1,,region",
        f"zones,{POOL},us-east-1 eu-west-1,20,zone",
        "many,m5.large,us-east-1 eu-west-1 ap-northeast-1,500,",
        "anywhere,m5.large c5.large,,,region",
    )
    assert polling.at("00:00:00", **FEW) == Ended(0, "", "")
    both = ["us-east-1", "eu-west-1"]
    pool = truth(polling, InstanceTypes=POOL.split(), TargetCapacity=10, RegionNames=both)
    assert standing(polling, "pool") == pool
    zones = truth(polling, InstanceTypes=POOL.split(), TargetCapacity=20, RegionNames=both, SingleAvailabilityZone=True)
    assert standing(polling, "zones") == zones
    assert len(zones) > 4
    many = truth(polling, InstanceTypes=["m5.large"], TargetCapacity=500, RegionNames=[*both, "ap-northeast-1"])
    assert standing(polling, "many") == many
    anywhere = truth(
        polling, InstanceTypes=["m5.large", "c5.large"], TargetCapacity=10, RegionNames=FEW["SPOT_REGIONS"].split()
    )
    assert standing(polling, "anywhere") == anywhere
    (poll,) = polling.collected.rows("polls.csv")
    assert (poll["queries"], poll["rows"]) == ("9", str(len(polling.collected.day("sps_and_if"))))
    assert {row["scope"] for row in polling.collected.day("configurations")} == {"region", "zone"}


def test_regions_that_were_chosen_stay_and_nothing_is_asked_about_offers_again(polling: Polling) -> None:
    regions = {**FEW, "SPOT_REGIONS": ""}
    polling.at("00:00:00", **regions)
    stand(polling, "anywhere,m5.large c5.large,,,region")
    assert polling.at("00:10:00", **regions) == Ended(0, "", "")
    listed = polling.aws.control.call_count("DescribeInstanceTypeOfferings")
    assert polling.at("00:20:00", **regions) == Ended(0, "", "")
    assert polling.aws.control.call_count("DescribeInstanceTypeOfferings") == listed
    first, second = (standing(polling, "anywhere", time) for time in ("00:10", "00:20"))
    assert len(first) == 10
    assert first.keys() == second.keys()
    assert ("us-east-1", "") in first, "the largest Regions are chosen"


def test_lines_that_cannot_be_right_are_named_at_each_poll_and_the_others_are_asked(polling: Polling) -> None:
    stand(polling, "good,m5.large,us-east-1,,", "bad,m5,us-east-1,,", "good,c5.large,us-east-1,,", "worse,c5.large,,0,")
    for time in ("00:00:00", "00:10:00"):
        ended = polling.at(time, **FEW)
        assert (ended.code, ended.stderr.count("\n")) == (1, 3)
        assert all(f"{PLACE}, line {line}: " in ended.stderr for line in (3, 4, 5))
    assert {outcome for _, outcome in standing(polling, "good").values()} == {"ok"}
    assert {row["name"] for row in polling.collected.day("standing_scores")} == {"good"}
    assert {row["outcome"] for row in polling.collected.day("sps_and_if")} == {"ok"}


def test_types_that_no_region_offers_and_regions_that_lack_a_type_are_told_apart(polling: Polling) -> None:
    polling.at("00:00:00", **FEW)
    stand(
        polling,
        "nowhere,m5.enormous c5.large,,,",
        "unknown,m5.enormous,us-east-1,,",
        "partly,p5.48xlarge,us-east-1 ca-central-1,1,",
    )
    first = polling.at("00:10:00", **FEW)
    assert (first.code, first.stderr.count("\n")) == (1, 2)
    assert "'nowhere' is not asked, for no Region in use offers all of c5.large m5.enormous" in first.stderr
    assert "for it does not take their instance types: unknown (m5.enormous)" in first.stderr
    second = polling.at("00:20:00", **FEW)
    assert (second.code, second.stderr.count("\n")) == (1, 1)
    assert "nowhere" in second.stderr
    for time in ("00:10", "00:20"):
        assert standing(polling, "unknown", time) == {("us-east-1", ""): ("", "refused")}
        assert standing(polling, "nowhere", time) == {}
    asked = [query["instance_types"] for query in polling.aws.control.score_queries()]
    assert asked.count(["p5.48xlarge"]) == 2
    assert set(standing(polling, "partly")) == {("us-east-1", ""), ("ca-central-1", "")}


def test_a_refused_query_that_is_corrected_is_asked_at_once(polling: Polling) -> None:
    polling.at("00:00:00", **FEW)
    stand(polling, "mine,m5.enormous,us-east-1,,")
    assert polling.at("00:10:00", **FEW).code == 1
    stand(polling, "mine,m5.large,us-east-1,,")
    for time in ("00:20:00", "00:30:00"):
        assert polling.at(time, **FEW) == Ended(0, "", "")
    assert [row["outcome"] for row in polling.collected.day("standing_scores")] == ["refused", "ok", "ok"]


def test_what_has_no_place_in_the_quota_waits_and_what_fails_is_failed(polling: Polling) -> None:
    few = {**FEW, "SPOT_SPS_CONFIGURATION_LIMIT": "5"}
    polling.at("00:00:00", **few)
    stand(polling, "one,m5.large,us-east-1,,", "two,m5.large c5.large,us-east-1 us-west-2,,zone")
    assert polling.at("00:10:00", **few) == Ended(0, "", "")
    assert standing(polling, "one") == truth(
        polling, InstanceTypes=["m5.large"], TargetCapacity=10, RegionNames=["us-east-1"]
    )
    assert standing(polling, "two") == {("us-east-1", ""): ("", "waiting"), ("us-west-2", ""): ("", "waiting")}
    assert polling.collected.rows("polls.csv")[-1]["waiting"] == "1"
    polling.aws.control.set_faults({"action": "GetSpotPlacementScores", "kind": "garbage"})
    ended = polling.at("00:20:00", **few)
    assert (ended.code, ended.stderr.count("\n")) == (1, 1)
    assert standing(polling, "one", "00:20") == {("us-east-1", ""): ("", "failed")}


def test_a_query_of_the_plan_that_stands_in_the_file_too_is_asked_once_and_has_both_rows(polling: Polling) -> None:
    polling.at("00:00:00", **FEW)
    planned = polling.collected.day("plan")[0]
    stand(polling, f"again,{planned['instance']},{planned['regions']},,")
    assert polling.at("00:10:00", **FEW) == Ended(0, "", "")
    assert polling.collected.rows("polls.csv")[-1]["queries"] == "5"
    polled = {
        (row["region"], ""): (row["sps"], row["outcome"])
        for row in polling.collected.day("sps_and_if")
        if row["instance"] == planned["instance"] and "T00:10" in row["time"]
    }
    assert standing(polling, "again") == polled
