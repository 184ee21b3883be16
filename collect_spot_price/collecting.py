"""One run: ask each Region for its types' prices, store the changes, say which Region did not answer."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from collect_spot_price.changes import changes
from collect_spot_price.history import PriceHistory, RegionHistory, in_groups
from collect_spot_price.pairs import types_by_region
from collect_spot_price.stored import StoredPrices
from common.aws import aws_error, aws_refusal
from common.clock import Clock
from common.counted import counted
from common.exit_code import DONE, IN_PART
from common.run_log import tell_on_stderr
from common.side_by_side import side_by_side
from common.terminal import progress, say_on_terminal
from data_files.market.spot_prices import PriceChange

log = logging.getLogger(__name__)

_CONCURRENCY = 12
_SECONDS = 540.0  # the next run catches up what is missing then
# How late AWS may add a change to its history is not documented: what was fetched last is fetched once more.
_OVERLAP = timedelta(hours=2)


@dataclass
class _Collected:
    new: int = 0
    failed: dict[str, Exception] = field(default_factory=dict)  # by Region
    refused_types: dict[str, Exception] = field(default_factory=dict)


def collect(home: Path, clock: Clock) -> int:
    """Do one run and give the exit code. Raises Refusal if every Region refuses us, and Unwritable."""
    wanted = types_by_region(home, clock.started.date())
    if not wanted:
        log.info("no plan and no probe of the last two days: no prices to fetch")
        say_on_terminal("no plan and no probe of the last two days, so there are no prices to fetch yet")
        return DONE
    stored = StoredPrices(home)
    since = {region: _since(stored, region, types) for region, types in sorted(wanted.items())}
    done = _Collected()
    # Made here, so that credentials which cannot be used are refused once, not by every Region.
    questions = [(RegionHistory(region), types) for region, types in since.items()]
    outcomes = side_by_side(_ask, questions, concurrency=_CONCURRENCY, seconds=_SECONDS)
    for outcome in progress(outcomes, len(since), "Regions"):
        region = outcome.question[0].region
        if outcome.answer is None:
            done.failed[region] = outcome.error or TimeoutError()
            continue
        for complete_until, types, answer in outcome.answer:
            done.new += _store(stored, region, complete_until, types, answer)
            done.refused_types |= answer.refused_types
    return _report(done, since)


def _since(stored: StoredPrices, region: str, types: set[str]) -> dict[str, datetime | None]:
    """Give up to when what is stored of each type is taken to be complete."""
    known = {instance: stored.until(region, instance) for instance in types}
    return {instance: until - _OVERLAP if until else None for instance, until in known.items()}


_Group = tuple[datetime | None, list[str], PriceHistory]


def _ask(question: tuple[RegionHistory, dict[str, datetime | None]]) -> list[_Group]:
    history, since = question
    return [(moment, types, history.ask(types, moment)) for types, moment in in_groups(since)]


def _store(
    stored: StoredPrices, region: str, complete_until: datetime | None, types: list[str], answer: PriceHistory
) -> int:
    new = [change for change in changes(answer.points, complete_until, stored.price_before) if not stored.has(change)]
    until = answer.until or _newest(answer.points)
    taken = [instance for instance in types if instance not in answer.refused_types]
    if until:
        stored.add(region, until, taken, new)
    log.info("%s: %d prices of %d types, %d new changes", region, len(answer.points), len(types), len(new))
    return len(new)


def _newest(points: list[PriceChange]) -> datetime | None:
    return points[-1].time if points else None


def _report(done: _Collected, asked: dict[str, dict[str, datetime | None]]) -> int:
    refusals = [aws_refusal.refusal(error, "ec2:DescribeSpotPriceHistory") for error in done.failed.values()]
    if len(done.failed) == len(asked) and refusals and refusals[0] and all(refusals):
        raise refusals[0]
    for error, regions in aws_error.by_cause(done.failed):
        tell_on_stderr(
            f"no spot prices from {len(regions)} of {counted(len(asked), 'Region')} ({', '.join(sorted(regions))}), the"
            f" next run catches up: {aws_error.describe(error)}"
        )
    for error, types in aws_error.by_cause(done.refused_types):
        # Nobody can do anything about it: not told at every run, but in the nightly report, which lists logged errors.
        log.error("AWS has no spot prices of %s: %s", ", ".join(sorted(types)), aws_error.describe(error))
    summary = f"{counted(done.new, 'new price change')} from {counted(len(asked) - len(done.failed), 'Region')}"
    log.info(summary)
    say_on_terminal(summary)
    return IN_PART if done.failed else DONE
