"""A request: the user data it carries, what certainly never reached AWS, and what may have."""

import base64
import re

import botocore.exceptions
import pytest

from collect_launch_time.ec2.spot_requests import is_certainly_refused, switch_minutes, user_data


def refused(status: int, retries: int) -> botocore.exceptions.ClientError:
    about = {"HTTPStatusCode": status, "RetryAttempts": retries}
    return botocore.exceptions.ClientError({"Error": {"Code": "X"}, "ResponseMetadata": about}, "Call")


@pytest.mark.parametrize(
    ("error", "never"),
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
def test_only_a_plain_no_at_the_first_attempt_says_that_nothing_was_made(error: Exception, never: bool) -> None:
    assert is_certainly_refused(error) is never


@pytest.mark.parametrize(("timeout", "minutes"), [(5, 6), (60, 6), (61, 7), (600, 15), (86_400, 1445)])
def test_an_instance_shuts_itself_down_a_few_minutes_after_the_timeout(timeout: float, minutes: int) -> None:
    assert switch_minutes(timeout) == minutes
    script = base64.b64decode(user_data(timeout)).decode()
    assert script.startswith("#!/bin/bash\n")
    assert re.search(rf"^shutdown -h \+{minutes}$", script, re.MULTILINE)
