"""What the launch-time probes of a day came to, read from what they recorded."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data_files.launches import instances, looks, probes, spending
from data_files.launches.instances import InstanceRow
from data_files.launches.looks import LookRow
from data_files.market.polled import Pair


@dataclass(frozen=True)
class ProbedPair:
    """All probes of a day of one pair that tell readiness together; counts are of instances."""

    region: str
    instance: str
    probes: int
    asked: int
    fulfilled: int
    ready: int
    median_seconds: float | None
    usd: float


@dataclass(frozen=True)
class ProbeResults:
    """A day's probes: by pair, by the outcome of each spot request, and what they cost."""

    pairs: Sequence[ProbedPair]
    outcomes: Mapping[str, int]
    usd: float
    not_counted: int  # probes that tell nothing of readiness

    @property
    def probes(self) -> int:
        """Count the probes that tell readiness."""
        return sum(pair.probes for pair in self.pairs)


def probe_results(home: Path, day: date) -> ProbeResults:
    """Read what the probes of a day left under HOME; all zero if there were none."""
    requests = list(instances.FILES.rows(home, day))
    costs: defaultdict[Pair, float] = defaultdict(float)
    for cost in spending.FILES.rows(home, day):
        costs[cost.region, cost.instance or ""] += cost.total_usd
    ended = probes.ended_probes(home, day)
    silent = {key for key, probe in ended.items() if not probes.tells_readiness(probe.until, probe.ended)}
    return ProbeResults(
        pairs=_pairs(_by_pair(looks.FILES.rows(home, day), silent), _seconds_to_ready(requests), costs),
        outcomes=Counter(request.outcome or "unknown" for request in requests),
        usd=sum(costs.values()),
        not_counted=len(silent),
    )


@dataclass
class _ProbeCounts:
    asked: int = 0
    fulfilled: int = 0
    ready: int = 0


def _by_pair(rows: Iterable[LookRow], left_out: Collection[probes.Key]) -> dict[Pair, list[_ProbeCounts]]:
    found: dict[probes.Key, _ProbeCounts] = {}
    for row in rows:
        probe = found.setdefault((row.request_time, row.region, row.instance), _ProbeCounts())
        # The counts of a probe only grow: the greatest is the last one's, in whatever order the rows lie.
        probe.asked = max(probe.asked, row.instance_count)
        probe.fulfilled = max(probe.fulfilled, row.fulfilled_instances or 0)
        probe.ready = max(probe.ready, row.ready_instances or 0)
    by_pair: dict[Pair, list[_ProbeCounts]] = {}
    for key, probe in found.items():
        if key not in left_out:
            by_pair.setdefault(key[1:], []).append(probe)
    return by_pair


def _seconds_to_ready(requests: Iterable[InstanceRow]) -> dict[Pair, list[float]]:
    seconds: dict[Pair, list[float]] = {}
    for request in requests:
        if request.ready_time:
            passed = (request.ready_time - request.request_time).total_seconds()
            seconds.setdefault((request.region, request.instance), []).append(passed)
    return seconds


def _pairs(
    by_pair: Mapping[Pair, Sequence[_ProbeCounts]], seconds: Mapping[Pair, Sequence[float]], costs: Mapping[Pair, float]
) -> list[ProbedPair]:
    return [
        ProbedPair(
            *pair,
            probes=len(own),
            asked=sum(probe.asked for probe in own),
            fulfilled=sum(probe.fulfilled for probe in own),
            ready=sum(probe.ready for probe in own),
            median_seconds=statistics.median(seconds[pair]) if pair in seconds else None,
            usd=costs.get(pair, 0.0),
        )
        for pair, own in sorted(by_pair.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
