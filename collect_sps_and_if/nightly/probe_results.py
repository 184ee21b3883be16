"""What the launch-time probes of a day came to, read from their CSV files: those are the interface, not their code."""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from common import csv_file
from common.clock import parse_iso

# A probe is ended within this time after its timeout, or the next one's clean-up takes over.
_ENDING = timedelta(minutes=5)


@dataclass(frozen=True)
class ProbedPair:
    """All probes of a day of one pair together; counts are of instances."""

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
    """A day's probes: by pair, by the outcome of each spot request, what they cost, and what was never cleaned up."""

    pairs: Sequence[ProbedPair]
    outcomes: Mapping[str, int]
    usd: float
    left_open: int

    @property
    def probes(self) -> int:
        """Count the probes."""
        return sum(pair.probes for pair in self.pairs)


def probe_results(home: Path, day: date, now: datetime, timeout_seconds: float) -> ProbeResults:
    """Read what the probes of a day left under HOME; all zero if there were none."""
    data = home / "collect_launch_time" / "data"
    file = f"{day.isoformat()}.csv"
    instances = list(csv_file.read(data / "instances" / file))
    costs: defaultdict[tuple[str, str], float] = defaultdict(float)
    for row in csv_file.read(data / "spending" / file):
        costs[row.get("region", ""), row.get("instance", "")] += _number(row.get("usd"))
    return ProbeResults(
        pairs=_pairs(_last_looks(csv_file.read(data / file)), _seconds_to_ready(instances), costs),
        outcomes=Counter(row.get("outcome", "") or "unknown" for row in instances),
        usd=sum(costs.values()),
        left_open=_left_open(data / "journal", day, now - timedelta(seconds=timeout_seconds) - _ENDING),
    )


@dataclass
class _Probe:
    asked: int = 0
    fulfilled: int = 0
    ready: int = 0


def _last_looks(rows: Iterable[Mapping[str, str]]) -> dict[tuple[str, str], list[_Probe]]:
    probes: dict[tuple[str, str, str], _Probe] = {}
    for row in rows:
        key = row.get("region", ""), row.get("instance", ""), row.get("request_time", "")
        probe = probes.setdefault(key, _Probe())
        # The counts of a probe only grow: the greatest is the last one's, in whatever order the rows lie.
        probe.asked = max(probe.asked, int(_number(row.get("instance_count"))))
        probe.fulfilled = max(probe.fulfilled, int(_number(row.get("fulfilled_instances"))))
        probe.ready = max(probe.ready, int(_number(row.get("ready_instances"))))
    by_pair: dict[tuple[str, str], list[_Probe]] = {}
    for (region, instance, _), probe in probes.items():
        by_pair.setdefault((region, instance), []).append(probe)
    return by_pair


def _seconds_to_ready(rows: Iterable[Mapping[str, str]]) -> dict[tuple[str, str], list[float]]:
    seconds: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        requested, ready = parse_iso(row.get("request_time", "")), parse_iso(row.get("ready_time", ""))
        if requested and ready:
            pair = row.get("region", ""), row.get("instance", "")
            seconds.setdefault(pair, []).append((ready - requested).total_seconds())
    return seconds


def _pairs(
    probes: Mapping[tuple[str, str], Sequence[_Probe]],
    seconds: Mapping[tuple[str, str], Sequence[float]],
    costs: Mapping[tuple[str, str], float],
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
        for pair, own in sorted(probes.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _left_open(journal: Path, day: date, before: datetime) -> int:
    begun: dict[str, datetime] = {}
    closed = set()
    for row in _journal(journal, day):
        token, moment = row.get("client_token", ""), parse_iso(row.get("time", ""))
        if row.get("event") == "closed":
            closed.add(token)
        elif moment:
            begun[token] = min(moment, begun.get(token, moment))
    return sum(moment < before for token, moment in begun.items() if token not in closed)


def _journal(folder: Path, day: date) -> Iterator[dict[str, str]]:
    # The day before too: what was left then is still there; and the day after, which may have closed this day's.
    for offset in (-1, 0, 1):
        yield from csv_file.read(folder / f"{(day + timedelta(days=offset)).isoformat()}.csv")


def _number(text: str | None) -> float:
    try:
        number = float(text or 0)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0
