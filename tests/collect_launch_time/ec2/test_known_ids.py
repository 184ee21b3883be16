"""Calls for many ids, all of which fail if one id is unknown."""

import botocore.exceptions
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_launch_time.ec2.known_ids import call_with_known_ids


class Ec2:
    """An endpoint that knows some ids; naming says which ids its refusals name."""

    def __init__(self, known: set[str], naming: str) -> None:
        self.known, self.naming = known, naming
        self.calls = 0
        self.done: list[str] = []

    def __call__(self, ids: list[str]) -> int:
        self.calls += 1
        unknown = [each for each in ids if each not in self.known]
        if unknown:
            named = {"first": unknown[:1], "all": unknown, "asked": ids, "none": []}[self.naming]
            message = f"The instance IDs '{', '.join(named)}' do not exist"
            error = {"Error": {"Code": "InvalidInstanceID.NotFound", "Message": message}}
            raise botocore.exceptions.ClientError(error, "Call")
        self.done += ids
        return len(ids)


IDS = [f"i-{number:08x}" for number in range(60)]


@given(st.sets(st.sampled_from(IDS)), st.sampled_from(["first", "all", "asked", "none"]), st.integers(1, 70))
def test_every_known_id_is_called_with_once_and_every_unknown_one_is_given_back(
    known: set[str], naming: str, batch_size: int
) -> None:
    ec2 = Ec2(known, naming)
    result = call_with_known_ids(ec2, IDS, batch_size=batch_size)
    assert sorted(ec2.done) == sorted(known)
    assert result.unknown_ids == set(IDS) - known
    assert sum(result.answers) == len(known)


def test_with_trust_in_the_message_a_refusal_that_names_every_id_costs_one_call() -> None:
    ec2 = Ec2(set(), "all")
    assert call_with_known_ids(ec2, IDS, batch_size=100, trust_message=True).unknown_ids == set(IDS)
    assert ec2.calls == 1


def test_without_unknown_ids_there_is_one_call_a_batch() -> None:
    ec2 = Ec2(set(IDS), "none")
    call_with_known_ids(ec2, IDS, batch_size=25)
    assert ec2.calls == 3


def test_another_error_is_not_taken_for_an_unknown_id() -> None:
    def throttled(_: list[str]) -> None:
        raise botocore.exceptions.ClientError({"Error": {"Code": "RequestLimitExceeded"}}, "Call")

    with pytest.raises(botocore.exceptions.ClientError):
        call_with_known_ids(throttled, IDS, batch_size=10)
