"""When a spot request and its instances count as ended, and when they do not yet."""

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
FULFILLED_DURING_CANCEL = SpotRequest("sir-1", "cancelled", "request-canceled-and-instance-running", "i-1", tags=TAGS)
WITHOUT_INSTANCE_ID = SpotRequest("sir-1", "cancelled", "request-canceled-and-instance-running", tags=TAGS)
FAILED = SpotRequest("sir-1", "failed", "bad-parameters", tags=TAGS)


def ending_request(*, age: float = 0.0, is_ours: bool = True, is_searched: bool = True) -> EndingRequest:
    return EndingRequest("sir-1", "token", -age, is_ours, Patience(), is_searched=is_searched)


def instance(state: str) -> Instance:
    return Instance("i-1", "sir-1", state)


def test_a_cancelled_request_is_over_fifteen_seconds_after_it_was_seen_cancelled() -> None:
    request = ending_request()
    request.note(OPEN, OURS, 0)
    assert not request.is_over(1000)
    request.note(CANCELLED, OURS, 1000)
    assert not request.is_over(1000 + SETTLE_SECONDS - 0.1)
    assert request.is_over(1000 + SETTLE_SECONDS)


def test_an_answer_that_shows_it_open_again_restarts_the_waiting() -> None:
    request = ending_request()
    request.note(CANCELLED, OURS, 0)
    request.note(OPEN, OURS, SETTLE_SECONDS - 1)
    request.note(CANCELLED, OURS, SETTLE_SECONDS + 1)
    assert not request.is_over(2 * SETTLE_SECONDS)
    assert request.is_over(2 * SETTLE_SECONDS + 1)


def test_a_request_fulfilled_during_its_cancel_is_not_over_before_its_instance_is_shutting_down() -> None:
    request = ending_request()
    request.note(CANCELLED, OURS, 0)
    request.note(FULFILLED_DURING_CANCEL, OURS, 5)
    found = request.instance("i-1", NOW)
    assert not request.is_over(1000)
    assert found.needs_terminate(5)
    found.last_seen = instance("running")
    assert not request.is_over(1000)
    found.last_seen = instance("shutting-down")
    assert request.is_over(6)


def test_an_instance_whose_id_aws_does_not_tell_yet_is_waited_for() -> None:
    request = ending_request()
    request.note(WITHOUT_INSTANCE_ID, OURS, 0)
    assert not request.is_over(1000)


def test_no_request_is_over_before_its_instances_were_searched_for_after_its_end() -> None:
    request = ending_request(is_searched=False)
    request.note(FULFILLED_DURING_CANCEL, OURS, 0)
    request.instance("i-1", NOW).last_seen = instance("terminated")
    assert not request.is_over(1000)
    request.is_searched = True
    assert request.is_over(1000)


def test_a_failed_request_is_over_at_once() -> None:
    request = ending_request()
    request.note(FAILED, OURS, 0)
    assert request.is_over(0)


def test_an_unknown_request_is_waited_for_until_it_is_ten_minutes_old() -> None:
    new, old = ending_request(age=1), ending_request(age=FORGOTTEN_SECONDS + 1)
    for request in (new, old):
        request.note(None, OURS, 0)
    assert not new.is_over(60)
    assert new.is_over(FORGOTTEN_SECONDS)
    assert old.is_over(0)


def test_a_request_that_an_endpoint_forgets_at_its_cancel_is_over_after_fifteen_seconds() -> None:
    request = ending_request()
    request.is_cancelled = True
    request.note(None, OURS, 0)
    assert not request.is_over(SETTLE_SECONDS - 1)
    assert request.is_over(SETTLE_SECONDS)


def test_a_request_with_neither_our_tag_nor_our_token_is_left_alone() -> None:
    request = ending_request(is_ours=False)
    request.note(SpotRequest("sir-1", "open", "", tags={INSTALLATION_TAG: "other", TOKEN_TAG: "other"}), OURS, 0)
    assert request.is_foreign
    assert not request.needs_cancel
    assert request.is_over(0)


def test_a_request_in_the_journal_is_not_cancelled_before_its_tags_were_read() -> None:
    request = ending_request(is_ours=False)
    assert not request.needs_cancel
    request.note(OPEN, "another installation id, the file was lost", 0)
    assert request.needs_cancel


def test_a_confirmed_terminate_without_effect_is_repeated_after_ten_seconds() -> None:
    found = ending_request().instance("i-1", NOW)
    found.confirmed_at, found.last_seen = 100.0, instance("running")
    assert not found.needs_terminate(105)
    assert found.needs_terminate(120)


def test_a_confirmed_terminate_is_enough_if_aws_does_not_show_the_instance() -> None:
    found = ending_request().instance("i-1", NOW)
    assert not found.has_ended
    found.confirmed_at = 100.0
    assert found.has_ended


def test_an_unknown_instance_has_ended_only_if_its_request_says_so() -> None:
    request = ending_request()
    request.note(FULFILLED_DURING_CANCEL, OURS, 0)
    request.instance("i-1", NOW).is_unknown = True
    assert not request.is_over(60)
    request.note(SpotRequest("sir-1", "closed", "instance-terminated-by-user", "i-1", tags=TAGS), OURS, 61)
    assert request.is_over(61)
