"""Regions, zones, instance types and where they are offered, from the real data that moto ships."""

from dataclasses import dataclass, replace
from functools import cache
from sys import intern
from typing import Any

# Opt-in Regions that this account has enabled; the other opt-in Regions exist, but are disabled for it.
_OPTED_IN = frozenset({"af-south-1", "ap-southeast-3", "eu-south-1"})
# Zones that moto's offerings name, but its list of zones lacks.
_ZONES_MISSING_IN_MOTO = {"eu-west-2d": "euw2-az4"}
# Hours ahead of UTC, in winter.
_HOURS_AHEAD = {
    "af-south-1": 2, "ap-east-1": 8, "ap-east-2": 8, "ap-northeast-1": 9, "ap-northeast-2": 9, "ap-northeast-3": 9,
    "ap-south-1": 5.5, "ap-south-2": 5.5, "ap-southeast-1": 8, "ap-southeast-2": 10, "ap-southeast-3": 7,
    "ap-southeast-4": 10, "ap-southeast-5": 8, "ap-southeast-6": 12, "ap-southeast-7": 7, "ca-central-1": -5,
    "ca-west-1": -7, "eu-central-1": 1, "eu-central-2": 1, "eu-north-1": 1, "eu-south-1": 1, "eu-south-2": 1,
    "eu-west-1": 0, "eu-west-2": 0, "eu-west-3": 1, "il-central-1": 2, "me-central-1": 4, "me-south-1": 3,
    "mx-central-1": -6, "sa-east-1": -3, "us-east-1": -5, "us-east-2": -5, "us-west-1": -8, "us-west-2": -8,
}  # fmt: skip


def hours_ahead(region: str) -> float:
    """Return how many hours a Region's local time is ahead of UTC; 0 for one that is newer than the table."""
    return _HOURS_AHEAD.get(region, 0)


@dataclass(frozen=True)
class Zone:
    """An Availability Zone: its name in this account, and its id, the same in every account."""

    name: str
    zone_id: str
    region: str


@dataclass(frozen=True)
class Geography:
    """Which Regions, zones and instance types there are, and which type is offered where."""

    opt_in_status: dict[str, str]  # Region -> opt-in-not-required, opted-in, not-opted-in
    zones: dict[str, tuple[Zone, ...]]  # Region -> its zones, by name
    zone: dict[str, Zone]  # zone id -> zone
    offered: dict[str, frozenset[str]]  # Region, or zone id -> the types offered there
    instance_types: dict[str, dict[str, Any]]  # type -> its description by DescribeInstanceTypes

    @staticmethod
    @cache
    def load() -> "Geography":
        """Read moto's data; the first call takes about a second."""
        from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
        from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, INSTANCE_TYPES

        statuses = {
            region.name: "opted-in" if region.name in _OPTED_IN else region.opt_in_status
            for region in sorted(RegionsAndZonesBackend.regions, key=lambda region: region.name)
            if not region.name.startswith(("cn-", "us-gov-"))
        }
        zones = {region: _zones_of(region, RegionsAndZonesBackend.zones[region]) for region in statuses}
        offered: dict[str, set[str]] = {}
        for location_type in ("region", "availability-zone-id"):
            for offerings in INSTANCE_TYPE_OFFERINGS[location_type].values():
                for offering in offerings:
                    offering["InstanceType"] = intern(offering["InstanceType"])  # halves moto's memory
                    offered.setdefault(offering["Location"], set()).add(offering["InstanceType"])
        return Geography(
            opt_in_status=statuses,
            zones=zones,
            zone={zone.zone_id: zone for of_region in zones.values() for zone in of_region},
            offered={location: frozenset(types) for location, types in offered.items()},
            instance_types=INSTANCE_TYPES,
        )

    def with_every_region_enabled(self) -> "Geography":
        """Return the same geography for an account that has opted in to every Region."""
        statuses = {
            region: "opted-in" if status == "not-opted-in" else status for region, status in self.opt_in_status.items()
        }
        return replace(self, opt_in_status=statuses)

    @property
    def regions(self) -> list[str]:
        """Every Region of the aws partition, enabled or not, by name."""
        return list(self.opt_in_status)

    def is_region(self, region: str) -> bool:
        """Return whether there is such a Region."""
        return region in self.opt_in_status

    def is_enabled(self, region: str) -> bool:
        """Return whether this account may use a Region."""
        return self.opt_in_status.get(region, "not-opted-in") != "not-opted-in"

    def is_offered(self, instance_type: str, location: str) -> bool:
        """Return whether a Region, or the zone with this id, offers an instance type."""
        return instance_type in self.offered.get(location, frozenset())

    def zone_ids(self, region: str, instance_type: str | None = None) -> list[str]:
        """Return the ids of a Region's zones: all, or those that offer an instance type."""
        return [
            zone.zone_id
            for zone in self.zones.get(region, ())
            if instance_type is None or self.is_offered(instance_type, zone.zone_id)
        ]

    def is_spot(self, instance_type: str) -> bool:
        """Return whether AWS sells an instance type as spot at all (Macs it does not)."""
        return "spot" in self.instance_types[instance_type]["SupportedUsageClasses"]

    def architecture(self, instance_type: str) -> str:
        """Return an instance type's architecture: x86_64 or arm64 (or, for Macs, x86_64_mac or arm64_mac)."""
        architectures: list[str] = self.instance_types[instance_type]["ProcessorInfo"]["SupportedArchitectures"]
        return architectures[-1]


def _zones_of(region: str, moto_zones: list[Any]) -> tuple[Zone, ...]:
    ids = {zone.name: zone.zone_id for zone in moto_zones}
    ids |= {name: zone_id for name, zone_id in _ZONES_MISSING_IN_MOTO.items() if name[:-1] == region}
    return tuple(Zone(name, zone_id, region) for name, zone_id in sorted(ids.items()))
