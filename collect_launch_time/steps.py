"""The steps of one run: clean up, choose, make sure we may end what we start, probe."""

import logging

import configs
from collect_launch_time.arguments import Arguments
from collect_launch_time.choosing.permissions import require_permissions
from collect_launch_time.choosing.preparing import TargetSettings, choose, regions_in_use
from collect_launch_time.ec2.installation import installation_id
from collect_launch_time.ending.clean_up import clean_up
from collect_launch_time.folders import installation_file, probe_folders
from collect_launch_time.probing import ProbesDone, run_probes
from collect_launch_time.run_context import ProbeSettings, RunContext
from collect_launch_time.stop import Stop
from common.clock import Clock
from common.errors import Refusal
from common.exit_code import DONE, IN_PART
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
    """Clean up, and probe unless only a clean-up was asked for; without a log, clean up and raise the reason."""
    own_id = installation_id(installation_file(configs.HOME))
    run = RunContext(_probe_settings(arguments), clock, configs.HOME, own_id, stop)
    if unlogged:
        _clean_up_only(run)
        raise unlogged
    return _clean_up_only(run) if arguments.clean_up else _probe(run)


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


def _clean_up_only(run: RunContext) -> int:
    cleaned = clean_up(run, regions_in_use(configs.REGIONS, configs.SPS_REGION))
    code = _exit_code(run)
    say(f"{cleaned.ended_instances} instances of earlier runs looked at; {len(cleaned.left)} journal entries stay open")
    return code


def _probe(run: RunContext) -> int:
    settings = _target_settings()
    regions = regions_in_use(settings.regions, configs.SPS_REGION)
    cleaned = clean_up(run, regions)
    if run.stop.is_requested or cleaned.blocked.issuperset(regions):
        return _exit_code(run)
    selection = choose(run, settings, regions, cleaned.blocked, cleaned.left)
    require_permissions(run, sorted({chosen.target.pair.region for chosen in selection.chosen}))
    done = run_probes(run, selection.chosen)
    if done.refusals and not done.probes:
        raise done.refusals[0]
    code = _exit_code(run)
    say(_summary(done))
    return code


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
