"""Days of watched, standing, top and sampled types over the changes of the clocks: none is refused, all are asked."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.collect_sps_and_if.played_days import TYPES, ZONE, Aws, Days, rows_of, true_score
from tests.time_zone import in_zone

pytestmark = pytest.mark.whole_run

SPRING, AUTUMN = date(2026, 3, 26), date(2026, 10, 22)  # the clocks change on the 29th, and on the 25th
LATE_IN_MARCH = date(2026, 3, 27)
SOME = (
    "pool,m5.large c5.large r5.large,,,region",
    "zones,m5.large c5.large r5.large,us-east-1 us-east-2,,zone",
    "same,m5.large c5.large r5.large,us-east-1 us-east-2,,region",
    "many,m5.large,us-east-1 eu-west-1,200,",
    "anywhere,t3.nano,,1,zone",
)
DOZENS = tuple(f"q{number},{name},us-east-1 us-east-2,{number + 1}," for number, name in enumerate(TYPES[:25]))

LONG = int(os.environ.get("MIX_DAYS", "6"))


@dataclass(frozen=True)
class Mix:
    """What a collection asks on how many days: settings, and standing queries."""

    name: str
    first: date
    days: int
    standing: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    changes: bool = False  # other six of the queries from every noon on
    always_waits: bool = False  # there is more than the quota takes

    @property
    def names(self) -> set[str]:
        """Give the names of its standing queries."""
        return {line.partition(",")[0] for line in self.standing}


MIXES = (
    Mix("watched and standing", SPRING, LONG, SOME, {"WATCH_TYPES": TYPES[:4]}),
    Mix("changing every noon", AUTUMN, LONG, SOME + DOZENS[:10], {"WATCH_TYPES": TYPES[:2]}, changes=True),
    Mix("mostly standing", LATE_IN_MARCH, 5, DOZENS, {"WATCH_TYPES": TYPES[:8], "SAMPLE_COUNT": 6}),
    Mix("more than the quota", LATE_IN_MARCH, 5, DOZENS, {"SPS_CONFIGURATION_LIMIT": 20}, always_waits=True),
    Mix("as shipped", LATE_IN_MARCH, 5),
)


@pytest.fixture
def days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Days]:
    with in_zone("Europe/Vienna"):
        yield Days(tmp_path, Aws(datetime(2026, 1, 1, tzinfo=UTC)), monkeypatch)


@pytest.mark.parametrize("mix", MIXES, ids=lambda mix: f"{mix.name} from {mix.first}")
def test_no_day_is_refused_and_standing_scores_are_the_truth(mix: Mix, days: Days) -> None:
    days.install(**mix.settings)
    days.aws.limit.limit = mix.settings.get("SPS_CONFIGURATION_LIMIT", 50)
    days.stand(*mix.standing)

    def change(at: datetime) -> None:
        if mix.changes and (at.hour, at.minute) == (12, 0):
            number = (at.date() - mix.first).days
            days.stand(*mix.standing[number : number + 6])

    assert days.play(mix.first, mix.days, change) == {0}
    assert days.aws.refused == []
    lines = {line.split(",")[0]: line.split(",") for line in mix.standing}
    for day in (mix.first + timedelta(days=number) for number in range(mix.days)):
        for at, rows in rows_of(days.home, "standing_scores", day).items():
            for row in rows:
                _, types, _, capacity, _ = lines[row["name"]]
                if row["outcome"] == "ok":
                    place = row["az"] or row["region"]
                    assert int(row["sps"]) == true_score(types.split(), place, int(capacity or 10), at)
        if not mix.always_waits and day > mix.first + timedelta(days=1):
            _assert_asked(days, mix, day)


def _assert_asked(days: Days, mix: Mix, day: date) -> None:
    """From 01:10 on every pair and every standing query is asked; one written at noon may wait for the night."""
    planned, standing = (rows_of(days.home, folder, day) for folder in ("sps_and_if", "standing_scores"))
    late = [
        f"{at}: {row}"
        for polls in (planned, standing)
        for at, rows in polls.items()
        for row in rows
        if row["outcome"] == "waiting" and at.astimezone(ZONE).strftime("%H:%M") >= "01:10"
        if not (mix.changes and row.get("name") in mix.names)
    ]
    assert not late, late[:5]
    assert len(planned) >= 12
    assert len(standing) == (len(planned) if mix.standing else 0)


def test_a_line_written_at_noon_has_its_place_in_the_night_at_the_latest(days: Days) -> None:
    days.install()
    days.play(LATE_IN_MARCH, 3, lambda at: days.stand(*SOME) if (at.day, at.hour) == (28, 12) else None)
    first, second = (rows_of(days.home, "standing_scores", LATE_IN_MARCH + timedelta(days=day)) for day in (1, 2))
    assert {at.astimezone(ZONE).strftime("%H:%M") for at in first} == {"12:00", "12:10", "23:50"}
    at_night = [
        row["outcome"]
        for at, rows in second.items()
        for row in rows
        if at.astimezone(ZONE).strftime("%H:%M") >= "00:10"
    ]
    assert set(at_night) <= {"ok", "absent"}
    assert days.aws.refused == []


def test_a_quota_that_standing_queries_fill_leaves_an_empty_plan_which_is_kept(days: Days) -> None:
    days.install(SPS_CONFIGURATION_LIMIT=5)
    days.aws.limit.limit = 5
    days.stand(*SOME)
    assert days.play(LATE_IN_MARCH, 1) == {0}
    plans = days.home / "collect_sps_and_if" / "data" / "plan"
    assert [path.read_text().count("\n") for path in plans.iterdir()] == [1, 1]
    assert days.aws.refused == []
