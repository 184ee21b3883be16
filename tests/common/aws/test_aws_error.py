"""What a failed call says is told in one line, and the same of all that have one cause."""

import pytest

from common.aws import aws_error
from tests.common.aws.failed_call import BLOB, ENCODED, KEYS, refused


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
