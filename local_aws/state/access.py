"""Who may do what: wrong credentials, denied actions, Regions that are not enabled."""

from werkzeug.wrappers import Response

from local_aws.market.geography import Geography
from local_aws.server.error_response import error_response
from local_aws.state.call import Call

WRONG_KEY_PREFIX = "AKIAWRONG"

_UNKNOWN_CALLER = {
    "ec2": ("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
    "ssm": ("UnrecognizedClientException", "The security token included in the request is invalid.", 400),
}
_UNKNOWN_CALLER_ELSEWHERE = (
    "InvalidClientTokenId",
    "The security token included in the request is invalid.",
    403,
)


class Access:
    """Say no as AWS does; access key ids beginning with AKIAWRONG are unknown to it."""

    def __init__(self) -> None:
        self.denied_actions: frozenset[str] = frozenset()

    def refusal(self, call: Call, geography: Geography) -> Response | None:
        """Return AWS's refusal, or nothing when the caller may make this call."""
        if call.access_key.startswith(WRONG_KEY_PREFIX) or not geography.is_enabled(call.region):
            code, message, status = _UNKNOWN_CALLER.get(call.service, _UNKNOWN_CALLER_ELSEWHERE)
            return error_response(call.service, code, message, status)
        if call.action in self.denied_actions:
            return _denied(call)
        return None


def _denied(call: Call) -> Response:
    if call.service == "ec2":
        message = (
            "You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/local "
            f"is not authorized to perform: ec2:{call.action} because no identity-based policy allows "
            f"the ec2:{call.action} action"
        )
        return error_response(call.service, "UnauthorizedOperation", message, 403)
    code = "AccessDeniedException" if call.service == "ssm" else "AccessDenied"
    message = (
        "User: arn:aws:iam::123456789012:user/local is not authorized to perform: "
        f"{call.service}:{call.action} because no identity-based policy allows the "
        f"{call.service}:{call.action} action"
    )
    return error_response(call.service, code, message, 400 if call.service == "ssm" else 403)
