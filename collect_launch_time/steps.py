"""The steps of one run: clean up, choose, make sure we may end what we start, probe."""

import logging
from collections.abc import Collection, Sequence
from random import Random

import configs
from collect_launch_time.arguments import Arguments
from collect_launch_time.choosing.permissions import refused_regions
from collect_launch_time.choosing.preparing import choose, regions_in_use, todays_budget
from collect_launch_time.choosing.selection import Chosen, Selection
from collect_launch_time.choosing.targets import TargetSettings
from collect_launch_time.ending.clean_up import NOBODY_LOOKED, CleanUp, clean_up
from collect_launch_time.ending.still_open import open_probes_in_words
from collect_launch_time.folders import probe_folders
from collect_launch_time.identity.claiming import claim
from collect_launch_time.money.budget import PacedBudget
from collect_launch_time.probing import ProbesDone, run_probes
from collect_launch_time.run_context import ProbeSettings, RunContext
from collect_launch_time.run_journal import RunJournal
from collect_launch_time.stop import Stop
from common.clock import Clock
from common.errors import Refusal, Unwritable
from common.exit_code import DONE, IN_PART, NOT_DONE
from common.run_log import start_log, tell_on_stderr
from common.side_by_side import in_time
from common.terminal import print_result, say_on_terminal
from common.time_limit import TimeLimit

log = logging.getLogger(__name__)


def start_logging(clock: Clock) -> Refusal | None:
    """Start the log; return, not raise, why it cannot be written: a clean-up is needed all the same."""
    try:
        start_log(probe_folders(configs.HOME).log, clock.started)
    except Refusal as refusal:
        logging.getLogger().addHandler(logging.NullHandler())
        return refusal
    return None


def full_run(arguments: Arguments, clock: Clock, stop: Stop, unlogged: Refusal | None, limit: TimeLimit) -> int:
    """Clean up, and probe unless only a clean-up was asked for; without a log, clean up and raise the reason.

    What refuses a run before it has looked is told with what the journal holds open; what refuses it later is told with
    what could not be ended.
    """
    try:
        own_id = claim(configs.HOME, RunJournal(configs.HOME, clock))
        run = RunContext(_probe_settings(arguments), clock, configs.HOME, own_id, stop, limit)
        regions = regions_in_use(configs.REGIONS, configs.SPS_REGION, run.home)
        cleaned = clean_up(run, regions, run.seconds_to_end if arguments.clean_up else run.seconds_to_prepare)
    except (Refusal, Unwritable) as failure:
        return _refused(failure, held_open(clock))
    left = run.problems.lines()
    try:
        if unlogged or arguments.clean_up:
            code = _report_clean_up(run, cleaned)
            if unlogged:
                raise unlogged
            return code
        return _probe(run, regions, cleaned)
    except Refusal as refusal:
        return _refused(refusal, [] if unlogged else left)


def held_open(clock: Clock) -> Sequence[str]:
    """Say in one line, if there are any, which probes the journal holds open."""
    unclosed = RunJournal(configs.HOME, clock).unclosed_entries()
    return [open_probes_in_words(unclosed)] if unclosed else []


def _refused(failure: Refusal | Unwritable, more: Sequence[str]) -> int:
    for line in (str(failure), *more):
        tell_on_stderr(line)
    return NOT_DONE if isinstance(failure, Refusal) else IN_PART


def dry_run(arguments: Arguments, clock: Clock, stop: Stop) -> int:
    """Show what a run would request and what that could cost; request nothing, end nothing."""
    run = RunContext(_probe_settings(arguments), clock, configs.HOME, "", stop)
    settings = _target_settings()
    # Leftovers of earlier runs are not looked for, so the figures do not include what they may cost.
    budget = todays_budget(run, settings.daily_budget_usd)
    selection = choose(run, settings, regions_in_use(settings.regions, configs.SPS_REGION, run.home), budget, Random())
    print_result(
        "instance          region           count  AMI                    origin  probability  USD/h      USD at most"
    )
    for chosen in selection.chosen:
        print_result(_as_line(chosen, run.settings.count))
    if selection.population:
        print_result(f"the sample is drawn anew by each run, from {selection.population} pairs")
    print_result(budget.describe(selection.run_usd))
    total = sum(chosen.maximum_usd for chosen in selection.chosen)
    print_result(f"at most {total:.4f} USD in this run, {settings.daily_budget_usd:g} USD a day; nothing was requested")
    return _exit_code(run)


def _as_line(chosen: Chosen, count: int) -> str:
    pair, usd_per_hour = chosen.target.pair, chosen.prices.highest(chosen.target.pair.instance) or 0.0
    return (
        f"{pair.instance:<17} {pair.region:<16} {count:>5}  {chosen.target.ami:<21}  {chosen.origin:<6}"
        f"  {chosen.probability:<11.4g}  {usd_per_hour:<9.4f}  {chosen.maximum_usd:.4f}"
    )


def _report_clean_up(run: RunContext, cleaned: CleanUp) -> int:
    code = _exit_code(run)
    say_on_terminal(
        f"{cleaned.ended_instances} instances of earlier runs looked at; {len(cleaned.left)} journal entries stay open"
    )
    return code


def _probe(run: RunContext, regions: Sequence[str], cleaned: CleanUp) -> int:
    if run.stop.is_requested or cleaned.blocked.issuperset(regions):
        return _exit_code(run)
    try:
        budget, selection = in_time(run.seconds_to_prepare, lambda: _within_budget(run, regions, cleaned))
    except TimeoutError:
        run.problems.add("nothing is requested, for AWS took too long to answer what is asked before")
        return _exit_code(run)
    if selection is None or not selection.has_room:
        return _no_room(run, budget, selection.run_usd if selection else 0.0)
    done = run_probes(run, selection.chosen)
    asked = {chosen.target.pair.region for chosen in selection.chosen}
    is_refused = done.refusals and len(done.refusals) == done.requested
    if is_refused and _may_stand_for_all(asked, set(regions) - cleaned.blocked):
        raise done.refusals[0]
    code = _exit_code(run)
    say_on_terminal(_summary(done))
    return code


def _may_stand_for_all(asked: Collection[str], regions: Collection[str]) -> bool:
    """Tell whether what all of these Regions refuse is refused by all there are: one of many speaks for itself only."""
    return len(asked) > 1 or set(asked).issuperset(regions)


def _no_room(run: RunContext, budget: PacedBudget, run_usd: float) -> int:
    """End a run for which it is too early, without a word on stderr: that is what a budget for a whole day is for."""
    log.info("%s", budget.describe(run_usd))
    say_on_terminal(budget.describe(run_usd))
    return _exit_code(run)


def _within_budget(run: RunContext, regions: Sequence[str], cleaned: CleanUp) -> tuple[PacedBudget, Selection | None]:
    """Give what is left of the day's budget, and what is probed; None if there is no room for any run."""
    budget = todays_budget(run, configs.LAUNCH_DAILY_BUDGET_USD, cleaned.left)
    return budget, None if budget.is_ahead_of_any_run else _selection(run, regions, cleaned, budget)


def _selection(run: RunContext, regions: Sequence[str], cleaned: CleanUp, budget: PacedBudget) -> Selection:
    """Choose what is probed; a Region in which we may not end what we begin makes place for others.

    Raises Refusal if nothing is left to probe, and AWS refuses each Region that was chosen.
    """
    blocked, refused = set(cleaned.blocked), dict[str, Refusal]()
    while True:
        selection = choose(run, _target_settings(), regions, budget, Random(), blocked)
        here = refused_regions(run, sorted({chosen.target.pair.region for chosen in selection.chosen}))
        if not here:
            break
        refused |= here
        blocked |= here.keys()
    if refused and not selection.chosen:
        raise next(iter(refused.values()))
    for region, refusal in refused.items():
        run.problems.add("nothing is requested where it could not be ended", region, detail=str(refusal))
    for pair in selection.best:
        if error := cleaned.never_used.get(pair.region):
            run.problems.add_error(NOBODY_LOOKED, error, pair.region)
    return selection


def _probe_settings(arguments: Arguments) -> ProbeSettings:
    count = configs.INSTANCE_COUNT if arguments.count is None else arguments.count
    return ProbeSettings(count, configs.TIMEOUT, configs.STATUS_INTERVAL, arguments.until_fulfilled)


def _target_settings() -> TargetSettings:
    return TargetSettings(
        top_k=configs.LAUNCH_TOP_K,
        sample_count=configs.LAUNCH_SAMPLE_COUNT,
        regions=configs.REGIONS,
        pattern=configs.INSTANCE_PATTERN,
        daily_budget_usd=configs.LAUNCH_DAILY_BUDGET_USD,
        subnets=configs.LAUNCH_SUBNETS,
        security_groups=configs.LAUNCH_SECURITY_GROUPS,
    )


def _summary(done: ProbesDone) -> str:
    counts = [probe.counts for probe in done.probes]
    ready, fulfilled = sum(count.ready for count in counts), sum(count.fulfilled for count in counts)
    requested = sum(probe.entry.count for probe in done.probes)
    return f"{len(counts)} probes: {ready} of {requested} instances ready, {fulfilled} fulfilled"


def _exit_code(run: RunContext) -> int:
    if run.stop.is_requested:
        run.problems.add("asked to stop: what was requested is ended, what was seen is saved")
    for line in run.problems.lines():
        tell_on_stderr(line)
    return IN_PART if run.problems else DONE
