"""What AWS's listings say and leave out, beside what is really there: settings that a test may change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from local_aws.market.geography import Geography, Zone
from local_aws.state import settings
from local_aws.state.settings import Texts
from local_aws.state.world import World

_LOCAL_ZONE = re.compile(r"(?P<region>[a-z]+(?:-[a-z]+)+-\d)-(?P<place>[a-z]+)-(?P<group>\d)(?P<letter>[a-z])")


@dataclass(frozen=True)
class Catalog:
    """The settings; the defaults are AWS on an ordinary day."""

    # "m7g.large", or "m7g.*@us-east-1" -> the members its description lacks: "ProcessorInfo", or
    # "ProcessorInfo.SupportedArchitectures"
    incomplete_types: Mapping[str, Any] = field(default_factory=dict)
    unscored_types: Texts = ()  # patterns of types that placement scores refuse, although EC2 offers them
    # Endpoint Regions without placement scores (AWS does not document which these are).
    regions_without_scores: Texts = ("af-south-1", "ap-northeast-3", "ap-southeast-3", "eu-south-1")
    # Local Zones the account has opted in to, "us-west-2-lax-1a" -> the spot price of every type there, USD an hour
    local_zones: Mapping[str, Any] = field(default_factory=dict)

    def changed(self, changes: Mapping[str, Any]) -> "Catalog":
        """Return this catalog with some settings changed.

        Raises ValueError for an unknown setting, or a value it cannot have.
        """
        new = settings.changed(self, changes)
        for name, members in new.incomplete_types.items():
            if not isinstance(members, list | tuple):
                raise ValueError(f"{name} lacks a list of members, not {members!r}")
        for name, usd in new.local_zones.items():
            if not _LOCAL_ZONE.fullmatch(name):
                raise ValueError(f"a Local Zone is written us-west-2-lax-1a, not {name!r}")
            if isinstance(usd, bool) or not isinstance(usd, int | float) or usd <= 0:
                raise ValueError(f"the price in {name} is USD an hour, not {usd!r}")
        return new

    def is_scored(self, instance_type: str) -> bool:
        """Return whether placement scores know an instance type."""
        return not any(fnmatchcase(instance_type, pattern) for pattern in self.unscored_types)

    def missing_members(self, instance_type: str, region: str) -> list[str]:
        """Return the members that a type's description lacks in a Region."""
        return [
            member
            for pattern, members in self.incomplete_types.items()
            if fnmatchcase(f"{instance_type}@{region}", pattern if "@" in pattern else f"{pattern}@*")
            for member in members
        ]

    def local_zones_of(self, region: str, geography: Geography) -> list[Zone]:
        """Return a Region's Local Zones that the account has opted in to."""
        found = filter(None, map(_LOCAL_ZONE.fullmatch, self.local_zones))
        return [_local_zone(match, geography) for match in found if match["region"] == region]


class CatalogOfWorld:
    """The catalog in force; it is a part of the World (see `World.part`)."""

    def __init__(self, _: World) -> None:
        self.catalog = Catalog()


def catalog_of(world: World) -> CatalogOfWorld:
    """Return where the world keeps its catalog."""
    return world.part(CatalogOfWorld)


def without_members(description: Mapping[str, Any], members: list[str]) -> dict[str, Any]:
    """Return a description without some members, named "Member" or "Member.Inner"."""
    outer = {member for member in members if "." not in member}
    kept = {name: value for name, value in description.items() if name not in outer}
    for member in members:
        name, _, inner = member.partition(".")
        if inner and name in kept:
            kept[name] = without_members(kept[name], [inner])
    return kept


def _local_zone(match: re.Match[str], geography: Geography) -> Zone:
    """Return a Local Zone, with its id: us-west-2-lax-1a is usw2-lax1-az1."""
    region, letter = match["region"], match["letter"]
    prefix = geography.zones[region][0].zone_id.partition("-")[0]
    number = ord(letter) - ord("a") + 1
    return Zone(match.string, f"{prefix}-{match['place']}{match['group']}-az{number}", region)
