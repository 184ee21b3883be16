"""The scenario: settings that can be changed, one by one and by pair, and are checked."""

from typing import Any

import pytest

from local_aws.spot.scenario import Scenario


def test_changing_a_setting_leaves_the_others() -> None:
    changed = Scenario().changed({"capacity": 3}).changed({"pending_seconds": [1, 2]})
    assert (changed.capacity, changed.pending_seconds) == (3, (1.0, 2.0))
    assert changed.evaluation_seconds == Scenario().evaluation_seconds


def test_one_number_stands_for_both_bounds() -> None:
    assert Scenario().changed({"pending_seconds": 5}).pending_seconds == (5.0, 5.0)


def test_a_pair_can_have_settings_of_its_own() -> None:
    scenario = Scenario().changed({"pairs": {"m5.large@us-east-1": {"capacity": 3, "pending_seconds": 1}}})
    own = scenario.for_pair("m5.large", "us-east-1")
    assert (own.capacity, own.pending_seconds) == (3, (1.0, 1.0))
    assert scenario.for_pair("m5.large", "eu-west-1").capacity is None


def test_a_pattern_stands_for_many_pairs_and_the_last_that_fits_counts() -> None:
    pairs = {"*@eu-*": {"capacity": 1, "pending_seconds": 2}, "m5.*@eu-west-1": {"capacity": 3}}
    scenario = Scenario().changed({"pairs": pairs})
    own = scenario.for_pair("m5.large", "eu-west-1")
    assert (own.capacity, own.pending_seconds) == (3, (2.0, 2.0))
    assert scenario.for_pair("c5.large", "eu-west-1").capacity == 1
    assert scenario.for_pair("m5.large", "us-east-1").capacity is None


def test_what_as_json_returns_is_valid_as_settings() -> None:
    scenario = Scenario().changed({"capacity": 3, "pairs": {"m5.large@us-east-1": {"capacity": 1}}})
    assert Scenario().changed(scenario.as_json()) == scenario


@pytest.mark.parametrize(
    "settings",
    [
        {"capacty": 3},
        {"capacity": -1},
        {"capacity": "many"},
        {"pending_seconds": [3, 2]},
        {"pending_seconds": [1, 2, 3]},
        {"impaired_share": 1.5},
        {"impaired_share": True},
        {"token_buckets": 1},
        {"evaluation_seconds": None},
        {"pairs": {"m5.large": {"capacity": 3}}},
        {"pairs": {"m5.large@us-east-1": {"capacty": 3}}},
        {"pairs": {"m5.large@us-east-1": {"page_size": 3}}},
        {"cancel_race_code": "fulfilled"},
        {"request_end": "fulfilled"},
        {"launch_failure": 5},
        {"launch_failure_code": None},
        {"default_network": "none"},
        {"unbootable_types": "a1.*"},
        {"pairs": {"m5.large@us-east-1": {"unbootable_types": []}}},
    ],
)
def test_invalid_settings_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Scenario().changed(settings)
