"""An attempt ends within its time, however slowly its answer comes: botocore's timeouts begin anew with each byte."""

import socket
import threading
import time

import botocore.exceptions
import pytest

from common.aws.aws_client import aws_client
from tests.dripping import Answer, drips_its_body, drips_its_head, endpoint, says_nothing

LIMIT = 0.6  # seconds to connect and to read together


@pytest.mark.parametrize("answer", [drips_its_head, drips_its_body, says_nothing])
def test_a_call_is_over_in_its_time_whatever_drips(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    with endpoint(answer) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        client = aws_client("ec2", "us-east-1", attempts=1, connect_seconds=LIMIT / 2, read_seconds=LIMIT / 2)
        began = time.monotonic()
        with pytest.raises(botocore.exceptions.ReadTimeoutError):
            client.describe_regions()
        assert time.monotonic() - began < LIMIT + 10


def test_a_host_name_that_is_searched_for_without_end_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://somewhere.invalid")
    client = aws_client("ec2", "us-east-1", attempts=1, connect_seconds=LIMIT / 2, read_seconds=LIMIT / 2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: never.wait())
    with pytest.raises(botocore.exceptions.ReadTimeoutError):
        client.describe_regions()
    never.set()
