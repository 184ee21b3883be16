"""What AWS's error codes mean to us. Callers ask questions; they do not compare codes.

Sources: the EC2 API's list of error codes, and botocore's own kinds of failure (no connection, no credentials).
"""

import botocore.exceptions as failures
from botocore.parsers import ResponseParserError

from common.errors import Refusal
from common.redaction import without_secrets

_DENIED = {"UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation"}
_CREDENTIALS = {
    "AuthFailure",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "MissingAuthenticationToken",
    "OptInRequired",
    "Blocked",
    "PendingVerification",
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
    "UnfulfillableCapacity",
    "SpotMaxPriceTooLow",
    "Unsupported",
}
_NO_SUCH_AMI = {"InvalidAMIID.NotFound", "InvalidAMIID.Unavailable", "InvalidAMIID.Malformed"}
_UNKNOWN_ID = {
    "InvalidSpotInstanceRequestID.NotFound",
    "InvalidInstanceID.NotFound",
    "InvalidSpotInstanceRequestID.Malformed",
    "InvalidInstanceID.Malformed",
}
_UNANSWERED = (
    failures.ConnectionError,  # refused, unknown host, no route; timeouts of connecting
    failures.HTTPClientError,  # reset, closed, read timeouts, TLS
)

# What a call of botocore ends with when AWS refuses, is out of reach, or answers what is no answer.
AWS_FAILURES = (
    failures.ClientError,
    failures.BotoCoreError,
    ResponseParserError,
    ValueError,  # which botocore's parser lets through where a number or a time is none
)


def code(error: BaseException) -> str:
    """Give AWS's error code, or the kind of failure if AWS never answered in words."""
    if isinstance(error, failures.ClientError):
        return str(error.response.get("Error", {}).get("Code") or "Unknown")
    return type(error).__name__


def describe(error: BaseException) -> str:
    """Say in one line what happened: code and AWS's own message, without secrets."""
    if isinstance(error, failures.ClientError):
        message = str(error.response.get("Error", {}).get("Message") or "no message")
        return without_secrets(" ".join(f"{code(error)}: {message}".split()))
    return without_secrets(" ".join(f"{code(error)}: {error}".split()))


def is_configuration_limit(error: BaseException) -> bool:
    """Tell whether the placement-score configurations of 24 hours are used up; final for the day, no throttling.

    The service says MaxConfigLimitExceeded, its error table MaxConfigLimitExceededException.
    """
    return code(error).startswith("MaxConfigLimitExceeded")


def is_denied(error: BaseException) -> bool:
    """Tell whether the account's IAM policy lacks the permission."""
    return code(error) in _DENIED


def is_wrong_credentials(error: BaseException) -> bool:
    """Tell whether AWS does not accept who we say we are, or there is nobody to be."""
    return code(error) in _CREDENTIALS or isinstance(
        error,
        (
            failures.NoCredentialsError,
            failures.PartialCredentialsError,
            failures.CredentialRetrievalError,
            failures.TokenRetrievalError,
            failures.UnauthorizedSSOTokenError,
        ),
    )


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
    """Give the one line for people if only they can mend it (credentials, an IAM permission), else None."""
    if is_denied(error):
        return Refusal(f"AWS denies {action}: give the IAM identity that permission ({describe(error)})")
    if is_wrong_credentials(error):
        return Refusal(f"AWS does not accept the credentials: renew or correct them ({describe(error)})")
    return None
