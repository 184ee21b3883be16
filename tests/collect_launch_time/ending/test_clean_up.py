"""What earlier runs left: what is found, ended and billed, what stays open, and what is not touched."""

import contextlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from collect_launch_time.ending.clean_up import clean_up
from collect_launch_time.run_context import RunContext
from common.errors import Refusal
from data_files.launches import journal, probes
from data_files.launches.journal import Entry, new_token
from data_files.launches.selection import SelectionRow
from tests.collect_launch_time.fakes import (
    NEVER,
    REGION,
    START,
    TYPE,
    FakeClock,
    FakeEc2,
    block,
    refused,
    rows,
    run_on,
    token_of_age,
)  # fmt: skip

ELSEWHERE = "eu-west-1"


@pytest.fixture
def ec2() -> FakeEc2:
    return FakeEc2(FakeClock())


@pytest.fixture
def run(ec2: FakeEc2, tmp_path: Path) -> RunContext:
    return run_on(ec2, tmp_path)


def left_by_an_earlier_run(run: RunContext, ec2: FakeEc2, *, event: str = journal.REQUESTED) -> Entry:
    """An instance that has been running for 200 seconds, and the journal entry of the run that died."""
    ec2.clock.sleep(50)
    entry = Entry(token_of_age(300), REGION, TYPE, 1, request_ids=("sir-1",) if event != journal.INTENDED else ())
    run.journal.write(event, entry)
    ec2.add("sir-1", token=entry.token, made=-250.0, fulfilled=-150.0)
    return entry


def test_if_nothing_was_left_one_call_a_region_is_made(run: RunContext, ec2: FakeEc2) -> None:
    cleaned = clean_up(run, [REGION])
    assert (cleaned.ended_instances, cleaned.blocked, cleaned.left) == (0, set(), [])
    assert [name for _, name, _ in ec2.calls] == ["requests_of_installation"]


@pytest.mark.parametrize("event", [journal.INTENDED, journal.REQUESTED])
def test_what_a_killed_run_left_is_ended_billed_and_closed(
    run: RunContext, ec2: FakeEc2, tmp_path: Path, event: str
) -> None:
    left_by_an_earlier_run(run, ec2, event=event)
    cleaned = clean_up(run, [REGION])
    assert ec2.alive == []
    assert (cleaned.ended_instances, cleaned.blocked, cleaned.left) == (1, set(), [])
    [spent] = rows(tmp_path, "spending")
    assert (spent["instances"], spent["seconds"], spent["usd"]) == ("1", "200.0", "0.02")
    closed = rows(tmp_path, "journal")[-1]
    assert (closed["event"], closed["instance_ids"], closed["time"]) == ("closed", "i-1", spent["time"])


def selected(run: RunContext, entry: Entry) -> SelectionRow:
    """Write down an entry's probe as the run does before it asks, and give how it was selected."""
    moment = run.clock.now() - timedelta(seconds=300)
    row = SelectionRow(entry.token, moment, REGION, TYPE, 1, "sample", 0.25, "ready", 600.0, 3.0)
    run.journal.intend(entry, row)
    return row


def test_a_probe_whose_run_died_is_written_down_once_as_lost(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    entry = Entry(token_of_age(300), REGION, TYPE, 1)
    row = selected(run, entry)
    ec2.add("sir-1", token=entry.token, made=-250.0, fulfilled=-150.0)
    ec2.protected["i-1"] = refused("OperationNotPermitted")
    for _ in range(2):
        assert clean_up(run, [REGION]).left
    ec2.protected.clear()
    clean_up(run, [REGION])
    clean_up(run, [REGION])
    assert rows(tmp_path, "journal")[-1]["event"] == "closed"
    [ended] = probes.FILES.rows(tmp_path, row.request_time.date())
    assert ended.end_time
    assert ended == row.ended(ended.end_time, "lost")
    assert ended.end_time > row.request_time


@pytest.mark.parametrize("is_selected", [True, False], ids=["ours", "an older version's"])
def test_a_probe_that_cannot_be_ended_for_days_is_written_down_once(
    run: RunContext, ec2: FakeEc2, tmp_path: Path, is_selected: bool
) -> None:
    entry = Entry(token_of_age(300), REGION, TYPE, 1)
    if is_selected:
        selected(run, entry)
    else:
        run.journal.write(journal.INTENDED, entry)
    ec2.add("sir-1", token=entry.token, made=-250.0, fulfilled=-150.0)
    ec2.protected["i-1"] = refused("OperationNotPermitted")
    for day in range(6):
        later = replace(ec2.clock, started=START + timedelta(days=day))
        assert clean_up(replace(run, clock=later), [REGION]).left
    assert len(rows(tmp_path, "probes")) == 1


def test_a_row_that_the_run_had_written_before_it_died_stands(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    entry = Entry(token_of_age(300), REGION, TYPE, 1, request_ids=("sir-1",))
    row = selected(run, entry)
    written = row.ended(run.clock.now(), "all_ready")
    probes.FILES.append(probes.FILES.path(tmp_path, row.request_time.date()), [written])
    ec2.add("sir-1", token=entry.token, made=-250.0, fulfilled=-150.0)
    assert clean_up(run, [REGION]).left == []
    assert list(probes.FILES.rows(tmp_path, row.request_time.date())) == [written]


def test_a_probe_of_an_older_version_is_lost_with_what_its_journal_knew(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    left_by_an_earlier_run(run, ec2)
    clean_up(run, [REGION])
    [ended] = rows(tmp_path, "probes")
    assert ended["request_time"] == rows(tmp_path, "journal")[0]["time"]
    assert (ended["instance"], ended["instance_count"], ended["ended"]) == (TYPE, "1", "lost")
    assert {ended[name] for name in ("origin", "probability", "until", "timeout", "status_interval")} == {""}


def test_an_entry_is_not_closed_before_its_probes_row_is_on_disk(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    left_by_an_earlier_run(run, ec2)
    block(tmp_path, "probes")
    assert clean_up(run, [REGION]).left
    assert rows(tmp_path, "spending") == []
    assert run.problems.lines()[0].startswith("ended, but not written down")


def test_a_probe_that_was_perhaps_never_asked_for_has_no_row_before_it_must_have_expired(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    selected(run, Entry(new_token(), REGION, TYPE, 1))
    clean_up(run, [REGION])
    assert rows(tmp_path, "probes") == []


def test_a_request_fulfilled_while_it_is_being_cancelled_has_its_instance_terminated(
    run: RunContext, ec2: FakeEc2
) -> None:
    left_by_an_earlier_run(run, ec2)
    ec2.spots[0].fulfilled, ec2.crossing_seconds = NEVER, 10.0
    assert clean_up(run, [REGION]).ended_instances == 1
    assert ec2.alive == []


def test_requests_found_by_our_tag_only_are_ended_too(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    ec2.add("sir-1", token=new_token(), fulfilled=-200.0)
    ec2.add("sir-2", token="", fulfilled=-200.0)
    assert clean_up(run, [REGION]).ended_instances == 2
    assert ec2.alive == []
    closed = [row for row in rows(tmp_path, "journal") if row["event"] == "closed"]
    assert [row["client_token"] for row in closed] == [ec2.spots[0].tags["spot-collector-token"], "sir-2"]


def test_nothing_of_another_installation_is_touched(run: RunContext, ec2: FakeEc2) -> None:
    left_by_an_earlier_run(run, ec2)
    misfiled = Entry(token_of_age(300), REGION, TYPE, 1, request_ids=("sir-9",))  # names another installation's request
    run.journal.write(journal.REQUESTED, misfiled)
    others = [ec2.add(name, token="another", installation="f" * 32, fulfilled=0.0) for name in ("sir-8", "sir-9")]
    clean_up(run, [REGION])
    assert [(other.cancelled, other.terminated) for other in others] == [(NEVER, NEVER)] * 2
    assert all("sir-8" not in ids and "i-8" not in ids for _, _, ids in ec2.calls)


def test_a_second_clean_up_has_nothing_to_do_although_aws_still_shows_what_was_ended(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    left_by_an_earlier_run(run, ec2)
    clean_up(run, [REGION])
    written, calls = rows(tmp_path, "journal"), len(ec2.calls)
    assert clean_up(run, [REGION]).ended_instances == 0
    assert rows(tmp_path, "journal") == written
    assert len(ec2.calls) == calls + 1
    assert len(rows(tmp_path, "spending")) == 1


def test_an_instance_that_came_after_its_entry_was_closed_is_ended_and_billed(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    entry = Entry(new_token(), REGION, TYPE, 1, request_ids=("sir-1",))
    run.journal.write(journal.CLOSED, entry)
    ec2.add("sir-1", token=entry.token, cancelled=-300.0, fulfilled=-200.0)
    assert clean_up(run, [REGION]).ended_instances == 1
    assert ec2.alive == []
    assert [row["seconds"] for row in rows(tmp_path, "spending")] == ["200.0"]


def test_what_the_run_that_died_had_billed_is_not_billed_twice(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    entry = left_by_an_earlier_run(run, ec2)
    ec2.clock.sleep(10)
    assert clean_up(run, [REGION]).left == []
    # As if that run had been killed after it wrote the bill and before it closed the entry.
    [path] = (tmp_path / "collect_launch_time" / "data" / "journal").glob("*.csv")
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if ",closed," not in line))
    again = run_on(ec2, tmp_path)
    assert not again.journal.entries()[entry.token].is_closed
    clean_up(again, [REGION])
    assert len(rows(tmp_path, "spending")) == 1
    assert again.journal.entries()[entry.token].is_closed


@pytest.mark.parametrize(
    ("age", "timeout", "is_left"),
    [(1799.0, 600, True), (1801.0, 600, False), (2099.0, 1200, True), (2101.0, 1200, False)],
    ids=["just before half an hour", "after", "just before a long timeout and a quarter of an hour", "after these"],
)
def test_an_intent_of_which_no_request_is_found_stays_open_until_one_must_have_expired(
    ec2: FakeEc2, tmp_path: Path, age: float, timeout: float, is_left: bool
) -> None:
    run = run_on(ec2, tmp_path, timeout=timeout)
    run.journal.write(journal.INTENDED, Entry(token_of_age(age), REGION, TYPE, 2))
    cleaned = clean_up(run, [REGION])
    assert bool(cleaned.left) is is_left
    assert (rows(tmp_path, "journal")[-1]["event"] == "closed") is not is_left
    assert cleaned.blocked == set()
    assert not run.problems


@pytest.mark.parametrize("call", ["cancel", "terminate"])
def test_what_aws_refuses_to_end_is_tried_for_half_a_minute_then_named_and_its_region_is_blocked(
    run: RunContext, ec2: FakeEc2, tmp_path: Path, call: str
) -> None:
    entry = left_by_an_earlier_run(run, ec2)
    ec2.fail(call, refused("OperationNotPermitted"))
    cleaned = clean_up(run, [REGION])
    assert 50 + 30 < ec2.clock.monotonic() <= 50 + 32
    assert cleaned.blocked == {REGION}
    assert [left.token for left in cleaned.left] == [entry.token]
    [line] = run.problems.lines()
    assert line.startswith("what an earlier run left could not be ended yet (OperationNotPermitted")
    assert f": {'sir-1' if call == 'cancel' else 'i-1'} ({TYPE} in {REGION})" in line
    assert not run.journal.entries()[entry.token].is_closed
    assert rows(tmp_path, "spending") == []


def test_a_protected_instance_is_named_by_every_clean_up_until_it_can_be_ended(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    left_by_an_earlier_run(run, ec2)
    ec2.protected["i-1"] = refused("OperationNotPermitted")
    for _ in range(3):
        again = run_on(ec2, tmp_path)
        clean_up(again, [REGION])
        [line] = again.problems.lines()
        assert "OperationNotPermitted" in line
        assert "i-1" in line
    ec2.protected.clear()
    last = run_on(ec2, tmp_path)
    assert clean_up(last, [REGION]).left == []
    assert (ec2.alive, list(last.problems.lines())) == ([], [])


@pytest.mark.parametrize("until", [50 + 60.0, 50 + 119.0, 50 + 120.0, 50 + 121.0])
def test_with_an_open_entry_in_the_journal_a_list_that_fails_is_retried_for_two_minutes(
    run: RunContext, ec2: FakeEc2, until: float
) -> None:
    left_by_an_earlier_run(run, ec2)
    ec2.fail("requests_of_installation", until=until)
    clean_up(run, [REGION])
    assert ec2.alive == []
    assert not run.problems


@pytest.mark.parametrize("until", [50 + 121.5, NEVER])
def test_after_two_minutes_without_a_list_the_region_is_named_and_blocked_and_its_entries_stay_open(
    run: RunContext, ec2: FakeEc2, until: float
) -> None:
    entry = left_by_an_earlier_run(run, ec2)
    ec2.fail("requests_of_installation", until=until)
    cleaned = clean_up(run, [REGION])
    assert (cleaned.blocked, [left.token for left in cleaned.left]) == ({REGION}, [entry.token])
    nobody_looked, still_open = run.problems.lines()
    assert nobody_looked.startswith("nobody could look for what earlier runs left (RequestLimitExceeded")
    assert still_open.startswith(f"1 probe is open since 2026-03-01T{START.astimezone():%H:%M} in {REGION}: ")


def test_without_an_open_entry_in_the_journal_a_list_that_fails_is_not_retried(run: RunContext, ec2: FakeEc2) -> None:
    ec2.fail("requests_of_installation")
    assert clean_up(run, [REGION]).blocked == {REGION}
    assert ec2.clock.monotonic() <= 1


def test_credentials_that_every_region_refuses_end_the_run_at_once(run: RunContext, ec2: FakeEc2) -> None:
    left_by_an_earlier_run(run, ec2)
    ec2.fail("requests_of_installation", refused("ExpiredToken"))
    with pytest.raises(Refusal, match="credentials"):
        clean_up(run, [REGION])
    assert ec2.clock.monotonic() == 50


def test_if_one_region_of_two_accepts_the_credentials_its_leftovers_are_ended(ec2: FakeEc2, tmp_path: Path) -> None:
    elsewhere = FakeEc2(ec2.clock, ELSEWHERE)
    elsewhere.fail("requests_of_installation", refused("AuthFailure"))
    run = run_on(ec2, tmp_path, regions=[ec2, elsewhere])
    left_by_an_earlier_run(run, ec2)
    cleaned = clean_up(run, [REGION, ELSEWHERE])
    assert ec2.alive == []
    assert cleaned.blocked == {ELSEWHERE}


NOES = ["AuthFailure", "UnauthorizedOperation", "OptInRequired", "PendingVerification", "Blocked", "SomethingNew"]


@pytest.mark.parametrize("code", NOES)
def test_a_region_that_refuses_and_was_never_used_is_blocked_and_told_in_the_log_only(
    ec2: FakeEc2, tmp_path: Path, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    elsewhere = FakeEc2(ec2.clock, ELSEWHERE)
    elsewhere.fail("requests_of_installation", refused(code))
    run = run_on(ec2, tmp_path, regions=[ec2, elsewhere])
    left_by_an_earlier_run(run, ec2)
    cleaned = clean_up(run, [REGION, ELSEWHERE])
    assert ec2.alive == []
    assert (cleaned.blocked, set(cleaned.never_used)) == ({ELSEWHERE}, {ELSEWHERE})
    assert not run.problems
    [told] = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert ELSEWHERE in told
    assert code in told


@pytest.mark.parametrize("code", NOES)
@pytest.mark.parametrize(("event", "lines"), [(journal.CLOSED, 1), (journal.REQUESTED, 2)])
def test_a_region_that_refuses_and_was_used_once_is_named_and_what_is_open_there(
    ec2: FakeEc2, tmp_path: Path, code: str, event: str, lines: int
) -> None:
    elsewhere = FakeEc2(ec2.clock, ELSEWHERE)
    elsewhere.fail("requests_of_installation", refused(code))
    run = run_on(ec2, tmp_path, regions=[ec2, elsewhere])
    run.journal.write(event, Entry(token_of_age(300), ELSEWHERE, TYPE, 1, request_ids=("sir-1",)))
    cleaned = clean_up(run, [REGION, ELSEWHERE])
    assert cleaned.blocked == {ELSEWHERE}
    assert len(run.problems.lines()) == lines
    assert all(ELSEWHERE in line for line in run.problems.lines())


@pytest.mark.parametrize("code", NOES)
def test_where_each_region_refuses_nobody_is_left_in_the_dark(ec2: FakeEc2, tmp_path: Path, code: str) -> None:
    elsewhere = FakeEc2(ec2.clock, ELSEWHERE)
    run = run_on(ec2, tmp_path, regions=[ec2, elsewhere])
    for region in (ec2, elsewhere):
        region.fail("requests_of_installation", refused(code))
    with contextlib.suppress(Refusal):
        assert clean_up(run, [REGION, ELSEWHERE]).blocked == {REGION, ELSEWHERE}
        assert len(run.problems.lines()) == 1


def test_leftovers_in_the_journal_are_ended_in_regions_that_are_no_longer_in_the_settings(
    ec2: FakeEc2, tmp_path: Path
) -> None:
    elsewhere = FakeEc2(ec2.clock, ELSEWHERE)
    run = run_on(ec2, tmp_path, regions=[ec2, elsewhere])
    left_by_an_earlier_run(run, ec2)
    clean_up(run, [ELSEWHERE])
    assert ec2.alive == []


def test_entries_that_stay_open_are_written_into_todays_journal_again(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    entry = left_by_an_earlier_run(run, ec2)
    folder = tmp_path / "collect_launch_time" / "data" / "journal"
    [path] = folder.glob("*.csv")
    path.rename(folder / "2026-02-10.csv")
    ec2.fail("terminate")
    clean_up(run, [REGION])
    assert [row["client_token"] for row in rows(tmp_path, "journal")] == [entry.token, entry.token]
    assert len(list(folder.glob("*.csv"))) == 2


@pytest.mark.parametrize("name", ["spending", "journal"])
def test_an_entry_whose_end_cannot_be_written_stays_open_and_is_named(
    run: RunContext, ec2: FakeEc2, tmp_path: Path, name: str
) -> None:
    entry = Entry(new_token(), REGION, TYPE, 0)
    ec2.add("sir-1", token=entry.token, fulfilled=-200.0)
    block(tmp_path, name)
    cleaned = clean_up(run, [REGION])
    assert ec2.alive == []
    assert [left.token for left in cleaned.left] == [entry.token]
    assert any(line.startswith("ended, but not written down") for line in run.problems.lines())


def test_an_instance_that_ended_before_the_clean_up_is_billed_until_its_end(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    left_by_an_earlier_run(run, ec2)
    ec2.spots[0].terminated = -50.0
    clean_up(run, [REGION])
    assert [row["seconds"] for row in rows(tmp_path, "spending")] == ["100.0"]


def test_an_instance_that_aws_interrupted_within_its_first_hour_costs_nothing(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    left_by_an_earlier_run(run, ec2)
    ec2.spots[0].interrupted = -100.0
    clean_up(run, [REGION])
    assert [float(row["usd"]) for row in rows(tmp_path, "spending")] == [0.0]


def test_without_prices_the_seconds_are_billed_at_nothing_and_the_entry_is_closed(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    left_by_an_earlier_run(run, ec2)
    ec2.fail("spot_prices")
    assert clean_up(run, [REGION]).left == []
    assert [(row["seconds"], row["usd"]) for row in rows(tmp_path, "spending")] == [("200.0", "0.0")]
