"""The scenario: knobs that can be turned, one by one and by pair, and refuse nonsense."""

from typing import Any

import pytest

from local_aws.spot.scenario import Scenario


def test_turning_a_knob_leaves_the_others() -> None:
    turned = Scenario().with_knobs({"capacity": 3}).with_knobs({"pending_seconds": [1, 2]})
    assert (turned.capacity, turned.pending_seconds) == (3, (1.0, 2.0))
    assert turned.evaluation_seconds == Scenario().evaluation_seconds


def test_one_number_stands_for_a_range() -> None:
    assert Scenario().with_knobs({"pending_seconds": 5}).pending_seconds == (5.0, 5.0)


def test_a_pair_can_have_knobs_of_its_own() -> None:
    scenario = Scenario().with_knobs({"pairs": {"m5.large@us-east-1": {"capacity": 3, "pending_seconds": 1}}})
    own = scenario.of("m5.large", "us-east-1")
    assert (own.capacity, own.pending_seconds) == (3, (1.0, 1.0))
    assert scenario.of("m5.large", "eu-west-1").capacity is None


def test_what_is_shown_can_be_put_back() -> None:
    scenario = Scenario().with_knobs({"capacity": 3, "pairs": {"m5.large@us-east-1": {"capacity": 1}}})
    assert Scenario().with_knobs(scenario.as_json()) == scenario


@pytest.mark.parametrize(
    "knobs",
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
        {"crossing_shows": "fulfilled"},
    ],
)
def test_nonsense_is_refused(knobs: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Scenario().with_knobs(knobs)
