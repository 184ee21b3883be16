"""Who may do what: wrong or expired credentials, Regions that are not enabled, and what policies deny."""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from local_aws.market.geography import Geography
from local_aws.state.call import Call
from local_aws.state.instance_role import InstanceRole
from local_aws.state.known_errors import KNOWN, Refusal
from local_aws.state.selection import ANY, Selection

_WRONG_KEY_PREFIX = "AKIAWRONG"
_ACCOUNT = "123456789012"
_USER = f"arn:aws:iam::{_ACCOUNT}:user/local"
_ENCODED_BYTES = 900  # 1,200 characters

_UNKNOWN_CALLER_BY_SERVICE = {"ec2": KNOWN["AuthFailure"], "ssm": KNOWN["UnrecognizedClientException"]}
_UNKNOWN_CALLER = KNOWN["InvalidClientTokenId"]
_RESOURCE_KINDS = {"i-": "instance", "sir-": "spot-instances-request"}


@dataclass(frozen=True, kw_only=True)
class Denial(Selection):
    """Calls that a policy denies: with a Region one of the organisation, with ids one whose condition they fail."""

    encoded: bool = False  # whether EC2's answer carries the encoded message, which is another one each time
    explicit: bool | None = None  # whether by a Deny statement; None: as an organisation's where it has a Region


class Access:
    """Refuse calls as AWS does; it knows every access key id but those that begin with AKIAWRONG."""

    def __init__(self) -> None:
        self.instance_role = InstanceRole()
        self._lock = threading.Lock()
        self._denials: list[Denial] = []

    def deny(self, rules: Sequence[str | dict[str, Any]]) -> None:
        """Deny these calls and no others; an action's name stands for all its calls.

        Raises ValueError or TypeError for an invalid rule; the old ones then stay.
        """
        new = [Denial(action=rule) if isinstance(rule, str) else Denial(**rule) for rule in rules]
        with self._lock:
            self._denials = new

    def denials_as_json(self) -> list[dict[str, Any]]:
        """Return what is denied."""
        with self._lock:
            return [asdict(denial) for denial in self._denials]

    def refusal(self, call: Call, geography: Geography) -> Refusal | None:
        """Return AWS's refusal, or None when the caller may make this call."""
        if call.access_key.startswith(_WRONG_KEY_PREFIX) or not geography.is_enabled(call.region):
            return _unknown_caller(call)
        validity = self.instance_role.validity(call)
        if validity == "expired":
            return _expired(call, self.instance_role.settings.expired_code)
        if validity == "unknown":
            return _unknown_caller(call)
        denial = self._denial_of(call)
        return _denied(call, denial) if denial else None

    def _denial_of(self, call: Call) -> Denial | None:
        with self._lock:
            for index, denial in enumerate(self._denials):
                # Nothing of a policy's keeps GetCallerIdentity from answering; a test may, by its name.
                if denial.covers(call) and (call.action != "GetCallerIdentity" or denial.action == call.action):
                    self._denials[index] = denial.bound_to(call)
                    return self._denials[index]
        return None


def _unknown_caller(call: Call) -> Refusal:
    return _UNKNOWN_CALLER_BY_SERVICE.get(call.service, _UNKNOWN_CALLER)


def _expired(call: Call, code_of_ec2: str) -> Refusal:
    if call.service == "ec2":
        return KNOWN[code_of_ec2]
    if call.service == "ssm":
        return KNOWN["ExpiredTokenException"]
    return replace(KNOWN["ExpiredToken"], status=403)


def _denied(call: Call, denial: Denial) -> Refusal:
    action = f"{call.service}:{call.action}"
    message = f"User: {_USER} is not authorized to perform: {action}{_on_resource(call, denial)} {_why(action, denial)}"
    if call.service == "ec2":
        message = f"You are not authorized to perform this operation. {message}"
        if denial.encoded:
            message += f". Encoded authorization failure message: {secrets.token_urlsafe(_ENCODED_BYTES)}"
        return Refusal("UnauthorizedOperation", message, 403)
    if call.service == "ssm":
        return Refusal("AccessDeniedException", message, 400)
    return Refusal("AccessDenied", message, 403)


def _on_resource(call: Call, denial: Denial) -> str:
    resource_id = denial.first_id(call) if denial.ids else ""
    kind = next((kind for prefix, kind in _RESOURCE_KINDS.items() if resource_id.startswith(prefix)), "")
    return f" on resource: arn:aws:ec2:{call.region}:{_ACCOUNT}:{kind}/{resource_id}" if kind else ""


def _why(action: str, denial: Denial) -> str:
    if denial.explicit or (denial.explicit is None and denial.region != ANY):
        return "with an explicit deny in a service control policy"
    return f"because no identity-based policy allows the {action} action"
