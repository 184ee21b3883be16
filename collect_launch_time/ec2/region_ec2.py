"""The calls to one Region's EC2 that only read: typed answers, all pages, and AWS's own clock."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import botocore.exceptions

from collect_launch_time.ec2 import answers
from collect_launch_time.ec2.answers import Instance, InstanceCheck, SpotRequest
from collect_launch_time.ec2.installation import INSTALLATION_TAG, TOKEN_TAG
from collect_launch_time.ec2.known_ids import KnownAnswers, call_with_known_ids
from common.aws import aws_error
from common.aws.aws_client import aws_client
from common.aws.aws_time import AwsTime

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client
    from types_boto3_ec2.type_defs import FilterTypeDef, PaginatorConfigTypeDef, SpotPriceTypeDef

log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")

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
    def client(self) -> EC2Client:
        """The client for everything but looks."""
        return self._client(_ATTEMPTS, _CONNECT_SECONDS, _READ_SECONDS)

    @functools.cached_property
    def look_client(self) -> EC2Client:
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
            statuses = self.look_client.get_paginator("describe_instance_status")
            pages = statuses.paginate(InstanceIds=ids, IncludeAllInstances=True)
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
        def call(filters: list[FilterTypeDef]) -> list[SpotRequest]:
            requests = self.client.get_paginator("describe_spot_instance_requests")
            paging: PaginatorConfigTypeDef = {"PageSize": _PAGE_SIZE}
            all_pages = requests.paginate(PaginationConfig=paging)
            pages = requests.paginate(Filters=filters, PaginationConfig=paging) if filters else all_pages
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

    def spot_prices(self, instance_types: Iterable[str]) -> list[SpotPriceTypeDef]:
        """Give the current Linux spot prices of some types in every zone, as elements of SpotPriceHistory."""
        now = self.time.now().replace(microsecond=0)
        # InstanceTypes is a list of all the types there were when the model was made: newer ones are asked for too.
        types: Sequence[Any] = sorted(set(instance_types))
        history = self.client.get_paginator("describe_spot_price_history")
        # AWS answers a span of no length with the prices that hold now; other endpoints may answer with nothing.
        current = history.paginate(InstanceTypes=types, ProductDescriptions=["Linux/UNIX"], StartTime=now, EndTime=now)
        of_a_week = history.paginate(
            InstanceTypes=types, ProductDescriptions=["Linux/UNIX"], StartTime=now - timedelta(days=7)
        )
        for pages in (current, of_a_week):
            if prices := [raw for page in pages for raw in page.get("SpotPriceHistory", [])]:
                return prices
        return []

    def zone_ids(self) -> dict[str, str]:
        """Give the id of each Availability Zone by its name. Names differ from account to account, ids do not."""
        zones = self.client.describe_availability_zones().get("AvailabilityZones", [])
        return {str(zone.get("ZoneName", "")): str(zone.get("ZoneId", "")) for zone in zones}

    def _instances(self, filters: list[FilterTypeDef]) -> list[Instance]:
        instances = self.client.get_paginator("describe_instances")
        all_pages = instances.paginate(PaginationConfig={"PageSize": _PAGE_SIZE})
        pages = instances.paginate(Filters=filters) if filters else all_pages
        reservations = [raw for page in pages for raw in page.get("Reservations", [])]
        return [answers.instance(raw) for reservation in reservations for raw in reservation.get("Instances", [])]

    def _requests(
        self, client: EC2Client, request_ids: Sequence[str], *, trust_message: bool
    ) -> KnownAnswers[list[SpotRequest]]:
        def call(ids: list[str]) -> list[SpotRequest]:
            pages = client.get_paginator("describe_spot_instance_requests").paginate(SpotInstanceRequestIds=ids)
            return [answers.spot_request(raw) for page in pages for raw in page.get("SpotInstanceRequests", [])]

        return call_with_known_ids(call, request_ids, batch_size=_REQUESTS_A_CALL, trust_message=trust_message)

    def _client(self, attempts: int, connect_seconds: float, read_seconds: float) -> EC2Client:
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


def _filtered(call: Callable[[list[FilterTypeDef]], list[_Answer]], wanted: FilterTypeDef) -> list[_Answer]:
    """List with a filter; list everything where the endpoint refuses the filter. The caller filters again itself."""
    try:
        return call([wanted])
    except botocore.exceptions.ClientError as error:
        if aws_error.code(error) not in _FILTER_REFUSED:
            raise
        log.warning("the filter %s is refused, everything is listed: %s", wanted.get("Name"), aws_error.describe(error))
        return call([])
