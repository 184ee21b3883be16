"""The user data of a request, and which errors mean that AWS certainly made no request."""

import base64
import re

import botocore.exceptions
import pytest

from collect_launch_time.ec2.spot_requests import is_certainly_refused, switch_minutes, user_data


def refused(status: int, retries: int) -> botocore.exceptions.ClientError:
    metadata = {"HTTPStatusCode": status, "RetryAttempts": retries}
    return botocore.exceptions.ClientError({"Error": {"Code": "X"}, "ResponseMetadata": metadata}, "Call")


@pytest.mark.parametrize(
    ("error", "certain"),
    [
        (refused(400, 0), True),
        (refused(403, 0), True),
        (refused(400, 1), False),
        (refused(500, 0), False),
        (refused(503, 0), False),
        (botocore.exceptions.ReadTimeoutError(endpoint_url="x"), False),
        (botocore.exceptions.EndpointConnectionError(endpoint_url="x"), False),
        (botocore.exceptions.ClientError({}, "Call"), False),
    ],
)
def test_only_a_4xx_answer_to_the_first_attempt_makes_certain_that_nothing_was_requested(
    error: Exception, certain: bool
) -> None:
    assert is_certainly_refused(error) is certain


@pytest.mark.parametrize(("timeout", "minutes"), [(5, 6), (60, 6), (61, 7), (600, 15), (86_400, 1445)])
def test_an_instance_shuts_itself_down_a_few_minutes_after_the_timeout(timeout: float, minutes: int) -> None:
    assert switch_minutes(timeout) == minutes
    script = base64.b64decode(user_data(timeout)).decode()
    assert script.startswith("#!/bin/bash\n")
    assert re.search(rf"^shutdown -h \+{minutes}$", script, re.MULTILINE)
