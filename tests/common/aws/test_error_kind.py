"""What AWS's codes mean is read with their messages, and with its Date."""

import pytest

from common.aws import error_kind
from tests.common.aws.failed_call import BLOB, ENCODED, KEYS, refused


@pytest.mark.parametrize("code", ["Unsupported", "VPCIdNotSpecified", "MissingInput", "InvalidParameterCombination"])
def test_what_never_goes_together_here_is_no_word_on_capacity(code: str) -> None:
    assert not error_kind.is_no_capacity(refused(code))
    assert error_kind.is_never_here(refused(code))


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
    assert error_kind.is_denied(error)
    assert error_kind.is_denied_by_a_deny_statement(error) == is_forbidden


def test_a_clock_is_wrong_only_where_aws_shows_it_to_be() -> None:
    assert error_kind.is_wrong_clock(refused("RequestExpired", hours_ahead=1))
    assert error_kind.is_wrong_clock(refused("AuthFailure", KEYS, hours_ahead=-1))
    assert not error_kind.is_wrong_clock(refused("RequestExpired", hours_ahead=0))
    assert not error_kind.is_wrong_clock(refused("RequestExpired"))
    assert not error_kind.is_wrong_clock(refused("UnauthorizedOperation", hours_ahead=1))


@pytest.mark.parametrize("code", ["RequestExpired", "ExpiredToken", "PendingVerification", "InvalidClientTokenId"])
def test_what_holds_for_the_whole_account_concerns_no_single_id(code: str) -> None:
    assert not error_kind.may_concern_one_id(refused(code))
    assert error_kind.may_concern_one_id(refused("OperationNotPermitted"))
