"""All probes of a run: request each, watch it, and return only when all that was requested has been ended."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from collect_launch_time.background import Start, in_background
from collect_launch_time.choosing.ami import with_newest_ami
from collect_launch_time.choosing.selection import Chosen
from collect_launch_time.ending.end_probes import ProbeEnder
from collect_launch_time.ending.still_open import open_probes_in_words
from collect_launch_time.run_context import RunContext
from collect_launch_time.state.probe import Probe
from collect_launch_time.watching.progress import ProgressBars
from collect_launch_time.watching.region_watch import RegionWatch
from collect_launch_time.watching.requesting import RequestResult, request_probe
from common.errors import Refusal
from data_files.launches.probes import STOPPED

log = logging.getLogger(__name__)

_CONCURRENCY = 16
_REFRESH_SECONDS = 0.2


@dataclass
class ProbesDone:
    """What came of all probes of a run."""

    probes: list[Probe] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    requested: int = 0  # probes that were to be requested
    looks: int = 0
    failed_looks: int = 0
    worst_lateness: float = 0.0  # seconds


def run_probes(run: RunContext, chosen: Sequence[Chosen], start: Start = in_background) -> ProbesDone:
    """Take the probes from their requests to their ends; a request to stop ends them all at once."""
    done = ProbesDone(requested=len(chosen))
    ender = ProbeEnder(run, start)
    regions = {choice.target.pair.region: run.ec2(choice.target.pair.region) for choice in chosen}
    watches = {region: RegionWatch(run, ec2, ender, start) for region, ec2 in regions.items()}
    for ec2 in regions.values():
        ec2.prepare()

    def begin(choice: Chosen) -> None:
        result = request_probe(run, choice, lambda target: with_newest_ami(target, run.home, run.problems))
        _hand_on(result, done, watches, ender)

    with ProgressBars(done.probes) as progress, ThreadPoolExecutor(_CONCURRENCY) as pool:
        requests = [pool.submit(begin, choice) for choice in chosen]

        def is_busy() -> bool:
            is_requesting = not all(request.done() for request in requests)
            return is_requesting or any(watch.is_busy for watch in watches.values()) or ender.is_busy

        try:
            is_over = _wait_while(is_busy, run, progress.show)
        except BaseException:
            # Whatever it was, nothing may be left running.
            run.stop.is_requested = True
            _wait_while(is_busy, run, lambda: None)
            raise
        for request in requests:
            request.result()
    if not is_over and (unclosed := run.journal.unclosed_entries()):
        run.problems.add(open_probes_in_words(unclosed))  # the next run ends them
    _count_looks(run, done, watches)
    run.records.save_rest()
    return done


def _wait_while(is_busy: Callable[[], bool], run: RunContext, refresh: Callable[[], None]) -> bool:
    """Wait, but no longer than the run may take; tell whether nothing is busy any more."""
    while is_busy():
        if run.limit.seconds_left() < run.patience.writing_seconds:
            return False
        run.clock.sleep(_REFRESH_SECONDS)
        refresh()
    return True


def _count_looks(run: RunContext, done: ProbesDone, watches: Mapping[str, RegionWatch]) -> None:
    done.looks = sum(watch.looks for watch in watches.values())
    done.failed_looks = sum(watch.failed_looks for watch in watches.values())
    done.worst_lateness = max((watch.worst_lateness for watch in watches.values()), default=0.0)
    for region, watch in watches.items():
        if watch.last_failure and 2 * watch.failed_looks > watch.looks:
            what = "most of our looks at what was requested were not answered, so nobody knows when it got ready"
            run.problems.add_error(what, watch.last_failure, region)
    log.info("%d looks, %d failed, the latest by %.3f s", done.looks, done.failed_looks, done.worst_lateness)


def _hand_on(result: RequestResult, done: ProbesDone, watches: dict[str, RegionWatch], ender: ProbeEnder) -> None:
    if probe := result.watched:
        done.probes.append(probe)
        try:
            watches[probe.target.pair.region].add(probe)
        except RuntimeError:  # no thread is available: a probe that nobody watches is ended
            ender.end(probe.ec2, [probe], STOPPED)
            raise
    if result.unanswered:
        ender.end(result.unanswered.ec2, [result.unanswered], STOPPED)
    if result.refusal:
        done.refusals.append(result.refusal)
