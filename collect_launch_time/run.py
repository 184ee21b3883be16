"""One run: clean up, choose, make sure we may end what we begin, probe."""

import logging

import configs
from collect_launch_time.clean_up import clean_up
from collect_launch_time.permissions import require_permissions
from collect_launch_time.preparing import Wishes, choose, regions_in_use
from collect_launch_time.probing import Probing, probe
from collect_launch_time.run_context import RunContext
from common.exit_code import DONE, IN_PART, Refusal
from common.run_log import tell
from common.terminal import say

log = logging.getLogger(__name__)


def run_clean_up(run: RunContext) -> int:
    """End what earlier runs left, and nothing else."""
    cleaned = clean_up(run, regions_in_use(run, configs.REGIONS, configs.SPS_REGION))
    say(f"{cleaned.ended_instances} instances of earlier runs looked at; {len(cleaned.left)} journal entries stay open")
    return _exit_code(run)


def run_probes(run: RunContext) -> int:
    """Do one run of the probe."""
    wishes = Wishes(configs.LAUNCH_TOP_K, configs.REGIONS, configs.INSTANCE_PATTERN, configs.LAUNCH_DAILY_BUDGET_USD)
    regions = regions_in_use(run, wishes.regions, configs.SPS_REGION)
    cleaned = clean_up(run, regions)
    if run.stop.asked:
        return _exit_code(run)
    if cleaned.unreachable.issuperset(regions):
        return _exit_code(run)
    selection = choose(run, wishes, regions, cleaned)
    require_permissions(run, sorted({one.target.pair.region for one in selection.chosen}))
    probing = probe(run, selection.chosen)
    _refuse_if_nothing_began(probing)
    say(_summary(probing))
    return _exit_code(run)


def _refuse_if_nothing_began(probing: Probing) -> None:
    if probing.refused and not probing.probes:
        raise Refusal(str(probing.refused[0]))


def _summary(probing: Probing) -> str:
    ready = sum(one.counts.ready for one in probing.probes)
    fulfilled = sum(one.counts.fulfilled for one in probing.probes)
    asked = sum(one.entry.count for one in probing.probes)
    return f"{len(probing.probes)} probes: {ready} of {asked} instances ready, {fulfilled} fulfilled; all ended"


def _exit_code(run: RunContext) -> int:
    if run.stop.asked:
        run.problems.add("asked to stop: what was requested is ended, what was seen is saved")
    for line in run.problems.lines():
        tell(f"collect_launch_time: {line}")
    return IN_PART if run.problems else DONE
