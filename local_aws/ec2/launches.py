"""The calls on spot requests and instances, as EC2 answers them."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from moto.core.responses import ActionResult

from local_aws.ec2.filters import INSTANCE_FILTERS, REQUEST_FILTERS, STATUS_FILTERS, Kind, passing
from local_aws.ec2.handler import Ec2Answer
from local_aws.ec2.rows import request_row, reservation_row, state_row, status_row
from local_aws.ec2.xml_answer import LeanAnswer
from local_aws.spot.account import RegionalAccount, SpotAccount, spot_account
from local_aws.spot.instance import RUNNING
from local_aws.spot.launch_order import on_demand_order, spot_order
from local_aws.spot.region import SpotRegion
from local_aws.spot.request import ENDED_STATES

_MOST_STATUS_IDS = 100
_PAGE_SIZES = range(5, 1001)


class SpotCalls(Ec2Answer):
    """Request, cancel, terminate, describe."""

    def request_spot_instances(self) -> ActionResult:
        """Make spot requests, one an instance."""
        now = self.world.clock.now()
        order = spot_order(self._get_params(), self._account, now)
        self.error_on_dryrun()
        requests = self._here.order_spot(order, now)
        rows = [request_row(request, now, self._account) for request in requests]
        return self._lean({"SpotInstanceRequests": rows})

    def cancel_spot_instance_requests(self) -> ActionResult:
        """Cancel spot requests; their instances run on."""
        self.error_on_dryrun()
        now = self.world.clock.now()
        rows = [
            {"SpotInstanceRequestId": request.request_id, "State": _state_after_cancel(request.state(now))}
            for request in self._here.cancel(self._ids("SpotInstanceRequestIds", required=True), now)
        ]
        return self._lean({"CancelledSpotInstanceRequests": rows})

    def describe_spot_instance_requests(self) -> ActionResult:
        """Describe spot requests by id or filter."""
        self.error_on_dryrun()
        requests, at = self._here.requests(self._ids("SpotInstanceRequestIds"), self.world.clock.now())
        requests = passing(requests, self._all_filters(), REQUEST_FILTERS, at, self.world.geography)
        requests, token = self._page_of(requests)
        rows = [request_row(request, at, self._account) for request in requests]
        return self._lean({"SpotInstanceRequests": rows} | token)

    def run_instances(self) -> ActionResult:
        """Launch on-demand instances."""
        now = self.world.clock.now()
        order = on_demand_order(self._get_params(), self._account, now)
        self.error_on_dryrun()
        instances = self._here.order_on_demand(order, now)
        return self._lean(reservation_row(instances, now, self._account, self.current_account))

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
            for instance, before in self._here.terminate(self._ids("InstanceIds", required=True), now)
        ]
        return self._lean({"TerminatingInstances": rows})

    def describe_instances(self) -> ActionResult:
        """Describe instances by id or filter, in their reservations."""
        self.error_on_dryrun()
        instances, at = self._here.instances(self._ids("InstanceIds", unpaged=True), self.world.clock.now())
        instances = passing(instances, self._all_filters(), INSTANCE_FILTERS, at, self.world.geography)
        instances, token = self._page_of(instances)
        rows = [
            reservation_row(list(group), at, self._account, self.current_account)
            for _, group in groupby(instances, lambda instance: instance.reservation_id)
        ]
        return self._lean({"Reservations": rows} | token)

    def describe_instance_status(self) -> ActionResult:
        """Describe the status checks of running instances, or with IncludeAllInstances of all."""
        self.error_on_dryrun()
        ids = self._ids("InstanceIds", unpaged=True)
        if len(ids) > _MOST_STATUS_IDS:
            message = f"At most {_MOST_STATUS_IDS} instance IDs can be given, and there are {len(ids)}."
            raise self.refuse("InvalidParameterValue", message)
        instances, at = self._here.instances(ids, self.world.clock.now())
        if not self.wanted("IncludeAllInstances", False):
            instances = [instance for instance in instances if instance.state(at) == RUNNING]
        instances = passing(instances, self._all_filters(), STATUS_FILTERS, at, self.world.geography)
        instances, token = self._page_of(instances)
        rows = [status_row(instance, at, self.world.geography) for instance in instances]
        return self._lean({"InstanceStatuses": rows} | token)

    def describe_instance_attribute(self) -> ActionResult:
        """Return an instance's user data, or what a shutdown from inside does to it."""
        now = self.world.clock.now()
        [instance], _ = self._here.instances([self.wanted("InstanceId")], now)
        attribute = self.wanted("Attribute")
        if attribute == "userData":
            value = {"Value": base64.b64encode(instance.user_data.encode()).decode()} if instance.user_data else {}
            return self._lean({"InstanceId": instance.instance_id, "UserData": value})
        if attribute == "instanceInitiatedShutdownBehavior":
            value = {"Value": "terminate"}
            return self._lean({"InstanceId": instance.instance_id, "InstanceInitiatedShutdownBehavior": value})
        raise self.refuse("UnsupportedOperation", f"This local AWS does not know the attribute {attribute}.")

    @property
    def _spot(self) -> SpotAccount:
        return spot_account(self.world)

    @property
    def _here(self) -> SpotRegion:
        return self._spot.region(self.region)

    @property
    def _account(self) -> RegionalAccount:
        return self._spot.in_moto(self.region)

    def _lean(self, answer: dict[str, Any]) -> ActionResult:
        return LeanAnswer(answer, strict=self.world.strict)

    def _all_filters(self) -> Mapping[str, Sequence[str]]:
        return self._filters_from_querystring()

    def _ids(self, name: str, *, required: bool = False, unpaged: bool = False) -> list[str]:
        """Return the ids asked for; some calls take either ids or pages."""
        ids: list[str] = self.wanted(name, [])
        if required and not ids:
            raise self.refuse("MissingParameter", f"The request must contain the parameter {name.removesuffix('s')}")
        if unpaged and ids and self.wanted("MaxResults") is not None:
            message = f"The parameter {name} cannot be used with the parameter MaxResults"
            raise self.refuse("InvalidParameterCombination", message)
        return ids

    def _page_of(self, resources: Sequence[Kind]) -> tuple[list[Kind], dict[str, str]]:
        """Return a page, and the token of the next: after which resource it goes on, whatever comes and goes."""
        size = self.wanted("MaxResults")
        if size is not None and size not in _PAGE_SIZES:
            message = f"Value ( {size} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000."
            raise self.refuse("InvalidParameterValue", message)
        size = min(limit for limit in (size, self._spot.scenario.page_size, len(resources) + 1) if limit)
        after = self._page_start(self.wanted("NextToken"))
        rest = sorted((one for one in resources if one.ordinal > after), key=lambda one: one.ordinal)
        token = {"NextToken": _token(rest[size - 1].ordinal)} if len(rest) > size else {}
        return rest[:size], token

    def _page_start(self, token: str | None) -> int:
        if not token:
            return 0
        try:
            return int(base64.urlsafe_b64decode(token).decode().removeprefix("after "))
        except (binascii.Error, ValueError):
            raise self.refuse("InvalidNextToken", f"The token '{token}' is invalid.") from None


def _token(ordinal: int) -> str:
    return base64.urlsafe_b64encode(f"after {ordinal}".encode()).decode()


def _state_after_cancel(state: str) -> str:
    """Return what the call says: "cancelled" also where the fulfilment is on its way already."""
    return "closed" if state in ENDED_STATES - {"cancelled"} else "cancelled"
