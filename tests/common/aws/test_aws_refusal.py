"""What only people can mend is told in one line that says what to do."""

import pytest

from common.aws import aws_refusal
from tests.common.aws.failed_call import BLOB, ENCODED, KEYS, refused


@pytest.mark.parametrize(
    ("code", "message", "hours_ahead", "says"),
    [
        ("AuthFailure", KEYS, None, "AWS does not accept the credentials"),
        ("InvalidClientTokenId", "The security token included in the request is invalid.", None, "renew or correct"),
        ("ExpiredToken", "The security token included in the request is expired", None, "have expired: renew them"),
        ("AuthFailure", KEYS, 3, " s ahead of AWS's"),
        ("SignatureDoesNotMatch", "Signature expired", -1, " s behind AWS's"),
        ("RequestExpired", "Request has expired.", None, "if this machine's clock is off; else"),
        ("RequestExpired", "Request has expired.", 0, "expired, renew them"),
        ("RequestExpired", "Request has expired.", 1, " s ahead of AWS's"),
        ("PendingVerification", "Your request is pending", None, "it is being verified"),
        ("OptInRequired", "You are not subscribed", None, "the keys are fine"),
        ("UnauthorizedOperation", f"Not authorized. {ENCODED} {BLOB}", None, "denies"),
    ],
)  # fmt: skip
def test_what_only_a_person_can_mend_is_told_as_what_it_is(
    code: str, message: str, hours_ahead: float | None, says: str
) -> None:
    refusal = aws_refusal.refusal(refused(code, message, hours_ahead=hours_ahead), "ec2:DescribeRegions in us-east-1")
    assert refusal
    assert says in str(refusal).replace("\n", " ")
    assert len(str(refusal)) < 400


def test_an_auth_failure_that_is_not_about_keys_does_not_blame_them() -> None:
    error = refused("AuthFailure", "Not authorized for images: [ami-0123456789abcdef0]")
    assert aws_refusal.refusal(error, "ec2:RequestSpotInstances") is None


def test_wrong_keys_with_a_right_clock_blame_the_keys() -> None:
    assert "credentials" in str(aws_refusal.refusal(refused("AuthFailure", KEYS, hours_ahead=0), "ec2:X"))
