"""What the settings ask of a plan, and of AWS's offers."""

from collections.abc import Sequence

import configs
from collect_sps_and_if.asking.offers import OfferedTypes
from collect_sps_and_if.planning.policy import PlanSettings
from data_files.market.configurations import LATEST_ATTEMPT, Configuration


def plan_settings(target_capacity: int, standing: Sequence[Configuration] = ()) -> PlanSettings:
    """Give what the settings ask of a plan of this target capacity, beside what standing queries ask."""
    return PlanSettings(
        configs.SPS_AND_IF_TOP_K,
        configs.SAMPLE_COUNT,
        configs.SPS_CONFIGURATION_LIMIT,
        target_capacity,
        tuple(configs.WATCH_TYPES),
        tuple(standing),
    )


def offered_types() -> OfferedTypes:
    """Give what asks AWS, when called, what is offered among the Regions and types of the settings."""
    half_a_poll = LATEST_ATTEMPT.total_seconds() / 2
    return OfferedTypes(
        configs.SPS_REGION, configs.REGIONS, configs.INSTANCE_PATTERN, half_a_poll, tuple(configs.WATCH_TYPES)
    )


def settings_as_texts() -> dict[str, str]:
    """Give the settings by which plans are made, and in which polls follow their plan, as texts."""
    return {
        "REGIONS": " ".join(configs.REGIONS),
        "INSTANCE_PATTERN": configs.INSTANCE_PATTERN.pattern,
        "INSTANCE_COUNT": str(configs.INSTANCE_COUNT),
        "WATCH_TYPES": " ".join(configs.WATCH_TYPES),
        "SPS_AND_IF_TOP_K": str(configs.SPS_AND_IF_TOP_K),
        "SAMPLE_COUNT": str(configs.SAMPLE_COUNT),
    }
