"""One Region of an account, as calls find it: order, cancel, terminate, describe."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from moto.ec2.exceptions import EC2ClientError

from local_aws.market.geography import Geography
from local_aws.market.spot_market import Market
from local_aws.spot.draw import Draw
from local_aws.spot.fulfilment import Fulfilment
from local_aws.spot.instance import Instance, Touch
from local_aws.spot.launch_order import LaunchOrder
from local_aws.spot.pools import Pools
from local_aws.spot.registry import Registry
from local_aws.spot.request import SpotRequest
from local_aws.spot.scenario import Scenario
from local_aws.state import vcpu_quotas
from local_aws.state.known_errors import KNOWN

_MAX_TERMINATED = 1000  # in one call

_Result = TypeVar("_Result")


class ClientTokens(Generic[_Result]):
    """What the calls with a client token have made: a repeated call returns it, and makes nothing again."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[str, _Result]] = {}

    def made_by(self, token: str, fingerprint: str) -> _Result | None:
        """Return what the token's first call made, or None when this is the first.

        Raises EC2ClientError when the parameters have another fingerprint than in the first call.
        """
        if token not in self._made:
            return None
        first, result = self._made[token]
        if first != fingerprint:
            message = "The client token you have provided was used before, with other parameters."
            raise EC2ClientError("IdempotentParameterMismatch", message)
        return result

    def remember(self, token: str, fingerprint: str, result: _Result) -> None:
        """Keep what a call made, if it has a token."""
        if token:
            self._made[token] = fingerprint, result


class SpotRegion:
    """Spot requests and instances in one Region; every call passes the market's time."""

    def __init__(
        self, region: str, seed: int, market: Market, geography: Geography, scenario: Callable[[], Scenario]
    ) -> None:
        self.registry = Registry(region, seed)
        self.fulfilment = Fulfilment(self.registry, Pools(market), scenario)
        self._vcpus = {name: kind["VCpuInfo"]["DefaultVCpus"] for name, kind in geography.instance_types.items()}
        self._scenario = scenario
        self._staleness = Draw(seed, region, "stale")
        self._spot_tokens: ClientTokens[list[SpotRequest]] = ClientTokens()
        self._on_demand_tokens: ClientTokens[list[Instance]] = ClientTokens()

    def order_spot(self, order: LaunchOrder, now: datetime) -> list[SpotRequest]:
        """Make spot requests, or return those that this client token made before.

        Raises EC2ClientError for a token that was used with other parameters, for what can never be launched here, and
        for an exceeded quota.
        """
        with self.registry.lock:
            self.registry.events.run(now)
            made = self._spot_tokens.made_by(order.client_token, order.fingerprint)
            if made is None:
                self._check_configuration(order)
                self._check_quota(order, now)
                made = [self.fulfilment.request(order, now) for _ in range(order.count)]
                self._spot_tokens.remember(order.client_token, order.fingerprint, made)
            return made

    def order_on_demand(self, order: LaunchOrder, now: datetime) -> list[Instance]:
        """Launch on-demand instances, or return those that this client token launched before."""
        with self.registry.lock:
            self.registry.events.run(now)
            made = self._on_demand_tokens.made_by(order.client_token, order.fingerprint)
            if made is None:
                self._check_configuration(order)
                made = [self.fulfilment.launch(order, order.zone_ids[0], now) for _ in range(order.count)]
                for instance in made:
                    instance.reservation_id = made[0].reservation_id
                    instance.client_token = order.client_token
                    instance.tags = dict(order.tags)
                self._on_demand_tokens.remember(order.client_token, order.fingerprint, made)
            return made

    def cancel(self, request_ids: Sequence[str], now: datetime) -> list[SpotRequest]:
        """Cancel requests; one unknown id fails the whole call."""
        with self.registry.lock:
            self.registry.events.run(now)
            requests = self.registry.visible_requests(request_ids, now)
            for request in requests:
                request.touches.append(Touch("CancelSpotInstanceRequests", now))
                self.fulfilment.cancel(request, now)
            return requests

    def terminate(self, instance_ids: Sequence[str], now: datetime) -> list[tuple[Instance, str]]:
        """Terminate instances, and return each with its state before; one unknown id fails the whole call.

        So does a protected one, but the instances in zones where none is protected are terminated all the same.
        """
        if len(instance_ids) > _MAX_TERMINATED:
            message = f"You can terminate at most {_MAX_TERMINATED} instances in one call."
            raise EC2ClientError("InvalidParameterValue", message)
        with self.registry.lock:
            self.registry.events.run(now)
            instances = self.registry.visible_instances(instance_ids, now)
            before = [(instance, instance.state(now)) for instance in instances]
            protected = [instance for instance in instances if instance.is_protected and instance.holds_capacity(now)]
            spared_zones = {instance.zone_id for instance in protected}
            for instance in instances:
                if instance.zone_id not in spared_zones:
                    instance.touches.append(Touch("TerminateInstances", now))
                    self.fulfilment.end(instance, "user", now)
            if protected:
                raise _refused("OperationNotPermitted", protected[0].instance_id)
            return before

    def protect(self, instance_ids: Sequence[str], now: datetime, *, protected: bool) -> None:
        """Protect instances against TerminateInstances, or no longer; raise KeyError for an unknown id."""
        with self.registry.lock:
            self.registry.events.run(now)
            for instance in [self.registry.instances[instance_id] for instance_id in instance_ids]:
                instance.is_protected = protected

    def interrupt(self, instance_ids: Sequence[str], now: datetime) -> list[Instance]:
        """Interrupt spot instances now, as AWS does, with its notice; without ids, all of them. Return which."""
        with self.registry.lock:
            self.registry.events.run(now)
            instances = [
                instance
                for instance in self._spot_instances_holding_capacity(now)
                if not instance_ids or instance.instance_id in instance_ids
            ]
            for instance in instances:
                self.fulfilment.end(instance, "aws", now)
            return instances

    def requests(self, request_ids: Sequence[str], now: datetime) -> tuple[list[SpotRequest], datetime]:
        """Return requests as a Describe call finds them, and the time it shows, which may be a little before now."""
        with self.registry.lock:
            self.registry.events.run(now)
            at = self._as_of(now)
            return self.registry.visible_requests(request_ids, at), at

    def instances(self, instance_ids: Sequence[str], now: datetime) -> tuple[list[Instance], datetime]:
        """Return instances as a Describe call finds them, and the time it shows, which may be a little before now."""
        with self.registry.lock:
            self.registry.events.run(now)
            at = self._as_of(now)
            return self.registry.visible_instances(instance_ids, at), at

    def every_request(self, now: datetime) -> list[SpotRequest]:
        """Return every request ever made, visible to callers or not."""
        with self.registry.lock:
            self.registry.events.run(now)
            return list(self.registry.requests.values())

    def every_instance(self, now: datetime, *, planned: bool = False) -> list[Instance]:
        """Return every instance launched, visible to callers or not; with `planned` also those launched later."""
        with self.registry.lock:
            self.registry.events.run(now)
            return [instance for instance in self.registry.instances.values() if planned or instance.launched_at <= now]

    def _as_of(self, now: datetime) -> datetime:
        return now - self._staleness.between((0.0, self._scenario().stale_seconds))

    def _check_configuration(self, order: LaunchOrder) -> None:
        """Raise AWS's error for a type that does not go with its AMI, or a network that is not there."""
        scenario = self._scenario().for_pair(order.instance_type, order.region)
        if not scenario.runs_hvm(order.instance_type):
            raise _refused("InvalidParameterCombination")
        if not order.names_subnet and scenario.default_network != "complete":
            raise _refused("VPCIdNotSpecified" if scenario.default_network == "no VPC" else "MissingInput")

    def _check_quota(self, order: LaunchOrder, now: datetime) -> None:
        """Raise AWS's error if the order exceeds the vCPU quota; open requests count as their instances would."""
        used = [request.order.instance_type for request in self.registry.requests.values() if request.is_open(now)]
        used += [instance.instance_type for instance in self._spot_instances_holding_capacity(now)]
        limit = vcpu_quotas.quota(self._scenario().vcpu_quota, order.instance_type, order.region)
        if vcpu_quotas.exceeds(order.count, order.instance_type, used, self._vcpus, limit):
            raise _refused("MaxSpotInstanceCountExceeded")

    def _spot_instances_holding_capacity(self, now: datetime) -> list[Instance]:
        return [
            instance
            for instance in self.registry.instances.values()
            if instance.request_id and instance.launched_at <= now and instance.holds_capacity(now)
        ]


def _refused(code: str, resource_id: str = "") -> EC2ClientError:
    """Return AWS's error with this code, to be raised, in its usual words."""
    return EC2ClientError(code, KNOWN[code].message.replace("{id}", resource_id))
