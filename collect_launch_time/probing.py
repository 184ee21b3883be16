"""Probe: ask for every target, watch what was asked for, and leave only when all of it has been ended."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from collect_launch_time.background import Start, in_background
from collect_launch_time.choosing.ami import heal
from collect_launch_time.choosing.selection import Chosen
from collect_launch_time.ending.finish import Finish
from collect_launch_time.run_context import RunContext
from collect_launch_time.state.probe import Probe
from collect_launch_time.watching.asking import Asked, ask
from collect_launch_time.watching.progress import Progress
from collect_launch_time.watching.watch import RegionWatch
from common.clock import Clock
from common.errors import Refusal

log = logging.getLogger(__name__)

_AT_ONCE = 16
_GLANCE_SECONDS = 0.2


@dataclass
class Probing:
    """All probes of one run."""

    probes: list[Probe] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    looks: int = 0
    failed_looks: int = 0
    worst_lateness: float = 0.0


def probe(run: RunContext, chosen: Sequence[Chosen], start_work: Start = in_background) -> Probing:
    """Run the probes from their requests to their ends; a signal ends them all at once."""
    result = Probing()
    finish = Finish(run, start_work)
    regions = {one.target.pair.region: run.ec2(one.target.pair.region) for one in chosen}
    watches = {region: RegionWatch(run, ec2, finish, start_work) for region, ec2 in regions.items()}
    for ec2 in regions.values():
        ec2.prepare()

    def start(one: Chosen) -> None:
        asked = ask(run, one, lambda target: heal(target, run.problems))
        _take_on(asked, result, watches, finish)

    with Progress(result.probes) as progress, ThreadPoolExecutor(_AT_ONCE) as pool:
        begun = [pool.submit(start, one) for one in chosen]

        def is_busy() -> bool:
            return (
                not all(one.done() for one in begun) or any(one.is_busy for one in watches.values()) or finish.is_busy
            )

        try:
            _wait_while(is_busy, run.clock, progress.show)
        except BaseException:
            # Whatever it was: nothing may be left running.
            run.stop.asked = True
            _wait_while(is_busy, run.clock, lambda: None)
            raise
        for one in begun:
            one.result()
    result.looks = sum(one.looks for one in watches.values())
    result.failed_looks = sum(one.failed_looks for one in watches.values())
    result.worst_lateness = max((one.worst_lateness for one in watches.values()), default=0.0)
    log.info(
        "%d looks, %d came to nothing, the latest by %.3f s", result.looks, result.failed_looks, result.worst_lateness
    )
    run.records.save_rest()
    return result


def _wait_while(is_busy: Callable[[], bool], clock: Clock, glance: Callable[[], None]) -> None:
    while is_busy():
        clock.sleep(_GLANCE_SECONDS)
        glance()


def _take_on(asked: Asked, result: Probing, watches: dict[str, RegionWatch], finish: Finish) -> None:
    if asked.watched:
        result.probes.append(asked.watched)
        try:
            watches[asked.watched.target.pair.region].add(asked.watched)
        except RuntimeError:  # no thread to be had: what nobody watches is ended
            finish.end(asked.watched.ec2, [asked.watched])
            raise
    if asked.unanswered:
        finish.end(asked.unanswered.ec2, [asked.unanswered])
    if asked.refused:
        result.refused.append(asked.refused)
