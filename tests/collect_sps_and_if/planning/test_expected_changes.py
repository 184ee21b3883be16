import pytest

from collect_sps_and_if.asking.offers import Offers
from collect_sps_and_if.planning import expected_changes as module
from collect_sps_and_if.planning.expected_changes import expected_changes
from data_files.market.scores import Score

OFFERS: Offers = {
    "m5.large": ("eu-west-1", "us-east-1", "us-west-2"),
    "m5.xlarge": ("eu-west-1", "us-east-1"),
    "c6.large": ("eu-west-1", "us-east-1"),
}


@pytest.fixture(autouse=True)
def _few_types_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TYPES_TO_JUDGE_OTHERS_BY", 1)


def _score(region: str, instance: str, score: float) -> Score:
    return Score(region, instance, 3 * score, 0.0, score)


def test_where_nothing_is_known_nothing_is_expected() -> None:
    assert expected_changes(OFFERS, [], []) == {}


def test_something_is_expected_of_every_pair_that_is_offered_and_of_no_other() -> None:
    days = [[_score("eu-west-1", "m5.large", 6.0), _score("mars-1", "gone.large", 3.0)]]
    expected = expected_changes(OFFERS, days, [])
    assert set(expected) == {(region, instance) for instance, regions in OFFERS.items() for region in regions}


def test_an_unseen_pair_is_expected_to_be_like_its_type_then_like_its_family_then_like_all() -> None:
    days = [[_score("eu-west-1", "m5.large", 6.0), _score("eu-west-1", "c6.large", 0.0)]] * 5
    expected = expected_changes(OFFERS, days, [])
    assert (
        expected["eu-west-1", "m5.large"]
        > expected["us-east-1", "m5.large"]
        > expected["us-east-1", "m5.xlarge"]
        > expected["us-east-1", "c6.large"]
        > expected["eu-west-1", "c6.large"]
    )


def test_the_more_days_are_known_of_a_pair_the_more_its_own_scores_count() -> None:
    calm = [_score(region, "m5.large", 0.0) for region in ("eu-west-1", "us-east-1")]
    restless = [*calm, _score("us-west-2", "m5.large", 9.0)]
    pair = ("us-west-2", "m5.large")
    once, often = (expected_changes(OFFERS, [restless] * days, [])[pair] for days in (1, 20))
    assert once < often < 9.0
    assert often > 8.5


def test_one_calm_day_does_not_undo_many_restless_ones() -> None:
    pair = ("eu-west-1", "m5.large")
    days = [[_score(*pair, 9.0)]] * 9 + [[_score(*pair, 0.0)]]
    assert expected_changes(OFFERS, days, [])[pair] > 7


def test_the_bootstraps_figure_counts_for_seven_tenths_until_scores_are_known() -> None:
    bootstrap = [_score("eu-west-1", "m5.large", 10.0), _score("us-east-1", "m5.large", 2.0)]
    expected = expected_changes(OFFERS, [], bootstrap)
    assert expected["eu-west-1", "m5.large"] == 7.0
    assert expected["us-east-1", "m5.large"] == 1.4
    assert expected["us-east-1", "c6.large"] == 0.0
    known = expected_changes(OFFERS, [[_score("eu-west-1", "m5.large", 0.0)]] * 9, bootstrap)
    assert known["eu-west-1", "m5.large"] < 1


def test_scores_under_the_bootstraps_lower_what_is_expected_of_their_type_never_below_nothing() -> None:
    bootstrap = [_score(region, "m5.large", 10.0) for region in OFFERS["m5.large"]]
    bootstrap += [_score(region, "c6.large", 1.0) for region in OFFERS["c6.large"]]
    expected = expected_changes(OFFERS, [[_score("eu-west-1", "m5.large", 0.0)]] * 9, bootstrap)
    assert expected["us-east-1", "m5.large"] < 7.0
    assert expected["us-east-1", "c6.large"] == 0.0


def test_of_few_types_nothing_follows_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TYPES_TO_JUDGE_OTHERS_BY", 3)
    days = [[_score("eu-west-1", "m5.large", 6.0), _score("eu-west-1", "c6.large", 3.0)]]
    known = {"m5.large", "c6.large"}
    assert set(expected_changes(OFFERS, days, [])) == {
        (region, instance) for instance, regions in OFFERS.items() if instance in known for region in regions
    }
