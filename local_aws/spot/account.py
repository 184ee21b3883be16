"""An account's spot requests and instances in all Regions, and the scenario by which launches go."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from local_aws.market.geography import Geography
from local_aws.market.spot_market import Market
from local_aws.spot.region import SpotRegion
from local_aws.spot.scenario import Scenario
from local_aws.state.world import World

_BACKEND_LOCK = threading.Lock()


@dataclass(frozen=True)
class NetworkPart:
    """The part of the account's default network that an instance is launched in."""

    vpc_id: str
    subnet_id: str


class MotoRegion:
    """What moto keeps for one Region of the account: AMIs and the network, as orders and answers need them."""

    def __init__(
        self, account: str, region: str, geography: Geography, market: Market, scenario: Callable[[], Scenario]
    ) -> None:
        self.region = region
        self.geography = geography
        self._scenario = scenario
        self._account = account
        self._market = market

    def image_architecture(self, image_id: str) -> str | None:
        """Return an AMI's architecture, or None when this Region has no such AMI, or has withdrawn it."""
        if image_id in self._scenario().withdrawn_images:
            return None
        image = self._moto.amis.get(image_id)
        return str(image.architecture) if image is not None and image.state == "available" else None

    def any_image(self, architecture: str) -> str:
        """Return the id of some AMI of an architecture."""
        images: dict[str, Any] = self._moto.amis
        return next(image_id for image_id, image in images.items() if image.architecture == architecture)

    def subnet_zone(self, subnet_id: str) -> str | None:
        """Return the zone id of a subnet, or None when there is no such subnet."""
        return next(
            (
                zone_id
                for zone_id, subnets in self._moto_subnets().items()
                if any(subnet.id == subnet_id for subnet in subnets)
            ),
            None,
        )

    def group_name(self, group_id: str) -> str | None:
        """Return a security group's name, or None when there is no such group."""
        group = self._moto.get_security_group_from_id(group_id)
        return None if group is None else str(group.name)

    def network(self, zone_id: str, subnet_id: str | None = None) -> NetworkPart | None:
        """Return the default subnet of the zone with this id, or the one named; None if moto has none."""
        if not subnet_id:
            return self._default_networks.get(zone_id)
        subnets = (subnet for of_zone in self._moto_subnets().values() for subnet in of_zone)
        return next((NetworkPart(subnet.vpc_id, subnet.id) for subnet in subnets if subnet.id == subnet_id), None)

    def groups(self, group_ids: Sequence[str]) -> list[dict[str, str]]:
        """Return these security groups as answers show them; none named: the default group."""
        named = [{"GroupId": group_id, "GroupName": self.group_name(group_id) or ""} for group_id in group_ids]
        return named or [self.default_group]

    def on_demand_price(self, instance_type: str) -> float:
        """Return the on-demand price here, USD an hour."""
        return self._market.on_demand_price(instance_type, self.region)

    @cached_property
    def default_group(self) -> dict[str, str]:
        """The default security group."""
        group = self._moto.get_security_group_by_name_or_id("default")
        return {"GroupId": group.id, "GroupName": group.name}

    @cached_property
    def _default_networks(self) -> dict[str, NetworkPart]:
        return {
            zone_id: NetworkPart(subnet.vpc_id, subnet.id)
            for zone_id, subnets in self._moto_subnets().items()
            for subnet in subnets
            if subnet.default_for_az
        }

    def _moto_subnets(self) -> dict[str, list[Any]]:
        ids = {zone.name: zone.zone_id for zone in self.geography.zones[self.region]}
        return {ids[name]: list(subnets.values()) for name, subnets in self._moto.subnets.items() if name in ids}

    @property
    def _moto(self) -> Any:
        from moto.ec2.models import ec2_backends

        with _BACKEND_LOCK:  # without it, two first calls at the same time make two backends
            return ec2_backends[self._account][self.region]


class SpotAccount:
    """What the account has launched in any Region; it is a part of the World (see `World.part`)."""

    def __init__(self, world: World) -> None:
        self.scenario = Scenario()
        self._world = world
        self._lock = threading.Lock()
        self._regions: dict[str, SpotRegion] = {}
        self._moto_regions: dict[str, MotoRegion] = {}

    def region(self, region: str) -> SpotRegion:
        """Return a Region's requests and instances."""
        with self._lock:
            if region not in self._regions:
                world = self._world
                self._regions[region] = SpotRegion(
                    region, world.seed, world.market, world.geography, lambda: self.scenario
                )
            return self._regions[region]

    def used_regions(self) -> list[SpotRegion]:
        """Return the Regions for which any call on spot requests or instances was made."""
        with self._lock:
            return [self._regions[region] for region in sorted(self._regions)]

    def moto_region(self, region: str) -> MotoRegion:
        """Return what moto keeps for a Region of the account."""
        with self._lock:
            if region not in self._moto_regions:
                world = self._world
                self._moto_regions[region] = MotoRegion(
                    world.account, region, world.geography, world.market, lambda: self.scenario
                )
            return self._moto_regions[region]


def spot_account(world: World) -> SpotAccount:
    """Return the world's account."""
    return world.part(SpotAccount)
