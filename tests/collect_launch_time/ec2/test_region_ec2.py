"""The calls that read from EC2, checked against botocore's own model: filters, pages, batches, clocks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import botocore.awsrequest
import botocore.exceptions
import botocore.stub
import pytest

from collect_launch_time.ec2.installation import INSTALLATION_TAG, TOKEN_TAG
from collect_launch_time.ec2.region_ec2 import RegionEc2

OURS = "0" * 32
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def ec2() -> RegionEc2:
    made = RegionEc2("us-east-1")
    made.prepare()
    return made


@contextmanager
def answering(client: Any) -> Iterator[botocore.stub.Stubber]:
    """Answer a client in order; fails if an answer was not asked for."""
    with botocore.stub.Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


def request(request_id: str, **tags: str) -> dict[str, Any]:
    names = {"installation": INSTALLATION_TAG, "token": TOKEN_TAG}
    return {
        "SpotInstanceRequestId": request_id,
        "State": "open",
        "Tags": [{"Key": names[name], "Value": value} for name, value in tags.items()],
    }


def requests(*made: dict[str, Any], token: str = "") -> dict[str, Any]:
    return {"SpotInstanceRequests": list(made), "NextToken": token}


def instances(*pairs: tuple[str, str], token: str = "") -> dict[str, Any]:
    made = [{"InstanceId": instance_id, "SpotInstanceRequestId": request_id} for instance_id, request_id in pairs]
    return {"Reservations": [{"Instances": [instance]} for instance in made], "NextToken": token}


def test_looks_have_a_client_of_their_own_that_gives_up_in_seconds(ec2: RegionEc2) -> None:
    look, other = ec2.look_client.meta.config, ec2.client.meta.config
    assert ec2.look_client is not ec2.client
    attempts = look.retries["total_max_attempts"]
    assert attempts * (look.connect_timeout + look.read_timeout) <= 12
    assert attempts < other.retries["total_max_attempts"]


def test_requests_are_looked_at_by_id_page_by_page(ec2: RegionEc2) -> None:
    ids = {"SpotInstanceRequestIds": ["sir-1", "sir-2"]}
    with answering(ec2.look_client) as stub:
        stub.add_response("describe_spot_instance_requests", requests(request("sir-1"), token="more"), ids)
        more = ids | {"NextToken": "more"}
        stub.add_response("describe_spot_instance_requests", requests(request("sir-2")), more)
        known = ec2.look_at_requests(["sir-1", "sir-2"])
    assert [shown.request_id for answer in known.answers for shown in answer] == ["sir-1", "sir-2"]
    assert known.unknown_ids == frozenset()


def test_for_an_id_that_is_not_visible_yet_the_call_is_repeated_without_it(ec2: RegionEc2) -> None:
    with answering(ec2.look_client) as stub:
        stub.add_client_error(
            "describe_spot_instance_requests",
            "InvalidSpotInstanceRequestID.NotFound",
            "The spot instance request ID 'sir-2' does not exist",
        )
        left = {"SpotInstanceRequestIds": ["sir-1"]}
        stub.add_response("describe_spot_instance_requests", requests(request("sir-1")), left)
        known = ec2.look_at_requests(["sir-1", "sir-2"])
    assert known.unknown_ids == {"sir-2"}


def test_a_look_believes_a_refusal_that_names_every_id_and_makes_one_call(ec2: RegionEc2) -> None:
    operation, code = "describe_spot_instance_requests", "InvalidSpotInstanceRequestID.NotFound"
    with answering(ec2.look_client) as stub:
        stub.add_client_error(operation, code, "The spot instance request IDs 'sir-1, sir-2' do not exist")
        assert ec2.look_at_requests(["sir-1", "sir-2"]).unknown_ids == {"sir-1", "sir-2"}


def test_outside_looks_each_id_is_asked_for_alone_before_it_counts_as_unknown(ec2: RegionEc2) -> None:
    operation, code = "describe_spot_instance_requests", "InvalidSpotInstanceRequestID.NotFound"
    with answering(ec2.client) as stub:
        stub.add_client_error(operation, code, "The spot instance request IDs 'sir-1, sir-2' do not exist")
        stub.add_client_error(operation, code, "The spot instance request ID 'sir-1' does not exist")
        stub.add_response(operation, requests(request("sir-2")), {"SpotInstanceRequestIds": ["sir-2"]})
        known = ec2.requests(["sir-1", "sir-2"])
    assert known.unknown_ids == {"sir-1"}
    assert len(known.answers) == 1


def test_instances_of_every_state_are_looked_at_a_hundred_in_a_call(ec2: RegionEc2) -> None:
    ids = [f"i-{number}" for number in range(101)]
    with answering(ec2.look_client) as stub:
        for batch in (ids[:100], ids[100:]):
            statuses = [{"InstanceId": instance_id, "InstanceState": {"Name": "running"}} for instance_id in batch]
            asked = {"InstanceIds": batch, "IncludeAllInstances": True}
            stub.add_response("describe_instance_status", {"InstanceStatuses": statuses}, asked)
        known = ec2.look_at_instances(ids)
    assert [check.instance_id for answer in known.answers for check in answer] == ids


def test_the_list_of_our_requests_holds_no_others_even_if_the_endpoint_sends_them(ec2: RegionEc2) -> None:
    asked = {"Filters": [{"Name": f"tag:{INSTALLATION_TAG}", "Values": [OURS]}], "MaxResults": 1000}
    with answering(ec2.client) as stub:
        answer = requests(request("sir-1", installation=OURS), request("sir-2", installation="f" * 32))
        stub.add_response("describe_spot_instance_requests", answer, asked)
        found = ec2.requests_of_installation(OURS)
    assert [each.request_id for each in found] == ["sir-1"]


@pytest.mark.parametrize("code", ["InvalidParameterValue", "FilterLimitExceeded", "InvalidFilter", "InvalidParameter"])
def test_if_an_endpoint_refuses_a_filter_everything_is_listed_and_filtered_here(ec2: RegionEc2, code: str) -> None:
    with answering(ec2.client) as stub:
        stub.add_client_error("describe_spot_instance_requests", code)
        answer = requests(request("sir-1", token="ours"), request("sir-2", token="another"))
        stub.add_response("describe_spot_instance_requests", answer, {"MaxResults": 1000})
        found = ec2.requests_with_tokens(["ours"])
    assert [each.request_id for each in found] == ["sir-1"]


def test_any_other_refusal_of_a_list_is_raised(ec2: RegionEc2) -> None:
    with answering(ec2.client) as stub:
        stub.add_client_error("describe_spot_instance_requests", "UnauthorizedOperation")
        with pytest.raises(botocore.exceptions.ClientError):
            ec2.requests_of_installation(OURS)


def test_a_filter_has_at_most_two_hundred_values(ec2: RegionEc2) -> None:
    ids = [f"sir-{number}" for number in range(201)]
    with answering(ec2.client) as stub:
        for batch in (ids[:200], ids[200:]):
            asked = {"Filters": [{"Name": "spot-instance-request-id", "Values": batch}]}
            stub.add_response(
                "describe_instances", instances(*((f"i-{request_id}", request_id) for request_id in batch)), asked
            )
        found = ec2.instances_of_requests(ids)
    assert [each.request_id for each in found] == ids


def test_instances_of_other_requests_are_left_out_even_if_the_endpoint_sends_them(ec2: RegionEc2) -> None:
    with answering(ec2.client) as stub:
        stub.add_response("describe_instances", instances(("i-1", "sir-1"), ("i-2", "sir-2"), ("i-3", "")))
        found = ec2.instances_of_requests(["sir-1"])
    assert [each.instance_id for each in found] == ["i-1"]


def test_current_prices_are_asked_for_by_awss_own_clock(ec2: RegionEc2, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ec2.time, "now", lambda: NOON)
    price = {"InstanceType": "m5.large", "SpotPrice": "0.03"}
    with answering(ec2.client) as stub:
        stub.add_response("describe_spot_price_history", {"SpotPriceHistory": [price]}, prices_asked(NOON, NOON))
        assert ec2.spot_prices(["m5.large", "c5.large", "m5.large"]) == [price]


def test_if_an_endpoint_names_no_current_prices_those_of_the_last_week_are_asked_for(
    ec2: RegionEc2, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ec2.time, "now", lambda: NOON)
    price = {"InstanceType": "m5.large", "SpotPrice": "0.03"}
    with answering(ec2.client) as stub:
        stub.add_response("describe_spot_price_history", {"SpotPriceHistory": []}, prices_asked(NOON, NOON))
        week = prices_asked(datetime(2026, 2, 22, 12, tzinfo=UTC), None)
        stub.add_response("describe_spot_price_history", {"SpotPriceHistory": [price]}, week)
        assert ec2.spot_prices(["m5.large", "c5.large"]) == [price]


def test_zones_have_ids_that_are_the_same_in_every_account(ec2: RegionEc2) -> None:
    zones = [{"ZoneName": "us-east-1a", "ZoneId": "use1-az4"}, {"ZoneName": "us-east-1b", "ZoneId": "use1-az6"}]
    with answering(ec2.client) as stub:
        stub.add_response("describe_availability_zones", {"AvailabilityZones": zones}, {})
        assert ec2.zone_ids() == {"us-east-1a": "use1-az4", "us-east-1b": "use1-az6"}


def test_awss_time_is_taken_from_every_answer(ec2: RegionEc2) -> None:
    answer = botocore.awsrequest.AWSResponse("https://ec2", 200, {"Date": "Sun, 01 Mar 2026 12:00:00 GMT"}, None)
    ec2.client.meta.events.emit("after-call.ec2.DescribeInstances", http_response=answer, parsed={}, context={})
    assert 0 <= (ec2.time.now() - NOON).total_seconds() < 600


def prices_asked(start: datetime, end: datetime | None) -> dict[str, Any]:
    span = {"StartTime": start, "EndTime": end} if end else {"StartTime": start}
    return {"InstanceTypes": ["c5.large", "m5.large"], "ProductDescriptions": ["Linux/UNIX"], **span}
