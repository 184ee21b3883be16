"""DescribeInstanceTypes and DescribeInstanceTypeOfferings: moto's data, with AWS's pages and refusals."""

import uuid
from collections.abc import Iterable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.instance_types import InstanceType, InstanceTypeBackend
from moto.ec2.utils import generic_filter

from local_aws.ec2_answer import Ec2Answer, matches

_DESCRIBED = {description.name: description for description in InstanceTypeBackend.instance_types}
_XML: dict[str, str] = {}
_LOCATION_TYPES = ("region", "availability-zone", "availability-zone-id", "outpost")


class InstanceTypes(Ec2Answer):
    """Which instance types there are, and where."""

    def describe_instance_types(self) -> str:
        """Describe the types that the endpoint's Region offers; pages are of at most 100."""
        self.error_on_dryrun()
        filters = self.filters(InstanceType._filter_attributes)
        named = self._named_types()
        candidates = named or sorted(self.world.geography.offered.get(self.region, ()))
        wanted = generic_filter(filters, [_DESCRIBED[name] for name in candidates])
        names = [description["InstanceType"] for description in wanted]
        page = self.page("Names", names, largest=100, default=None if named else 100)
        return _answer("DescribeInstanceTypes", "instanceTypeSet", map(self._as_xml, page["Names"]), page)

    def _named_types(self) -> list[str]:
        names: list[str] = self.wanted("InstanceTypes", [])
        if len(names) > 100:
            raise self.refuse("InvalidParameterValue", "At most 100 instance types can be described at once.")
        unknown = [name for name in names if not self.world.geography.is_offered(name, self.region)]
        if unknown:
            message = f"The following supplied instance types do not exist: [{', '.join(unknown)}]"
            raise self.refuse("InvalidInstanceType", message)
        if names and self.wanted("MaxResults") is not None:
            message = "The parameter InstanceTypes cannot be used with the parameter MaxResults"
            raise self.refuse("InvalidParameterCombination", message)
        return names

    def _as_xml(self, name: str) -> str:
        """Return a type's description in XML; moto's serializer takes a millisecond for one, so each is kept."""
        if name not in _XML:
            # The plain data: moto's own objects carry members that AWS's answers have not.
            result = ActionResult({"InstanceTypes": [self.world.geography.instance_types[name]]})
            _, _, body = self.serialized(result)
            _XML[name] = body.partition("<instanceTypeSet>")[2].partition("</instanceTypeSet>")[0]
        return _XML[name]

    def describe_instance_type_offerings(self) -> str:
        """Return where in the endpoint's Region each type is offered; without MaxResults on one page of 1000."""
        self.error_on_dryrun()
        location_type = self.wanted("LocationType", "region")
        if location_type not in _LOCATION_TYPES:
            raise self.refuse("InvalidParameterValue", f"The location type '{location_type}' is invalid.")
        filters = self.filters({"location", "instance-type"})
        rows = [
            f"<item><instanceType>{name}</instanceType><locationType>{location_type}</locationType>"
            f"<location>{location}</location></item>"
            for location, types in self._locations(location_type).items()
            for name in sorted(types)
            if matches(filters, {"location": location, "instance-type": name})
        ]
        page = self.page("Rows", rows, default=1000)
        return _answer("DescribeInstanceTypeOfferings", "instanceTypeOfferingSet", page["Rows"], page)

    def _locations(self, location_type: str) -> dict[str, frozenset[str]]:
        geography = self.world.geography
        offered = geography.offered
        zones = geography.zones[self.region]
        if location_type == "region":
            return {self.region: offered.get(self.region, frozenset())}
        if location_type == "outpost":
            return {}
        return {
            zone.name if location_type == "availability-zone" else zone.zone_id: offered.get(zone.zone_id, frozenset())
            for zone in zones
        }


def _answer(action: str, set_name: str, items: Iterable[str], page: dict[str, Any]) -> str:
    """Return an answer of a thousand rows at once: botocore's own order of things, without its serializer's time."""
    token = f"<nextToken>{page['NextToken']}</nextToken>" if "NextToken" in page else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<{action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15">'
        f"<{set_name}>{''.join(items)}</{set_name}>{token}<requestId>{uuid.uuid4()}</requestId></{action}Response>"
    )
