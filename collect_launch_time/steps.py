"""The steps of one run: clean up, choose, make sure we may end what we start, probe."""

import logging
from collections.abc import Sequence

import configs
from collect_launch_time.arguments import Arguments
from collect_launch_time.choosing.permissions import refused_regions
from collect_launch_time.choosing.preparing import TargetSettings, choose, regions_in_use
from collect_launch_time.choosing.selection import Chosen
from collect_launch_time.ec2.installation import installation_id
from collect_launch_time.ending.clean_up import NOBODY_LOOKED, CleanUp, clean_up
from collect_launch_time.ending.still_open import open_probes_in_words
from collect_launch_time.folders import installation_file, probe_folders
from collect_launch_time.probing import ProbesDone, run_probes
from collect_launch_time.run_context import ProbeSettings, RunContext
from collect_launch_time.run_journal import RunJournal
from collect_launch_time.stop import Stop
from common.clock import Clock
from common.errors import Refusal, Unwritable
from common.exit_code import DONE, IN_PART, REFUSED
from common.run_log import start_log, tell
from common.terminal import say, show


def start_logging(clock: Clock) -> Refusal | None:
    """Start the log; return, not raise, why it cannot be written: a clean-up is needed all the same."""
    try:
        start_log(probe_folders(configs.HOME).log, clock.started)
    except Refusal as refusal:
        logging.getLogger().addHandler(logging.NullHandler())
        return refusal
    return None


def full_run(arguments: Arguments, clock: Clock, stop: Stop, unlogged: Refusal | None) -> int:
    """Clean up, and probe unless only a clean-up was asked for; without a log, clean up and raise the reason.

    What refuses a run before it has looked is told with what the journal holds open; what refuses it later is told with
    what could not be ended.
    """
    try:
        own_id = installation_id(installation_file(configs.HOME))
        run = RunContext(_probe_settings(arguments), clock, configs.HOME, own_id, stop)
        regions = regions_in_use(configs.REGIONS, configs.SPS_REGION)
        cleaned = clean_up(run, regions)
    except (Refusal, Unwritable) as failure:
        unclosed = RunJournal(configs.HOME, clock).unclosed_entries()
        return _refused(failure, [open_probes_in_words(unclosed)] if unclosed else [])
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


def _refused(failure: Refusal | Unwritable, more: Sequence[str]) -> int:
    for line in (str(failure), *more):
        tell(line)
    return REFUSED if isinstance(failure, Refusal) else IN_PART


def dry_run(arguments: Arguments, clock: Clock, stop: Stop) -> int:
    """Show what a run would request and what that could cost; request nothing, end nothing."""
    run = RunContext(_probe_settings(arguments), clock, configs.HOME, "", stop)
    settings = _target_settings()
    # Leftovers of earlier runs are not looked for, so the figures do not include what they may cost.
    selection = choose(run, settings, regions_in_use(settings.regions, configs.SPS_REGION))
    show("instance          region           count  AMI                    USD/h at most  USD at most")
    for chosen in selection.chosen:
        pair = chosen.target.pair
        usd_per_hour = chosen.prices.highest(pair.instance) or 0.0
        show(
            f"{pair.instance:<17} {pair.region:<16} {run.settings.count:>5}  {chosen.target.ami:<21}"
            f"  {usd_per_hour:>13.4f}  {chosen.maximum_usd:>11.4f}"
        )
    total = sum(chosen.maximum_usd for chosen in selection.chosen)
    show(f"at most {total:.4f} USD in this run, {settings.daily_budget_usd:g} USD a day; nothing was requested")
    return _exit_code(run)


def _report_clean_up(run: RunContext, cleaned: CleanUp) -> int:
    code = _exit_code(run)
    say(f"{cleaned.ended_instances} instances of earlier runs looked at; {len(cleaned.left)} journal entries stay open")
    return code


def _probe(run: RunContext, regions: Sequence[str], cleaned: CleanUp) -> int:
    if run.stop.is_requested or cleaned.blocked.issuperset(regions):
        return _exit_code(run)
    done = run_probes(run, _chosen(run, regions, cleaned))
    if done.refusals and len(done.refusals) == done.requested:
        raise done.refusals[0]
    code = _exit_code(run)
    say(_summary(done))
    return code


def _chosen(run: RunContext, regions: Sequence[str], cleaned: CleanUp) -> Sequence[Chosen]:
    """Choose what is probed; a Region in which we may not end what we begin makes place for others.

    Raises Refusal if nothing is left to probe, and AWS refuses each Region that was chosen.
    """
    blocked, refused = set(cleaned.blocked), dict[str, Refusal]()
    while True:
        selection = choose(run, _target_settings(), regions, blocked, cleaned.left)
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
    return selection.chosen


def _probe_settings(arguments: Arguments) -> ProbeSettings:
    count = configs.INSTANCE_COUNT if arguments.count is None else arguments.count
    return ProbeSettings(count, configs.TIMEOUT, configs.STATUS_INTERVAL, arguments.until_fulfilled)


def _target_settings() -> TargetSettings:
    return TargetSettings(
        configs.LAUNCH_TOP_K, configs.REGIONS, configs.INSTANCE_PATTERN, configs.LAUNCH_DAILY_BUDGET_USD
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
        tell(line)
    return IN_PART if run.problems else DONE
