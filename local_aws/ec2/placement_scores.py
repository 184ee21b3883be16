"""GetSpotPlacementScores, which moto does not have."""

from math import ceil

from moto.core.responses import ActionResult

from local_aws.ec2.handler import Ec2Answer
from local_aws.state.call_log import ScoreQuery
from local_aws.state.configuration_limit import Configuration

MOST_RESULTS = 10  # AWS answers with the ten best, and never with a next page
MOST_REGIONS = 10
MOST_TYPES = 1000
_UNITS = ("vcpu", "memory-mib", "units")
_LARGEST_CAPACITY = 2_000_000_000

# Endpoint Regions that have no such call (which ones they are, AWS does not say).
SILENT_REGIONS = frozenset({"af-south-1", "ap-northeast-3", "ap-southeast-3", "eu-south-1"})

_LIMIT_MESSAGE = (
    "You have exceeded your maximum allowed Spot placement configurations. You can retry configurations that you "
    "used within the last 24 hours, or wait for 24 hours before specifying a new configuration."
)


class PlacementScores(Ec2Answer):
    """How likely a spot request is to succeed, by Region or zone."""

    def get_spot_placement_scores(self) -> ActionResult:
        """Score one configuration, if the account may still use it."""
        if self.region in SILENT_REGIONS:
            raise self.refuse(
                "UnsupportedOperation", "The functionality you requested is not available in this region."
            )
        configuration = self._configuration()
        self.error_on_dryrun()
        if not self._may_use(configuration):
            raise self.refuse("MaxConfigLimitExceeded", _LIMIT_MESSAGE)
        rows = self._rows(configuration)
        rows.sort(key=lambda row: -row["Score"])  # type: ignore[operator]
        return self.answer({"SpotPlacementScores": rows[:MOST_RESULTS]})

    def _configuration(self) -> Configuration:
        """Return what was asked for, or raise what AWS says to a question that makes no sense."""
        if self.wanted("InstanceRequirementsWithMetadata"):
            raise self.refuse("UnsupportedOperation", "This stand-in knows instance types, not requirements.")
        most = self.wanted("MaxResults")
        if most is not None and not 10 <= most <= 1000:
            raise self._invalid("MaxResults", most, "It must be between 10 and 1000.")
        return Configuration(
            instance_types=frozenset(self._instance_types()),
            target_capacity=self._target_capacity(),
            unit=self._unit(),
            regions=frozenset(self._region_names()),
            single_availability_zone=bool(self.wanted("SingleAvailabilityZone", False)),
        )

    def _instance_types(self) -> list[str]:
        names: list[str] = self.wanted("InstanceTypes", [])
        if not names:
            raise self.refuse("MissingParameter", "The request must contain the parameter InstanceType")
        if len(names) > MOST_TYPES:
            raise self._invalid("InstanceType", len(names), f"At most {MOST_TYPES} can be named.")
        unknown = [name for name in names if name not in self.world.geography.instance_types]
        if unknown:
            raise self._invalid("InstanceType", ", ".join(unknown), "There is no such instance type.")
        return names

    def _target_capacity(self) -> int:
        capacity = self.wanted("TargetCapacity")
        if capacity is None:
            raise self.refuse("MissingParameter", "The request must contain the parameter TargetCapacity")
        if not 1 <= capacity <= _LARGEST_CAPACITY:
            raise self._invalid("TargetCapacity", capacity, f"It must be between 1 and {_LARGEST_CAPACITY}.")
        return int(capacity)

    def _unit(self) -> str:
        unit: str = self.wanted("TargetCapacityUnitType", "units")
        if unit not in _UNITS:
            raise self._invalid("TargetCapacityUnitType", unit, f"It must be one of {', '.join(_UNITS)}.")
        return unit

    def _region_names(self) -> list[str]:
        names: list[str] = self.wanted("RegionNames", [])
        if len(names) > MOST_REGIONS:
            raise self._invalid("RegionName", len(names), f"At most {MOST_REGIONS} Regions can be named.")
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

    def _rows(self, configuration: Configuration) -> list[dict[str, object]]:
        geography = self.world.geography
        regions = configuration.regions or frozenset(filter(geography.is_enabled, geography.regions))
        rows: list[dict[str, object]] = []
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
        return self.world.market.placement_score_of(types, zone_ids, self._in_instances(configuration, types), now)

    def _in_instances(self, configuration: Configuration, types: list[str]) -> int:
        """Return the target capacity in instances, of the middling type where they differ."""
        descriptions = self.world.geography.instance_types
        each = {
            "units": [1 for _ in types],
            "vcpu": [descriptions[name]["VCpuInfo"]["DefaultVCpus"] for name in types],
            "memory-mib": [descriptions[name]["MemoryInfo"]["SizeInMiB"] for name in types],
        }[configuration.unit]
        middling: int = sorted(each)[len(each) // 2]
        return ceil(configuration.target_capacity / middling)
