"""A World for an account that has opted in to every Region."""

from local_aws.market.geography import Geography
from local_aws.state.world import World


def test_with_every_region_all_are_enabled_and_those_without_opt_in_are_unchanged() -> None:
    usual, everywhere = World().geography, World(every_region=True).geography
    assert all(everywhere.is_enabled(region) for region in usual.regions)
    assert not all(usual.is_enabled(region) for region in usual.regions)
    assert everywhere.opt_in_status["us-east-1"] == "opt-in-not-required"
    assert Geography.load().opt_in_status == usual.opt_in_status
