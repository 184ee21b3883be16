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


@pytest.mark.parametrize(
    ("code", "is_never", "is_regions"),
    [
        ("InvalidBlockDeviceMapping", True, False),
        ("InvalidInstanceType", True, False),
        ("UnsupportedHibernationConfiguration", True, False),
        ("InstanceTypeNotSupported", True, False),
        ("InvalidSubnet.Conflict", True, True),
        ("InvalidSecurityGroupId.NotFound", True, True),
        ("InvalidVpcID.NotFound", True, True),
        ("Client.Unsupported", True, False),
        ("InvalidClientTokenId", False, False),
        ("MissingAuthenticationToken", False, False),
        ("InsufficientFreeAddressesInSubnet", False, False),
        ("InternalError", False, False),
    ],
)
def test_a_request_that_is_wrong_is_never_granted_by_whatever_code_it_is_told(
    code: str, is_never: bool, is_regions: bool
) -> None:
    error = refused(code)
    assert (error_kind.is_never_here(error), error_kind.is_never_in_region(error)) == (is_never, is_regions)


def test_a_code_with_whose_fault_it_is_before_it_is_the_same() -> None:
    assert error_kind.is_no_capacity(refused("Server.InsufficientInstanceCapacity"))
    assert error_kind.is_denied(refused("Client.UnauthorizedOperation"))


@pytest.mark.parametrize(
    ("code", "is_final"),
    [
        ("InvalidParameterValue", True),
        ("InvalidInput", True),
        ("MissingParameter", True),
        ("ValidationError", True),
        ("UnsupportedOperation", True),
        ("InvalidClientTokenId", False),
        ("RequestLimitExceeded", False),
        ("InternalError", False),
        ("UnauthorizedOperation", False),
    ],
)
def test_a_score_query_that_is_wrong_is_final_for_the_day(code: str, is_final: bool) -> None:
    assert error_kind.is_final_for_scores(refused(code)) == is_final
