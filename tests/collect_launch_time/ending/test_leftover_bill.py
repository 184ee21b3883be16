"""What a run that died left is billed once: not again where its bill stands, and not by another entry's bill."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from collect_launch_time.ending.leftover_bill import write_bill
from collect_launch_time.run_context import RunContext
from collect_launch_time.state.end_state import EndingRequest
from data_files.launches import journal, spending
from data_files.launches.journal import Entry
from data_files.launches.spending import SpendingRow
from tests.collect_launch_time.fakes import REGION, START, TYPE, FakeClock, FakeEc2, run_on

INTENDED = START - timedelta(seconds=300)
BILLED = START - timedelta(seconds=100)
EAST = timezone(timedelta(hours=9))


@pytest.fixture
def ec2() -> FakeEc2:
    return FakeEc2(FakeClock())


@pytest.fixture
def run(ec2: FakeEc2, tmp_path: Path) -> RunContext:
    return run_on(ec2, tmp_path)


def bill(run: RunContext, ec2: FakeEc2, **about: Any) -> list[SpendingRow]:
    """Bill an entry whose one instance ran for 200 seconds; give what is written of this day in the end."""
    entry = replace(Entry("t1", REGION, TYPE, 1, INTENDED), **about)
    ended = EndingRequest("sir-1", entry.token, -300.0, is_ours=True, patience=run.patience)
    one = ended.instance("i-1", START)
    one.last_seen = ec2.add("sir-1", fulfilled=-200.0, terminated=0.0).instance(0.0)
    moment = write_bill(run, ec2, entry, [ended])
    assert moment >= START
    return list(spending.FILES.rows(run.home, run.clock.now().date()))


def has_spent(run: RunContext, at: datetime = BILLED, *, instance: str | None = TYPE, usd: float = 0.5) -> SpendingRow:
    """Let an earlier run have written a bill."""
    row = SpendingRow(at, REGION, instance, 1, 60.0, usd)
    spending.FILES.append(spending.FILES.path(run.home, run.clock.now().date()), [row])
    return row


def test_what_ran_unseen_is_billed_by_awss_own_times(run: RunContext, ec2: FakeEc2) -> None:
    [row] = bill(run, ec2)
    assert (row.region, row.instance, row.instances, row.seconds, row.usd) == (REGION, TYPE, 1, 200.0, 0.02)


def test_a_type_that_nobody_knows_is_an_empty_cell_and_the_money_counts(run: RunContext, ec2: FakeEc2) -> None:
    [row] = bill(run, ec2, instance="")
    assert (row.instance, row.usd) == (None, 0.02)
    assert spending.spent(run.home, run.clock.now().date()) == row.total_usd > 0.02
    assert bill(run, ec2, instance="") == [row], "and that is its bill"


def test_a_bill_that_no_closing_row_belongs_to_is_this_entrys(run: RunContext, ec2: FakeEc2) -> None:
    row = has_spent(run)
    assert bill(run, ec2) == [row]


@pytest.mark.parametrize("moment", [BILLED, BILLED.astimezone(EAST), BILLED.astimezone(UTC)])
def test_a_bill_whose_moment_a_closing_row_carries_is_anothers_whatever_its_offset(
    run: RunContext, ec2: FakeEc2, moment: datetime
) -> None:
    row = has_spent(run, moment)
    run.journal.write(journal.CLOSED, Entry("t0", REGION, TYPE, 1), BILLED)
    assert len(bill(run, ec2)) == 2
    assert bill(run, ec2)[0] == row


@pytest.mark.parametrize("instance", ["c5.large", None])
def test_a_bill_of_another_type_is_anothers(run: RunContext, ec2: FakeEc2, instance: str | None) -> None:
    has_spent(run, instance=instance)
    assert len(bill(run, ec2)) == 2


def test_a_bill_from_before_the_request_is_anothers(run: RunContext, ec2: FakeEc2) -> None:
    has_spent(run, INTENDED - timedelta(seconds=1))
    assert len(bill(run, ec2)) == 2


def test_a_bill_written_on_the_day_of_the_entry_is_found_the_day_after(run: RunContext, ec2: FakeEc2) -> None:
    yesterday = START.date() - timedelta(days=1)
    row = SpendingRow(INTENDED - timedelta(hours=20), REGION, TYPE, 1, 60.0, 0.5)
    spending.FILES.append(spending.FILES.path(run.home, yesterday), [row])
    assert bill(run, ec2, intended=INTENDED - timedelta(hours=24), day=yesterday) == []


def test_what_came_after_an_entry_was_closed_is_billed_and_what_it_knew_is_not(run: RunContext, ec2: FakeEc2) -> None:
    assert bill(run, ec2, is_closed=True, instance_ids=("i-1",)) == []
    assert len(bill(run, ec2, is_closed=True, instance_ids=("i-0",))) == 1
