"""An EC2 endpoint that tells a scripted price history: pages of any size, AWS's clock wherever a test puts it."""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs

_KEPT = timedelta(days=90)
_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"


class Price(NamedTuple):
    """One entry of the history, as AWS lists it; zone is its letter."""

    time: datetime
    region: str
    zone: str
    instance: str
    usd: str


def zone_id(region: str, zone: str) -> str:
    """Give the id of a Region's zone: another letter's number, as ids and names differ."""
    return f"{region.replace('-', '')}-az{9 - 'abcdefgh'.index(zone)}"


@dataclass
class PriceServer:
    """What the endpoint knows, and how it answers."""

    now: datetime
    history: list[Price] = field(default_factory=list)
    page_size: int = 1000
    repeats_at_borders: bool = False  # the first entry of a page is the last of the page before
    tells_price_in_force: bool = True  # the price at StartTime, as AWS does
    names_zone_ids: bool = True
    refused_types: frozenset[str] = frozenset()
    broken_regions: frozenset[str] = frozenset()
    denied: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)  # Region and action

    def truth(self) -> set[Price]:
        """Give the changes there have been: entries whose price differs from the one before of their zone and type."""
        found, newest = set(), dict[tuple[str, str, str], str]()
        for price in sorted(self.history, key=lambda price: price.time):
            series = price.region, price.zone, price.instance
            if price.time <= self.now and newest.get(series) != price.usd:
                found.add(price)
            if price.time <= self.now:
                newest[series] = price.usd
        return found

    def answer(self, region: str, query: dict[str, list[str]]) -> tuple[int, str]:
        """Give the status and body of one call."""
        action = query["Action"][0]
        self.calls.append((region, action))
        if self.denied:
            return 403, _error("UnauthorizedOperation", "You are not authorized to perform this operation.")
        if region in self.broken_regions:
            return 400, _error("InternalFailureOfTheTest", "no answer today")
        if action == "DescribeAvailabilityZones":
            return 200, _zones(region)
        assert action == "DescribeSpotPriceHistory", action
        types = [values[0] for name, values in query.items() if name.startswith("InstanceType.")]
        if refused := self.refused_types.intersection(types):
            return 400, _error("InvalidParameterValue", f"Invalid instance type: [{sorted(refused)[0]}]")
        entries = list(self._entries(region, types, query.get("StartTime", [""])[0]))
        start = int(query.get("NextToken", ["0"])[0])
        page = entries[max(0, start - int(self.repeats_at_borders and start > 0)) : start + self.page_size]
        token = str(start + self.page_size) if start + self.page_size < len(entries) else ""
        return 200, self._page(page, token)

    def _entries(self, region: str, types: Sequence[str], start_text: str) -> Iterator[Price]:
        oldest = self.now - _KEPT
        start = max(oldest, datetime.fromisoformat(start_text.replace("Z", "+00:00")) if start_text else oldest)
        asked = [price for price in self.history if price.region == region and price.instance in types]
        in_force = dict[tuple[str, str], Price]()
        for price in sorted(asked, key=lambda price: price.time):
            if price.time < start:
                in_force[price.zone, price.instance] = price
        asked.reverse()  # of two at the same time the later one is told first
        newest_first = sorted(asked, key=lambda price: price.time, reverse=True)
        yield from (price for price in newest_first if start <= price.time <= self.now)
        if self.tells_price_in_force:
            yield from in_force.values()

    def _page(self, prices: Sequence[Price], token: str) -> str:
        items = "".join(
            f"<item><instanceType>{price.instance}</instanceType><productDescription>Linux/UNIX</productDescription>"
            f"<spotPrice>{price.usd}</spotPrice><timestamp>{price.time.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}</timestamp>"
            f"<availabilityZone>{price.region}{price.zone}</availabilityZone>"
            + (
                f"<availabilityZoneId>{zone_id(price.region, price.zone)}</availabilityZoneId>"
                if self.names_zone_ids
                else ""
            )
            + "</item>"
            for price in prices
        )
        return (
            f'<DescribeSpotPriceHistoryResponse xmlns="{_NAMESPACE}"><requestId>r</requestId>'
            f"<spotPriceHistorySet>{items}</spotPriceHistorySet><nextToken>{token}</nextToken>"
            "</DescribeSpotPriceHistoryResponse>"
        )


def _zones(region: str) -> str:
    items = "".join(
        f"<item><zoneName>{region}{zone}</zoneName><zoneId>{zone_id(region, zone)}</zoneId></item>" for zone in "abc"
    )
    return (
        f'<DescribeAvailabilityZonesResponse xmlns="{_NAMESPACE}"><availabilityZoneInfo>{items}'
        "</availabilityZoneInfo></DescribeAvailabilityZonesResponse>"
    )


def _error(code: str, message: str) -> str:
    return (
        f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
        "<RequestID>r</RequestID></Response>"
    )


@contextmanager
def serving(now: datetime) -> Iterator[PriceServer]:
    """Serve on a free port while the block runs."""
    server = PriceServer(now)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            scope = re.search(r"Credential=[^/]+/\d+/([a-z0-9-]+)/", self.headers["Authorization"])
            status, text = server.answer(scope[1] if scope else "", query)
            body = text.encode()
            self.send_response_only(status)
            self.send_header("Date", format_datetime(server.now.astimezone(UTC), usegmt=True))
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, daemon=True).start()
    server.environment = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{http.server_address[1]}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
