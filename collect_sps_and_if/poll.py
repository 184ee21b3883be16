"""One poll: the day's queries and the advisor, asked side by side, saved in one batch."""

import functools
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import configs
from collect_sps_and_if.asking.advisor_answer import SenselessAdvice, UnknownRanges
from collect_sps_and_if.asking.interruption_frequency import CurrentListing, ask_advisor, keep_listing, keep_refused
from collect_sps_and_if.asking.offers import NoOffers
from collect_sps_and_if.asking.placement_scores import Asked, ask_all, refused_before, waits
from collect_sps_and_if.heartbeat import send_heartbeat
from collect_sps_and_if.planning.days_plan import plan_for
from collect_sps_and_if.planning.plan_settings import offered_types, plan_settings, settings_as_texts
from collect_sps_and_if.planning.standing import standing_for
from collect_sps_and_if.poll_records import (
    EarlierPolls,
    acknowledge_poll,
    earlier_polls,
    save_planned,
    save_standing,
)
from common.aws import aws_error, error_kind
from common.clock import Clock
from common.errors import Unwritable
from common.exit_code import DONE, IN_PART
from common.run_log import tell_on_stderr
from common.side_by_side import Outcome, side_by_side
from common.terminal import say_on_terminal
from data_files.market import plans, settings_in_force, standing_definitions
from data_files.market.configurations import LATEST_ATTEMPT, Configuration, Ledger, within_limit
from data_files.market.plans import WATCH, Query
from data_files.market.standing_definitions import Definition

log = logging.getLogger(__name__)

_DEADLINE_SECONDS = LATEST_ATTEMPT.total_seconds()


@dataclass(frozen=True)
class Questions:
    """What a poll is to ask: the day's plan, with its target capacity, and the standing queries."""

    plan: Sequence[Query]
    target_capacity: int
    standing: Sequence[Definition]

    @functools.cached_property
    def names(self) -> Mapping[Configuration, Sequence[str]]:
        """Give every configuration once, in the order of the places of the quota, with what people call it."""
        names: dict[Configuration, list[str]] = {}
        for query in (query for query in self.plan if query.origin == WATCH):
            names.setdefault(query.configuration(self.target_capacity), []).append(query.instance)
        for each in self.standing:
            names.setdefault(each.configuration, []).append(f"{each.name} ({' '.join(each.instances)})")
        for query in (query for query in self.plan if query.origin != WATCH):
            names.setdefault(query.configuration(self.target_capacity), []).append(query.instance)
        return names

    def refused(self, earlier: EarlierPolls, changed: Collection[str]) -> set[Configuration]:
        """Give what AWS refused earlier that day; changed names standing queries that are another thing since."""
        planned = {query.configuration(self.target_capacity) for query in self.plan if earlier.refused_query(query)}
        names = earlier.refused_standing.difference(changed)
        return planned | {each.configuration for each in self.standing if each.name in names}


@dataclass(frozen=True)
class Poll:
    """What one poll came to: what was asked, what was left out as refused earlier or waiting, the rows saved."""

    wanted: Questions
    asked: list[Asked]
    left_out: list[Asked]
    advisor_error: Exception | None
    rows: int

    @property
    def queries(self) -> int:
        """Count the configurations of the plan and of the standing queries."""
        return len(self.asked) + len(self.left_out)

    @property
    def newly_refused(self) -> int:
        """Count the queries that AWS refused now, for good for this day."""
        return sum(one.is_refused for one in self.asked)

    @property
    def is_mostly_answered(self) -> bool:
        """Tell whether at least half of the scores asked for were answered; of a plan refused whole none is asked."""
        scores, answered = 0, 0
        for one in self.asked:
            scores += len(one.configuration.regions)
            answered += 0 if one.is_failed or one.is_refused else len(one.configuration.regions)
        is_refused_whole = not self.asked and any(one.is_refused for one in self.left_out)
        return 2 * answered >= scores and not is_refused_whole

    @property
    def is_whole(self) -> bool:
        """Tell whether everything asked for was obtained; what was refused earlier was not asked for."""
        failed = any(one.is_failed for one in self.asked)
        return not (failed or self.newly_refused or self.advisor_error)


def poll(clock: Clock, home: Path) -> int:
    """Do one poll and give the exit code. Raises Refusal, Locked, Unwritable."""
    day = clock.started.date()
    ledger, earlier, offered = Ledger(home, configs.SPS_REGION), earlier_polls(home, day), offered_types()
    has_plan = plans.FILES.has(home, day)
    at, capacity = earlier.time_for(clock.started), earlier.target_capacity or configs.INSTANCE_COUNT
    standing = standing_for(home, at, capacity, offered.every_type, is_planning=not has_plan)
    try:
        queries = plan_for(day, clock.started, home, ledger, plan_settings(capacity, standing.configurations), offered)
    except NoOffers as reason:
        tell_on_stderr(f"no poll was made, for there is no plan yet and none can be made: {reason}")
        return IN_PART
    changed = settings_in_force.record(home, clock.started, settings_as_texts())
    if changed and has_plan:
        tell_on_stderr(
            f"{' and '.join(changed)} changed since today's plan was made: that holds from {day + timedelta(days=1)} on"
        )
    complaints = [*offered.complaints, *standing.complaints]
    for line in complaints:
        tell_on_stderr(line)
    redefined = standing_definitions.record_definitions(home, standing.definitions)
    wanted = Questions(queries, capacity, standing.asked)
    done = _ask_and_save(clock, home, ledger, at, wanted, wanted.refused(earlier, redefined))
    _report(done, clock)
    send_heartbeat(configs.HEARTBEAT_URL, is_well=done.is_mostly_answered)
    return DONE if done.is_whole and not complaints else IN_PART


def _ask_and_save(
    clock: Clock, home: Path, ledger: Ledger, at: datetime, wanted: Questions, refused: Collection[Configuration]
) -> Poll:
    not_refused = [each for each in wanted.names if each not in refused]
    # Leave out what has no place in the quota yet: AWS would refuse it for the whole day.
    allowed = within_limit(not_refused, ledger.last_uses(clock.started), configs.SPS_CONFIGURATION_LIMIT)
    to_ask = [each for each in not_refused if each in allowed]
    ledger.record(to_ask, at)
    advisor = side_by_side(_ask_advisor(home), [configs.ADVISOR_URL], concurrency=1, seconds=_DEADLINE_SECONDS / 2)
    asked = ask_all(to_ask, configs.SPS_REGION, _seconds_left(clock))
    left_out = [waits(each) for each in not_refused if each not in allowed]
    left_out += [refused_before(each) for each in wanted.names if each in refused]
    rows, advisor_error = _save(clock, home, at, wanted, [*asked, *left_out], next(advisor))
    return Poll(wanted, asked, left_out, advisor_error, rows)


def _ask_advisor(home: Path) -> Callable[[str], CurrentListing]:
    return lambda url: ask_advisor(url, home)


def _save(
    clock: Clock,
    home: Path,
    at: datetime,
    wanted: Questions,
    results: list[Asked],
    advisor: Outcome[str, CurrentListing],
) -> tuple[int, Exception | None]:
    """Save what was obtained; give the number of planned pairs, and why the advisor's listing is not there, if so."""
    answers = {each.configuration: each for each in results}
    listing = advisor.answer.listing if advisor.answer else {}
    rows = save_planned(home, at, wanted.plan, answers, listing, wanted.target_capacity)
    save_standing(home, at, wanted.standing, answers)
    # The listing is large and will be asked for again: where the disk takes no more, the poll's own rows come first.
    advisor_error = _keep(advisor, home, at)
    acknowledge_poll(home, at, results, rows, clock.seconds_passed())
    return rows, advisor_error


def _keep(advisor: Outcome[str, CurrentListing], home: Path, at: datetime) -> Exception | None:
    """Keep what the advisor sent; give why its listing is not there, if so."""
    try:
        if advisor.answer:
            keep_listing(advisor.answer, configs.ADVISOR_URL, home, at)
        elif isinstance(advisor.error, UnknownRanges):
            return SenselessAdvice(f"{advisor.error}; it is kept as {keep_refused(advisor.error, home, at)}")
    except Unwritable as error:
        log.error("%s", advisor.error or error)
        return error
    return advisor.error


def _report(done: Poll, clock: Clock) -> None:
    # By AWS's code: messages of one cause may differ, in what was asked or in the garbled answer that they quote.
    errors = [one.error for one in done.asked if one.is_failed and one.error]
    for code, count in Counter(map(aws_error.code, errors)).most_common():
        example = next(aws_error.describe(error) for error in errors if aws_error.code(error) == code)
        tell_on_stderr(f"{count} of {done.queries} placement-score queries failed: {example}")
    senseless = sum(one.is_failed and not one.error for one in done.asked)
    if senseless:
        tell_on_stderr(
            f"{senseless} of {done.queries} placement-score queries got a senseless answer; the log has it whole"
        )
    for line in _refusals(done):
        tell_on_stderr(line)
    if number := sum(one.is_waiting for one in done.left_out):
        log.info("%d queries wait for their place in the quota", number)
    if isinstance(done.advisor_error, Unwritable):
        tell_on_stderr(str(done.advisor_error))
    elif done.advisor_error:
        tell_on_stderr(f"no interruption frequency from {configs.ADVISOR_URL}: {done.advisor_error}")
    summary = f"{done.rows} pairs polled with {done.queries} queries in {clock.seconds_passed():.1f} s"
    log.info(summary)
    say_on_terminal(summary)


def _refusals(done: Poll) -> Iterator[str]:
    """Say what AWS will not answer today, a line a cause, each with all its types."""
    errors = {str(each.configuration): each.error for each in done.asked if each.is_refused and each.error}
    names = {str(configuration): called for configuration, called in done.wanted.names.items()}
    for error, queries in aws_error.by_cause(errors):
        what = f"AWS refused {len(queries)} of {done.queries} placement-score queries, which are left out for today"
        if error_kind.is_configuration_limit(error):
            yield f"{what}: the configuration limit is used up; does another program use this account?"
        elif error_kind.is_unsupported_endpoint(error):
            yield (
                f"{what}: the endpoint {configs.SPS_REGION} does not offer them, us-east-1 and us-west-2 do: set"
                f" SPS_REGION ({aws_error.describe(error)})"
            )
        else:
            called = ", ".join(sorted({name for query in queries for name in names[query]}))
            yield f"{what}, for it does not take their instance types: {called} ({aws_error.describe(error)})"


def _seconds_left(clock: Clock) -> float:
    return max(1.0, _DEADLINE_SECONDS - clock.seconds_passed())
