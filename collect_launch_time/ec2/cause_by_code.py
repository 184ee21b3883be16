"""Whose doing it is that an instance did not get ready, by the codes of EC2: of requests, instances and errors. Pure.

The market's is what a probe measures: no capacity, a price too low, an interruption, and what AWS's own side failed to
keep running. The account's, or the request's, is no word on that. `None` is no verdict: of a code that says nothing of
an end, or that we do not know.
"""

from collections.abc import Mapping

from common.aws import error_kind
from data_files.launches.instances import ACCOUNT, MARKET, OTHERS

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html
_OF_STATUS: Mapping[str, str | None] = {
    # Open: it waits for the market. The constraints of groups and zones are the market's too: so many were not to be
    # had together.
    "pending-evaluation": MARKET,
    "pending-fulfillment": MARKET,
    "capacity-not-available": MARKET,
    "price-too-low": MARKET,
    "az-group-constraint": MARKET,
    "launch-group-constraint": MARKET,
    "placement-group-constraint": MARKET,
    # Open, but what was asked for cannot be granted.
    "constraint-not-fulfillable": ACCOUNT,
    "not-scheduled-yet": ACCOUNT,
    # Never granted. `system-error` is AWS's own ("an unexpected system error"), but no word on capacity: counted as the
    # market's it would be a zero that was never measured.
    "bad-parameters": ACCOUNT,
    "limit-exceeded": ACCOUNT,  # of volumes and their sizes
    "system-error": ACCOUNT,
    # Not granted before its time was up; we ask for a little more than the timeout.
    "schedule-expired": MARKET,
    # We take a request's code as it was before we began to end it: somebody else did this.
    "canceled-before-fulfillment": OTHERS,
    "request-canceled-and-instance-running": OTHERS,
    "fulfilled": None,
    # Taken back by AWS, or ended by a user.
    "marked-for-stop": MARKET,
    "marked-for-termination": MARKET,
    "marked-for-stop-by-experiment": OTHERS,
    "marked-for-termination-by-experiment": OTHERS,
    "instance-stopped-by-price": MARKET,
    "instance-stopped-no-capacity": MARKET,
    "instance-stopped-by-user": OTHERS,
    "instance-stopped-by-experiment": OTHERS,
    "instance-terminated-by-price": MARKET,
    "instance-terminated-by-schedule": MARKET,
    "instance-terminated-by-service": MARKET,
    "instance-terminated-no-capacity": MARKET,
    "instance-terminated-launch-group-constraint": MARKET,
    "instance-terminated-by-user": OTHERS,
    "instance-terminated-by-experiment": OTHERS,
}
_TAKEN_BACK = ("instance-terminated-", "instance-stopped-", "marked-for-")  # codes that are not in the list yet
_NEVER_GRANTED = frozenset({"bad-parameters", "constraint-not-fulfillable"})

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html: who ended it from within or from outside.
# Every other `Client.` is what kept it from running: a volume, a snapshot, a key.
_FROM_WITHIN = "Client.InstanceInitiated"
_ENDED_BY_SOMEBODY = ("Client.UserInitiated", _FROM_WITHIN, "Client.InstanceTerminated")
_SERVERS = "Server."
_CLIENTS = "Client."


def of_status(code: str) -> str | None:
    """Class a spot request's status code."""
    if code in _OF_STATUS or not code.startswith(_TAKEN_BACK):
        return _OF_STATUS.get(code)
    return OTHERS if code.endswith(("-by-user", "-by-experiment")) else MARKET


def of_state_reason(code: str) -> str | None:
    """Class the code of an instance's state reason. `others` is whoever ended it: that may have been we."""
    if code.startswith(_ENDED_BY_SOMEBODY):
        return OTHERS
    if code.startswith(_SERVERS):
        return MARKET
    return ACCOUNT if code.startswith(_CLIENTS) else None


def is_from_within(code: str) -> bool:
    """Tell by the code of its state reason whether an instance was shut down by its own operating system."""
    return code.startswith(_FROM_WITHIN)


def of_error(error: BaseException) -> str | None:
    """Class a refusal of RequestSpotInstances; None where AWS gave no answer."""
    if error_kind.is_no_capacity(error):
        return MARKET
    is_own_limit = error_kind.is_quota_used_up(error) or error_kind.is_throttled(error)
    return ACCOUNT if is_own_limit or error_kind.is_wrong_keys(error) or error_kind.is_refused(error) else None


def is_never_granted(status_code: str) -> bool:
    """Tell whether the same request would not be granted later either."""
    return status_code in _NEVER_GRANTED
