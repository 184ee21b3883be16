"""The plan of a day: made once, kept, and asked unchanged by all polls of that day."""

import logging
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random

from collect_sps_and_if import planning
from collect_sps_and_if.newest_score import newest_score
from collect_sps_and_if.planning import History, Offers, Query, Wishes
from collect_sps_and_if.quota import Configuration, Ledger
from collect_sps_and_if.stored_plan import BrokenPlan, read_plan, write_plan
from collect_sps_and_if.tables import Tables
from common.run_lock import run_lock

log = logging.getLogger(__name__)

# Making a plan asks every Region what it offers; a poll of the new day may wait for the night's work to finish that.
_WAIT_SECONDS = 240


def plan_for(
    day: date, now: datetime, tables: Tables, ledger: Ledger, wishes: Wishes, offered: Callable[[], Offers]
) -> list[Query]:
    """Give the day's plan; make it and keep it if there is none, or none that can be read.

    offered is called only then. Raises what it raises, Locked if another run takes minutes over the same plan, and
    Unwritable.
    """
    with run_lock(tables.data / "plan.lock", _WAIT_SECONDS):
        try:
            stored = read_plan(tables, day)
        except BrokenPlan as broken:
            log.warning("the plan is made anew: %s", broken)
            stored = None
        if stored is not None:
            return stored
        queries = _make(day, now, tables, ledger, wishes, offered())
        write_plan(tables, day, queries)
        return queries


def _make(day: date, now: datetime, tables: Tables, ledger: Ledger, wishes: Wishes, offers: Offers) -> list[Query]:
    worth = newest_score(tables, before=day)
    history = _history(day, now, tables, ledger, wishes.target_capacity)
    queries = planning.plan(offers, worth, wishes, history, Random())
    log.info(
        "planned %s: %d queries; %d pairs have a score, %d of %d places were occupied",
        day, len(queries), len(worth), len(history.occupied), wishes.limit,
    )  # fmt: skip
    return queries


def _history(day: date, now: datetime, tables: Tables, ledger: Ledger, target_capacity: int) -> History:
    first_poll = max(now, datetime.combine(day, time.min).astimezone())
    uses = ledger.last_uses(first_poll)
    for asked_on in (day - timedelta(days=1), day):
        uses |= _lost_uses(asked_on, now, tables, ledger, target_capacity)
    by_use = sorted(uses, key=lambda configuration: (uses[configuration], configuration))
    this_day = [used for used in by_use if uses[used].astimezone().date() == day]
    return History(tuple(by_use), tuple(this_day))


def _lost_uses(
    day: date, now: datetime, tables: Tables, ledger: Ledger, target_capacity: int
) -> dict[Configuration, datetime]:
    """Give what a day's polls asked by its plan, and the ledger does not know: its file was lost, or damaged."""
    if not tables.sps_and_if(day).exists():
        return {}
    try:
        planned = read_plan(tables, day) or []
    except BrokenPlan:
        return {}
    recorded = ledger.queries_of(day)
    lost = [query for query in planned if (query.instance, query.regions) not in recorded]
    if lost:
        log.warning("%s lacks %d of that day's queries; they count as used", tables.configurations(day), len(lost))
    last_poll = min(now, datetime.combine(day, time(23, 59)).astimezone())
    return {query.configuration(target_capacity): last_poll for query in lost}
