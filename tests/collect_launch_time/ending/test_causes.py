"""Why a request led to no ready instance, and what its probe's end is called."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collect_launch_time.choosing.targets import ProbePair, Target
from collect_launch_time.ec2.answers import Instance, InstanceCheck, SpotRequest
from collect_launch_time.ending import causes
from collect_launch_time.ending.causes import UnreadyEnd, how_it_ended
from collect_launch_time.money.prices import Prices
from collect_launch_time.patience import Patience
from collect_launch_time.state.end_state import EndingRequest
from collect_launch_time.state.probe import Probe
from collect_launch_time.state.readiness import Track
from data_files.launches.instances import ACCOUNT, MARKET, OTHERS, US
from data_files.launches.journal import Entry
from data_files.launches.selection import SelectionRow

START = datetime(2026, 3, 1, tzinfo=UTC)
STATES = {
    "bad-parameters": "failed",
    "limit-exceeded": "closed",
    "system-error": "failed",
    "canceled-before-fulfillment": "cancelled",
    "schedule-expired": "cancelled",
    "fulfilled": "active",
}


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


SWITCH_AFTER = timedelta(minutes=15)


def unready_end(track: Track, request: EndingRequest | None, *, was_time_up: bool) -> UnreadyEnd | None:
    return causes.unready_end(track, request, was_time_up=was_time_up, switch_after=SWITCH_AFTER)


def track(code: str, *states: str, request_id: str = "sir-1") -> Track:
    """A request as the looks saw it, and its instance in these states one after the other."""
    found = Track(request_id, START)
    instance_id = "i-1" if states else ""
    shown = SpotRequest(request_id, STATES.get(code, "open"), code, instance_id, message="as AWS\nputs it")
    found.note_request(shown, at(1), at(1))
    for number, state in enumerate(states, start=2):
        check = InstanceCheck("i-1", state.removeprefix("ready ").replace("ready", "running"), state == "ready")
        found.note_instance(check, at(number), at(number))
    return found


def ended(reason_code: str, *, newest: str = "", words: str = "") -> EndingRequest:
    """A request after its end, and what AWS then says of it and of its instance."""
    request = EndingRequest("sir-1", "token", 0.0, True, Patience())
    if newest:
        request.last_seen = SpotRequest("sir-1", "closed", newest, "i-1", message="newer")
    instance = request.instance("i-1", START)
    instance.last_seen = Instance("i-1", "sir-1", "terminated", reason_code=reason_code, reason=words)
    return request


OURS = ended("Client.UserInitiatedShutdown", words="Client.UserInitiatedShutdown: User initiated shutdown")


def test_what_got_ready_has_no_cause_whatever_ended_it_later() -> None:
    assert unready_end(track("fulfilled", "running", "ready"), OURS, was_time_up=True) is None


@pytest.mark.parametrize(
    ("code", "at_the_timeout", "cut_short"),
    [
        ("pending-evaluation", MARKET, US),
        ("capacity-not-available", MARKET, US),
        ("price-too-low", MARKET, US),
        ("", MARKET, US),
        ("schedule-expired", MARKET, MARKET),
        ("bad-parameters", ACCOUNT, ACCOUNT),
        ("limit-exceeded", ACCOUNT, ACCOUNT),
        ("system-error", ACCOUNT, ACCOUNT),
        ("constraint-not-fulfillable", ACCOUNT, ACCOUNT),
        ("canceled-before-fulfillment", OTHERS, OTHERS),
    ],
)
def test_a_request_that_never_had_an_instance(code: str, at_the_timeout: str, cut_short: str) -> None:
    for was_time_up, cause in ((True, at_the_timeout), (False, cut_short)):
        words = "as AWS puts it" if code else ""
        assert unready_end(track(code), None, was_time_up=was_time_up) == UnreadyEnd(cause, code, words)


@pytest.mark.parametrize(("last_look", "cause"), [(1, None), (100, MARKET)])
def test_a_request_that_no_look_saw_waiting_at_the_end_may_have_been_fulfilled_for_all_that_is_known(
    last_look: float, cause: str | None
) -> None:
    waiting = track("capacity-not-available")
    waiting.fulfilled.note(False, at(last_look), at(last_look))
    end = causes.unready_end(waiting, None, was_time_up=True, switch_after=SWITCH_AFTER, watched_since=at(60))
    assert end
    assert end.cause == cause


@pytest.mark.parametrize("was_time_up", [True, False])
@pytest.mark.parametrize("request_", [OURS, None], ids=["shown ended by a user", "not shown any more"])
def test_an_instance_that_lived_until_we_ended_it_is_our_doing(
    request_: EndingRequest | None, was_time_up: bool
) -> None:
    end = unready_end(track("fulfilled", "running"), request_, was_time_up=was_time_up)
    assert end == UnreadyEnd(US, "fulfilled", "as AWS puts it")


def test_an_instance_that_came_while_we_cancelled_is_our_doing() -> None:
    end = unready_end(track("pending-fulfillment"), OURS, was_time_up=True)
    assert end
    assert end.cause == US


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("Client.UserInitiatedShutdown", OTHERS),
        ("Client.InstanceInitiatedShutdown", OTHERS),
        ("Client.VolumeLimitExceeded", ACCOUNT),
        ("Server.SpotInstanceTermination", MARKET),
        ("Server.InternalError", MARKET),
    ],
)
def test_an_instance_that_a_look_saw_dead_has_the_cause_that_aws_gives(code: str, cause: str) -> None:
    end = unready_end(track("fulfilled", "pending", "terminated"), ended(code, words=f"{code}: so"), was_time_up=False)
    assert end == UnreadyEnd(cause, code, f"{code}: so")
    assert str(end) == f"{code}: so"


@pytest.mark.parametrize(
    ("code", "lived", "is_its_end_told", "cause"),
    [
        ("Client.InstanceInitiatedShutdown", SWITCH_AFTER, True, US),
        ("Client.InstanceInitiatedShutdown", SWITCH_AFTER, False, US),
        ("Client.InstanceInitiatedShutdown", SWITCH_AFTER - timedelta(seconds=30), True, OTHERS),
        ("Client.InstanceInitiatedShutdown", SWITCH_AFTER - timedelta(seconds=30), False, OTHERS),
        ("Client.UserInitiatedShutdown", SWITCH_AFTER, True, OTHERS),
    ],
)
def test_an_instance_that_shut_itself_down_when_we_had_told_it_to_is_our_doing(
    code: str, lived: timedelta, is_its_end_told: bool, cause: str
) -> None:
    request = ended(code, words=f"{code}: so")
    shown = request.instances["i-1"].last_seen
    assert shown
    launched = at(3) - lived  # the look that saw it dead is that of second 3
    request.instances["i-1"].last_seen = replace(shown, launched=launched, ended=at(3) if is_its_end_told else None)
    end = unready_end(track("fulfilled", "running", "terminated"), request, was_time_up=True)
    assert end == UnreadyEnd(cause, code, f"{code}: so")


@pytest.mark.parametrize("code", ["Server.SpotInstanceTermination", "Client.InternalError"])
def test_a_death_that_no_look_saw_is_believed_where_aws_gives_a_reason_that_is_not_our_terminate(code: str) -> None:
    end = unready_end(track("fulfilled", "pending"), ended(code), was_time_up=True)
    assert end
    assert (end.cause, end.code) == (ACCOUNT if code.startswith("Client") else MARKET, code)


@pytest.mark.parametrize(
    ("seen", "newest", "cause"),
    [
        ("instance-terminated-no-capacity", "", MARKET),
        ("instance-terminated-by-user", "", OTHERS),
        ("fulfilled", "instance-terminated-by-user", OTHERS),
        ("fulfilled", "instance-terminated-no-capacity", MARKET),
        ("fulfilled", "", None),
    ],
)
def test_without_a_reason_of_the_instance_its_requests_code_tells_who_ended_it(
    seen: str, newest: str, cause: str | None
) -> None:
    end = unready_end(track(seen, "shutting-down"), ended("", newest=newest), was_time_up=True)
    assert end
    assert end.cause == cause


def probe_of(tracks: Sequence[Track], called: str = "timeout") -> Probe:
    entry = Entry("token", "us-east-1", "m5.large", len(tracks))
    ec2: Any = None
    selected = SelectionRow("token", START, "us-east-1", "m5.large", len(tracks), "top", 1.0, "ready", 600.0, 3.0)
    probe = Probe(Target(ProbePair("m5.large", "us-east-1"), "ami-1"), entry, ec2, Prices({}), {}, selected, 0.0)
    probe.tracks = {one.request_id: one for one in tracks}
    probe.note_end(at(9), called)
    probe.note_end(at(99), "lost")  # the first decision counts
    return probe


@pytest.mark.parametrize("called", ["timeout", "stopped"])
@pytest.mark.parametrize(
    ("looks", "name"),
    [
        ([("fulfilled", "ready")] * 2, "all_ready"),
        ([("bad-parameters",)] * 2, "refused"),
        ([("bad-parameters",), ("system-error",)], "refused"),
        ([("canceled-before-fulfillment",)] * 2, "lost"),
        ([("canceled-before-fulfillment",), ("limit-exceeded",)], "lost"),
        ([("constraint-not-fulfillable",)] * 2, ""),
        ([("constraint-not-fulfillable",), ("bad-parameters",)], ""),
        ([("fulfilled", "ready"), ("bad-parameters",)], ""),
        ([("fulfilled", "ready"), ("canceled-before-fulfillment",)], ""),
        ([("schedule-expired",), ("bad-parameters",)], ""),
        ([("fulfilled", "running")], ""),
        ([], ""),
    ],
)
def test_what_a_probes_end_is_called(looks: Sequence[Sequence[str]], name: str, called: str) -> None:
    probe = probe_of([track(*look, request_id=f"sir-{number}") for number, look in enumerate(looks)], called)
    ends = [unready_end(one, None, was_time_up=called == "timeout") for one in probe.tracks.values()]
    assert how_it_ended(probe, ends, until_fulfilled=False) == (name or called)
    assert probe.row(name or called).end_time == at(9)


def test_until_fulfilled_it_is_all_fulfilled_though_none_gets_ready() -> None:
    probe = probe_of([track("fulfilled", "pending")])
    ends = [UnreadyEnd(US, "fulfilled", "")]
    assert how_it_ended(probe, ends, until_fulfilled=True) == "all_fulfilled"
    assert how_it_ended(probe_of([track("pending-fulfillment")]), ends, until_fulfilled=True) == "timeout"
