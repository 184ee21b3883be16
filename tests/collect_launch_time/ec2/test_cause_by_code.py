"""Whose doing an end without readiness was, by all codes that EC2 documents."""

import botocore.exceptions
import pytest

from collect_launch_time.ec2 import cause_by_code
from data_files.launches.instances import ACCOUNT, MARKET, OTHERS
from tests.collect_launch_time.fakes import refused

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html
STATUSES = {
    "az-group-constraint": MARKET,
    "bad-parameters": ACCOUNT,
    "canceled-before-fulfillment": OTHERS,
    "capacity-not-available": MARKET,
    "constraint-not-fulfillable": ACCOUNT,
    "fulfilled": None,
    "instance-stopped-by-experiment": OTHERS,
    "instance-stopped-by-price": MARKET,
    "instance-stopped-by-user": OTHERS,
    "instance-stopped-no-capacity": MARKET,
    "instance-terminated-by-experiment": OTHERS,
    "instance-terminated-by-price": MARKET,
    "instance-terminated-by-schedule": MARKET,
    "instance-terminated-by-service": MARKET,
    "instance-terminated-by-user": OTHERS,
    "instance-terminated-launch-group-constraint": MARKET,
    "instance-terminated-no-capacity": MARKET,
    "launch-group-constraint": MARKET,
    "limit-exceeded": ACCOUNT,
    "marked-for-stop": MARKET,
    "marked-for-stop-by-experiment": OTHERS,
    "marked-for-termination": MARKET,
    "marked-for-termination-by-experiment": OTHERS,
    "not-scheduled-yet": ACCOUNT,
    "pending-evaluation": MARKET,
    "pending-fulfillment": MARKET,
    "placement-group-constraint": MARKET,
    "price-too-low": MARKET,
    "request-canceled-and-instance-running": OTHERS,
    "schedule-expired": MARKET,
    "system-error": ACCOUNT,
    # In no list that we know.
    "instance-terminated-capacity-oversubscribed": MARKET,
    "something-new": None,
    "": None,
}

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html
REASONS = {
    "Server.InsufficientInstanceCapacity": MARKET,
    "Server.InternalError": MARKET,
    "Server.ScheduledStop": MARKET,
    "Server.SpotInstanceShutdown": MARKET,
    "Server.SpotInstanceTermination": MARKET,
    "Client.InstanceInitiatedShutdown": OTHERS,
    "Client.InstanceTerminated": OTHERS,
    "Client.InternalError": ACCOUNT,
    "Client.InvalidSnapshot.NotFound": ACCOUNT,
    "Client.UserInitiatedHibernate": OTHERS,
    "Client.UserInitiatedShutdown": OTHERS,
    "Client.VolumeLimitExceeded": ACCOUNT,
    "Client.SomethingNew": ACCOUNT,
    "pending": None,
    "": None,
}


@pytest.mark.parametrize(("code", "cause"), STATUSES.items())
def test_each_status_of_a_request(code: str, cause: str | None) -> None:
    assert cause_by_code.of_status(code) == cause


@pytest.mark.parametrize(("code", "cause"), REASONS.items())
def test_each_reason_of_an_instances_state(code: str, cause: str | None) -> None:
    assert cause_by_code.of_state_reason(code) == cause


@pytest.mark.parametrize(
    ("code", "status", "cause"),
    [
        ("InsufficientInstanceCapacity", 400, MARKET),
        ("InsufficientInstanceCapacity", 500, MARKET),
        ("SpotMaxPriceTooLow", 400, MARKET),
        ("MaxSpotInstanceCountExceeded", 400, ACCOUNT),
        ("MaxSpotInstanceCountExceeded", 500, ACCOUNT),
        ("VolumeLimitExceeded", 400, ACCOUNT),
        ("Unsupported", 400, ACCOUNT),
        ("VPCIdNotSpecified", 400, ACCOUNT),
        ("InvalidAMIID.NotFound", 400, ACCOUNT),
        ("InvalidKeyPair.NotFound", 400, ACCOUNT),
        ("UnauthorizedOperation", 403, ACCOUNT),
        ("AuthFailure", 401, ACCOUNT),
        ("PendingVerification", 400, ACCOUNT),
        ("SomethingNew", 400, ACCOUNT),
        ("RequestLimitExceeded", 503, ACCOUNT),
        ("InternalError", 500, None),
        ("Unavailable", 503, None),
    ],
)
def test_each_kind_of_refusal(code: str, status: int, cause: str | None) -> None:
    assert cause_by_code.of_error(refused(code, status=status)) == cause


def test_what_was_never_answered_is_nobodys_doing() -> None:
    assert cause_by_code.of_error(botocore.exceptions.ReadTimeoutError(endpoint_url="x")) is None


@pytest.mark.parametrize("name", ["InsufficientInstanceCapacity", "VolumeLimitExceeded", "SpotMaxPriceTooLow"])
def test_a_launch_that_fails_later_is_classed_as_if_the_request_had_been_refused(name: str) -> None:
    side = "Server" if name != "VolumeLimitExceeded" else "Client"
    assert cause_by_code.of_state_reason(f"{side}.{name}") == cause_by_code.of_error(refused(name))


def test_what_is_never_granted_would_not_be_granted_later_either() -> None:
    never = {code for code in STATUSES if cause_by_code.is_never_granted(code)}
    assert never == {"bad-parameters", "constraint-not-fulfillable"}
