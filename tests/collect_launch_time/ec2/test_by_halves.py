"""Calls for many ids, of which one that AWS refuses fails all."""

from typing import Any

import botocore.exceptions
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_launch_time.ec2.by_halves import call_by_halves

IDS = [f"i-{number:08x}" for number in range(60)]


def no(code: str, message: str = "", status: int = 400) -> botocore.exceptions.ClientError:
    about: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return botocore.exceptions.ClientError(about, "Call")


class Ec2:
    """An endpoint that refuses some ids with a code, and may name the first of them."""

    def __init__(self, refused: set[str], code: str, *, names: bool = False) -> None:
        self.refused, self.code, self.names = refused, code, names
        self.status = 400
        self.calls = 0
        self.done: list[str] = []

    def __call__(self, ids: list[str]) -> list[str]:
        self.calls += 1
        if bad := [one for one in ids if one in self.refused]:
            raise no(
                self.code, f"The instance '{bad[0]}' may not be ended" if self.names else "encoded 0xabc", self.status
            )
        self.done += ids
        return ids


CODES = ["OperationNotPermitted", "IncorrectInstanceState", "InvalidParameterValue", "InvalidInstanceID.NotFound"]


@given(st.sets(st.sampled_from(IDS)), st.sampled_from(CODES), st.booleans(), st.integers(1, 70))
def test_all_that_is_not_refused_is_done_once_and_what_is_refused_is_known(
    refused: set[str], code: str, names: bool, at_once: int
) -> None:
    ec2 = Ec2(refused, code, names=names)
    done = call_by_halves(ec2, IDS, batch_size=at_once)
    assert sorted(ec2.done) == sorted(done.answers) == sorted(set(IDS) - refused)
    assert {*done.refused, *done.unknown_ids} == refused
    assert (done.failure, done.untried) == (None, {})


@pytest.mark.parametrize("place", [0, 31, 59])
def test_one_that_is_denied_is_found_by_a_few_calls(place: int) -> None:
    ec2 = Ec2({IDS[place]}, "UnauthorizedOperation")
    assert set(call_by_halves(ec2, IDS, batch_size=100).refused) == {IDS[place]}
    assert len(ec2.done) == 59
    assert ec2.calls < 35


def test_where_the_first_are_denied_alike_the_others_are_not_asked_for_one_by_one() -> None:
    ec2 = Ec2(set(IDS), "UnauthorizedOperation")
    done = call_by_halves(ec2, IDS, batch_size=100)
    assert ec2.calls == 4
    assert set(done.refused) == set(IDS[:3])
    assert set(done.untried) == set(IDS[3:])


@pytest.mark.parametrize("place", [0, 31, 59])
@pytest.mark.parametrize("status", [500, 502])
def test_one_that_aws_fails_on_by_itself_keeps_no_other_alive(place: int, status: int) -> None:
    def call(ids: list[str]) -> list[str]:
        calls.append(ids)
        if IDS[place] in ids:
            raise no("InternalError", "An internal error has occurred", status)
        return ids

    calls: list[list[str]] = []
    done = call_by_halves(call, IDS, batch_size=100)
    assert sorted(done.answers) == sorted(set(IDS) - {IDS[place]})
    assert (set(done.refused), done.failure) == ({IDS[place]}, None)
    assert len(calls) < 15


def test_where_aws_fails_in_all_it_is_not_asked_for_each() -> None:
    ec2 = Ec2(set(IDS), "InternalError")
    ec2.status = 500
    done = call_by_halves(ec2, IDS, batch_size=100)
    assert done.failure
    assert (ec2.calls, done.refused) == (3, {})
    ec2.calls = 0
    assert call_by_halves(ec2, IDS[:1], batch_size=100).failure
    assert ec2.calls == 1


@pytest.mark.parametrize(
    "error",
    [
        no("RequestLimitExceeded", status=503),
        no("ServiceUnavailable", status=503),
        no("ExpiredToken"),
        no("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
        no("PendingVerification"),
        botocore.exceptions.ReadTimeoutError(endpoint_url="x"),
    ],
)
def test_what_is_no_matter_of_single_ids_ends_it_and_keeps_what_was_done(error: Exception) -> None:
    calls: list[list[str]] = []

    def second_fails(ids: list[str]) -> list[str]:
        calls.append(ids)
        if len(calls) == 2:
            raise error
        return ids

    done = call_by_halves(second_fails, IDS, batch_size=20)
    assert (done.answers, done.failure, len(calls)) == (IDS[:20], error, 2)
