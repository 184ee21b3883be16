"""An attempt ends within its time, however slowly its answer comes: botocore's timeouts begin anew with each byte."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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


@pytest.mark.parametrize("status", [200, 403, 503])
def test_a_log_in_page_is_no_answer_that_lists_nothing(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"\n<!DOCTYPE html><html><body>Log in</body></html>")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    client = aws_client("ec2", "us-east-1", attempts=1)
    with pytest.raises(botocore.exceptions.HTTPClientError, match=f"web page .HTTP {status}. in place of AWS's answer"):
        client.describe_regions()
    server.shutdown()
