"""The loop that ends requests and instances: what it repeats, for how long, and what counts as ended."""

import itertools

import pytest

from collect_launch_time.ec2.installation import INSTALLATION_TAG, TOKEN_TAG
from collect_launch_time.ending.end_loop import EndLoop
from collect_launch_time.patience import Patience
from collect_launch_time.problems import Problems
from common.aws import aws_error
from data_files.launches.journal import Entry, new_token
from tests.collect_launch_time.fakes import NEVER, OURS, REGION, TYPE, FakeClock, FakeEc2, refused, token_of_age


@pytest.fixture
def ec2() -> FakeEc2:
    return FakeEc2(FakeClock())


def end_loop(ec2: FakeEc2, *entries: Entry, requested_by_us: bool = True) -> EndLoop:
    loop = EndLoop(ec2, ec2.clock, OURS, Patience())
    for entry in entries:
        loop.add(entry, requested_by_us=requested_by_us)
    return loop


def entry(*request_ids: str, count: int = 1, token: str = "") -> Entry:
    return Entry(token or new_token(), REGION, TYPE, count, request_ids=request_ids)


def named(loop: EndLoop, one: Entry) -> str:
    problems = Problems()
    loop.name_what_is_left(one, problems, "left", "it")
    return "\n".join(problems.lines())


def passed(ec2: FakeEc2) -> float:
    return ec2.clock.monotonic()


def test_a_request_is_cancelled_and_its_instance_terminated_and_seen_shutting_down(ec2: FakeEc2) -> None:
    ec2.add("sir-1", fulfilled=-10.0)
    loop = end_loop(ec2, entry("sir-1"))
    assert loop.run_until_ended()
    assert (ec2.alive, ec2.open) == ([], [])
    assert loop.requests["sir-1"].instances["i-1"].state_before == "running"
    assert ec2.asked("cancel") == [["sir-1"]]
    assert ec2.asked("terminate") == [["i-1"]]


def test_with_nothing_to_end_no_call_is_made(ec2: FakeEc2) -> None:
    assert end_loop(ec2).run_until_ended()
    assert ec2.calls == []


def test_all_requests_and_all_instances_of_a_region_are_ended_by_the_same_few_calls(ec2: FakeEc2) -> None:
    ids = [f"sir-{number}" for number in range(50)]
    for request_id in ids:
        ec2.add(request_id, fulfilled=-10.0)
    assert end_loop(ec2, entry(*ids[:25], count=25), entry(*ids[25:], count=25)).run_until_ended()
    assert ec2.alive == []
    assert len(ec2.calls) < 10


@pytest.mark.parametrize("call", ["cancel", "terminate"])
@pytest.mark.parametrize("until", [0.5, 60.0, 119.0, 120.0, 121.0])
def test_a_call_that_fails_is_repeated_for_two_minutes(ec2: FakeEc2, call: str, until: float) -> None:
    ec2.add("sir-1", fulfilled=-10.0)
    ec2.fail(call, until=until)
    assert end_loop(ec2, entry("sir-1")).run_until_ended()
    assert (ec2.alive, ec2.open) == ([], [])
    assert until <= passed(ec2) <= until + 2


@pytest.mark.parametrize(("call", "left"), [("cancel", "open"), ("terminate", "alive")])
@pytest.mark.parametrize("until", [121.5, NEVER])
def test_what_cannot_be_ended_within_two_minutes_is_given_up_and_awss_error_kept(
    ec2: FakeEc2, call: str, left: str, until: float
) -> None:
    ec2.add("sir-1", fulfilled=NEVER if left == "open" else -10.0)
    ec2.fail(call, until=until)
    loop, requested = end_loop(ec2), entry("sir-1")
    loop.add(requested, requested_by_us=True)
    assert not loop.run_until_ended()
    assert 120 < passed(ec2) <= 122
    assert getattr(ec2, left) != []
    assert not loop.is_over_for(requested)
    assert "RequestLimitExceeded" in named(loop, requested)


NOES = [
    refused("OperationNotPermitted"),
    refused("UnauthorizedOperation", status=403),
    refused("IncorrectInstanceState"),
    refused("InvalidParameterValue"),
    refused("SomethingNobodyHasHeardOf", status=412),
]


@pytest.mark.parametrize("no", NOES, ids=aws_error.code)
@pytest.mark.parametrize("spoilt", [[0], [99], [3, 50, 51], list(range(0, 100, 9)), list(range(50))])
def test_what_aws_refuses_to_terminate_keeps_no_other_instance_alive_for_longer_than_that(
    ec2: FakeEc2, no: Exception, spoilt: list[int]
) -> None:
    for number in range(100):
        ec2.add(f"sir-{number}", fulfilled=-10.0)
    ec2.protected |= {f"i-{number}": no for number in spoilt}
    ec2.seconds["terminate"] = 0.05
    requested = entry(*(f"sir-{number}" for number in range(100)), count=100)
    loop = end_loop(ec2, requested)
    assert not loop.run_until_ended()
    assert sorted(ec2.alive) == sorted(f"i-{number}" for number in spoilt)
    in_time = [spot for spot in ec2.spots if spot.instance_id in ec2.protected or spot.terminated <= 20]
    assert len(in_time) == 100
    assert passed(ec2) < 60
    assert aws_error.code(no) in named(loop, requested)
    assert all(f"i-{number} " in named(loop, requested) for number in spoilt[:3])


@pytest.mark.parametrize("no", [*NOES[1:], refused("IncorrectSpotRequestState")], ids=aws_error.code)
def test_a_request_that_aws_refuses_to_cancel_keeps_no_other_open(ec2: FakeEc2, no: Exception) -> None:
    for number in range(20):
        ec2.add(f"sir-{number}")
    ec2.protected["sir-7"] = no
    requested = entry(*(f"sir-{number}" for number in range(20)), count=20)
    loop = end_loop(ec2, requested)
    assert not loop.run_until_ended()
    assert [spot.request_id for spot in ec2.spots if spot.cancelled > 1.0] == ["sir-7"]
    assert "sir-7 " in named(loop, requested)


def test_an_action_that_is_denied_as_a_whole_costs_a_few_calls_a_round_and_one_line(ec2: FakeEc2) -> None:
    for number in range(100):
        ec2.add(f"sir-{number}", fulfilled=-10.0)
    ec2.fail("terminate", refused("UnauthorizedOperation", status=403))
    requested = entry(*(f"sir-{number}" for number in range(100)), count=100)
    loop = end_loop(ec2, requested)
    assert not loop.run_until_ended()
    seconds = passed(ec2)
    assert seconds < 40
    assert len(ec2.asked("terminate")) <= 9 * (seconds + 1)
    assert named(loop, requested).count("\n") == 0


def test_what_was_refused_for_a_while_is_ended_when_it_may_be(ec2: FakeEc2) -> None:
    ec2.add("sir-1", fulfilled=-10.0)
    ec2.fail("terminate", refused("IncorrectInstanceState"), until=15.0)
    assert end_loop(ec2, entry("sir-1")).run_until_ended()
    assert ec2.alive == []
    assert len(ec2.asked("terminate")) == 3


def test_credentials_that_are_refused_are_not_tried_for_each_id(ec2: FakeEc2) -> None:
    for number in range(10):
        ec2.add(f"sir-{number}", fulfilled=-10.0)
    ec2.fail("terminate", refused("ExpiredToken"))
    end_loop(ec2, entry(*(f"sir-{number}" for number in range(10)), count=10)).run_until_ended()
    assert {len(ids) for ids in ec2.asked("terminate")} == {10}


def test_a_failing_step_does_not_keep_the_others_from_being_done(ec2: FakeEc2) -> None:
    ec2.add("sir-1", fulfilled=-10.0)
    ec2.add("sir-2")
    for call in ("cancel", "requests", "requests_with_tokens"):
        ec2.fail(call)
    assert not end_loop(ec2, entry("sir-1", "sir-2", count=3)).run_until_ended()
    assert ec2.alive == []


def test_a_cancelled_request_is_looked_at_for_fifteen_seconds_before_it_counts_as_ended(ec2: FakeEc2) -> None:
    ec2.add("sir-1")
    assert end_loop(ec2, entry("sir-1")).run_until_ended()
    assert 15 <= passed(ec2) <= 16


@pytest.mark.parametrize(
    ("crossing", "alive"),
    [(0.5, []), (13.5, []), (14.0, []), (16.0, ["i-1"])],
    ids=["at once", "just before it settles", "at the last look", "after"],
)
def test_a_request_fulfilled_while_it_is_being_cancelled_has_its_instance_terminated(
    ec2: FakeEc2, crossing: float, alive: list[str]
) -> None:
    ec2.add("sir-1")
    ec2.crossing_seconds = crossing
    assert end_loop(ec2, entry("sir-1")).run_until_ended()
    ec2.clock.sleep(60)
    assert ec2.alive == alive


def test_a_failed_request_is_not_waited_for(ec2: FakeEc2) -> None:
    ec2.add("sir-1", failed=-1.0)
    assert end_loop(ec2, entry("sir-1")).run_until_ended()
    assert passed(ec2) <= 1


@pytest.mark.parametrize("ignored", [1, 2])
def test_an_instance_still_running_ten_seconds_after_its_terminate_is_terminated_again(
    ec2: FakeEc2, ignored: int
) -> None:
    ec2.add("sir-1", fulfilled=-10.0)
    ec2.ignored_terminates = ignored
    assert end_loop(ec2, entry("sir-1")).run_until_ended()
    terminated = ec2.moments("terminate")
    assert len(terminated) == ignored + 1
    gaps = [later - earlier for earlier, later in itertools.pairwise(terminated)]
    assert all(10 < gap <= 11 for gap in gaps)
    assert ec2.alive == []


def test_an_instance_that_is_not_visible_yet_is_terminated_once_it_is(ec2: FakeEc2) -> None:
    ec2.invisible_seconds = 20.0
    ec2.add("sir-1", made=-30.0, fulfilled=0.0)
    assert end_loop(ec2, entry("sir-1")).run_until_ended()
    assert ec2.alive == []
    assert 20 <= passed(ec2) <= 22


@pytest.mark.parametrize(("invisible", "left"), [(0.0, []), (29.0, []), (30.0, []), (31.0, ["sir-1"])])
def test_requests_whose_ids_are_not_known_are_searched_for_by_token_for_thirty_seconds(
    ec2: FakeEc2, invisible: float, left: list[str]
) -> None:
    lost = entry()
    ec2.invisible_seconds = invisible
    ec2.add("sir-1", token=lost.token)
    loop = end_loop(ec2, lost)
    assert loop.run_until_ended()
    ec2.clock.sleep(60)
    assert ec2.open == left
    assert [ended.request_id for ended in loop.requests_of(lost)] == ([] if left else ["sir-1"])


def test_an_entry_without_any_request_is_over_after_thirty_seconds(ec2: FakeEc2) -> None:
    lost = entry()
    loop = end_loop(ec2, lost)
    assert loop.run_until_ended()
    assert loop.is_over_for(lost)
    assert loop.requests_of(lost) == []
    assert 30 <= passed(ec2) <= 32


def test_a_token_of_an_hour_ago_is_searched_for_once(ec2: FakeEc2) -> None:
    old = entry(token=token_of_age(3600))
    assert end_loop(ec2, old).run_until_ended()
    assert ec2.asked("requests_with_tokens") == [[old.token]]
    assert passed(ec2) <= 1


def test_while_the_search_by_token_fails_its_entry_is_not_over(ec2: FakeEc2) -> None:
    lost, loop = entry(), end_loop(ec2)
    loop.add(lost, requested_by_us=True)
    ec2.fail("requests_with_tokens")
    assert not loop.run_until_ended()
    assert not loop.is_over_for(lost)


def test_a_search_by_token_ends_when_as_many_requests_are_known_as_were_requested(ec2: FakeEc2) -> None:
    half = entry("sir-1", count=2)
    for request_id in ("sir-1", "sir-2"):
        ec2.add(request_id, token=half.token, fulfilled=-10.0)
    assert end_loop(ec2, half).run_until_ended()
    assert ec2.alive == []
    assert len(ec2.asked("requests_with_tokens")) == 1


def test_a_round_that_finds_something_is_followed_by_the_next_without_waiting(ec2: FakeEc2) -> None:
    old = entry("sir-1")
    ec2.add("sir-1", token=old.token, fulfilled=-10.0)
    assert end_loop(ec2, old, requested_by_us=False).run_until_ended()
    assert ec2.moments("cancel") == [0.0]
    assert passed(ec2) == 0.0


@pytest.mark.parametrize("requested_by_us", [False, True])
def test_only_the_run_that_made_a_request_cancels_it_before_reading_its_tags(
    ec2: FakeEc2, requested_by_us: bool
) -> None:
    foreign = ec2.add("sir-1", token="another", installation="f" * 32, fulfilled=-10.0)
    known = entry("sir-1")
    assert end_loop(ec2, known, requested_by_us=requested_by_us).run_until_ended()
    assert (foreign.cancelled < NEVER) == requested_by_us
    assert (ec2.alive == []) == requested_by_us


def test_before_the_tags_of_a_request_in_the_journal_were_read_its_instances_are_not_terminated(ec2: FakeEc2) -> None:
    ec2.add("sir-1", token="another", installation="f" * 32, fulfilled=-10.0)
    ec2.fail("requests", until=30.0)
    assert end_loop(ec2, entry("sir-1"), requested_by_us=False).run_until_ended()
    assert ec2.alive == ["i-1"]


def test_an_instance_whose_request_aws_has_forgotten_is_found_by_its_id_and_terminated(ec2: FakeEc2) -> None:
    ec2.add("sir-1", fulfilled=-10.0)
    ec2.requests_forgotten = True
    assert end_loop(ec2, entry("sir-1", token=token_of_age(3600)), requested_by_us=False).run_until_ended()
    assert ec2.alive == []


def test_a_request_with_our_token_is_ours_even_if_the_installation_id_was_lost(ec2: FakeEc2) -> None:
    known = entry("sir-1")
    ec2.add("sir-1", token=known.token, installation="f" * 32, fulfilled=-10.0)
    assert end_loop(ec2, known, requested_by_us=False).run_until_ended()
    assert ec2.alive == []


@pytest.mark.parametrize(("age", "seconds"), [(599.0, 1.0), (601.0, 0.0)], ids=["just before", "after"])
def test_a_request_that_aws_does_not_know_is_over_ten_minutes_after_it_was_made(
    ec2: FakeEc2, age: float, seconds: float
) -> None:
    forgotten = entry("sir-1", token=token_of_age(age))
    ec2.add("sir-1").is_forgotten = True
    assert end_loop(ec2, forgotten, requested_by_us=False).run_until_ended()
    assert seconds <= passed(ec2) <= seconds + 1


def test_a_new_request_that_aws_does_not_know_is_waited_for(ec2: FakeEc2) -> None:
    ec2.add("sir-1").is_forgotten = True
    loop, requested = end_loop(ec2), entry("sir-1")
    loop.add(requested, requested_by_us=False)
    assert not loop.run_until_ended()
    assert not loop.is_over_for(requested)


def test_one_entry_may_be_over_while_another_is_not(ec2: FakeEc2) -> None:
    done, stuck = entry("sir-1"), entry("sir-2")
    ec2.add("sir-1", failed=-1.0)
    ec2.add("sir-2").is_forgotten = True
    loop = end_loop(ec2, done, stuck)
    assert not loop.run_until_ended()
    assert (loop.is_over_for(done), loop.is_over_for(stuck)) == (True, False)


def test_a_request_found_by_our_tag_is_ended_with_its_entry(ec2: FakeEc2) -> None:
    spot = ec2.add("sir-1", token="token", fulfilled=-10.0)
    assert (spot.tags[INSTALLATION_TAG], spot.tags[TOKEN_TAG]) == (OURS, "token")
    loop, unknown = end_loop(ec2), entry(token="token", count=0)
    loop.add_found(spot.request(0.0), unknown)
    assert loop.run_until_ended()
    assert ec2.alive == []
    assert list(loop.requests_of(unknown)[0].instances) == ["i-1"]


@pytest.mark.parametrize(("shown_after", "is_seen", "waited"), [(3.0, True, 3.0), (NEVER, False, 15.0)])
def test_an_instance_ended_before_aws_showed_it_is_waited_for_for_its_own_times(
    ec2: FakeEc2, monkeypatch: pytest.MonkeyPatch, shown_after: float, is_seen: bool, waited: float
) -> None:
    ec2.add("sir-1", fulfilled=-10.0)
    show = ec2.instances_of_requests
    monkeypatch.setattr(ec2, "instances_of_requests", lambda ids: show(ids) if passed(ec2) >= shown_after else [])
    one = entry("sir-1")
    loop = end_loop(ec2, one)
    assert loop.run_until_ended()
    began = passed(ec2)
    loop.wait_for_the_instances_own_times(0.0)
    assert passed(ec2) == began, "a run without time for it does not wait"
    loop.wait_for_the_instances_own_times()
    assert (loop.requests["sir-1"].instances["i-1"].last_seen is not None) == is_seen
    assert passed(ec2) <= began + waited
    assert loop.is_over_for(one)


def test_where_each_call_takes_a_minute_none_is_begun_after_the_time_that_the_run_has_for_it(ec2: FakeEc2) -> None:
    ec2.add("sir-1", fulfilled=-10.0)
    for call in ("cancel", "terminate", "requests", "instances_of_requests"):
        ec2.seconds[call] = 59.0
        ec2.fail(call)
    assert not end_loop(ec2, entry("sir-1")).run_until_ended(at_most=35.0)
    assert passed(ec2) <= 35.0 + 59.0
    assert ec2.asked("cancel") == [["sir-1"]]


def test_a_machine_that_wakes_after_the_time_for_the_end_still_tells_aws_to_end_it(ec2: FakeEc2) -> None:
    ec2.add("sir-1", fulfilled=-10.0)
    ec2.fail("cancel", until=1.0)
    ec2.during["terminate"] = lambda: ec2.clock.sleep(3600.0 * bool(ec2.alive))
    loop = end_loop(ec2, entry("sir-1"))
    loop.run_until_ended()
    assert ec2.alive == []
