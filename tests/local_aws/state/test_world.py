"""An account that has opted in everywhere: what the shipped tables are collected with."""

from local_aws.market.geography import Geography
from local_aws.state.world import World


def test_with_every_region_none_is_closed_and_the_others_stay_as_they_are() -> None:
    usual, everywhere = World().geography, World(every_region=True).geography
    assert all(everywhere.is_enabled(region) for region in usual.regions)
    assert not all(usual.is_enabled(region) for region in usual.regions)
    assert everywhere.opt_in_status["us-east-1"] == "opt-in-not-required"
    assert Geography.load().opt_in_status == usual.opt_in_status
