"""DescribeInstanceTypes and DescribeInstanceTypeOfferings: moto's data, with AWS's pages and errors."""

from functools import cache
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import get_service_model
from moto.ec2.models.instance_types import INSTANCE_TYPES, InstanceType, InstanceTypeBackend
from moto.ec2.utils import generic_filter

from local_aws.ec2 import answer_check
from local_aws.ec2.catalog import catalog_of, without_members
from local_aws.ec2.handler import Ec2Handler, matches
from local_aws.ec2.xml_answer import XmlAnswer
from local_aws.spot.account import spot_account

_DESCRIBED = {description.name: description for description in InstanceTypeBackend.instance_types}
_LOCATION_TYPES = ("region", "availability-zone", "availability-zone-id", "outpost")


class InstanceTypes(Ec2Handler):
    """Which instance types there are, and where."""

    def describe_instance_types(self) -> ActionResult:
        """Describe the types that the endpoint's Region offers; a page has at most 100."""
        self.error_on_dryrun()
        filters = self.filters(InstanceType._filter_attributes)
        named = self._named_types()
        candidates = named or sorted(self.world.geography.offered.get(self.region, ()))
        passing = generic_filter(filters, [_DESCRIBED[name] for name in candidates])
        described = [self._described(description["InstanceType"]) for description in passing]
        page = self.page("InstanceTypes", described, largest=100, default=None if named else 100)
        # Not checked: moto's data, which is AWS's own, has values newer than botocore's enumerations.
        return XmlAnswer(page, strict=False)

    def _described(self, name: str) -> dict[str, Any]:
        """Return a type's description, without what the catalog leaves out."""
        description = _described(name)
        if not spot_account(self.world).scenario.runs_hvm(name):
            description = description | {"SupportedVirtualizationTypes": ["paravirtual"]}
        return without_members(description, catalog_of(self.world).catalog.missing_members(name, self.region))

    def _named_types(self) -> list[str]:
        names: list[str] = self.parameter("InstanceTypes", [])
        if len(names) > 100:
            raise self.refuse("InvalidParameterValue", "At most 100 instance types can be described at once.")
        unknown = [name for name in names if not self.world.geography.is_offered(name, self.region)]
        if unknown:
            message = f"The following supplied instance types do not exist: [{', '.join(unknown)}]"
            raise self.refuse("InvalidInstanceType", message)
        if names and self.parameter("MaxResults") is not None:
            message = "The parameter InstanceTypes cannot be used with the parameter MaxResults"
            raise self.refuse("InvalidParameterCombination", message)
        return names

    def describe_instance_type_offerings(self) -> ActionResult:
        """Return where in the endpoint's Region each type is offered; without MaxResults on one page of 1000."""
        self.error_on_dryrun()
        location_type = self.parameter("LocationType", "region")
        if location_type not in _LOCATION_TYPES:
            raise self.refuse("InvalidParameterValue", f"The location type '{location_type}' is invalid.")
        filters = self.filters({"location", "instance-type"})
        rows = [
            {"InstanceType": name, "LocationType": location_type, "Location": location}
            for location, types in self._locations(location_type).items()
            for name in sorted(types)
            if matches(filters, {"location": location, "instance-type": name})
        ]
        return self.answer(self.page("InstanceTypeOfferings", rows, default=1000))

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


@cache
def _described(name: str) -> dict[str, Any]:
    """Return moto's description without the members that this botocore does not know yet."""
    shape = get_service_model("ec2").shape_for("InstanceTypeInfo")
    known: dict[str, Any] = answer_check.known_members(shape, INSTANCE_TYPES[name])
    return known
