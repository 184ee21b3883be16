"""What people are told: one line for each cause."""

import botocore.exceptions

from collect_launch_time.problems import Problems


def test_one_cause_is_one_line_however_much_it_affected() -> None:
    problems = Problems()
    for number in range(5):
        problems.add("throttled", f"probe {number}")
    problems.add("the disk is full")
    assert problems.lines() == ["throttled: probe 0, probe 1, probe 2 and 2 more", "the disk is full"]


def test_the_same_error_in_many_regions_is_one_line_though_each_message_names_another_endpoint() -> None:
    problems = Problems()
    for region in ("us-east-1", "eu-west-1"):
        address = f"https://ec2.{region}.amazonaws.com"
        error = botocore.exceptions.EndpointConnectionError(endpoint_url=address)
        problems.add_error("nobody could look", error, region)
    problems.add_error(
        "nobody could look", botocore.exceptions.ClientError({"Error": {"Code": "X"}}, "Call"), "sa-east-1"
    )
    first, second = problems.lines()
    assert first.endswith(": us-east-1, eu-west-1")
    assert "EndpointConnectionError" in first
    assert "X: no message" in second


def test_without_a_problem_there_are_no_lines() -> None:
    assert not Problems()
    assert Problems().lines() == []
