"""What a probe's instances are said to have cost, when AWS took one back between the last look and the end."""

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

START = datetime(2026, 3, 1, tzinfo=UTC)
NO_CAPACITY = "instance-terminated-no-capacity"


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def cost(code: str, *, was: str, reason: str = "") -> float:
    """Reckon one instance that was seen running and never dead: the request's last code, its state when we ended it."""
    entry = Entry("token", "us-east-1", "m5.large", 1)
    ec2: Any = None
    prices = Prices({("m5.large", "us-east-1a"): 60.0})
    probe = Probe(Target(Pair("m5.large", "us-east-1"), "ami-1"), entry, ec2, prices, {}, START, 0.0)
    probe.add_requests([SpotRequest("sir-1", "active", "fulfilled", "i-1")], at(1))
    track = probe.tracks["sir-1"]
    track.note_instance(InstanceCheck("i-1", "running", is_ready=True, zone="us-east-1a"), at(5), at(6))
    ended = EndingRequest(
        "sir-1", "token", 0.0, True, Patience(), last_seen=SpotRequest("sir-1", "closed", code, "i-1")
    )
    one = ended.instance("i-1", at(10))
    one.first_attempt_at, one.state_before = at(10), was
    one.last_seen = Instance("i-1", "sir-1", "terminated", zone="us-east-1a", reason_code=reason)
    (usage,) = usages(probe, track, ended, at(11))
    return usage.usd


@pytest.mark.parametrize("was", ["shutting-down", "terminated", ""])
def test_what_aws_had_ended_already_when_we_came_to_end_it_costs_nothing(was: str) -> None:
    assert cost(NO_CAPACITY, was=was) == 0


@pytest.mark.parametrize(
    ("code", "was"),
    [
        ("instance-terminated-by-user", "running"),
        (NO_CAPACITY, "running"),
        ("instance-terminated-by-user", "terminated"),
    ],
    ids=["ended by us", "marked by AWS, yet ended by us first", "ended by somebody else"],
)
def test_what_was_not_aws_doing_is_paid_for(code: str, was: str) -> None:
    assert cost(code, was=was) == 1.0


def test_where_aws_gives_its_reason_that_counts() -> None:
    assert cost(NO_CAPACITY, was="terminated", reason="Client.UserInitiatedShutdown") == 1.0
    assert cost("instance-terminated-by-user", was="running", reason="Server.SpotInstanceTermination") == 0
