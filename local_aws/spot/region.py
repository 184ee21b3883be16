"""One Region of an account, as calls find it: order, cancel, terminate, look."""

from collections.abc import Callable, Sequence
from datetime import datetime

from moto.ec2.exceptions import EC2ClientError

from local_aws.market.geography import Geography
from local_aws.market.spot_market import Market
from local_aws.spot.client_tokens import ClientTokens
from local_aws.spot.draw import Draw
from local_aws.spot.fulfilment import Fulfilment
from local_aws.spot.instance import Instance, Touch
from local_aws.spot.launch_order import LaunchOrder
from local_aws.spot.pools import Pools
from local_aws.spot.registry import Registry
from local_aws.spot.request import SpotRequest
from local_aws.spot.scenario import Scenario
from local_aws.state import vcpu_quotas

_MOST_TERMINATED = 1000


class SpotRegion:
    """Spot requests and instances in one Region; every call brings the time with it."""

    def __init__(
        self, region: str, seed: int, market: Market, geography: Geography, scenario: Callable[[], Scenario]
    ) -> None:
        self.registry = Registry(region, seed)
        self.fulfilment = Fulfilment(self.registry, Pools(market, geography), scenario)
        self._vcpus = {name: kind["VCpuInfo"]["DefaultVCpus"] for name, kind in geography.instance_types.items()}
        self._scenario = scenario
        self._stale = Draw(seed, region, "stale")
        self._spot_tokens: ClientTokens[list[SpotRequest]] = ClientTokens()
        self._on_demand_tokens: ClientTokens[list[Instance]] = ClientTokens()

    def order_spot(self, order: LaunchOrder, now: datetime) -> list[SpotRequest]:
        """Make spot requests, or return those that this client token made before.

        Raises EC2ClientError for a token used otherwise before, or a quota used up.
        """
        with self.registry.lock:
            self.registry.agenda.play(now)
            made = self._spot_tokens.made_by(order.client_token, order.fingerprint)
            if made is None:
                self._hold_to_quota(order, now)
                made = [self.fulfilment.request(order, now) for _ in range(order.count)]
                self._spot_tokens.remember(order.client_token, order.fingerprint, made)
            return made

    def order_on_demand(self, order: LaunchOrder, now: datetime) -> list[Instance]:
        """Launch on-demand instances, or return those that this client token launched before."""
        with self.registry.lock:
            self.registry.agenda.play(now)
            made = self._on_demand_tokens.made_by(order.client_token, order.fingerprint)
            if made is None:
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
            self.registry.agenda.play(now)
            requests = self.registry.seen_requests(request_ids, now)
            for request in requests:
                request.touches.append(Touch("CancelSpotInstanceRequests", now))
                self.fulfilment.cancel(request, now)
            return requests

    def terminate(self, instance_ids: Sequence[str], now: datetime) -> list[tuple[Instance, str]]:
        """Terminate instances, and return each with its state before; one unknown id fails the whole call."""
        if len(instance_ids) > _MOST_TERMINATED:
            message = f"You can terminate at most {_MOST_TERMINATED} instances in one call."
            raise EC2ClientError("InvalidParameterValue", message)
        with self.registry.lock:
            self.registry.agenda.play(now)
            instances = self.registry.seen_instances(instance_ids, now)
            before = [(instance, instance.state(now)) for instance in instances]
            for instance in instances:
                instance.touches.append(Touch("TerminateInstances", now))
                self.fulfilment.end(instance, "user", now)
            return before

    def interrupt(self, instance_ids: Sequence[str], now: datetime) -> list[Instance]:
        """Let AWS interrupt instances now, with its notice; without ids, all spot instances."""
        with self.registry.lock:
            self.registry.agenda.play(now)
            instances = [
                instance
                for instance in self.registry.instances.values()
                if instance.request_id and instance.launched <= now and instance.holds_capacity(now)
                if not instance_ids or instance.instance_id in instance_ids
            ]
            for instance in instances:
                self.fulfilment.end(instance, "aws", now)
            return instances

    def requests(self, request_ids: Sequence[str], now: datetime) -> tuple[list[SpotRequest], datetime]:
        """Return requests as a Describe finds them, and as of when: an answer may be a little old."""
        with self.registry.lock:
            self.registry.agenda.play(now)
            at = self._as_of(now)
            return self.registry.seen_requests(request_ids, at), at

    def instances(self, instance_ids: Sequence[str], now: datetime) -> tuple[list[Instance], datetime]:
        """Return instances as a Describe finds them, and as of when: an answer may be a little old."""
        with self.registry.lock:
            self.registry.agenda.play(now)
            at = self._as_of(now)
            return self.registry.seen_instances(instance_ids, at), at

    def every_request(self, now: datetime) -> list[SpotRequest]:
        """Return every request ever made, seen or not."""
        with self.registry.lock:
            self.registry.agenda.play(now)
            return list(self.registry.requests.values())

    def every_instance(self, now: datetime, *, planned: bool = False) -> list[Instance]:
        """Return every instance ever launched, seen or not; with those that will be if nobody interferes."""
        with self.registry.lock:
            self.registry.agenda.play(now)
            return [one for one in self.registry.instances.values() if planned or one.launched <= now]

    def _as_of(self, now: datetime) -> datetime:
        return now - self._stale.between((0.0, self._scenario().stale_seconds))

    def _hold_to_quota(self, order: LaunchOrder, now: datetime) -> None:
        """Raise AWS's error if so many more vCPUs of this class are too many; open requests count."""
        used = [request.order.instance_type for request in self.registry.requests.values() if request.is_open(now)]
        used += [
            instance.instance_type
            for instance in self.registry.instances.values()
            if instance.request_id and instance.launched <= now and instance.holds_capacity(now)
        ]
        limit = vcpu_quotas.quota(self._scenario().vcpu_quota, order.instance_type, order.region)
        if vcpu_quotas.exceeds(order.count, order.instance_type, used, self._vcpus, limit):
            raise EC2ClientError("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded")
