"""DescribeRegions and DescribeAvailabilityZones, as this account sees them."""

from typing import Any

from moto.core.responses import ActionResult

from local_aws.ec2.catalog import catalog_of
from local_aws.ec2.handler import Ec2Handler, matches
from local_aws.market.geography import Zone


class Regions(Ec2Handler):
    """Which Regions and zones there are, and which are enabled for the account."""

    def describe_regions(self) -> ActionResult:
        """Return the enabled Regions, or with AllRegions also the others."""
        self.error_on_dryrun()
        geography = self.world.geography
        names: list[str] = self.parameter("RegionNames", [])
        unknown = [name for name in names if not geography.is_region(name)]
        if unknown:
            raise self.refuse("InvalidParameterValue", f"Invalid region names provided: {', '.join(unknown)}")
        everywhere = self.parameter("AllRegions", False)
        filters = self.filters(_REGION_FILTERS)
        rows = [
            {"RegionName": region, "Endpoint": f"ec2.{region}.amazonaws.com", "OptInStatus": status}
            for region, status in geography.opt_in_status.items()
            if (everywhere or geography.is_enabled(region)) and (not names or region in names)
        ]
        return self.answer({"Regions": [row for row in rows if _passes(filters, row, _REGION_FILTERS)]})

    def describe_availability_zones(self) -> ActionResult:
        """Return the zones of the endpoint's Region, with names and ids; also Local Zones that are opted in to."""
        self.error_on_dryrun()
        geography = self.world.geography
        local_zones = catalog_of(self.world).catalog.local_zones_of(self.region, geography)
        zones = [*geography.zones[self.region], *local_zones]
        filters = self.filters(_ZONE_FILTERS)
        names, ids = self.parameter("ZoneNames", []), self.parameter("ZoneIds", [])
        for kind, given, known in (
            ("zone name", names, {zone.name for zone in zones}),
            ("zone id", ids, {zone.zone_id for zone in zones}),
        ):
            if unknown := sorted(set(given) - known):
                raise self.refuse("InvalidParameterValue", f"Invalid availability {kind}: [{', '.join(unknown)}]")
        rows = [
            _local_zone_row(zone) if zone in local_zones else _zone_row(zone)
            for zone in zones
            if (not names or zone.name in names) and (not ids or zone.zone_id in ids)
        ]
        return self.answer({"AvailabilityZones": [row for row in rows if _passes(filters, row, _ZONE_FILTERS)]})


_REGION_FILTERS = {"region-name": "RegionName", "endpoint": "Endpoint", "opt-in-status": "OptInStatus"}
_ZONE_FILTERS = {
    "region-name": "RegionName",
    "zone-name": "ZoneName",
    "zone-id": "ZoneId",
    "zone-type": "ZoneType",
    "state": "State",
    "opt-in-status": "OptInStatus",
    "group-name": "GroupName",
}


def _zone_row(zone: Zone) -> dict[str, Any]:
    return {
        "RegionName": zone.region,
        "ZoneName": zone.name,
        "ZoneId": zone.zone_id,
        "ZoneType": "availability-zone",
        "State": "available",
        "OptInStatus": "opt-in-not-required",
        "GroupName": f"{zone.region}-zg-1",
        "NetworkBorderGroup": zone.region,
        "Messages": [],
    }


def _local_zone_row(zone: Zone) -> dict[str, Any]:
    group = zone.name[:-1]
    return _zone_row(zone) | {
        "ZoneType": "local-zone",
        "OptInStatus": "opted-in",
        "GroupName": group,
        "NetworkBorderGroup": group,
    }


def _passes(filters: dict[str, list[str]], row: dict[str, Any], members: dict[str, str]) -> bool:
    return matches(filters, {name: str(row[members[name]]) for name in filters})
