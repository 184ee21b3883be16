"""What AWS's error codes mean to us. Callers ask questions; they do not compare codes.

Sources: the EC2 API's list of error codes, and botocore's own kinds of failure (no connection, no credentials).
"""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime

import botocore.exceptions as failures
from botocore.parsers import ResponseParserError

from common.aws.aws_session import why_no_credentials
from common.aws.aws_time import AwsTime
from common.aws.region_name import REGION
from common.errors import Refusal
from common.redaction import without_secrets

_CLOCK_TOLERANCE_SECONDS = 240.0  # EC2's is five minutes; by then it is off by any measure
# Over a thousand characters that differ with every denial and tell nobody anything.
_ENCODED = re.compile(r"(Encoded authorization failure message:?)\s*\S+", re.IGNORECASE)
# A garbled answer, which is quoted, may be of any length; and what it concerns stands after it.
_LONGEST = 400
_VARYING = re.compile(r"\S*\d\S*")
_NO_CREDENTIALS = (
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
_DENIED = {"UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation"}
_WRONG_KEYS = {
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "UnrecognizedClientException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
}
# AuthFailure is several things, and only its message tells them apart.
_MAYBE_KEYS = "AuthFailure"
_WRONG_KEYS_MESSAGE = re.compile(
    r"validate the provided access credentials|access credentials? (?:is|are) ", re.IGNORECASE
)
_INVALID_QUERY = {"InvalidParameterValue", "InvalidParameterCombination", "InvalidInstanceType", "InvalidParameter"}
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"}
_CLOCK = {"RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture"}
_ACCOUNT_STATE = {
    "PendingVerification": "it is being verified, which takes minutes to hours",
    "Blocked": "AWS has blocked it: see AWS's mails, or open a support case",
    "OptInRequired": "it is not signed up for this: switch on the service, or the Region",
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
# This type, AMI, subnet or account never go together in this Region: no word on capacity, and the same tomorrow.
_NEVER_HERE = {
    "Unsupported",
    "UnsupportedOperation",
    "UnsupportedInstanceAttribute",
    "VPCIdNotSpecified",
    "DefaultVpcDoesNotExist",
    "DefaultSubnetDoesNotExist",
    "MissingInput",
    "MissingParameter",
    "InvalidParameterCombination",
    "InvalidParameterValue",
    "InvalidParameter",
    "InvalidSubnet",
    "InvalidSubnetID.NotFound",
    "InvalidGroup.NotFound",
    "InvalidGroupId.Malformed",
    "InvalidSecurityGroupID.NotFound",
    "InvalidSpotDatafeed.NotFound",
    "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
    "ServiceLinkedRoleCreationNotPermitted",
    "InvalidKeyPair.NotFound",
    "InvalidAMIID.Unavailable",
}
# Of these, what holds for every type: no network to launch into, no role for spot requests.
_NEVER_IN_REGION = {
    "VPCIdNotSpecified",
    "DefaultVpcDoesNotExist",
    "DefaultSubnetDoesNotExist",
    "MissingInput",
    "InvalidSubnet",
    "InvalidSubnetID.NotFound",
    "InvalidGroup.NotFound",
    "InvalidGroupId.Malformed",
    "InvalidSecurityGroupID.NotFound",
    "InvalidSpotDatafeed.NotFound",
    "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
    "ServiceLinkedRoleCreationNotPermitted",
    "InvalidKeyPair.NotFound",
}
VERDICTS_ON_CREDENTIALS = _WRONG_KEYS | _EXPIRED | _CLOCK | {_MAYBE_KEYS}
"""Codes by which AWS says that it does not accept who we say we are: said by mistake now and then."""
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
_UNANSWERED = (
    failures.ConnectionError,  # refused, unknown host, no route; timeouts of connecting
    failures.HTTPClientError,  # reset, closed, read timeouts, TLS
)

# What a call of botocore ends with when AWS refuses, is out of reach, or answers what is no answer.
AWS_FAILURES = (
    failures.ClientError,
    failures.BotoCoreError,
    ResponseParserError,
    # Which botocore's parser lets through where a number or a time is none, is out of bounds, or stands twice.
    ValueError,
    TypeError,
    RuntimeError,
)


def code(error: BaseException) -> str:
    """Give AWS's error code, or the kind of failure if AWS never answered in words."""
    if isinstance(error, failures.ClientError):
        return str(error.response.get("Error", {}).get("Code") or "Unknown")
    return type(error).__name__


def describe(error: BaseException) -> str:
    """Say in one line what happened: code and AWS's own message, without secrets and encoded blobs, cut if long."""
    said = str(error)
    if isinstance(error, failures.ClientError):
        said = _ENCODED.sub(r"\1 …", message(error) or "no message")
    line = without_secrets(" ".join(f"{code(error)}: {said}".split()))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …"


def message(error: BaseException) -> str:
    """Give AWS's own words, as they are; empty if there are none."""
    if isinstance(error, failures.ClientError):
        return str(error.response.get("Error", {}).get("Message") or "")
    return ""


def cause(error: BaseException) -> str:
    """Give what is the same in all failures of one cause: without the Regions, ids and numbers that differ."""
    return _VARYING.sub("#", REGION.sub("(Region)", describe(error)))


def by_cause(errors: Mapping[str, BaseException]) -> list[tuple[BaseException, list[str]]]:
    """Group failures, by name of Region or query, that have one cause: one of them for each cause, and the names."""
    groups: dict[str, tuple[BaseException, list[str]]] = {}
    for name, error in errors.items():
        groups.setdefault(cause(error), (error, []))[1].append(name)
    return sorted(groups.values(), key=lambda group: -len(group[1]))


def seconds_ahead(error: BaseException) -> float | None:
    """Tell by the answer's Date how far this machine's clock is ahead of AWS's (behind: negative); None without one."""
    if not isinstance(error, failures.ClientError) or os.environ.get("SPOT_NOW"):  # in a rehearsal time is played
        return None
    headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    aws = AwsTime()
    aws.note(headers)
    return (datetime.now(UTC) - aws.now()).total_seconds() if aws.is_known else None


def is_configuration_limit(error: BaseException) -> bool:
    """Tell whether the placement-score configurations of 24 hours are used up; final for the day, no throttling.

    The service says MaxConfigLimitExceeded, its error table MaxConfigLimitExceededException.
    """
    return code(error).startswith("MaxConfigLimitExceeded")


def is_final_for_scores(error: BaseException) -> bool:
    """Tell whether AWS will not answer this placement-score query today, whatever else it answers.

    It refuses types that EC2 itself offers, for days (InvalidParameterValue), and some endpoints lack the call.
    """
    return is_configuration_limit(error) or is_unsupported_endpoint(error) or code(error) in _INVALID_QUERY


def is_unsupported_endpoint(error: BaseException) -> bool:
    """Tell whether this endpoint Region does not offer the call at all."""
    return code(error) in {"UnsupportedOperation", "Unsupported", "InvalidAction", "UnknownOperationException"}


def is_denied(error: BaseException) -> bool:
    """Tell whether the account's IAM policy lacks the permission."""
    return code(error) in _DENIED


def is_denied_by_a_deny_statement(error: BaseException) -> bool:
    """Tell whether AWS says that a policy forbids it (an organisation's, mostly), not only that none allows it."""
    return is_denied(error) and bool(_DENY_STATEMENT.search(message(error)))


def is_verdict_on_credentials(error: BaseException) -> bool:
    """Tell whether AWS says that it does not accept who we say we are. It says so by mistake now and then."""
    return code(error) in VERDICTS_ON_CREDENTIALS


def is_wrong_keys(error: BaseException) -> bool:
    """Tell whether the keys are wrong or have expired, or there are none to be had."""
    if isinstance(error, (failures.NoCredentialsError, failures.PartialCredentialsError, *_NO_CREDENTIALS)):
        return True
    is_about_keys = code(error) == _MAYBE_KEYS and bool(_WRONG_KEYS_MESSAGE.search(message(error)))
    return code(error) in _WRONG_KEYS | _EXPIRED or is_about_keys


def is_wrong_clock(error: BaseException) -> bool:
    """Tell whether this machine's clock, not its keys, is what AWS refuses; EC2 tolerates five minutes."""
    ahead = seconds_ahead(error)
    is_off = ahead is not None and abs(ahead) > _CLOCK_TOLERANCE_SECONDS
    return code(error) in _CLOCK or (is_off and is_verdict_on_credentials(error))


def is_account_state(error: BaseException) -> bool:
    """Tell whether AWS holds the account itself back, often in single Regions; its keys are fine."""
    return code(error) in _ACCOUNT_STATE


def is_never_here(error: BaseException) -> bool:
    """Tell whether what was asked for can never be granted here: type, AMI, subnet and account do not go together."""
    return code(error) in _NEVER_HERE


def is_never_in_region(error: BaseException) -> bool:
    """Tell whether that holds for every instance type in the Region."""
    return code(error) in _NEVER_IN_REGION


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


def may_concern_one_id(error: BaseException) -> bool:
    """Tell whether AWS may have refused a whole call because of a single id in it: protected, denied, in another state.

    Not where it refuses who we say we are, or the account.
    """
    concerns_all = is_wrong_keys(error) or is_wrong_clock(error) or is_account_state(error)
    return is_refused(error) and not concerns_all


def is_unanswered(error: BaseException) -> bool:
    """Tell whether no answer came: the call may or may not have taken effect."""
    return isinstance(error, (*_UNANSWERED, TimeoutError)) or code(error) in {
        "InternalError",
        "InternalFailure",
        "ServiceUnavailable",
        "Unavailable",
        "RequestTimeout",
        "500",
        "502",
        "503",
        "504",
    }


def refusal(error: BaseException, action: str) -> Refusal | None:
    """Give the one line for people if only they can mend it (keys, clock, account, an IAM permission), else None."""
    if is_denied(error):
        return Refusal(f"AWS denies {action}: give the IAM identity that permission ({describe(error)})")
    if is_wrong_clock(error):
        return Refusal(_about_the_clock(error))
    if is_wrong_keys(error):
        return Refusal(_about_the_keys(error))
    if is_account_state(error):
        return Refusal(
            f"AWS holds the account back, at {action}: {_ACCOUNT_STATE[code(error)]}; the keys are fine"
            f" ({describe(error)})"
        )
    return None


def _http_status(error: BaseException) -> int:
    if not isinstance(error, failures.ClientError):
        return 0
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _about_the_clock(error: BaseException) -> str:
    ahead = seconds_ahead(error)
    mend = "switch on time synchronisation (timedatectl set-ntp true)"
    if ahead is None:
        return (
            f"AWS calls the request's time wrong: {mend}, if this machine's clock is off; else the credentials may have"
            f" expired, renew them ({describe(error)})"
        )
    if abs(ahead) <= _CLOCK_TOLERANCE_SECONDS:
        return (
            "AWS calls the request's time wrong, but this machine's clock agrees with AWS's: so it answers where a"
            f" session's credentials have expired, renew them ({describe(error)})"
        )
    way = "ahead of" if ahead > 0 else "behind"
    return (
        f"this machine's clock is {abs(ahead):.0f} s {way} AWS's, so AWS refuses what it signs: {mend} ({code(error)})"
    )


def _about_the_keys(error: BaseException) -> str:
    if code(error) in _EXPIRED:
        return f"the AWS credentials have expired: renew them ({describe(error)})"
    if not isinstance(error, failures.ClientError):
        return why_no_credentials(error)
    return f"AWS does not accept the credentials: renew or correct them ({describe(error)})"
