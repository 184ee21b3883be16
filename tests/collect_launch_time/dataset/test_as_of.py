"""What is known at a moment equals what one would find by going through everything."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from collect_launch_time.dataset.as_of import CHANGES_WITHIN_SECONDS, IF, SPS, Knowledge, KnownValue, Observation

HOUR = 3600

steps = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 3), st.integers(1, 3)), max_size=30
)  # hour measured, hours until known, value


@given(steps, st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_the_last_known_value_its_age_and_its_changes(seen: list[tuple[int, int, int]], asked: list[int]) -> None:
    coming = sorted(
        ((hour + delay) * HOUR, Observation(hour * HOUR, "us-east-1", "m5.large", ((SPS, value),)))
        for hour, delay, value in seen
    )
    knowledge = Knowledge(coming)
    for moment in sorted(hour * HOUR for hour in asked):
        knowledge.advance(moment)
        known = knowledge.of("us-east-1", "m5.large", SPS, moment)
        assert known == by_going_through([one for one in coming if one[0] <= moment], moment)


def by_going_through(known: list[tuple[float, Observation]], moment: float) -> KnownValue:
    """The slow way: drop what was overtaken, then look at neighbours."""
    kept: list[tuple[float, Observation]] = []
    for known_at, seen in known:
        if not kept or seen.measured_at >= kept[-1][1].measured_at:
            kept.append((known_at, seen))
    if not kept:
        return KnownValue()
    changes = sum(
        later.values != earlier.values and known_at > moment - CHANGES_WITHIN_SECONDS[SPS]
        for (_, earlier), (known_at, later) in itertools.pairwise(kept)
    )
    [(_, value)] = kept[-1][1].values
    return KnownValue(value, moment - kept[-1][1].measured_at, changes)


def test_nothing_is_known_of_another_pair_or_quantity() -> None:
    knowledge = Knowledge([(0, Observation(0, "us-east-1", "m5.large", ((SPS, 3),)))])
    knowledge.advance(10)
    assert knowledge.of("us-east-1", "m5.xlarge", SPS, 10) == KnownValue()
    assert knowledge.of("us-east-1", "m5.large", IF, 10) == KnownValue()
