"""One run: clean up, choose, make sure we may end what we begin, probe."""

import logging

import configs
from collect_launch_time.arguments import Arguments
from collect_launch_time.choosing.permissions import require_permissions
from collect_launch_time.choosing.preparing import Wishes, choose, regions_in_use
from collect_launch_time.ec2.installation import installation
from collect_launch_time.ending.clean_up import clean_up
from collect_launch_time.folders import installation_file, probe_folders
from collect_launch_time.probing import Probing, probe
from collect_launch_time.run_context import Rules, RunContext
from collect_launch_time.stop import Stop
from common.clock import Clock
from common.errors import Refusal
from common.exit_code import DONE, IN_PART
from common.run_log import start_log, tell
from common.terminal import say, show


def start_logging(clock: Clock) -> Refusal | None:
    """Start the log, or say why there is none: that must not keep us from ending what runs."""
    try:
        start_log(probe_folders(configs.HOME).log, clock.started)
    except Refusal as refusal:
        logging.getLogger().addHandler(logging.NullHandler())
        return refusal
    return None


def run_job(arguments: Arguments, clock: Clock, stop: Stop, unlogged: Refusal | None) -> int:
    """Do what the command line asks for; without a log only clean up, and refuse the rest."""
    ours = installation(installation_file(configs.HOME))
    run = RunContext(_rules(arguments), clock, configs.HOME, ours, stop)
    if unlogged:
        _clean_up_only(run)
        raise unlogged
    return _clean_up_only(run) if arguments.clean_up else _probe(run)


def dry_run(arguments: Arguments, clock: Clock, stop: Stop) -> int:
    """Show what a run would request and what that could cost; request nothing, end nothing."""
    run = RunContext(_rules(arguments), clock, configs.HOME, "", stop)
    wishes = _wishes()
    # What an earlier run left is not looked for here, so what it may cost is not in the figures.
    selection = choose(run, wishes, regions_in_use(wishes.regions, configs.SPS_REGION))
    show("instance          region           count  AMI                    USD/h at most  USD at most")
    for one in selection.chosen:
        pair = one.target.pair
        price = one.prices.highest(pair.instance) or 0.0
        show(
            f"{pair.instance:<17} {pair.region:<16} {run.rules.count:>5}  {one.target.ami:<21}"
            f"  {price:>13.4f}  {one.most_usd:>11.4f}"
        )
    total = sum(one.most_usd for one in selection.chosen)
    show(f"at most {total:.4f} USD in this run, {wishes.daily_budget_usd:g} USD a day; nothing was requested")
    return _exit_code(run)


def _clean_up_only(run: RunContext) -> int:
    cleaned = clean_up(run, regions_in_use(configs.REGIONS, configs.SPS_REGION))
    code = _exit_code(run)
    say(f"{cleaned.ended_instances} instances of earlier runs looked at; {len(cleaned.left)} journal entries stay open")
    return code


def _probe(run: RunContext) -> int:
    wishes = _wishes()
    regions = regions_in_use(wishes.regions, configs.SPS_REGION)
    cleaned = clean_up(run, regions)
    if run.stop.asked or cleaned.blocked.issuperset(regions):
        return _exit_code(run)
    selection = choose(run, wishes, regions, cleaned.blocked, cleaned.left)
    require_permissions(run, sorted({one.target.pair.region for one in selection.chosen}))
    probing = probe(run, selection.chosen)
    if probing.refused and not probing.probes:
        raise probing.refused[0]
    code = _exit_code(run)
    say(_summary(probing))
    return code


def _rules(arguments: Arguments) -> Rules:
    count = configs.INSTANCE_COUNT if arguments.count is None else arguments.count
    return Rules(count, configs.TIMEOUT, configs.STATUS_INTERVAL, arguments.until_fulfilled)


def _wishes() -> Wishes:
    return Wishes(configs.LAUNCH_TOP_K, configs.REGIONS, configs.INSTANCE_PATTERN, configs.LAUNCH_DAILY_BUDGET_USD)


def _summary(probing: Probing) -> str:
    counts = [one.counts for one in probing.probes]
    ready, fulfilled = sum(one.ready for one in counts), sum(one.fulfilled for one in counts)
    asked = sum(one.entry.count for one in probing.probes)
    return f"{len(counts)} probes: {ready} of {asked} instances ready, {fulfilled} fulfilled"


def _exit_code(run: RunContext) -> int:
    if run.stop.asked:
        run.problems.add("asked to stop: what was requested is ended, what was seen is saved")
    for line in run.problems.lines():
        tell(line)
    return IN_PART if run.problems else DONE
