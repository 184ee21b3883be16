"""The plan of a day: made once, kept, and asked unchanged by all polls of that day."""

import logging
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from collect_sps_and_if.asking.offers import Offers
from collect_sps_and_if.planning import policy
from collect_sps_and_if.planning.expected_changes import KNOWN_DAYS, expected_changes
from collect_sps_and_if.planning.policy import History, PlanSettings
from common.files.run_lock import run_lock
from data_files.folders import Folders
from data_files.market import configurations, polled, scores
from data_files.market.configurations import Configuration, Ledger
from data_files.market.plans import BrokenPlan, Query, read_plan, set_plan_aside, write_plan

log = logging.getLogger(__name__)

# Making a plan asks every Region what it offers; a poll of the new day may wait for the night's work to finish that.
_WAIT_SECONDS = 240
_WAITS_AT_MOST = timedelta(minutes=65)


def plan_for(
    day: date, now: datetime, home: Path, ledger: Ledger, settings: PlanSettings, offered: Callable[[], Offers]
) -> list[Query]:
    """Give the day's plan; make it and keep it if there is none, or none that can be read.

    offered is called only then. Raises what it raises, Locked if another run takes minutes over the same plan, and
    Unwritable.
    """
    with run_lock(Folders(home, "collect_sps_and_if").data / "plan.lock", _WAIT_SECONDS):
        try:
            stored = read_plan(home, day)
        except BrokenPlan as broken:
            log.warning("the plan is made anew: %s; it is kept as %s", broken, set_plan_aside(home, day))
            stored = None
        if stored or (stored is not None and not settings.leaves_places):
            return stored
        queries = _make(day, now, home, ledger, settings, offered())
        write_plan(home, day, queries)
        return queries


def _make(day: date, now: datetime, home: Path, ledger: Ledger, settings: PlanSettings, offers: Offers) -> list[Query]:
    known = scores.of_days(home, day - timedelta(days=KNOWN_DAYS), day - timedelta(days=1))
    worth = expected_changes(offers, known, scores.initial(home))
    history = _history(day, now, home, ledger, settings.target_capacity)
    queries = policy.plan(offers, worth, settings, history, Random())
    log.info(
        "planned %s: %d queries; %d days have a score, %d of %d places were occupied",
        day, len(queries), len(known), len(history.occupied), settings.limit,
    )  # fmt: skip
    return queries


def _history(day: date, now: datetime, home: Path, ledger: Ledger, target_capacity: int) -> History:
    first_poll = max(now, datetime.combine(day, time.min).astimezone())
    # What is free soon after is planned too, and waits: on the day after one of 23 hours, the places of the day before
    # that are held for another hour.
    uses = ledger.last_uses(first_poll + _WAITS_AT_MOST)
    for asked_on in (day - timedelta(days=1), day):
        uses |= _lost_uses(asked_on, now, home, ledger, target_capacity)
    by_use = sorted(uses, key=lambda configuration: (uses[configuration], configuration))
    this_day = [used for used in by_use if uses[used].astimezone().date() == day]
    return History(tuple(by_use), tuple(this_day))


def _lost_uses(
    day: date, now: datetime, home: Path, ledger: Ledger, target_capacity: int
) -> dict[Configuration, datetime]:
    """Give what a day's polls asked by its plan, and the ledger does not know: its file was lost, or damaged."""
    if not polled.FILES.has(home, day):
        return {}
    try:
        planned = read_plan(home, day) or []
    except BrokenPlan:
        return {}
    recorded = ledger.queries_of(day)
    lost = [query for query in planned if (query.instance, query.regions) not in recorded]
    if lost:
        log.warning(
            "%s lacks %d of that day's queries; they count as used", configurations.FILES.path(home, day), len(lost)
        )
    last_poll = min(now, datetime.combine(day, time(23, 59)).astimezone())
    return {query.configuration(target_capacity): last_poll for query in lost}
