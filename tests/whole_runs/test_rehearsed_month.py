"""A month unattended, shortened to the six days on which something happens.

The whole of it is played by `python -m benchmarks.rehearsed_month`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.stand_in import StandIn
from tests.whole_runs.month import schedule
from tests.whole_runs.month.audit import Audit
from tests.whole_runs.month.events import EVENTS
from tests.whole_runs.month.machine import SMALL_PLANS, Machine, small_disk
from tests.whole_runs.month.schedule import POLL

pytestmark = pytest.mark.whole_run

DAILY_USD = 0.5


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, Audit]]:
    """The month, lived through."""
    folder = tmp_path_factory.mktemp("month")
    with StandIn("--now", "2026-03-28T00:00:00+01:00") as aws, small_disk(folder) as can_fill_disk:
        aws.control.set_configuration_limit(int(SMALL_PLANS["SPOT_SPS_CONFIGURATION_LIMIT"]))
        settings = {**SMALL_PLANS, "SPOT_LAUNCH_DAILY_BUDGET_USD": str(DAILY_USD)}
        machine = Machine(aws, folder, settings, can_fill_disk)
        machine.live_through(schedule.short())
        assert machine.clean_up(datetime(2026, 10, 27, 6, tzinfo=UTC)).code == 0
        yield machine, Audit(folder, machine.ran)


def test_every_program_ends_as_the_contract_says(month: tuple[Machine, Audit]) -> None:
    assert list(month[1].ends()) == []


def test_every_possible_poll_was_done_and_every_gap_is_explained(month: tuple[Machine, Audit]) -> None:
    assert list(month[1].coverage()) == []


def test_no_row_is_lost_doubled_or_torn(month: tuple[Machine, Audit]) -> None:
    assert list(month[1].rows()) == []


def test_every_day_has_its_score_and_the_next_its_plan(month: tuple[Machine, Audit]) -> None:
    assert list(month[1].nights()) == []


def test_the_advisors_listing_is_kept_once_for_each_time_it_changed(month: tuple[Machine, Audit]) -> None:
    assert list(month[1].advisor()) == []
    listings = month[1].scores / "interruption_frequency"
    assert len(list(listings.glob("*.csv"))) == 2  # it published everything anew in between


def test_aws_refused_no_configuration_but_for_the_other_program(month: tuple[Machine, Audit]) -> None:
    queries = month[0].aws.control.score_queries()
    assert list(month[1].quota(queries)) == []
    assert any(query["outcome"].startswith("MaxConfig") for query in queries)


def test_no_instance_is_left_and_the_budget_holds(month: tuple[Machine, Audit]) -> None:
    control = month[0].aws.control
    truth = control.truth()
    assert list(month[1].money(truth, control.bill(), DAILY_USD)) == []
    assert len(truth["instances"]) > 10


def test_nothing_half_done_is_left(month: tuple[Machine, Audit]) -> None:
    assert list(month[1].debris()) == []


def test_everything_that_goes_wrong_in_a_month_went_wrong_in_this_one(month: tuple[Machine, Audit]) -> None:
    machine, audit = month
    bit = {event.name for ran in machine.ran if ran.ended.code for event in ran.events}
    harmless = {"AWS is overloaded", "the clock is set back an hour", "the machine is off", "the disk is full"}
    assert bit >= {event.name for event in EVENTS} - harmless
    assert sum(ran.is_killed for ran in machine.ran) == 2
    times = [row["time"] for row in audit.polls]
    assert sum(time.startswith("2026-10-25T02:30") for time in times) == 2
    assert sum(time.startswith("2026-03-29T23:10") for time in times) == 2


def test_an_hour_of_a_full_disk_costs_what_did_not_fit_and_no_more(month: tuple[Machine, Audit]) -> None:
    machine, audit = month
    if not machine.can_fill_disk:
        pytest.skip("only root may mount a small disk, so none was filled (the rest of the month was played)")
    full = [ran for ran in machine.ran if any(event.fills_disk for event in ran.events) and ran.program == POLL]
    failed = [ran for ran in full if ran.ended.code]
    assert failed
    assert all("No space left on device" in ran.ended.stderr for ran in failed)
    done = {row["time"] for row in audit.polls}
    assert all(ran.tick.machine.isoformat() not in done for ran in failed)
