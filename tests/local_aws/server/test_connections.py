"""The HTTP of the server: persistent connections, the Date header, requests that are not AWS's."""

import http.client
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from tests.stand_in import StandIn


def _connection(aws: StandIn) -> http.client.HTTPConnection:
    address = urlsplit(aws.url)
    return http.client.HTTPConnection(str(address.hostname), address.port, timeout=5)


def test_one_connection_carries_many_requests(aws: StandIn) -> None:
    connection = _connection(aws)
    sockets = set()
    for _ in range(3):
        connection.request("GET", "/_local_aws/state")
        assert connection.getresponse().read()
        sockets.add(connection.sock)
    assert len(sockets) == 1
    assert None not in sockets


def test_the_date_header_is_the_market_s_time(aws: StandIn) -> None:
    aws.control.set_clock(datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC), speed=0)
    answer = aws.client().describe_regions()["ResponseMetadata"]["HTTPHeaders"]
    assert parsedate_to_datetime(answer["date"]) == datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


def test_a_request_without_a_signature_is_refused_and_not_counted(aws: StandIn) -> None:
    connection = _connection(aws)
    connection.request("GET", "/")
    assert connection.getresponse().status == 403
    assert aws.control.calls() == []


def test_a_client_may_close_the_connection_in_the_middle_of_a_huge_file(aws: StandIn) -> None:
    aws.control.set_faults({"kind": "huge", "action": "advisor"})
    connection = _connection(aws)
    connection.request("GET", "/spot-advisor-data.json")
    answer = connection.getresponse()
    assert int(answer.headers["Content-Length"]) == 200_000_000
    assert len(answer.read(5_000_000)) == 5_000_000
    connection.close()
    aws.control.set_faults()
    assert aws.control.state()["faults"] == []
