"""Whose doing an end without readiness was: the account's own, or that of the market, of us, or of nobody."""

from datetime import UTC, datetime

import pytest

from collect_launch_time.ec2.answers import Instance, SpotRequest
from collect_launch_time.ending.accounts_doing import AccountsDoing, accounts_doing
from collect_launch_time.patience import Patience
from collect_launch_time.state.end_state import EndingRequest
from collect_launch_time.state.readiness import Track

START = datetime(2026, 3, 1, tzinfo=UTC)


def track(code: str, state: str = "open", instance_id: str = "") -> Track:
    found = Track("sir-1", START)
    found.note_request(SpotRequest("sir-1", state, code, instance_id, message="as AWS puts it"), START, START)
    return found


def ended(reason_code: str, reason: str) -> EndingRequest:
    request = EndingRequest("sir-1", "token", 0.0, True, Patience())
    instance = request.instance("i-1", START)
    instance.last_seen = Instance("i-1", "sir-1", "terminated", reason_code=reason_code, reason=reason)
    return request


@pytest.mark.parametrize(
    ("code", "is_final"), [("bad-parameters", True), ("constraint-not-fulfillable", True), ("limit-exceeded", False)]
)
def test_a_request_that_is_at_fault_is_the_accounts_doing(code: str, is_final: bool) -> None:
    assert accounts_doing(track(code), None) == AccountsDoing(code, "as AWS puts it", is_final)


@pytest.mark.parametrize("code", ["capacity-not-available", "price-too-low", "pending-evaluation", "system-error", ""])
def test_a_request_that_waits_or_that_the_market_refuses_is_not(code: str) -> None:
    assert accounts_doing(track(code), None) is None


def test_an_instance_that_fails_for_a_reason_of_the_clients_is_told_in_awss_words() -> None:
    reason = "Client.VolumeLimitExceeded: Volume limit exceeded"
    doing = accounts_doing(track("fulfilled", "active", "i-1"), ended("Client.VolumeLimitExceeded", reason))
    assert doing == AccountsDoing("Client.VolumeLimitExceeded", "Volume limit exceeded", is_final=False)
    assert str(doing) == reason


@pytest.mark.parametrize(
    "code",
    [
        "Client.UserInitiatedShutdown",
        "Client.InstanceInitiatedShutdown",
        "Server.SpotInstanceTermination",
        "Server.InternalError",
        "",
    ],
)
def test_an_instance_that_was_ended_or_that_awss_side_failed_is_not(code: str) -> None:
    assert accounts_doing(track("fulfilled", "active", "i-1"), ended(code, "")) is None
