"""Which kind of failure a failed call of AWS is. Callers ask questions; they do not compare codes.

Sources: the EC2 API's list of error codes, and botocore's own kinds of failure (no credentials).
"""

import re

import botocore.exceptions as failures

from common.aws.aws_error import answer, code, message
from common.aws.aws_time import seconds_ahead

_CLOCK_TOLERANCE_SECONDS = 240.0  # EC2's is five minutes; by then it is off by any measure
_NO_CREDENTIALS = (
    failures.NoCredentialsError,
    failures.PartialCredentialsError,
    failures.CredentialRetrievalError,
    failures.TokenRetrievalError,
    failures.NoAuthTokenError,
    failures.SSOError,
    failures.LoginError,
    failures.MetadataRetrievalError,
    failures.RefreshWithMFAUnsupportedError,
)

# What IAM says of a Deny statement, beside "because no identity-based policy allows the … action" where none allows it:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
_DENY_STATEMENT = re.compile(r"with an explicit deny", re.IGNORECASE)
_DENIED = {"UnauthorizedOperation", "AccessDenied", "AccessDeniedException"}
_WRONG_KEYS = {
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "UnrecognizedClientException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidAccessKeyId",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
}
# AuthFailure is several things, and only its message tells them apart.
_MAYBE_KEYS = "AuthFailure"
_WRONG_KEYS_MESSAGE = re.compile(
    r"validate the provided access credentials|access credentials? (?:is|are) ", re.IGNORECASE
)
_INVALID_QUERY = {"UnknownParameter", "ValidationError", "MalformedQueryString"}
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"}
_REQUEST_TIME = {"RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture"}
_ACCOUNT_STATE = {
    "PendingVerification": "it is being verified, which takes minutes to hours",
    "Blocked": "AWS has blocked it: see AWS's mails, or open a support case",
    "OptInRequired": "it is not signed up for this: switch on the service, or the Region",
    "SubscriptionRequired": "it is not signed up for this: switch on the service",
    "SubscriptionRequiredException": "it is not signed up for this: switch on the service",
    "NotSignedUp": "it is not signed up for this: switch on the service",
    "AccountProblem": "AWS has a problem with it: see AWS's mails, or open a support case",
    "AccountDisabled": "AWS has disabled it: open a support case",
    "AccountSuspended": "AWS has suspended it: open a support case",
}
_ACCOUNT_QUOTA = {
    "MaxSpotInstanceCountExceeded",
    "MaxSpotFleetRequestCountExceeded",
    "VcpuLimitExceeded",
    "InstanceLimitExceeded",
    "VolumeLimitExceeded",
}
_NO_CAPACITY = {
    "InsufficientInstanceCapacity",
    "InsufficientCapacity",
    "InsufficientHostCapacity",
    "InsufficientCapacityOnHost",
    "InsufficientReservedInstanceCapacity",
    "UnfulfillableCapacity",
    "SpotMaxPriceTooLow",
}
# No network to launch into, no role for spot requests: no word on capacity, the same tomorrow, and for every type.
_NEVER_IN_REGION = {
    "VPCIdNotSpecified",
    "DefaultVpcDoesNotExist",
    "DefaultSubnetDoesNotExist",
    "MissingInput",
    "InvalidSpotDatafeed.NotFound",
    "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
    "ServiceLinkedRoleCreationNotPermitted",
    "InvalidKeyPair.NotFound",
}
_NETWORK_IS_WRONG = re.compile(r"Invalid(?:Subnet|V[Pp][Cc]|Group|SecurityGroup|NetworkInterface)")
# As final, of this type and AMI with this account, or of this query.
_REQUEST_IS_WRONG = re.compile(
    r"(?:Invalid|Unsupported|Missing)(?!ClientTokenId|AccessKeyId|Signature|AuthenticationToken|State)|\w+NotSupported$"
)
VERDICTS_ON_CREDENTIALS = _WRONG_KEYS | _EXPIRED | _REQUEST_TIME | {_MAYBE_KEYS}
"""Codes by which AWS says that it does not accept who we say we are: said by mistake now and then."""
ENDED_SESSION = _EXPIRED | _REQUEST_TIME
"""Codes by which AWS says, or may say, that temporary credentials have ended."""
ANSWERS_NOT_FAILURES = _NO_CAPACITY | _ACCOUNT_QUOTA
"""Codes that are an answer, whatever the HTTP status they come with: asking again gives the same."""
_NO_SUCH_AMI = {"InvalidAMIID.NotFound", "InvalidAMIID.Unavailable", "InvalidAMIID.Malformed"}
_UNKNOWN_ID = {
    "InvalidSpotInstanceRequestID.NotFound",
    "InvalidInstanceID.NotFound",
    "InvalidSpotInstanceRequestID.Malformed",
    "InvalidInstanceID.Malformed",
}
_THROTTLED = {
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "EC2ThrottledException",
    "TooManyRequestsException",
    "PriorRequestNotComplete",
    "BandwidthLimitExceeded",
    "SlowDown",
}
_TOO_MANY_REQUESTS = 429
_UNAVAILABLE = {"ServiceUnavailable", "Unavailable"}  # the whole service


def is_configuration_limit(error: BaseException) -> bool:
    """Tell whether the placement-score configurations of 24 hours are used up; final for the day, no throttling.

    The service says MaxConfigLimitExceeded, its error table MaxConfigLimitExceededException.
    """
    return code(error).startswith("MaxConfigLimitExceeded")


def is_final_for_scores(error: BaseException) -> bool:
    """Tell whether AWS will not answer this placement-score query today, whatever else it answers.

    It refuses types that EC2 itself offers, for days (InvalidParameterValue), and some endpoints lack the call.
    """
    is_invalid = code(error) in _INVALID_QUERY or bool(_REQUEST_IS_WRONG.match(code(error)))
    return is_configuration_limit(error) or is_unsupported_endpoint(error) or is_invalid


def is_unsupported_endpoint(error: BaseException) -> bool:
    """Tell whether this endpoint Region does not offer the call at all."""
    return code(error) in {"UnsupportedOperation", "Unsupported", "InvalidAction", "UnknownOperationException"}


def is_denied(error: BaseException) -> bool:
    """Tell whether the account's IAM policy lacks the permission."""
    return code(error) in _DENIED


def is_denied_by_a_deny_statement(error: BaseException) -> bool:
    """Tell whether AWS says that a policy forbids it (an organisation's, mostly), not only that none allows it."""
    return is_denied(error) and bool(_DENY_STATEMENT.search(message(error)))


def is_wrong_keys(error: BaseException) -> bool:
    """Tell whether the keys are wrong or have expired, or there are none to be had."""
    is_about_keys = code(error) == _MAYBE_KEYS and bool(_WRONG_KEYS_MESSAGE.search(message(error)))
    return isinstance(error, _NO_CREDENTIALS) or code(error) in _WRONG_KEYS or is_expired(error) or is_about_keys


def is_expired(error: BaseException) -> bool:
    """Tell whether AWS says that the credentials have expired."""
    return code(error) in _EXPIRED


def is_request_time_refused(error: BaseException) -> bool:
    """Tell whether AWS calls the request's time wrong: so it does for a wrong clock, and for an expired session."""
    return code(error) in _REQUEST_TIME


def is_wrong_clock(error: BaseException) -> bool:
    """Tell whether AWS does not accept who we say we are, and its Date shows that this machine's clock is why."""
    ahead = seconds_ahead(answer(error))
    is_off = ahead is not None and abs(ahead) > _CLOCK_TOLERANCE_SECONDS
    return is_off and code(error) in VERDICTS_ON_CREDENTIALS


def account_state(error: BaseException) -> str | None:
    """Say why AWS holds the account itself back, often in single Regions; None if it does not."""
    return _ACCOUNT_STATE.get(code(error))


def is_never_here(error: BaseException) -> bool:
    """Tell whether what was asked for can never be granted here: type, AMI, subnet and account do not go together.

    EC2 has dozens of codes for it, by which part of the request is wrong: all begin or end alike.
    """
    return code(error) in _NEVER_IN_REGION or bool(_REQUEST_IS_WRONG.match(code(error)))


def is_never_in_region(error: BaseException) -> bool:
    """Tell whether that holds for every instance type in the Region."""
    return code(error) in _NEVER_IN_REGION or bool(_NETWORK_IS_WRONG.match(code(error)))


def is_quota_used_up(error: BaseException) -> bool:
    """Tell whether the account's own quota (vCPUs, instances) forbids it: no word on the market's capacity."""
    return code(error) in _ACCOUNT_QUOTA


def is_no_capacity(error: BaseException) -> bool:
    """Tell whether the market has no spare capacity for it."""
    return code(error) in _NO_CAPACITY


def is_no_such_ami(error: BaseException) -> bool:
    """Tell whether the Region has no such AMI (any more)."""
    return code(error) in _NO_SUCH_AMI


def is_unknown_id(error: BaseException) -> bool:
    """Tell whether an id is not known: not yet, or not any more."""
    return code(error) in _UNKNOWN_ID


def is_throttled(error: BaseException) -> bool:
    """Tell whether AWS says that we ask too often: the same call succeeds later."""
    return code(error) in _THROTTLED or _http_status(error) == _TOO_MANY_REQUESTS


def is_refused(error: BaseException) -> bool:
    """Tell whether AWS answered with a no of its own (a 4xx, no throttling): asking again at once gives the same."""
    return 400 <= _http_status(error) < 500 and not is_throttled(error)


def is_server_error(error: BaseException) -> bool:
    """Tell whether AWS's own servers failed in a call that they had taken: a 5xx, no throttling, and not all of it."""
    return _http_status(error) >= 500 and not is_throttled(error) and code(error) not in _UNAVAILABLE


def may_concern_one_id(error: BaseException) -> bool:
    """Tell whether AWS may have refused a whole call because of a single id in it: protected, denied, in another state.

    Not where it refuses who we say we are, or the account.
    """
    is_identity_refused = is_wrong_keys(error) or is_request_time_refused(error) or is_wrong_clock(error)
    return is_refused(error) and not (is_identity_refused or account_state(error))


def _http_status(error: BaseException) -> int:
    return int(answer(error).get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
