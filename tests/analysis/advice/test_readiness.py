"""What counts as measured readiness, and what it comes to."""

import pytest

from analysis.advice.readiness import Readiness, measured_readiness
from analysis.statistics.kaplan_meier import Wait
from data_files.launches import probes
from tests.analysis.advice.small_home import NOW, OTHER, PAIR, SmallHome, before


def measured(small: SmallHome) -> Readiness:
    return measured_readiness(small.reader(), NOW).get(PAIR, Readiness())


def test_shares_and_seconds_are_of_all_instances_asked_for(small: SmallHome) -> None:
    small.probe(before(hours=3), [100, 120, None, None])
    small.probe(before(hours=2), [80, 90, 110, 130], ended=probes.ALL_READY, end=130)
    small.probe(before(hours=1), [30], OTHER)
    found = measured(small)
    assert (found.probes, found.asked, found.ready, found.share) == (2, 8, 6, 0.75)
    assert found.interval == pytest.approx((0.46015, 0.91349), abs=1e-5)  # statsmodels: 6 of 8
    assert found.seconds_to(0.5) == 110
    assert found.seconds_to(0.9) is None
    assert found.last_probe == before(hours=2)


def test_an_instance_that_was_never_ready_is_censored_at_the_last_look_that_said_no(small: SmallHome) -> None:
    small.probe(before(hours=1), [100, None, None], not_ready=90)
    assert sorted(measured(small).waits) == [Wait(90, False), Wait(90, False), Wait(100, True)]
    assert measured(small).seconds_to(0.9) == 100  # the only one that was still waited for


def test_without_such_a_look_it_is_censored_at_the_probes_end(small: SmallHome) -> None:
    small.probe(before(hours=1), [100, None], not_ready=None, end=450)
    assert sorted(measured(small).waits) == [Wait(100, True), Wait(450, False)]


def test_an_instance_without_a_row_was_asked_for_all_the_same(small: SmallHome) -> None:
    small.probe(before(hours=1), [100], count=3, end=600)
    assert sorted(measured(small).waits) == [Wait(100, True), Wait(600, False), Wait(600, False)]


def test_a_probe_without_an_end_is_censored_at_its_timeout(small: SmallHome) -> None:
    small.probe(before(hours=1), [None], not_ready=None, end=None)
    assert measured(small).waits == [Wait(600, False)]


@pytest.mark.parametrize(
    ("until", "ended"),
    [
        (probes.FULFILLED, probes.ALL_FULFILLED),
        (probes.FULFILLED, probes.TIMED_OUT),
        (probes.READY, probes.STOPPED),
        (probes.READY, probes.REFUSED),
        (probes.READY, probes.LOST),
    ],
)
def test_a_probe_that_does_not_tell_readiness_does_not_count(small: SmallHome, until: str, ended: str) -> None:
    small.probe(before(hours=1), [100, None], until=until, ended=ended)
    assert measured(small) == Readiness()


def test_only_the_probes_of_the_last_14_days_count(small: SmallHome) -> None:
    small.probe(before(days=14, minutes=1), [100])
    small.probe(before(days=13, hours=23), [None])
    small.probe(before(days=-1), [100])
    assert (measured(small).probes, measured(small).ready) == (1, 0)


def test_instances_whose_probe_left_no_row_say_nothing(small: SmallHome) -> None:
    small.probe(before(hours=1), [100])
    probes.FILES.path(small.home, NOW.date()).unlink()
    assert measured(small) == Readiness()


def test_a_probe_that_was_written_down_twice_counts_once(small: SmallHome) -> None:
    small.probe(before(hours=1), [100], ended=probes.ALL_READY)
    small.probe(before(hours=1), count=1, ended=probes.LOST)
    assert (measured(small).probes, measured(small).asked) == (1, 1)


def test_of_some_types_nothing_else_is_given(small: SmallHome) -> None:
    small.probe(before(hours=1), [100])
    small.probe(before(hours=1), [100], OTHER)
    assert set(measured_readiness(small.reader(), NOW, ["c5.large"])) == {OTHER}


def test_never_probed_is_no_share_at_all() -> None:
    never = Readiness()
    assert (never.probes, never.asked, never.ready) == (0, 0, 0)
    assert (never.share, never.interval, never.seconds_to(0.5), never.last_probe) == (None, None, None, None)
