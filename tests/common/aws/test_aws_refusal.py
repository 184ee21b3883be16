"""What only people can mend is told in one line that says what to do."""

import pytest
from botocore.exceptions import ClientError

from common.aws import aws_refusal
from tests.common.aws.failed_call import BLOB, ENCODED, KEYS, refused


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
    refusal = aws_refusal.refusal(error, "ec2:DescribeRegions in us-east-1")
    assert refusal
    assert says in str(refusal).replace("\n", " ")
    assert len(str(refusal)) < 400


def test_an_auth_failure_that_is_not_about_keys_does_not_blame_them() -> None:
    error = refused("AuthFailure", "Not authorized for images: [ami-0123456789abcdef0]")
    assert aws_refusal.refusal(error, "ec2:RequestSpotInstances") is None


def test_wrong_keys_with_a_right_clock_blame_the_keys() -> None:
    assert "credentials" in str(aws_refusal.refusal(refused("AuthFailure", KEYS, hours_ahead=0), "ec2:X"))
