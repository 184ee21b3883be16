"""One poll: the day's queries and the advisor, asked side by side, saved in one batch."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import configs
from collect_sps_and_if.asking.advisor_answer import SenselessAdvice, UnknownRanges
from collect_sps_and_if.asking.interruption_frequency import Answer, ask_advisor, keep_listing, keep_refused
from collect_sps_and_if.asking.offers import NoOffers
from collect_sps_and_if.asking.placement_scores import Asked, ask_all, refused_before, waits
from collect_sps_and_if.heartbeat import beat
from collect_sps_and_if.planning.days_plan import plan_for
from collect_sps_and_if.planning.wishes import offered_types, settings_of_the_plan, wishes
from collect_sps_and_if.poll_records import EarlierPolls, acknowledge_poll, earlier_polls, save
from common.aws import aws_error, error_kind
from common.clock import Clock
from common.errors import Unwritable
from common.exit_code import DONE, IN_PART
from common.run_log import tell
from common.side_by_side import Outcome, side_by_side
from common.terminal import say
from data_files.market import plans, settings_in_force
from data_files.market.configurations import LATEST_ATTEMPT, Ledger, within_limit
from data_files.market.plans import Query

log = logging.getLogger(__name__)

DEADLINE_SECONDS = LATEST_ATTEMPT.total_seconds()


@dataclass(frozen=True)
class Poll:
    """What one poll came to: the queries asked, those left out as refused earlier or waiting, the rows saved."""

    asked: list[Asked]
    left_out: list[Asked]
    advisor_error: Exception | None
    rows: int

    @property
    def queries(self) -> int:
        """Count the queries of the plan."""
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
            scores += len(one.query.regions)
            answered += 0 if one.is_failed or one.is_refused else len(one.query.regions)
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
    try:
        queries = plan_for(day, clock.started, home, ledger, wishes(earlier.target_capacity), offered)
    except NoOffers as reason:
        tell(f"no poll was made, for there is no plan yet and none can be made: {reason}")
        return IN_PART
    changed = settings_in_force.record(home, clock.started, settings_of_the_plan())
    if changed and has_plan:
        tell(
            f"{' and '.join(changed)} changed since today's plan was made: that holds from {day + timedelta(days=1)} on"
        )
    for line in offered.complaints:
        tell(line)
    done = _ask_and_save(clock, home, ledger, queries, earlier)
    _report(done, clock)
    beat(configs.HEARTBEAT_URL, is_well=done.is_mostly_answered)
    return DONE if done.is_whole and not offered.complaints else IN_PART


def _ask_and_save(clock: Clock, home: Path, ledger: Ledger, queries: Sequence[Query], earlier: EarlierPolls) -> Poll:
    at = earlier.time_for(clock.started)
    capacity = earlier.target_capacity or configs.INSTANCE_COUNT
    not_refused = [query for query in queries if not earlier.refused_query(query)]
    to_ask = _within_quota(not_refused, capacity, ledger, clock.started)
    ledger.record([query.configuration(capacity) for query in to_ask], at)
    advisor = side_by_side(_ask_advisor(home), [configs.ADVISOR_URL], at_once=1, seconds=DEADLINE_SECONDS / 2)
    asked = ask_all(to_ask, configs.SPS_REGION, capacity, _seconds_left(clock))
    left_out = [waits(query) for query in not_refused if query not in to_ask]
    left_out += [refused_before(query) for query in queries if query not in not_refused]
    rows, advisor_error = _save(clock, home, at, [*asked, *left_out], next(advisor), capacity)
    return Poll(asked, left_out, advisor_error, rows)


def _within_quota(queries: Sequence[Query], capacity: int, ledger: Ledger, at: datetime) -> list[Query]:
    """Leave out what has no place in the quota yet: AWS would refuse it for the whole day."""
    wanted = [query.configuration(capacity) for query in queries]
    allowed = within_limit(wanted, ledger.last_uses(at), configs.SPS_CONFIGURATION_LIMIT)
    return [query for query in queries if query.configuration(capacity) in allowed]


def _ask_advisor(home: Path) -> Callable[[str], Answer]:
    return lambda url: ask_advisor(url, home)


def _save(
    clock: Clock, home: Path, at: datetime, results: list[Asked], advisor: Outcome[str, Answer], capacity: int
) -> tuple[int, Exception | None]:
    """Save what was obtained; give the number of rows, and why the advisor's listing is not there, if so."""
    rows = save(home, at, results, advisor.answer.listing if advisor.answer else {}, capacity)
    # The listing is large and will be asked for again: where the disk takes no more, the poll's own rows come first.
    advisor_error = _keep(advisor, home, at)
    acknowledge_poll(home, at, results, rows, clock.seconds_passed())
    return rows, advisor_error


def _keep(advisor: Outcome[str, Answer], home: Path, at: datetime) -> Exception | None:
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
        tell(f"{count} of {done.queries} placement-score queries failed: {example}")
    senseless = sum(one.is_failed and not one.error for one in done.asked)
    if senseless:
        tell(f"{senseless} of {done.queries} placement-score queries got a senseless answer; the log has it whole")
    for line in _refusals(done):
        tell(line)
    if number := sum(one.is_waiting for one in done.left_out):
        log.info("%d queries wait for their place in the quota", number)
    if isinstance(done.advisor_error, Unwritable):
        tell(str(done.advisor_error))
    elif done.advisor_error:
        tell(f"no interruption frequency from {configs.ADVISOR_URL}: {done.advisor_error}")
    summary = f"{done.rows} pairs polled with {done.queries} queries in {clock.seconds_passed():.1f} s"
    log.info(summary)
    say(summary)


def _refusals(done: Poll) -> Iterator[str]:
    """Say what AWS will not answer today, a line a cause, each with all its types."""
    errors = {str(answer.query): answer.error for answer in done.asked if answer.is_refused and answer.error}
    types = {str(answer.query): answer.query.instance for answer in done.asked}
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
            names = ", ".join(sorted({types[query] for query in queries}))
            yield f"{what}, for it does not take their instance types: {names} ({aws_error.describe(error)})"


def _seconds_left(clock: Clock) -> float:
    return max(1.0, DEADLINE_SECONDS - clock.seconds_passed())
