"""Plans over both changes of the clocks, with the ledger's real files and AWS's rule, at the times of real polls."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest

from collect_sps_and_if.asking.offers import Offers
from collect_sps_and_if.planning.days_plan import plan_for
from collect_sps_and_if.planning.policy import PlanSettings
from data_files.market import scores
from data_files.market.configurations import Configuration, Ledger, within_limit
from data_files.market.coverage import slots
from data_files.market.plans import Query
from data_files.market.scores import Score
from tests.time_zone import in_zone

REGIONS = tuple(f"eu-west-{number}" for number in range(1, 18))
OFFERS: Offers = {f"m{family}.size{size}": REGIONS[: 3 + family % 14] for family in range(60) for size in range(4)}
LIMIT = 50
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # 23 and 25 hours in Berlin
TEN_PAST_ONE = timedelta(hours=1, minutes=10)


@pytest.fixture(autouse=True)
def _berlin() -> Iterator[None]:
    with in_zone("Europe/Berlin"):
        yield


class Days:
    """Days of polls: what is planned is asked where the ledger has a place for it, and AWS counts."""

    def __init__(self, home: Path, settings: PlanSettings) -> None:
        self.home, self.settings, self.ledger = home, settings, Ledger(home, "us-east-1")
        self.last_use: dict[Configuration, datetime] = {}
        self.waited: dict[date, set[datetime]] = {}

    def poll(self, day: date) -> None:
        """Plan a day the night before, poll it, and score it at random."""
        night = datetime.combine(day - timedelta(days=1), time(23, 55)).astimezone()
        planned = plan_for(day, night, self.home, self.ledger, self.settings, lambda: OFFERS)
        self.waited[day] = {at for at in _those_that_matter(day) if not self._ask(planned, at)}
        random = Random(day.isoformat())
        found = [
            Score(region, query.instance, 0, 0, random.randrange(9)) for query in planned for region in query.regions
        ]
        scores.FILES.replace(scores.FILES.path(self.home, day), found)

    def _ask(self, planned: list[Query], at: datetime) -> bool:
        """Ask what has a place; tell whether that is all. AWS must refuse nothing."""
        wanted = [query.configuration(self.settings.target_capacity) for query in planned]
        allowed = within_limit(wanted, self.ledger.last_uses(at), self.settings.limit)
        asked = [one for one in wanted if one in allowed]
        self.ledger.record(asked, at)
        self.last_use |= dict.fromkeys(asked, at)
        counted = [one for one, used in self.last_use.items() if at - used < timedelta(hours=24)]
        assert len(counted) <= LIMIT, f"AWS would refuse at {at}"
        return len(asked) == len(wanted)


def _those_that_matter(day: date) -> list[datetime]:
    """Give the times of a day's polls around midnight, and some between: they are what the quota depends on."""
    polls = slots(day)
    return [*polls[:10], *polls[10:-3:40], *polls[-3:]]


@pytest.mark.whole_run
@pytest.mark.parametrize("changed", [SPRING, AUTUMN], ids=["23 hours", "25 hours"])
@pytest.mark.parametrize(
    "settings",
    [PlanSettings(30, 10, LIMIT, 10), PlanSettings(10, 18, LIMIT, 10, ("m3.size0", "m7.size1"))],
    ids=["the defaults", "with watched types"],
)
def test_nothing_is_refused_and_nothing_waits_past_ten_past_one(
    tmp_path: Path, settings: PlanSettings, changed: date
) -> None:
    days = Days(tmp_path, settings)
    for number in range(-2, 3):
        days.poll(changed + timedelta(days=number))
    for day, waited in days.waited.items():
        assert all(at - slots(day)[0] < TEN_PAST_ONE for at in waited), f"{day}: {sorted(waited)}"
    # The last places of the day before one of 23 hours are held until 00:59 of the day after it.
    after_a_short_day = {SPRING + timedelta(days=1)} & set(days.waited)
    assert {day for day, waited in days.waited.items() if waited} == after_a_short_day
