"""GetSpotPlacementScores through boto3: rows, scores, and the limit on configurations."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.stand_in import StandIn

TEN_REGIONS = [
    "us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-central-1",
    "ap-south-1", "ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
]  # fmt: skip


def _ask(client: Any, **changes: Any) -> list[dict[str, Any]]:
    parameters = {"InstanceTypes": ["m5.large"], "TargetCapacity": 10, "RegionNames": TEN_REGIONS} | changes
    answer = client.get_spot_placement_scores(
        **{name: value for name, value in parameters.items() if value is not None}
    )
    assert "NextToken" not in answer
    scores: list[dict[str, Any]] = answer["SpotPlacementScores"]
    return scores


def _refused(client: Any, **changes: Any) -> str:
    with pytest.raises(ClientError) as refusal:
        _ask(client, **changes)
    code: str = refusal.value.response["Error"]["Code"]
    return code


def test_every_named_region_that_offers_the_type_has_one_row_best_first(aws: StandIn) -> None:
    rows = _ask(aws.client())
    assert {row["Region"] for row in rows} == set(TEN_REGIONS)
    scores = [row["Score"] for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert all(1 <= score <= 10 for score in scores)
    assert all("AvailabilityZoneId" not in row for row in rows)


def test_without_regions_the_ten_best_of_the_enabled_ones_are_listed(aws: StandIn) -> None:
    client = aws.client()
    best = _ask(client, RegionNames=None)
    enabled = [region["RegionName"] for region in client.describe_regions()["Regions"]]
    everywhere = {
        row["Region"]: row["Score"] for half in (enabled[:10], enabled[10:]) for row in _ask(client, RegionNames=half)
    }
    assert len(best) == 10
    assert [row["Score"] for row in best] == sorted(everywhere.values(), reverse=True)[:10]


def test_single_availability_zones_are_listed_by_zone_id(aws: StandIn) -> None:
    rows = _ask(aws.client(), SingleAvailabilityZone=True, RegionNames=["us-west-2"])
    assert {row["AvailabilityZoneId"] for row in rows} == {"usw2-az1", "usw2-az2", "usw2-az3", "usw2-az4"}


def test_zones_of_a_region_differ_and_none_scores_above_its_region(aws: StandIn) -> None:
    aws.control.set_clock(speed=0)
    pool = {"InstanceTypes": ["m5.large", "m5a.large", "m6i.large", "c5.large"], "TargetCapacity": 50}
    differing = 0
    for region in TEN_REGIONS:
        (whole,) = _ask(aws.client(), **pool, RegionNames=[region])
        zones = [row["Score"] for row in _ask(aws.client(), **pool, RegionNames=[region], SingleAvailabilityZone=True)]
        assert max(zones) <= whole["Score"]
        differing += len(set(zones)) > 1
    assert differing >= 4


def test_by_zone_too_ten_are_answered_at_most_the_best(aws: StandIn) -> None:
    aws.control.set_clock(speed=0)
    client = aws.client()
    best = [row["Score"] for row in _ask(client, SingleAvailabilityZone=True)]
    by_region = [
        row["Score"]
        for region in TEN_REGIONS
        for row in _ask(client, RegionNames=[region], SingleAvailabilityZone=True)
    ]
    assert best == sorted(by_region, reverse=True)[:10]


def test_a_region_that_does_not_offer_the_type_has_no_row(aws: StandIn) -> None:
    client = aws.client()
    offerings = {
        region: client_there.describe_instance_type_offerings(
            Filters=[{"Name": "instance-type", "Values": ["p5.48xlarge"]}]
        )["InstanceTypeOfferings"]
        for region in TEN_REGIONS
        for client_there in [aws.client(region=region)]
    }
    rows = _ask(client, InstanceTypes=["p5.48xlarge"])
    assert {row["Region"] for row in rows} == {region for region, offered in offerings.items() if offered}
    assert 0 < len(rows) < 10


def test_scores_are_constant_for_a_while_and_change_within_days(aws: StandIn) -> None:
    client = aws.client()
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    aws.control.set_clock(start, speed=0)
    first = _ask(client)
    assert _ask(client) == first
    seen = set()
    for day in range(1, 4):
        aws.control.set_clock(start + timedelta(days=day))
        seen.add(str(sorted((row["Region"], row["Score"]) for row in _ask(client))))
    assert len(seen) > 1


def test_more_capacity_never_scores_higher_and_three_types_score_above_one(aws: StandIn) -> None:
    aws.control.set_clock(speed=0)
    client = aws.client()
    by_capacity = [
        {row["Region"]: row["Score"] for row in _ask(client, TargetCapacity=capacity)} for capacity in (1, 10, 1000)
    ]
    few, some, many = by_capacity
    assert all(few[region] >= some[region] >= many[region] for region in TEN_REGIONS)
    assert sum(few.values()) > sum(many.values())
    varied = {row["Region"]: row["Score"] for row in _ask(client, InstanceTypes=["m5.large", "m5a.large", "m6i.large"])}
    assert all(varied[region] > some[region] for region in TEN_REGIONS)


def test_capacity_in_vcpus_is_capacity_in_instances_of_so_many_vcpus(aws: StandIn) -> None:
    aws.control.set_clock(speed=0)
    client = aws.client()
    assert _ask(client, TargetCapacity=20, TargetCapacityUnitType="vcpu") == _ask(client)
    assert _ask(client, TargetCapacity=81920, TargetCapacityUnitType="memory-mib") == _ask(client)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"RegionNames": [*TEN_REGIONS, "us-west-1"]}, "InvalidParameterValue"),
        ({"RegionNames": ["us-east-1", "us-east-7"]}, "InvalidParameterValue"),
        ({"RegionNames": ["ap-east-1"]}, "InvalidParameterValue"),
        ({"InstanceTypes": ["m5.large", "m5.enormous"]}, "InvalidParameterValue"),
        ({"InstanceTypes": []}, "MissingParameter"),
        ({"TargetCapacity": 2_000_000_001}, "InvalidParameterValue"),
        ({"MaxResults": 1001}, "InvalidParameterValue"),
        ({"TargetCapacityUnitType": "dozens"}, "InvalidParameterValue"),
        ({"DryRun": True}, "DryRunOperation"),
    ],
)
def test_invalid_parameters_are_refused_and_count_for_no_limit(
    aws: StandIn, changes: dict[str, Any], code: str
) -> None:
    aws.control.set_configuration_limit(0)
    assert _refused(aws.client(), **changes) == code
    assert aws.control.score_queries() == []


def test_some_endpoint_regions_do_not_have_the_call(aws: StandIn) -> None:
    assert _refused(aws.client(region="ap-northeast-3")) == "UnsupportedOperation"


def test_past_the_limit_new_configurations_are_refused_and_used_ones_are_not(aws: StandIn) -> None:
    client = aws.client()
    aws.control.set_configuration_limit(2)
    _ask(client)
    _ask(client, TargetCapacity=1)
    for changes in (
        {"TargetCapacity": 2},
        {"RegionNames": TEN_REGIONS[:9]},
        {"SingleAvailabilityZone": True},
        {"InstanceTypes": ["m5.large", "c5.large"]},
        {"TargetCapacityUnitType": "vcpu"},
    ):
        assert _refused(client, **changes) == "MaxConfigLimitExceeded"
    assert _ask(client, RegionNames=TEN_REGIONS[::-1])
    assert [query["outcome"] for query in aws.control.score_queries()] == [
        "ok", "ok", *["MaxConfigLimitExceeded"] * 5, "ok",
    ]  # fmt: skip


def test_a_configuration_stops_counting_24_hours_after_its_last_use(aws: StandIn) -> None:
    client = aws.client()
    aws.control.set_configuration_limit(1)
    aws.control.set_clock(speed=0)
    start = aws.control.now()
    _ask(client)
    aws.control.set_clock(start + timedelta(hours=20))
    _ask(client)
    aws.control.set_clock(start + timedelta(hours=43, minutes=59))
    assert _refused(client, TargetCapacity=1) == "MaxConfigLimitExceeded"
    aws.control.set_clock(start + timedelta(hours=44))
    assert _ask(client, TargetCapacity=1)


def test_configurations_used_by_another_program_count(aws: StandIn) -> None:
    aws.control.use_configurations_elsewhere(50)
    assert _refused(aws.client()) == "MaxConfigLimitExceeded"
    assert _ask(aws.client(region="us-west-2"))


def test_thirty_concurrent_callers_each_get_their_own_answer(aws: StandIn) -> None:
    aws.control.set_clock(speed=0)
    client = aws.client()
    capacities = range(1, 31)

    def ask(capacity: int) -> list[dict[str, Any]]:
        return _ask(client, TargetCapacity=capacity**2)

    with ThreadPoolExecutor(30) as pool:
        concurrent = list(pool.map(ask, capacities))
    assert concurrent == [ask(capacity) for capacity in capacities]
