"""What an instance costs that AWS interrupted, or did not, between the last look and its end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collect_launch_time.choosing.targets import Pair, Target
from collect_launch_time.ec2.answers import Instance, InstanceCheck, SpotRequest
from collect_launch_time.ending.results import usages
from collect_launch_time.money.prices import Prices
from collect_launch_time.patience import Patience
from collect_launch_time.state.end_state import EndingRequest
from collect_launch_time.state.probe import Probe
from data_files.launches.journal import Entry
from data_files.launches.selection import SelectionRow

START = datetime(2026, 3, 1, tzinfo=UTC)
NO_CAPACITY = "instance-terminated-no-capacity"


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def cost(code: str, *, was: str, reason: str = "") -> float:
    """Bill an instance, last seen ready, by its request's last status code and its state before our terminate."""
    entry = Entry("token", "us-east-1", "m5.large", 1)
    ec2: Any = None
    prices = Prices({("m5.large", "us-east-1a"): 60.0})
    selected = SelectionRow("token", START, "us-east-1", "m5.large", 1, "top", 1.0, "ready", 600.0, 3.0)
    probe = Probe(Target(Pair("m5.large", "us-east-1"), "ami-1"), entry, ec2, prices, {}, selected, 0.0)
    probe.add_requests([SpotRequest("sir-1", "active", "fulfilled", "i-1")], at(1))
    track = probe.tracks["sir-1"]
    track.note_instance(InstanceCheck("i-1", "running", is_ready=True, zone="us-east-1a"), at(5), at(6))
    request = EndingRequest(
        "sir-1", "token", 0.0, True, Patience(), last_seen=SpotRequest("sir-1", "closed", code, "i-1")
    )
    instance = request.instance("i-1", at(10))
    instance.first_attempt_at, instance.state_before = at(10), was
    instance.last_seen = Instance("i-1", "sir-1", "terminated", zone="us-east-1a", reason_code=reason)
    (usage,) = usages(probe, track, request, at(11))
    return usage.usd


@pytest.mark.parametrize("was", ["shutting-down", "terminated", ""])
def test_an_instance_that_aws_had_ended_before_our_terminate_costs_nothing(was: str) -> None:
    assert cost(NO_CAPACITY, was=was) == 0


@pytest.mark.parametrize(
    ("code", "was"),
    [
        ("instance-terminated-by-user", "running"),
        (NO_CAPACITY, "running"),
        ("instance-terminated-by-user", "terminated"),
    ],
    ids=["request by us", "marked by AWS, yet request by us first", "request by somebody else"],
)
def test_an_instance_that_aws_did_not_interrupt_is_billed(code: str, was: str) -> None:
    assert cost(code, was=was) == 1.0


def test_if_aws_gives_a_reason_the_reason_decides() -> None:
    assert cost(NO_CAPACITY, was="terminated", reason="Client.UserInitiatedShutdown") == 1.0
    assert cost("instance-terminated-by-user", was="running", reason="Server.SpotInstanceTermination") == 0
