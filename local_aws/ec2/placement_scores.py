"""GetSpotPlacementScores, which moto does not have."""

from math import ceil
from typing import Any

from moto.core.responses import ActionResult

from local_aws.ec2.catalog import catalog_of
from local_aws.ec2.handler import Ec2Handler
from local_aws.state.call_log import ScoreQuery
from local_aws.state.configuration_limit import Configuration
from local_aws.state.known_errors import KNOWN

_MAX_RESULTS = 10  # AWS answers with the ten best, and never with a next page
_MAX_REGIONS = 10
_MAX_TYPES = 1000
_UNITS = ("vcpu", "memory-mib", "units")
_MAX_CAPACITY = 2_000_000_000

_LIMIT_MESSAGE = (
    "You have exceeded your maximum allowed Spot placement configurations. You can retry configurations that you "
    "used within the last 24 hours, or wait for 24 hours before specifying a new configuration."
)

_UNSCORED_MESSAGE = (
    "The request contains instance types that are not valid. Remove or correct the following instance types, and try "
    "again: [{}]."
)


class PlacementScores(Ec2Handler):
    """How likely a spot request is to succeed, by Region or zone."""

    def get_spot_placement_scores(self) -> ActionResult:
        """Score one configuration, if the limit allows the account to use it."""
        if self.region in catalog_of(self.world).catalog.regions_without_scores:
            raise self.refuse("UnsupportedOperation", KNOWN["UnsupportedOperation"].message)
        configuration = self._configuration()
        self.error_on_dryrun()
        if not self._may_use(configuration):
            raise self.refuse("MaxConfigLimitExceeded", _LIMIT_MESSAGE)
        rows = self._rows(configuration)
        rows.sort(key=lambda row: -row["Score"])
        return self.answer({"SpotPlacementScores": rows[:_MAX_RESULTS]})

    def _configuration(self) -> Configuration:
        """Return the configuration asked for; raise AWS's error for invalid parameters."""
        if self.parameter("InstanceRequirementsWithMetadata"):
            raise self.refuse("UnsupportedOperation", "This stand-in knows instance types, not requirements.")
        max_results = self.parameter("MaxResults")
        if max_results is not None and not 10 <= max_results <= 1000:
            raise self._invalid("MaxResults", max_results, "It must be between 10 and 1000.")
        return Configuration(
            instance_types=frozenset(self._instance_types()),
            target_capacity=self._target_capacity(),
            unit=self._unit(),
            regions=frozenset(self._region_names()),
            single_availability_zone=bool(self.parameter("SingleAvailabilityZone", False)),
        )

    def _instance_types(self) -> list[str]:
        names: list[str] = self.parameter("InstanceTypes", [])
        if not names:
            raise self.refuse("MissingParameter", "The request must contain the parameter InstanceType")
        if len(names) > _MAX_TYPES:
            raise self._invalid("InstanceType", len(names), f"At most {_MAX_TYPES} can be named.")
        unknown = [name for name in names if name not in self.world.geography.instance_types]
        if unknown:
            raise self._invalid("InstanceType", ", ".join(unknown), "There is no such instance type.")
        unscored = [name for name in names if not catalog_of(self.world).catalog.is_scored(name)]
        if unscored:  # AWS names the first, however many there are
            raise self.refuse("InvalidParameterValue", _UNSCORED_MESSAGE.format(unscored[0]))
        return names

    def _target_capacity(self) -> int:
        capacity = self.parameter("TargetCapacity")
        if capacity is None:
            raise self.refuse("MissingParameter", "The request must contain the parameter TargetCapacity")
        if not 1 <= capacity <= _MAX_CAPACITY:
            raise self._invalid("TargetCapacity", capacity, f"It must be between 1 and {_MAX_CAPACITY}.")
        return int(capacity)

    def _unit(self) -> str:
        unit: str = self.parameter("TargetCapacityUnitType", "units")
        if unit not in _UNITS:
            raise self._invalid("TargetCapacityUnitType", unit, f"It must be one of {', '.join(_UNITS)}.")
        return unit

    def _region_names(self) -> list[str]:
        names: list[str] = self.parameter("RegionNames", [])
        if len(names) > _MAX_REGIONS:
            raise self._invalid("RegionName", len(names), f"At most {_MAX_REGIONS} Regions can be named.")
        unknown = [name for name in names if not self.world.geography.is_enabled(name)]
        if unknown:
            raise self._invalid("RegionName", ", ".join(unknown), "There is no such Region for this account.")
        return names

    def _invalid(self, parameter: str, value: object, why: str) -> Exception:
        return self.refuse("InvalidParameterValue", f"Value ({value}) for parameter {parameter} is invalid. {why}")

    def _may_use(self, configuration: Configuration) -> bool:
        now = self.world.clock.now()
        allowed = self.world.configurations.use(self.current_account, self.region, configuration, now)
        self.world.calls.remember(
            ScoreQuery(
                time=now,
                endpoint_region=self.region,
                instance_types=tuple(sorted(configuration.instance_types)),
                regions=tuple(sorted(configuration.regions)),
                target_capacity=configuration.target_capacity,
                unit=configuration.unit,
                single_availability_zone=configuration.single_availability_zone,
                outcome="ok" if allowed else "MaxConfigLimitExceeded",
            )
        )
        return allowed

    def _rows(self, configuration: Configuration) -> list[dict[str, Any]]:
        geography = self.world.geography
        regions = configuration.regions or frozenset(filter(geography.is_enabled, geography.regions))
        rows: list[dict[str, Any]] = []
        for region in sorted(regions):
            types = [name for name in configuration.instance_types if geography.is_offered(name, region)]
            zone_ids = sorted({zone_id for name in types for zone_id in geography.zone_ids(region, name)})
            if not types:
                continue
            if configuration.single_availability_zone:
                rows += [
                    {
                        "Region": region,
                        "AvailabilityZoneId": zone_id,
                        "Score": self._score(configuration, types, [zone_id]),
                    }
                    for zone_id in zone_ids
                ]
            else:
                rows.append({"Region": region, "Score": self._score(configuration, types, zone_ids)})
        return rows

    def _score(self, configuration: Configuration, types: list[str], zone_ids: list[str]) -> int:
        now = self.world.clock.now()
        return self.world.market.placement_score(types, zone_ids, self._in_instances(configuration, types), now)

    def _in_instances(self, configuration: Configuration, types: list[str]) -> int:
        """Return the target capacity in instances; where the types differ in size, by the median type."""
        descriptions = self.world.geography.instance_types
        sizes = {
            "units": [1 for _ in types],
            "vcpu": [descriptions[name]["VCpuInfo"]["DefaultVCpus"] for name in types],
            "memory-mib": [descriptions[name]["MemoryInfo"]["SizeInMiB"] for name in types],
        }[configuration.unit]
        median: int = sorted(sizes)[len(sizes) // 2]
        return ceil(configuration.target_capacity / median)
