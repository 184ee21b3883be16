"""Who may do what: wrong credentials, denied actions, Regions that are not enabled."""

from dataclasses import dataclass

from local_aws.market.geography import Geography
from local_aws.state.call import Call

WRONG_KEY_PREFIX = "AKIAWRONG"
_USER = "arn:aws:iam::123456789012:user/local"


@dataclass(frozen=True)
class Refusal:
    """An error of AWS: its code and message, and the HTTP status it comes with."""

    code: str
    message: str
    status: int


_INVALID_MESSAGE = "The security token included in the request is invalid."
_UNKNOWN_CALLER_BY_SERVICE = {
    "ec2": Refusal("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
    "ssm": Refusal("UnrecognizedClientException", _INVALID_MESSAGE, 400),
}
_UNKNOWN_CALLER = Refusal("InvalidClientTokenId", _INVALID_MESSAGE, 403)


class Access:
    """Refuse calls as AWS does; it knows every access key id but those that begin with AKIAWRONG."""

    def __init__(self) -> None:
        self.denied_actions: frozenset[str] = frozenset()

    def refusal(self, call: Call, geography: Geography) -> Refusal | None:
        """Return AWS's refusal, or None when the caller may make this call."""
        if call.access_key.startswith(WRONG_KEY_PREFIX) or not geography.is_enabled(call.region):
            return _UNKNOWN_CALLER_BY_SERVICE.get(call.service, _UNKNOWN_CALLER)
        if call.action in self.denied_actions:
            return _denied(call)
        return None


def _denied(call: Call) -> Refusal:
    action = f"{call.service}:{call.action}"
    reason = f"is not authorized to perform: {action} because no identity-based policy allows the {action} action"
    if call.service == "ec2":
        message = f"You are not authorized to perform this operation. User: {_USER} {reason}"
        return Refusal("UnauthorizedOperation", message, 403)
    if call.service == "ssm":
        return Refusal("AccessDeniedException", f"User: {_USER} {reason}", 400)
    return Refusal("AccessDenied", f"User: {_USER} {reason}", 403)
