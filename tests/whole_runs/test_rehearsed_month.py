"""A month unattended, shortened to the six days on which something happens.

The whole of it is played by `python -m benchmarks.rehearsed_month`.
"""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.stand_in import StandIn
from tests.whole_runs.rehearsal import month
from tests.whole_runs.rehearsal.audit import Audit
from tests.whole_runs.rehearsal.event import POLL, PRICES
from tests.whole_runs.rehearsal.machine import SMALL_PLANS, Machine, small_disk
from tests.whole_runs.rehearsal.month import EVENTS
from tests.whole_runs.rehearsal.prices import missing_prices, stored_prices
from tests.whole_runs.rehearsal.rows import csv_files

DAILY_USD = 0.5


@pytest.mark.whole_run
def test_a_month_in_which_everything_goes_wrong(subtests: pytest.Subtests, tmp_path: Path) -> None:
    # One test, as it is lived through once: several would each do so in a worker process of their own.
    with _lived_through(tmp_path) as (machine, audit):
        for claim in (
            _every_program_ends_as_the_contract_says,
            _every_possible_poll_was_done_and_every_gap_is_explained,
            _who_asks_is_told_what_is_wrong,
            _no_row_is_lost_doubled_or_torn,
            _every_price_change_stands_there_once,
            _every_day_has_its_score_and_the_next_its_plan,
            _the_advisors_listing_is_kept_once_for_each_time_it_changed,
            _aws_refused_no_configuration_but_for_the_other_program,
            _no_instance_is_left_and_the_budget_holds,
            _nothing_half_done_is_left,
            _everything_that_goes_wrong_in_a_month_went_wrong_in_this_one,
            _an_hour_of_a_full_disk_costs_what_did_not_fit_and_no_more,
        ):
            with subtests.test(claim.__name__):
                claim(machine, audit)


@contextlib.contextmanager
def _lived_through(folder: Path) -> Iterator[tuple[Machine, Audit]]:
    with StandIn("--now", "2026-03-28T00:00:00+01:00") as aws, small_disk(folder) as can_fill_disk:
        aws.control.set_configuration_limit(int(SMALL_PLANS["SPOT_SPS_CONFIGURATION_LIMIT"]))
        settings = {**SMALL_PLANS, "SPOT_LAUNCH_DAILY_BUDGET_USD": str(DAILY_USD)}
        machine = Machine(aws, folder, month.short(), settings, can_fill_disk)
        machine.live_through()
        assert machine.clean_up(datetime(2026, 10, 27, 6, tzinfo=UTC)).code == 0
        yield machine, Audit(folder, machine.rehearsal, machine.ran)


def _every_program_ends_as_the_contract_says(_machine: Machine, audit: Audit) -> None:
    assert list(audit.ends()) == []


def _every_possible_poll_was_done_and_every_gap_is_explained(_machine: Machine, audit: Audit) -> None:
    assert list(audit.coverage()) == []


def _no_row_is_lost_doubled_or_torn(_machine: Machine, audit: Audit) -> None:
    assert list(audit.rows()) == []


def _who_asks_is_told_what_is_wrong(_machine: Machine, audit: Audit) -> None:
    assert list(audit.answers()) == []


def _every_price_change_stands_there_once(machine: Machine, audit: Audit) -> None:
    number, complaints = stored_prices(audit.home / PRICES / "data")
    assert complaints == []
    assert number > 100
    assert list(missing_prices(audit.home / PRICES / "data", machine.aws, machine.aws.control.now())) == []


def _every_day_has_its_score_and_the_next_its_plan(_machine: Machine, audit: Audit) -> None:
    assert list(audit.nights()) == []


def _the_advisors_listing_is_kept_once_for_each_time_it_changed(_machine: Machine, audit: Audit) -> None:
    assert list(audit.advisor()) == []
    listings = audit.scores / "interruption_frequency"
    assert len(csv_files(listings)) == 2  # it published everything anew in between


def _aws_refused_no_configuration_but_for_the_other_program(machine: Machine, audit: Audit) -> None:
    queries = machine.aws.control.score_queries()
    assert list(audit.quota(queries)) == []
    assert any(query["outcome"].startswith("MaxConfig") for query in queries)


def _no_instance_is_left_and_the_budget_holds(machine: Machine, audit: Audit) -> None:
    control = machine.aws.control
    truth = control.truth()
    assert list(audit.money(truth, control.bill(), DAILY_USD)) == []
    assert len(truth["instances"]) > 10


def _nothing_half_done_is_left(_machine: Machine, audit: Audit) -> None:
    assert list(audit.debris()) == []


def _everything_that_goes_wrong_in_a_month_went_wrong_in_this_one(machine: Machine, audit: Audit) -> None:
    bit = {event.name for ran in machine.ran if ran.ended.code for event in ran.events}
    harmless = {
        "an older version is installed",
        "AWS is overloaded",
        "the clock is set back an hour",
        "the machine is off",
        "the disk is full",
    }
    assert bit >= {event.name for event in EVENTS} - harmless
    assert sum(ran.is_killed for ran in machine.ran) == 2
    times = [row["time"] for row in audit.polls]
    assert sum(time.startswith("2026-10-25T02:30") for time in times) == 2
    assert sum(time.startswith("2026-03-29T23:10") for time in times) == 2


def _an_hour_of_a_full_disk_costs_what_did_not_fit_and_no_more(machine: Machine, audit: Audit) -> None:
    if not machine.can_fill_disk:
        pytest.skip("only root may mount a small disk, so none was filled (the rest of the month was played)")
    full = [ran for ran in machine.ran if any(event.fills_disk for event in ran.events) and ran.program == POLL]
    failed = [ran for ran in full if ran.ended.code]
    assert failed
    assert all("No space left on device" in ran.ended.stderr for ran in failed)
    done = {row["time"] for row in audit.polls}
    assert all(ran.tick.machine.isoformat() not in done for ran in failed)
