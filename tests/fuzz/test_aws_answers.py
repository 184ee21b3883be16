"""What AWS answers, spoiled on its way: every question gets an answer of the right shape, or a failure that has a name.

A real HTTP server gives one spoiled body after the other to real clients.
"""

import functools
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import common.aws.aws_client
import common.aws.aws_session
from collect_launch_time.ec2 import spot_requests
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.money.prices import current_prices
from collect_sps_and_if.asking.placement_scores import ask_all
from common.aws.amazon_linux import newest_ami
from common.aws.aws_client import aws_client
from common.aws.aws_error import AWS_FAILURES
from common.aws.regions import enabled_regions
from common.errors import Refusal
from data_files.market.configurations import SCOPES, Configuration
from data_files.market.polled import OK
from tests.fuzz.spoiling import NASTY, lightly, spoiled_bytes

NAMED = (*AWS_FAILURES, Refusal, ValueError)
XML = "http://ec2.amazonaws.com/doc/2016-11-15/"


def _xml(action: str, body: str) -> bytes:
    return f'<?xml version="1.0"?><{action}Response xmlns="{XML}">{body}</{action}Response>'.encode()


SCORES = _xml(
    "GetSpotPlacementScores",
    "<spotPlacementScoreSet><item><region>us-east-1</region><score>3</score></item>"
    "<item><region>eu-west-1</region><score>9</score></item></spotPlacementScoreSet>",
)
REGIONS = _xml(
    "DescribeRegions",
    "<regionInfo><item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>"
    "<item><regionName>ap-east-1</regionName><optInStatus>not-opted-in</optInStatus></item></regionInfo>",
)
REQUESTS = _xml(
    "DescribeSpotInstanceRequests",
    "<spotInstanceRequestSet><item><spotInstanceRequestId>sir-1</spotInstanceRequestId><state>active</state>"
    "<status><code>fulfilled</code><updateTime>2026-03-01T12:00:00.000Z</updateTime></status>"
    "<launchSpecification><instanceType>m5.large</instanceType></launchSpecification><instanceId>i-1</instanceId>"
    "<createTime>2026-03-01T12:00:00.000Z</createTime><launchedAvailabilityZone>us-east-1a</launchedAvailabilityZone>"
    "<tagSet><item><key>k</key><value>v</value></item></tagSet></item></spotInstanceRequestSet>",
)
INSTANCES = _xml(
    "DescribeInstances",
    "<reservationSet><item><instancesSet><item><instanceId>i-1</instanceId><instanceState><code>16</code>"
    "<name>running</name></instanceState><spotInstanceRequestId>sir-1</spotInstanceRequestId>"
    "<launchTime>2026-03-01T12:00:00.000Z</launchTime><reason>User initiated (2026-03-01 12:00:00 GMT)</reason>"
    "<placement><availabilityZone>us-east-1a</availabilityZone></placement></item></instancesSet></item>"
    "</reservationSet>",
)
STATUSES = _xml(
    "DescribeInstanceStatus",
    "<instanceStatusSet><item><instanceId>i-1</instanceId><instanceState><code>16</code><name>running</name>"
    "</instanceState><systemStatus><status>ok</status></systemStatus><instanceStatus><status>ok</status>"
    "</instanceStatus><availabilityZone>us-east-1a</availabilityZone></item></instanceStatusSet>",
)
PRICES = _xml(
    "DescribeSpotPriceHistory",
    "<spotPriceHistorySet><item><instanceType>m5.large</instanceType><productDescription>Linux/UNIX</productDescription>"
    "<spotPrice>0.05</spotPrice><timestamp>2026-03-01T12:00:00.000Z</timestamp>"
    "<availabilityZone>us-east-1a</availabilityZone></item></spotPriceHistorySet>",
)
TERMINATED = _xml(
    "TerminateInstances",
    "<instancesSet><item><instanceId>i-1</instanceId><currentState><code>32</code><name>shutting-down</name>"
    "</currentState><previousState><code>16</code><name>running</name></previousState></item></instancesSet>",
)
DENIED = (
    b'<?xml version="1.0"?><Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow down</Message>'
    b"</Error></Errors><RequestID>1</RequestID></Response>"
)
PARAMETER = json.dumps({"Parameter": {"Name": "x", "Type": "String", "Value": "ami-0123456789abcdef0"}}).encode()


class Answering:
    """A server that gives every caller the same answer, whatever the question."""

    def __init__(self) -> None:
        outer = self
        self.status, self.body = 200, b""

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(outer.status)
                self.send_header("Content-Type", "text/xml;charset=UTF-8")
                self.send_header("Content-Length", str(len(outer.body)))
                self.end_headers()
                self.wfile.write(outer.body)

            def log_message(self, *_: object) -> None:
                """Be silent."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """Clients hang up on what makes no sense."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def _answering() -> Iterator[Answering]:
    answering = Answering()
    yield answering
    _client.cache_clear()
    answering.server.shutdown()
    answering.server.server_close()


@pytest.fixture
def answering(_answering: Answering, monkeypatch: pytest.MonkeyPatch) -> Iterator[Answering]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", _answering.url)
    monkeypatch.setattr(common.aws.aws_client, "ATTEMPTS", 1)
    for name in ("_ATTEMPTS", "_LOOK_ATTEMPTS"):
        monkeypatch.setattr(f"collect_launch_time.ec2.region_ec2.{name}", 1)
    common.aws.aws_session.aws_session.cache_clear()
    yield _answering
    common.aws.aws_session.aws_session.cache_clear()


@st.composite
def spoiled_texts(draw: st.DrawFn, content: bytes) -> bytes:
    """Put nasty texts between the tags or quotes."""
    parts = content.decode().replace('"', '>"<').split(">")
    place = draw(st.integers(1, len(parts) - 1))
    _, mark, rest = parts[place].partition("<")
    parts[place] = draw(st.sampled_from([one for one in NASTY if len(one) < 9999])) + mark + rest
    return ">".join(parts).replace('>"<', '"').encode()


def _ask(
    answering: Answering, data: st.DataObject, body: bytes, question: Callable[[], Any], named: Any = NAMED
) -> Any:
    answering.body = data.draw(spoiled_bytes(body) | spoiled_texts(body) | st.sampled_from([body, DENIED, b""]))
    answering.status = data.draw(st.sampled_from([200, 200, 200, 200, 400, 403]))
    begun = time.monotonic()
    try:
        return question()
    except named:
        return None
    finally:
        assert time.monotonic() - begun < 30


@lightly(60)
@given(data=st.data())
def test_placement_scores_are_from_1_to_10_of_what_was_asked_or_missing(
    data: st.DataObject, answering: Answering
) -> None:
    configuration = Configuration("m5.large", ("eu-west-1", "us-east-1"), 10, data.draw(st.sampled_from(SCOPES)))
    answers = _ask(answering, data, SCORES, lambda: ask_all([configuration], "us-east-1", 20)) or []
    for asked in answers:
        assert set(asked.scores) == set(asked.outcomes)
        assert {region for region, _ in asked.scores} == set(configuration.regions)
        for place, score in asked.scores.items():
            assert (score in range(1, 11)) == (asked.outcomes[place] == OK)


PROBE_QUESTIONS: list[tuple[bytes, Callable[[RegionEc2], Any]]] = [
    (REQUESTS, lambda ec2: ec2.look_at_requests(["sir-1"])),
    (REQUESTS, lambda ec2: ec2.requests_of_installation("me")),
    (INSTANCES, lambda ec2: ec2.instances_of_requests(["sir-1"])),
    (STATUSES, lambda ec2: ec2.look_at_instances(["i-1"])),
    (PRICES, lambda ec2: current_prices(ec2.spot_prices(["m5.large"]), "us-east-1").highest("m5.large")),
    (PRICES, lambda ec2: ec2.zone_ids()),
    (REQUESTS, lambda ec2: spot_requests.cancel(ec2, ["sir-1"])),
    (TERMINATED, lambda ec2: spot_requests.terminate(ec2, ["i-1"])),
]


@pytest.fixture
def region_ec2(answering: Answering) -> RegionEc2:
    return RegionEc2("us-east-1")


@lightly(120)
@given(data=st.data())
def test_the_probes_questions_end_in_an_answer_or_in_a_failure_it_knows(
    data: st.DataObject, answering: Answering, region_ec2: RegionEc2
) -> None:
    body, question = data.draw(st.sampled_from(PROBE_QUESTIONS))
    _ask(answering, data, body, lambda: question(region_ec2), AWS_FAILURES)


@functools.cache
def _client(service: str) -> Any:
    return aws_client(service, "us-east-1")


@lightly(60)
@given(data=st.data())
def test_regions_and_amis_are_what_they_are_called_or_refused(data: st.DataObject, answering: Answering) -> None:
    regions = _ask(answering, data, REGIONS, lambda: enabled_regions(_client("ec2"), ()))
    assert regions is None or all(isinstance(name, str) and name for name in regions.enabled)
    ami = _ask(answering, data, PARAMETER, lambda: newest_ami(_client("ssm"), "arm64"))
    assert ami is None or ami.startswith("ami-")
