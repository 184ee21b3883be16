"""The calls on spot requests and instances: make, cancel, terminate, describe."""

import base64
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from moto.core.responses import ActionResult

from local_aws.ec2.filters import INSTANCE_FILTERS, REQUEST_FILTERS, STATUS_FILTERS, Kind, passing
from local_aws.ec2.handler import Ec2Handler, token
from local_aws.ec2.rows import request_row, reservation_row, state_row, status_row
from local_aws.spot.account import MotoRegion, SpotAccount, spot_account
from local_aws.spot.instance import RUNNING
from local_aws.spot.launch_order import on_demand_order, spot_order
from local_aws.spot.region import SpotRegion
from local_aws.spot.request import ENDED_STATES

_MAX_STATUS_IDS = 100
_PAGE_SIZES = range(5, 1001)
_ORDINAL_WORD = "after"


class Launches(Ec2Handler):
    """Spot requests, spot instances and on-demand instances."""

    def request_spot_instances(self) -> ActionResult:
        """Make spot requests, one for each instance."""
        now = self.world.clock.now()
        order = spot_order(self._get_params(), self._moto_region, now)
        self.error_on_dryrun()
        requests = self._spot_region.order_spot(order, now)
        rows = [request_row(request, now, self._moto_region) for request in requests]
        return self.answer({"SpotInstanceRequests": rows})

    def cancel_spot_instance_requests(self) -> ActionResult:
        """Cancel spot requests; their instances run on."""
        self.error_on_dryrun()
        now = self.world.clock.now()
        rows = [
            {"SpotInstanceRequestId": request.request_id, "State": _state_after_cancel(request.state(now))}
            for request in self._spot_region.cancel(self._ids("SpotInstanceRequestIds", required=True), now)
        ]
        return self.answer({"CancelledSpotInstanceRequests": rows})

    def describe_spot_instance_requests(self) -> ActionResult:
        """Describe spot requests by id or filter."""
        self.error_on_dryrun()
        requests, at = self._spot_region.requests(self._ids("SpotInstanceRequestIds"), self.world.clock.now())
        requests = passing(requests, self._filters_from_querystring(), REQUEST_FILTERS, at, self.world.geography)
        requests, next_token = self._page_of(requests)
        rows = [request_row(request, at, self._moto_region) for request in requests]
        return self.answer({"SpotInstanceRequests": rows} | next_token)

    def run_instances(self) -> ActionResult:
        """Launch on-demand instances."""
        now = self.world.clock.now()
        order = on_demand_order(self._get_params(), self._moto_region, now)
        self.error_on_dryrun()
        instances = self._spot_region.order_on_demand(order, now)
        return self.answer(reservation_row(instances, now, self._moto_region, self.current_account))

    def terminate_instances(self) -> ActionResult:
        """Terminate instances, spot or not."""
        self.error_on_dryrun()
        now = self.world.clock.now()
        rows = [
            {
                "InstanceId": instance.instance_id,
                "CurrentState": state_row(instance.state(now)),
                "PreviousState": state_row(before),
            }
            for instance, before in self._spot_region.terminate(self._ids("InstanceIds", required=True), now)
        ]
        return self.answer({"TerminatingInstances": rows})

    def describe_instances(self) -> ActionResult:
        """Describe instances by id or filter, grouped by reservation."""
        self.error_on_dryrun()
        instances, at = self._spot_region.instances(self._ids("InstanceIds", unpaged=True), self.world.clock.now())
        instances = passing(instances, self._filters_from_querystring(), INSTANCE_FILTERS, at, self.world.geography)
        instances, next_token = self._page_of(instances)
        rows = [
            reservation_row(list(group), at, self._moto_region, self.current_account)
            for _, group in groupby(instances, attrgetter("reservation_id"))
        ]
        return self.answer({"Reservations": rows} | next_token)

    def describe_instance_status(self) -> ActionResult:
        """Describe the status checks of running instances; with IncludeAllInstances, of all."""
        self.error_on_dryrun()
        ids = self._ids("InstanceIds", unpaged=True)
        if len(ids) > _MAX_STATUS_IDS:
            message = f"At most {_MAX_STATUS_IDS} instance IDs can be given, and there are {len(ids)}."
            raise self.refuse("InvalidParameterValue", message)
        instances, at = self._spot_region.instances(ids, self.world.clock.now())
        if not self.parameter("IncludeAllInstances", False):
            instances = [instance for instance in instances if instance.state(at) == RUNNING]
        instances = passing(instances, self._filters_from_querystring(), STATUS_FILTERS, at, self.world.geography)
        instances, next_token = self._page_of(instances)
        rows = [status_row(instance, at, self.world.geography) for instance in instances]
        return self.answer({"InstanceStatuses": rows} | next_token)

    def describe_instance_attribute(self) -> ActionResult:
        """Return an instance's user data, or what happens to it when it shuts itself down."""
        now = self.world.clock.now()
        [instance], _ = self._spot_region.instances([self.parameter("InstanceId")], now)
        attribute = self.parameter("Attribute")
        if attribute == "userData":
            value = {"Value": base64.b64encode(instance.user_data.encode()).decode()} if instance.user_data else {}
            return self.answer({"InstanceId": instance.instance_id, "UserData": value})
        if attribute == "instanceInitiatedShutdownBehavior":
            value = {"Value": "terminate"}
            return self.answer({"InstanceId": instance.instance_id, "InstanceInitiatedShutdownBehavior": value})
        raise self.refuse("UnsupportedOperation", f"This local AWS does not know the attribute {attribute}.")

    @property
    def _spot(self) -> SpotAccount:
        return spot_account(self.world)

    @property
    def _spot_region(self) -> SpotRegion:
        return self._spot.region(self.region)

    @property
    def _moto_region(self) -> MotoRegion:
        return self._spot.moto_region(self.region)

    def _ids(self, name: str, *, required: bool = False, unpaged: bool = False) -> list[str]:
        """Return the ids in a parameter; with `unpaged`, raise AWS's error if MaxResults is there too."""
        ids: list[str] = self.parameter(name, [])
        if required and not ids:
            raise self.refuse("MissingParameter", f"The request must contain the parameter {name.removesuffix('s')}")
        if unpaged and ids and self.parameter("MaxResults") is not None:
            message = f"The parameter {name} cannot be used with the parameter MaxResults"
            raise self.refuse("InvalidParameterCombination", message)
        return ids

    def _page_of(self, resources: Sequence[Kind]) -> tuple[list[Kind], dict[str, str]]:
        """Return a page, and the next one's token: the last ordinal, so that changes in between shift nothing."""
        size = self.parameter("MaxResults")
        if size is not None and size not in _PAGE_SIZES:
            message = f"Value ( {size} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000."
            raise self.refuse("InvalidParameterValue", message)
        size = min(limit for limit in (size, self._spot.scenario.page_size, len(resources) + 1) if limit)
        after = self.number_in_token(_ORDINAL_WORD)
        rest = sorted((resource for resource in resources if resource.ordinal > after), key=attrgetter("ordinal"))
        next_token = {"NextToken": token(_ORDINAL_WORD, rest[size - 1].ordinal)} if len(rest) > size else {}
        return rest[:size], next_token


def _state_after_cancel(state: str) -> str:
    """Return the state in the call's answer: "cancelled" even if the request will be fulfilled all the same."""
    return "closed" if state in ENDED_STATES - {"cancelled"} else "cancelled"
