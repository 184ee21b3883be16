"""When a spot request and its instances are over, and when one only thinks so."""

from datetime import UTC, datetime

from collect_launch_time.ec2.answers import Instance, SpotRequest
from collect_launch_time.ec2.installation import INSTALLATION_TAG, TOKEN_TAG
from collect_launch_time.patience import Patience
from collect_launch_time.state.end_state import EndingRequest

SETTLE_SECONDS, FORGOTTEN_SECONDS = Patience().settle_seconds, Patience().forgotten_seconds

NOW = datetime(2026, 3, 1, tzinfo=UTC)
OURS = "f" * 32
TAGS = {INSTALLATION_TAG: OURS, TOKEN_TAG: "token"}

OPEN = SpotRequest("sir-1", "open", "capacity-not-available", tags=TAGS)
CANCELLED = SpotRequest("sir-1", "cancelled", "canceled-before-fulfillment", tags=TAGS)
CROSSED = SpotRequest("sir-1", "cancelled", "request-canceled-and-instance-running", "i-1", tags=TAGS)
NAMELESS = SpotRequest("sir-1", "cancelled", "request-canceled-and-instance-running", tags=TAGS)
FAILED = SpotRequest("sir-1", "failed", "bad-parameters", tags=TAGS)


def request(*, age: float = 0.0, is_ours: bool = True, is_searched: bool = True) -> EndingRequest:
    return EndingRequest("sir-1", "token", -age, is_ours, Patience(), is_searched=is_searched)


def instance(state: str) -> Instance:
    return Instance("i-1", "sir-1", state)


def test_a_cancelled_request_is_looked_at_until_no_fulfilment_can_cross_any_more() -> None:
    one = request()
    one.note(OPEN, OURS, 0)
    assert not one.is_over(1000)
    one.note(CANCELLED, OURS, 1000)
    assert not one.is_over(1000 + SETTLE_SECONDS - 0.1)
    assert one.is_over(1000 + SETTLE_SECONDS)


def test_an_answer_that_is_older_than_the_one_before_starts_the_waiting_anew() -> None:
    one = request()
    one.note(CANCELLED, OURS, 0)
    one.note(OPEN, OURS, SETTLE_SECONDS - 1)
    one.note(CANCELLED, OURS, SETTLE_SECONDS + 1)
    assert not one.is_over(2 * SETTLE_SECONDS)
    assert one.is_over(2 * SETTLE_SECONDS + 1)


def test_a_fulfilment_that_crosses_the_cancel_is_not_over_before_its_instance_is_shutting_down() -> None:
    one = request()
    one.note(CANCELLED, OURS, 0)
    one.note(CROSSED, OURS, 5)
    found = one.instance("i-1", NOW)
    assert not one.is_over(1000)
    assert found.needs_terminate(5)
    found.last_seen = instance("running")
    assert not one.is_over(1000)
    found.last_seen = instance("shutting-down")
    assert one.is_over(6)


def test_an_instance_that_is_told_of_but_not_named_is_waited_for() -> None:
    one = request()
    one.note(NAMELESS, OURS, 0)
    assert not one.is_over(1000)


def test_nothing_is_over_before_a_search_for_instances_came_after_the_end_of_the_request() -> None:
    one = request(is_searched=False)
    one.note(CROSSED, OURS, 0)
    one.instance("i-1", NOW).last_seen = instance("terminated")
    assert not one.is_over(1000)
    one.is_searched = True
    assert one.is_over(1000)


def test_a_failed_request_needs_no_time_to_settle() -> None:
    one = request()
    one.note(FAILED, OURS, 0)
    assert one.is_over(0)


def test_an_id_that_is_not_visible_yet_is_waited_for_and_one_that_was_forgotten_is_not() -> None:
    new, old = request(age=1), request(age=FORGOTTEN_SECONDS + 1)
    for one in (new, old):
        one.note(None, OURS, 0)
    assert not new.is_over(60)
    assert new.is_over(FORGOTTEN_SECONDS)
    assert old.is_over(0)


def test_an_endpoint_that_forgets_a_cancelled_request_at_once_is_believed_after_a_while() -> None:
    one = request()
    one.is_cancelled = True
    one.note(None, OURS, 0)
    assert not one.is_over(SETTLE_SECONDS - 1)
    assert one.is_over(SETTLE_SECONDS)


def test_a_request_with_neither_our_tag_nor_our_token_is_left_alone() -> None:
    one = request(is_ours=False)
    one.note(SpotRequest("sir-1", "open", "", tags={INSTALLATION_TAG: "other", TOKEN_TAG: "other"}), OURS, 0)
    assert one.is_foreign
    assert not one.needs_cancel
    assert one.is_over(0)


def test_a_request_of_the_journal_is_not_cancelled_before_its_tag_is_seen() -> None:
    one = request(is_ours=False)
    assert not one.needs_cancel
    one.note(OPEN, "another installation id, the file was lost", 0)
    assert one.needs_cancel


def test_a_terminate_that_was_swallowed_is_repeated() -> None:
    found = request().instance("i-1", NOW)
    found.confirmed_at, found.last_seen = 100.0, instance("running")
    assert not found.needs_terminate(105)
    assert found.needs_terminate(120)


def test_aws_word_that_it_shuts_down_is_enough_where_the_instance_is_not_shown() -> None:
    found = request().instance("i-1", NOW)
    assert not found.has_ended
    found.confirmed_at = 100.0
    assert found.has_ended


def test_an_unknown_instance_is_gone_if_its_request_says_so_and_not_yet_visible_otherwise() -> None:
    one = request()
    one.note(CROSSED, OURS, 0)
    one.instance("i-1", NOW).is_unknown = True
    assert not one.is_over(60)
    one.note(SpotRequest("sir-1", "closed", "instance-terminated-by-user", "i-1", tags=TAGS), OURS, 61)
    assert one.is_over(61)
