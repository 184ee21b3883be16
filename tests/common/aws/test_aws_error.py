"""What AWS's codes mean is read with their messages."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from common.aws import aws_error

BLOB = "x7Zq" * 300
ENCODED = "Encoded authorization failure message:"


def refused(code: str, message: str = "no", *, hours_ahead: float | None = None) -> ClientError:
    headers = {}
    if hours_ahead is not None:
        headers["date"] = format_datetime(datetime.now(UTC) - timedelta(hours=hours_ahead), usegmt=True)
    about: Any = {"HTTPStatusCode": 400, "HTTPHeaders": headers, "RequestId": "1", "HostId": "", "RetryAttempts": 0}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": about}, "Call")


KEYS = "AWS was not able to validate the provided access credentials"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (refused("AuthFailure", KEYS), "AWS does not accept the credentials"),
        (refused("InvalidClientTokenId", "The security token included in the request is invalid."), "renew or correct"),
        (refused("ExpiredToken", "The security token included in the request is expired"), "have expired: renew them"),
        (refused("AuthFailure", KEYS, hours_ahead=3), " s ahead of AWS's"),
        (refused("SignatureDoesNotMatch", "Signature expired", hours_ahead=-1), " s behind AWS's"),
        (refused("RequestExpired", "Request has expired."), "if this machine's clock is off; else"),
        (refused("RequestExpired", "Request has expired.", hours_ahead=0), "expired, renew them"),
        (refused("RequestExpired", "Request has expired.", hours_ahead=1), " s ahead of AWS's"),
        (refused("PendingVerification", "Your request is pending"), "it is being verified"),
        (refused("OptInRequired", "You are not subscribed"), "the keys are fine"),
        (refused("UnauthorizedOperation", f"Not authorized. {ENCODED} {BLOB}"), "denies"),
    ],
)  # fmt: skip
def test_what_only_a_person_can_mend_is_told_as_what_it_is(error: ClientError, says: str) -> None:
    refusal = aws_error.refusal(error, "ec2:DescribeRegions in us-east-1")
    assert refusal
    assert says in str(refusal).replace("\n", " ")
    assert len(str(refusal)) < 400


def test_an_auth_failure_that_is_not_about_keys_does_not_blame_them() -> None:
    error = refused("AuthFailure", "Not authorized for images: [ami-0123456789abcdef0]")
    assert aws_error.refusal(error, "ec2:RequestSpotInstances") is None


def test_wrong_keys_with_a_right_clock_blame_the_keys() -> None:
    assert "credentials" in str(aws_error.refusal(refused("AuthFailure", KEYS, hours_ahead=0), "ec2:X"))


def test_denials_of_one_kind_are_one_cause_though_each_carries_another_blob() -> None:
    denied = {
        region: refused("UnauthorizedOperation", f"Not authorized in {region}. {ENCODED} {n}{BLOB}")
        for n, region in enumerate(("us-east-1", "eu-west-1", "ap-south-1"))
    }  # fmt: skip
    other = {"sa-east-1": refused("AuthFailure", KEYS)}
    groups = aws_error.by_cause(denied | other)
    assert [names for _, names in groups] == [["us-east-1", "eu-west-1", "ap-south-1"], ["sa-east-1"]]
    assert BLOB not in aws_error.describe(groups[0][0])


@pytest.mark.parametrize("error", [ValueError("garbage " * 300), refused("Odd", "garbage " * 300)])
def test_a_garbled_answer_that_is_quoted_leaves_room_for_what_it_concerns(error: Exception) -> None:
    assert len(aws_error.describe(error)) < 450


@pytest.mark.parametrize("code", ["Unsupported", "VPCIdNotSpecified", "MissingInput", "InvalidParameterCombination"])
def test_what_never_goes_together_here_is_no_word_on_capacity(code: str) -> None:
    assert not aws_error.is_no_capacity(refused(code))
    assert aws_error.is_never_here(refused(code))


@pytest.mark.parametrize(
    ("reason", "is_forbidden"),
    [
        ("with an explicit deny in a service control policy", True),
        ("with an explicit deny in an identity-based policy", True),
        ("because no identity-based policy allows the ec2:TerminateInstances action", False),
        (f"{ENCODED} {BLOB}", False),
    ],
)  # fmt: skip
def test_a_deny_statement_is_told_from_an_allow_that_is_lacking(reason: str, is_forbidden: bool) -> None:
    error = refused("UnauthorizedOperation", f"You are not authorized to perform this operation. User: u {reason}")
    assert aws_error.is_denied(error)
    assert aws_error.is_denied_by_a_deny_statement(error) == is_forbidden
