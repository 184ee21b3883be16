"""Launches that fail after their request was fulfilled: the instance goes from pending to terminated, for a reason."""

from local_aws.spot.draw import Draw
from local_aws.spot.instance import Ending, Instance
from local_aws.spot.scenario import Scenario

# State reasons, as EC2's answers word them. Where EC2 says more, a test writes it: "Client.InternalError: …".
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html
_MESSAGES = {
    "Client.InternalError": "Client error on launch",
    "Client.InvalidSnapshot.NotFound": "The snapshot 'snap-0123456789abcdef0' does not exist.",
    "Client.VolumeLimitExceeded": "Volume limit exceeded",
    "Server.InsufficientInstanceCapacity": "Insufficient capacity to satisfy instance request",
    "Server.InternalError": "Internal error on launch",
    "Server.SpotInstanceTermination": "Spot Instance termination",
}


def plan_failure(instance: Instance, scenario: Scenario) -> None:
    """Have a launch fail before the instance runs, if the scenario says so."""
    draw = Draw(instance.instance_id, "launch failure")
    if scenario.launch_failure is None or not draw.happens(scenario.launch_failure_share):
        return
    at = min(instance.running_at, instance.launched_at + draw.between(scenario.launch_failure_seconds))
    reason = _with_message(scenario.launch_failure)
    instance.end(Ending("launch failure", at, at, at, reason=reason, request_code=scenario.launch_failure_code))


def _with_message(reason: str) -> str:
    code, _, message = reason.partition(": ")
    return f"{code}: {message or _MESSAGES.get(code, 'The instance failed to launch')}"
