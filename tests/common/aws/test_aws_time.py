"""AWS's clock, taken from its answers."""

from datetime import UTC, datetime, timedelta

import pytest

from common.aws import aws_time
from common.aws.aws_time import AwsTime


def test_before_the_first_answer_it_is_this_machines_time() -> None:
    assert abs(AwsTime().now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_time_of_the_newest_answer_is_carried_on_by_steady_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, now = AwsTime(), [100.0]
    monkeypatch.setattr(aws_time, "steady_seconds", lambda: now[0])
    clock.note({"Date": "Sun, 01 Mar 2037 12:00:00 GMT"})
    now[0] += 90
    assert clock.now() == datetime(2037, 3, 1, 12, 1, 30, tzinfo=UTC)
    clock.note({"date": "Sun, 01 Mar 2037 12:02:00 GMT"})
    assert clock.now() == datetime(2037, 3, 1, 12, 2, tzinfo=UTC)


@pytest.mark.parametrize("header", ["", "yesterday", "Sun, 99 Mar 2037 12:00:00 GMT", "0"])
def test_a_malformed_date_header_is_ignored(header: str) -> None:
    clock = AwsTime()
    clock.note({"Date": header})
    clock.note({})
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
