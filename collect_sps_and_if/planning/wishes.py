"""What the settings ask of a plan, and of AWS's offers."""

import configs
from collect_sps_and_if.asking.offers import OfferedTypes
from collect_sps_and_if.planning.policy import Wishes
from data_files.market.configurations import LATEST_ATTEMPT


def wishes() -> Wishes:
    """Give what the settings ask of a plan."""
    return Wishes(
        configs.SPS_AND_IF_TOP_K, configs.SAMPLE_COUNT, configs.SPS_CONFIGURATION_LIMIT, configs.INSTANCE_COUNT
    )


def offered_types() -> OfferedTypes:
    """Give what asks AWS, when called, what is offered among the Regions and types of the settings."""
    half_a_poll = LATEST_ATTEMPT.total_seconds() / 2
    return OfferedTypes(configs.SPS_REGION, configs.REGIONS, configs.INSTANCE_PATTERN, half_a_poll)
