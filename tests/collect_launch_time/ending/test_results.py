"""What an instance costs that AWS interrupted, or did not, between the last look and its end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collect_launch_time.choosing.targets import ProbePair, Target
from collect_launch_time.ec2.answers import Instance, InstanceCheck, SpotRequest
from collect_launch_time.ending.results import usages
from collect_launch_time.money.prices import Prices
from collect_launch_time.patience import Patience
from collect_launch_time.state.end_state import EndingRequest
from collect_launch_time.state.probe import Probe
from collect_launch_time.state.readiness import Track
from data_files.launches.journal import Entry
from data_files.launches.selection import SelectionRow

START = datetime(2026, 3, 1, tzinfo=UTC)
NO_CAPACITY = "instance-terminated-no-capacity"


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def probe_of() -> Probe:
    ec2: Any = None
    prices = Prices({("m5.large", "us-east-1a"): 60.0})
    selected = SelectionRow("token", START, "us-east-1", "m5.large", 1, "top", 1.0, "ready", 600.0, 3.0)
    entry = Entry("token", "us-east-1", "m5.large", 1)
    return Probe(Target(ProbePair("m5.large", "us-east-1"), "ami-1"), entry, ec2, prices, {}, selected, 0.0)


def cost(code: str, *, was: str, reason: str = "") -> float:
    """Bill an instance, last seen ready, by its request's last status code and its state before our terminate."""
    probe = probe_of()
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


@pytest.mark.parametrize(
    ("seen_running", "state_before", "ended", "seconds"),
    [
        (3600.0, "running", None, 3600 + 10 - 130),  # it woke, looked, and ended it ten seconds later
        (None, "running", None, 3600 + 10 - 130),  # the timeout was over when it woke: no look any more
        (None, "terminated", 1000.0, 1000 - 130),  # the instance had shut itself down
    ],
)
def test_an_instance_that_ran_while_this_machine_slept_is_billed_from_its_launch(
    seen_running: float | None, state_before: str, ended: float | None, seconds: float
) -> None:
    track = Track("sir-1", START)
    track.note_request(SpotRequest("sir-1", "active", "fulfilled", "i-1", zone="us-east-1a"), at(90), at(91))
    track.note_instance(InstanceCheck("i-1", "pending", is_ready=False), at(95), at(96))
    if seen_running:
        track.note_instance(InstanceCheck("i-1", "running", is_ready=True), at(seen_running), at(seen_running + 1))
    request = EndingRequest("sir-1", "token", 0.0, True, Patience())
    instance = request.instance("i-1", at(3610))
    instance.first_attempt_at, instance.state_before = at(3610), state_before
    launched, stopped = at(100), at(ended) if ended else None
    instance.last_seen = Instance("i-1", "sir-1", "terminated", launched=launched, ended=stopped)
    (usage,) = usages(probe_of(), track, request, at(3611))
    assert usage.began
    assert (usage.ended - usage.began).total_seconds() == seconds
    assert usage.usd == pytest.approx(seconds / 60)


@pytest.mark.parametrize(
    ("is_seen_dead", "is_found", "shown", "code_since", "seconds"),
    [
        (True, True, 1000.0, None, 1000 - 95.5),  # AWS's time of its end
        (True, True, None, 1001.0, 1001 - 95.5),  # forgotten, but not its request
        (False, True, None, 1001.0, 1001 - 95.5),  # no look saw it dead
        # All is forgotten: its switch was due 15 minutes after its start.
        (False, True, None, None, 90.5 + 17 * 60 - 95.5),
        (True, True, None, None, 90.5 + 17 * 60 - 95.5),
        (False, False, None, None, 90.5 + 17 * 60 - 95.5),
    ],
)
def test_an_instance_that_shut_itself_down_while_this_machine_slept_is_billed_until_then(
    is_seen_dead: bool, is_found: bool, shown: float | None, code_since: float | None, seconds: float
) -> None:
    hours = 8 * 3600.0
    track = Track("sir-1", START)
    track.note_request(SpotRequest("sir-1", "active", "fulfilled", "i-1", zone="us-east-1a"), at(90), at(90.5))
    track.note_instance(InstanceCheck("i-1", "pending", is_ready=False), at(95), at(95))
    track.note_instance(InstanceCheck("i-1", "running", is_ready=False), at(96), at(96))
    if is_seen_dead:
        track.note_instance(InstanceCheck("i-1", "terminated", is_ready=False), at(hours), at(hours + 1))
    since = at(code_since) if code_since else None
    last = SpotRequest("sir-1", "closed", "instance-terminated-by-user", "i-1", status_since=since) if since else None
    request = EndingRequest("sir-1", "token", 0.0, True, Patience(), last_seen=last)
    if is_found:
        request.instance("i-1", at(hours + 1)).first_attempt_at = at(hours + 2)
    if shown:
        instance = request.instance("i-1", at(hours + 1))
        instance.last_seen = Instance("i-1", "sir-1", "terminated", ended=at(shown))
    (usage,) = usages(probe_of(), track, request, at(hours + 3))
    assert usage.began
    assert (usage.ended - usage.began).total_seconds() == seconds
