"""The calls to one Region's EC2 that only read: typed answers, all pages, and AWS's own clock."""

import functools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import botocore.exceptions

from collect_launch_time.ec2 import answers
from collect_launch_time.ec2.answers import Instance, InstanceCheck, SpotRequest
from collect_launch_time.ec2.installation import INSTALLATION_TAG, TOKEN_TAG
from collect_launch_time.ec2.known_ids import KnownAnswers, call_with_known_ids
from common.aws import aws_error
from common.aws.aws_client import aws_client
from common.aws.aws_time import AwsTime

log = logging.getLogger(__name__)

# A look that comes late is worth less than a missing one, so it is tried twice only, with short timeouts.
_LOOK_ATTEMPTS = 2
_LOOK_CONNECT_SECONDS = 2
_LOOK_READ_SECONDS = 4
# The callers of all other calls repeat them too, so these need not be tried for long.
_ATTEMPTS = 4
_CONNECT_SECONDS = 3
_READ_SECONDS = 10

_PAGE_SIZE = 1000  # AWS's maximum for these calls
_REQUESTS_A_CALL = 500
_STATUSES_A_CALL = 100  # DescribeInstanceStatus's maximum
_VALUES_A_FILTER = 200  # AWS's maximum
_FILTER_REFUSED = frozenset({"InvalidParameterValue", "FilterLimitExceeded", "InvalidFilter", "InvalidParameter"})


class RegionEc2:
    """EC2 in one Region; safe to use from many threads. Its methods raise AWS_FAILURES."""

    def __init__(self, region: str) -> None:
        self.region = region
        self.time = AwsTime()

    @functools.cached_property
    def client(self) -> Any:
        """The client for everything but looks."""
        return self._client(_ATTEMPTS, _CONNECT_SECONDS, _READ_SECONDS)

    @functools.cached_property
    def look_client(self) -> Any:
        """The client for looks, which gives up early."""
        return self._client(_LOOK_ATTEMPTS, _LOOK_CONNECT_SECONDS, _LOOK_READ_SECONDS)

    def prepare(self) -> None:
        """Make the clients now, so that the first look is not delayed by it."""
        _ = self.client, self.look_client

    def look_at_requests(self, request_ids: Sequence[str]) -> KnownAnswers[list[SpotRequest]]:
        """Describe spot requests for a look. Unknown ids are not visible yet."""
        return self._requests(self.look_client, request_ids, trust_message=True)

    def look_at_instances(self, instance_ids: Sequence[str]) -> KnownAnswers[list[InstanceCheck]]:
        """Describe the instances' states and status checks for a look. Unknown ids are not visible yet."""

        def call(ids: list[str]) -> list[InstanceCheck]:
            pages = self._pages(self.look_client, "describe_instance_status", InstanceIds=ids, IncludeAllInstances=True)
            return [answers.instance_check(raw) for page in pages for raw in page.get("InstanceStatuses", [])]

        return call_with_known_ids(call, instance_ids, batch_size=_STATUSES_A_CALL, trust_message=True)

    def requests(self, request_ids: Sequence[str]) -> KnownAnswers[list[SpotRequest]]:
        """Describe spot requests by id."""
        return self._requests(self.client, request_ids, trust_message=False)

    def requests_of_installation(self, installation_id: str) -> list[SpotRequest]:
        """Find every spot request that carries an installation's tag, whatever its state."""
        found = self._requests_tagged(INSTALLATION_TAG, [installation_id])
        return [request for request in found if request.belongs_to(installation_id)]

    def requests_with_tokens(self, tokens: Sequence[str]) -> list[SpotRequest]:
        """Find every spot request that was made with one of these client tokens, by its tag."""
        starts = range(0, len(tokens), _VALUES_A_FILTER)
        batches = [self._requests_tagged(TOKEN_TAG, tokens[start : start + _VALUES_A_FILTER]) for start in starts]
        return [request for batch in batches for request in batch if request.token in tokens]

    def _requests_tagged(self, tag: str, values: Sequence[str]) -> list[SpotRequest]:
        def call(filters: list[dict[str, Any]]) -> list[SpotRequest]:
            options = {"Filters": filters} if filters else {}
            pages = self._pages(self.client, "describe_spot_instance_requests", page_size=_PAGE_SIZE, **options)
            return [answers.spot_request(raw) for page in pages for raw in page.get("SpotInstanceRequests", [])]

        return _filtered(call, {"Name": f"tag:{tag}", "Values": list(values)})

    def instances_of_requests(self, request_ids: Sequence[str]) -> list[Instance]:
        """Find the instances that spot requests led to, by request id: instances do not inherit a request's tags."""
        found: list[Instance] = []
        for start in range(0, len(request_ids), _VALUES_A_FILTER):
            batch = list(request_ids[start : start + _VALUES_A_FILTER])
            listed = _filtered(self._instances, {"Name": "spot-instance-request-id", "Values": batch})
            found += [instance for instance in listed if instance.request_id in batch]
        return found

    def spot_prices(self, instance_types: Iterable[str]) -> list[Mapping[str, Any]]:
        """Give the current Linux spot prices of some types in every zone, as elements of SpotPriceHistory."""
        now = self.time.now().replace(microsecond=0)
        asked: dict[str, Any] = {"InstanceTypes": sorted(set(instance_types)), "ProductDescriptions": ["Linux/UNIX"]}
        # AWS answers a span of no length with the prices that hold now; other endpoints may answer with nothing.
        spans: Sequence[dict[str, Any]] = ({"StartTime": now, "EndTime": now}, {"StartTime": now - timedelta(days=7)})
        for span in spans:
            pages = self._pages(self.client, "describe_spot_price_history", **asked, **span)
            if prices := [raw for page in pages for raw in page.get("SpotPriceHistory", [])]:
                return prices
        return []

    def zone_ids(self) -> dict[str, str]:
        """Give the id of each Availability Zone by its name. Names differ from account to account, ids do not."""
        zones = self.client.describe_availability_zones().get("AvailabilityZones", [])
        return {str(zone.get("ZoneName", "")): str(zone.get("ZoneId", "")) for zone in zones}

    def _instances(self, filters: list[dict[str, Any]]) -> list[Instance]:
        options: dict[str, Any] = {"Filters": filters} if filters else {"page_size": _PAGE_SIZE}
        pages = self._pages(self.client, "describe_instances", **options)
        reservations = [raw for page in pages for raw in page.get("Reservations", [])]
        return [answers.instance(raw) for reservation in reservations for raw in reservation.get("Instances", [])]

    def _requests(
        self, client: Any, request_ids: Sequence[str], *, trust_message: bool
    ) -> KnownAnswers[list[SpotRequest]]:
        def call(ids: list[str]) -> list[SpotRequest]:
            pages = self._pages(client, "describe_spot_instance_requests", SpotInstanceRequestIds=ids)
            return [answers.spot_request(raw) for page in pages for raw in page.get("SpotInstanceRequests", [])]

        return call_with_known_ids(call, request_ids, batch_size=_REQUESTS_A_CALL, trust_message=trust_message)

    def _client(self, attempts: int, connect_seconds: float, read_seconds: float) -> Any:
        client = aws_client(
            "ec2",
            self.region,
            attempts=attempts,
            connect_seconds=connect_seconds,
            read_seconds=read_seconds,
        )
        client.meta.events.register("after-call.ec2", self._note_time)
        return client

    def _note_time(self, http_response: Any, **_: Any) -> None:
        self.time.note(http_response.headers)

    @staticmethod
    def _pages(client: Any, operation: str, page_size: int | None = None, **options: Any) -> Iterator[dict[str, Any]]:
        paging = {"PageSize": page_size} if page_size else {}
        yield from client.get_paginator(operation).paginate(**options, PaginationConfig=paging)


def _filtered(call: Callable[[list[dict[str, Any]]], list[Any]], wanted: dict[str, Any]) -> list[Any]:
    """List with a filter; list everything where the endpoint refuses the filter. The caller filters again itself."""
    try:
        return call([wanted])
    except botocore.exceptions.ClientError as error:
        if aws_error.code(error) not in _FILTER_REFUSED:
            raise
        log.warning("the filter %s is refused, everything is listed: %s", wanted["Name"], aws_error.describe(error))
        return call([])
