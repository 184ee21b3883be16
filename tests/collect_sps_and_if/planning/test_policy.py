from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_sps_and_if.planning.policy import History, PlanSettings, plan
from data_files.market.configurations import OCCUPIED, Configuration, within_limit
from data_files.market.plans import SAMPLE, TOP, WATCH, Query

REGIONS = tuple(f"eu-test-{number}" for number in range(1, 18))
WORLD = {f"m{family}.size{size}": REGIONS[: 3 + 2 * (family % 8)] for family in range(20) for size in range(5)}
DEFAULTS = PlanSettings(top=10, sample=20, limit=50, target_capacity=10)


def _worth(random: Random, queries: list[Query]) -> dict[tuple[str, str], float]:
    return {(region, query.instance): float(random.randrange(5)) for query in queries for region in query.regions}


def test_without_any_score_everything_is_sampled() -> None:
    queries = plan(WORLD, {}, DEFAULTS, History(), Random(1))
    assert len(queries) == 30
    assert {query.origin for query in queries} == {SAMPLE}


def test_takes_the_types_worth_most_and_their_best_regions() -> None:
    wide = next(instance for instance, regions in WORLD.items() if len(regions) > 12)
    worth = {(region, wide): float(number) for number, region in enumerate(WORLD[wide])}
    worth |= {("eu-test-1", instance): 1.0 for instance in WORLD if instance != wide}
    queries = plan(WORLD, worth, DEFAULTS, History(), Random(1))
    top = [query for query in queries if query.origin == TOP]
    assert len(top) == 10
    assert top[0].instance == wide
    assert top[0].regions == tuple(sorted(WORLD[wide][-10:]))
    assert top[0].probability == 1
    assert sum(query.origin == SAMPLE for query in queries) == 20


def test_a_types_worth_is_the_sum_over_the_regions_its_query_names() -> None:
    world = {"a.large": REGIONS[:12], "b.large": REGIONS[:1]}
    worth = {(region, "a.large"): 1.0 for region in REGIONS[:12]} | {("eu-test-1", "b.large"): 11.0}
    queries = plan(world, worth, PlanSettings(1, 0, 50, 10), History(), Random(1))
    assert [query.instance for query in queries] == ["b.large"]  # 11, and not 12, of the other's Regions fit


def test_a_type_carried_over_keeps_its_regions() -> None:
    instance, offered = next((name, where) for name, where in WORLD.items() if len(where) > 12)
    asked = offered[2:12]
    history = History(occupied=(Configuration(instance, asked, 10),))
    worth = {(region, instance): 1.0 for region in asked}
    (query,) = plan(WORLD, worth, PlanSettings(1, 0, 1, 10), history, Random(1))
    assert query == Query(instance, asked, TOP, 1.0)


def test_another_target_capacity_is_another_configuration() -> None:
    instance, offered = next(iter(WORLD.items()))
    history = History(occupied=(Configuration(instance, offered[:2], 5),))
    worth = {(region, instance): 1.0 for region in offered}
    assert plan(WORLD, worth, PlanSettings(1, 0, 1, 10), history, Random(1)) == []


def test_samples_fewer_rather_than_to_be_refused() -> None:
    occupied = tuple(Configuration(f"x{number}.large", ("eu-test-1",), 10) for number in range(45))
    queries = plan(WORLD, {}, DEFAULTS, History(occupied=occupied), Random(1))
    assert len(queries) == 5


def test_a_plan_made_anew_goes_on_with_what_the_day_asked_already() -> None:
    first = plan(WORLD, {}, DEFAULTS, History(), Random(1))
    used = tuple(query.configuration(10) for query in first)
    again = plan(WORLD, {}, DEFAULTS, History(occupied=used, used_this_day=used), Random(2))
    assert again == first


def test_scores_of_what_is_no_longer_offered_are_passed_over() -> None:
    queries = plan(
        WORLD, {("eu-test-1", "gone.large"): 9.0, ("mars-1", "m0.size0"): 9.0}, DEFAULTS, History(), Random(1)
    )
    assert [query.origin for query in queries] == [SAMPLE] * 30
    assert all(set(query.regions) <= set(WORLD[query.instance]) for query in queries)


@given(
    seed=st.integers(0, 2**32),
    settings=st.builds(
        PlanSettings, st.integers(0, 15), st.integers(0, 30), st.integers(1, 60), st.sampled_from([10, 10, 10, 1])
    ),
    hours=st.lists(st.sampled_from([24, 24, 24, 23, 25]), min_size=4, max_size=10),
)
def test_days_of_changing_plans_never_exceed_what_aws_allows_in_any_24_hours(
    seed: int, settings: PlanSettings, hours: list[int]
) -> None:
    random = Random(seed)
    used: dict[Configuration, datetime] = {}
    worth: dict[tuple[str, str], float] = {}
    midnight = datetime(2026, 3, 1, tzinfo=UTC)
    for length in hours:
        soon = midnight + timedelta(minutes=65)
        used = {one: at for one, at in used.items() if at > midnight - timedelta(hours=48)}
        occupied = [one for one in sorted(used, key=lambda one: used[one]) if used[one] > soon - OCCUPIED]
        queries = plan(WORLD, worth, settings, History(tuple(occupied)), random)
        _assert_askable(queries)
        wanted = [query.configuration(settings.target_capacity) for query in queries]
        for poll in range(length * 6):
            now = midnight + timedelta(minutes=10 * poll)
            since, occupied_since = now - timedelta(hours=24), now - OCCUPIED
            held = [one for one, at in used.items() if at > occupied_since]
            allowed = within_limit(wanted, held, settings.limit)
            used.update({one: now for one in wanted if one in allowed})
            assert sum(at > since for at in used.values()) <= settings.limit
            assert poll < 7 or allowed.issuperset(wanted), "what waits for its place is asked from 01:10 at the latest"
        midnight += timedelta(hours=length)
        worth = _worth(random, queries)


def _assert_askable(queries: list[Query]) -> None:
    pairs = [(region, query.instance) for query in queries for region in query.regions]
    assert len(set(pairs)) == len(pairs)
    for query in queries:
        assert 1 <= len(query.regions) <= 10
        assert set(query.regions) <= set(WORLD[query.instance])
        assert query.regions == tuple(sorted(query.regions))


def test_ten_on_top_leave_places_for_most_of_20_new_types_every_day() -> None:
    random = Random(1)
    worth: dict[tuple[str, str], float] = {}
    yesterday: tuple[Configuration, ...] = ()
    for _ in range(10):
        queries = plan(WORLD, worth, DEFAULTS, History(yesterday), random)
        yesterday = tuple(query.configuration(10) for query in queries)
        assert sum(query.origin == SAMPLE for query in queries) >= 15
        worth = _worth(random, queries)


def test_the_recorded_probabilities_are_those_of_the_sampling() -> None:
    world = {f"t{number}.large": REGIONS[: 1 + number] for number in range(16)}
    settings = PlanSettings(top=2, sample=4, limit=50, target_capacity=10)
    worth = {("eu-test-1", "t0.large"): 1.0} | {(region, "t15.large"): 2.0 for region in REGIONS[:10]}
    random = Random(7)
    rounds = 10_000
    drawn: Counter[tuple[str, str]] = Counter()
    recorded: dict[tuple[str, str], float | None] = {}
    for _ in range(rounds):
        for query in plan(world, worth, settings, History(), random):
            if query.origin == SAMPLE:
                drawn.update((query.instance, region) for region in query.regions)
                recorded.update({(query.instance, region): query.probability for region in query.regions})
    pairs = [(name, region) for name, regions in world.items() for region in regions]
    on_top = [("t0.large", "eu-test-1"), *(("t15.large", region) for region in REGIONS[:10])]
    assert set(drawn) == set(pairs) - set(on_top)
    for pair in drawn:
        probability = recorded[pair]
        assert probability is not None
        deviation = (drawn[pair] - rounds * probability) / (rounds * probability * (1 - probability)) ** 0.5
        assert abs(deviation) < 4.5, pair


def test_sample_rows_by_their_probability_and_top_rows_as_they_are_speak_for_all_pairs() -> None:
    random = Random(5)
    changes = {(region, name): random.expovariate(1) for name, regions in WORLD.items() for region in regions}
    history = History(tuple(Configuration(name, regions[:10], 10) for name, regions in list(WORLD.items())[::5]))
    estimates = []
    for _ in range(600):
        queries = plan(WORLD, changes, PlanSettings(15, 8, 50, 10), history, random)
        estimates.append(
            sum(
                changes[region, query.instance] / (query.probability or 0)
                for query in queries
                for region in query.regions
            )
        )
    assert {query.origin for query in queries} == {TOP, SAMPLE}
    truth = sum(changes.values())
    error = stdev(estimates) / len(estimates) ** 0.5 / truth
    assert abs(fmean(estimates) / truth - 1) < 3 * error < 0.03


def test_a_type_on_top_may_be_drawn_for_the_regions_it_is_not_asked_in() -> None:
    world = {"wide.large": REGIONS, "narrow.large": REGIONS[:3]}
    worth = {(region, instance): 1.0 for instance, regions in world.items() for region in regions}
    queries = plan(world, worth, PlanSettings(2, 5, 50, 10), History(), Random(1))
    assert [(query.instance, query.origin, len(query.regions), query.probability) for query in queries] == [
        ("wide.large", TOP, 10, 1.0),
        ("narrow.large", TOP, 3, 1.0),
        ("wide.large", SAMPLE, 7, 1.0),
    ]
    used = tuple(query.configuration(10) for query in queries)
    again = plan(world, worth, PlanSettings(2, 5, 50, 10), History(used, used), Random(2))
    assert sorted(again) == sorted(queries)


def test_a_small_gain_leaves_its_place_to_the_sample() -> None:
    world = {f"t{number}.large": REGIONS[:5] for number in range(30)}
    held = tuple(Configuration(f"t{number}.large", REGIONS[:5], 10) for number in range(6))
    settings = PlanSettings(top=6, sample=4, limit=10, target_capacity=10)
    for worth, of_sample in ((10.9, 4), (11.1, 3)):
        worths = {("eu-test-1", f"t{number}.large"): 10.0 for number in range(6)} | {("eu-test-1", "t9.large"): worth}
        queries = plan(world, worths, settings, History(held), Random(1))
        assert sum(query.origin == SAMPLE for query in queries) == of_sample


def test_sampled_types_are_spread_evenly() -> None:
    random = Random(11)
    rounds = 3000
    drawn: Counter[str] = Counter()
    for _ in range(rounds):
        drawn.update(query.instance for query in plan(WORLD, {}, DEFAULTS, History(), random))
    expected = rounds * 30 / len(WORLD)
    # Without replacement the statistic shrinks by (1 - 30/100); its 99.9 % quantile for 99 degrees of freedom is 149.
    statistic = sum((drawn[name] - expected) ** 2 / expected for name in WORLD) / (1 - 30 / len(WORLD))
    assert statistic < 149


@pytest.mark.parametrize(
    "settings", [PlanSettings(0, 0, 50, 10), PlanSettings(0, 5, 50, 10), PlanSettings(5, 0, 50, 10)]
)
def test_zero_is_a_setting_too(settings: PlanSettings) -> None:
    worth = {("eu-test-1", instance): 1.0 for instance in WORLD}
    queries = plan(WORLD, worth, settings, History(), Random(1))
    assert Counter(query.origin for query in queries) == Counter({TOP: settings.top, SAMPLE: settings.sample})


def test_what_still_holds_a_place_goes_on_and_free_places_go_to_what_is_worth_more() -> None:
    world = {f"t{number}.large": REGIONS[:5] for number in range(30)}
    held = tuple(Configuration(f"t{number}.large", REGIONS[:5], 10) for number in range(6))
    worth = {("eu-test-1", f"t{number}.large"): 10.0 + number for number in range(12)}
    settings = PlanSettings(top=6, sample=4, limit=10, target_capacity=10)
    queries = plan(world, worth, settings, History(held), Random(1))
    top = [query.instance for query in queries if query.origin == TOP]
    assert top == ["t11.large", "t10.large", "t5.large", "t4.large"]  # 4 places: half for the sample, 2 for new ones
    assert sum(query.origin == SAMPLE for query in queries) == 2


def test_a_watched_type_is_asked_every_day_before_all_others_and_is_neither_on_top_nor_sampled() -> None:
    worth = {("eu-test-1", "m0.size0"): 9.0, ("eu-test-1", "m0.size1"): 1.0}
    settings = PlanSettings(top=2, sample=3, limit=50, target_capacity=10, watch=("m0.size0", "m9.size9", "m3.size3"))
    queries = plan(WORLD, worth, settings, History(), Random(1))
    assert [(query.instance, query.origin, query.probability) for query in queries[:3]] == [
        ("m0.size0", WATCH, 1.0),
        ("m3.size3", WATCH, 1.0),
        ("m0.size1", TOP, 1.0),
    ]
    again = plan(WORLD, worth, settings, History(tuple(query.configuration(10) for query in queries)), Random(2))
    assert again[:2] == queries[:2]


@pytest.mark.parametrize("kept", [0, 5, 10, 20])
def test_weights_speak_for_the_whole_population_also_after_a_part_of_a_plan_was_used(kept: int) -> None:
    random = Random(3)
    settings = PlanSettings(top=0, sample=20, limit=60, target_capacity=10)
    totals = []
    for _ in range(300):
        first = plan(WORLD, {}, settings, History(), random)
        used = tuple(query.configuration(10) for query in first[:kept])
        again = plan(WORLD, {}, settings, History(used, used), random)
        totals.append(sum(len(query.regions) / (query.probability or 0) for query in again))
    population = sum(map(len, WORLD.values()))
    assert abs(sum(totals) / len(totals) / population - 1) < 0.02
