"""Writes what a year of collecting leaves behind, for benchmarks, tests and pictures; the figures in it are made up.

Every pool has a hidden level of spare capacity that drifts and breathes with the day. Placement scores round it, the
advisor's band follows it slowly, and probes launch well where it is high: so there is something to find. The same seed
gives the same files. Polls and queries go missing here and there, as they do.

    python -m benchmarks.collected_year FOLDER --days 365 --probes 48
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_files.csv_table import CsvTable
from data_files.launches import instances, looks, spending
from data_files.launches import probes as ended
from data_files.market import advisor, configurations, plans, polled, polls, scores, spot_prices

ZONE = timezone(timedelta(hours=9))
POLLS_A_DAY = 144
LAST_DAY = date(2026, 3, 1)
INSTANCES_A_PROBE = 10
TIMEOUT_SECONDS = 600
LOOK_SECONDS = 3
ZONES = 3
PRICE_CHANGES_A_DAY = 2  # of a pair in a zone

FAMILIES = (  # noqa: SIM905 - a table of names
    "c5 c5a c5d c6a c6g c6gn c6i c6id c7a c7g c7gd c7i c7i-flex c8g c8gd d3 g4dn g5 g6 g6e gr6 i3 i4g i4i i7ie "
    "im4gn inf1 inf2 is4gen m5 m5a m5d m6a m6g m6gd m6i m6id m7a m7g m7gd m7i m7i-flex m8g m8gd p3 r5 r5a r5b r5d "
    "r6a r6g r6gd r6i r6id r7a r7g r7gd r7i r7iz r8g t3 t3a t4g trn1 vt1 x2gd x2idn x2iedn z1d"
).split()
SIZES = ("large", "xlarge", "2xlarge", "4xlarge")
REGIONS = (  # noqa: SIM905 - a table of names
    "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 "
    "eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2"
).split()


@dataclass
class Market:
    """The hidden state behind all figures: one level of spare capacity, 0 to 10, for each (instance type, Region)."""

    random: np.random.Generator
    pairs: list[tuple[str, str]]
    mean: NDArray[np.float64]
    unrest: NDArray[np.float64]
    level: NDArray[np.float64]
    bands: NDArray[np.int64]
    usd: NDArray[np.float64]
    """By pair and zone, the price of an hour."""
    by_type: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def open(cls, seed: int) -> Market:
        """Open a market in which three of four types are offered in a Region."""
        random = np.random.default_rng(seed)
        types = [f"{family}.{size}" for family in FAMILIES for size in SIZES]
        offered = random.random((len(types), len(REGIONS))) < 0.75
        pairs = [(types[t], REGIONS[r]) for t, r in zip(*np.nonzero(offered), strict=True)]
        mean = np.clip(random.normal(5.5, 2.2, len(pairs)), 0.5, 9.8)
        unrest = random.gamma(2.0, 0.10, len(pairs))
        usd = np.round(random.lognormal(np.log(0.05), 0.8, (len(pairs), ZONES)), 4)
        market = cls(random, pairs, mean, unrest, mean.copy(), np.zeros(len(pairs), np.int64), usd)
        for place, (instance, _) in enumerate(pairs):
            market.by_type.setdefault(instance, []).append(place)
        market.publish_bands(1.0)
        return market

    def day_of(self, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
        """Let a day pass for the chosen pools and give their levels at every poll, a row a poll."""
        # Unwatched pools have wandered somewhere around their mean since they were last looked at.
        steps = self.random.normal(0, 1, (POLLS_A_DAY, len(chosen))) * self.unrest[chosen]
        breath = 0.6 * np.cos(np.arange(POLLS_A_DAY) / POLLS_A_DAY * 2 * np.pi)[:, None]
        level = self.level[chosen]
        levels = np.empty_like(steps)
        for poll in range(POLLS_A_DAY):
            level = level + 0.02 * (self.mean[chosen] - level) + steps[poll]
            levels[poll] = level
        self.level[chosen] = np.clip(level, 0, 11)
        return np.clip(levels + breath, 0, 11)

    def move_prices(self, chosen: NDArray[np.int64], share: float) -> NDArray[np.int64]:
        """Let a share of the chosen pairs' prices move by some percent; give the places of those, pair and zone."""
        moved = np.argwhere(self.random.random((len(chosen), ZONES)) < share)
        moved[:, 0] = chosen[moved[:, 0]]
        steps = self.random.normal(1, 0.03, len(moved)).clip(0.8, 1.2)
        self.usd[tuple(moved.T)] = np.round(self.usd[tuple(moved.T)] * steps, 4).clip(0.0001)
        return moved

    def publish_bands(self, share: float) -> None:
        """Let the advisor look again at a share of the pools: the fuller a pool, the more often interrupted."""
        seen = self.random.random(len(self.pairs)) < share
        band = np.clip(np.round((8.5 - self.mean + self.random.normal(0, 1.2, len(self.pairs))) / 1.8), 0, 4)
        self.bands = np.where(seen, band.astype(np.int64), self.bands)


@dataclass(frozen=True)
class Probe:
    """One launch-time probe: when each of its instances came to what, in seconds since the request; inf: never."""

    pair: tuple[str, str]
    requested: datetime
    fulfilled: NDArray[np.float64]
    running: NDArray[np.float64]
    ready: NDArray[np.float64]

    @property
    def seconds(self) -> float:
        """Give how long it was watched: until all are ready, or the timeout."""
        last = float(self.ready.max())
        return TIMEOUT_SECONDS if np.isinf(last) else min(TIMEOUT_SECONDS, last + LOOK_SECONDS)


def write(home: Path, days: int, *, seed: int = 1, last: date = LAST_DAY, probes: int = 48, polls: int = 144) -> None:
    """Write the files of that many days, up to the last, under home: polls and probes a day as given."""
    market = Market.open(seed)
    top: list[str] = []
    for day in (last - timedelta(days=left) for left in reversed(range(days))):
        types = top + [
            str(name) for name in market.random.choice(sorted(set(market.by_type) - set(top)), 30 - len(top), False)
        ]
        chosen = np.array([place for name in types for place in market.by_type[name][:10]])
        levels = market.day_of(chosen)
        is_polled = _polled(market.random, polls)
        if day.toordinal() % 9 == 0 or day == last - timedelta(days=days - 1):
            market.publish_bands(0.15)
            _write_bands(home, day, market)
        changes = _write_scores_of(home, day, market, chosen, levels, is_polled)
        top = _write_ranking(home, day, market, chosen, changes)
        _write_queries(home, day, market, types, is_polled)
        _write_prices(home, day, market, chosen)
        _write_probes(home, day, market, chosen, levels, changes, probes)


def _polled(random: np.random.Generator, polls: int) -> NDArray[np.bool_]:
    is_polled = random.random(POLLS_A_DAY) > 0.004
    if random.random() < 0.03:  # the machine was down for some hours
        start = int(random.integers(0, POLLS_A_DAY - 40))
        is_polled[start : start + int(random.integers(6, 40))] = False
    is_polled[:polls] |= polls < POLLS_A_DAY  # a day of few polls is one that has just begun
    is_polled[polls:] = False
    return is_polled


def _moment(day: date, poll: int, seconds: float = 0) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(minutes=10 * poll, seconds=seconds)


def _write_scores_of(
    home: Path,
    day: date,
    market: Market,
    chosen: NDArray[np.int64],
    levels: NDArray[np.float64],
    is_polled: NDArray[np.bool_],
) -> NDArray[np.int64]:
    rounded = np.clip(np.round(levels), 1, 10).astype(np.int64)
    failed = market.random.random(rounded.shape) < 0.002
    names = [f"{market.pairs[place][1]},{market.pairs[place][0]}," for place in chosen]
    bands = market.bands[chosen].tolist()
    ends = [[f"{score},{band},ok,{INSTANCES_A_PROBE}" for score in range(11)] for band in bands]
    lost = [f",{band},failed,{INSTANCES_A_PROBE}" for band in bands]
    lines, acknowledged = [], []
    for poll in np.nonzero(is_polled)[0].tolist():
        time = _moment(day, poll).isoformat()
        row, fails = rounded[poll].tolist(), failed[poll]
        cells = [f"{name}{end[score]}" for name, end, score in zip(names, ends, row, strict=True)]
        for place in np.nonzero(fails)[0].tolist():
            cells[place] = names[place] + lost[place]
        lines.append("\n".join(f"{time},{cell}" for cell in cells))
        acknowledged.append(f"{time},30,{int(fails.any())},{len(cells)},{3 + poll % 7 / 10}")
    _append(polled.FILES, polled.FILES.path(home, day), lines)
    _append(polls.FILE, polls.FILE.path(home), acknowledged)
    seen = rounded[is_polled]
    return np.asarray((seen[1:] != seen[:-1]).sum(axis=0), np.int64)


def _write_ranking(
    home: Path, day: date, market: Market, chosen: NDArray[np.int64], changes: NDArray[np.int64]
) -> list[str]:
    order = np.argsort(-changes, kind="stable")
    rows = [(*reversed(market.pairs[chosen[place]]), int(changes[place])) for place in order]
    lines = [f"{region},{instance},{count},0,{count / 3}" for region, instance, count in rows]
    _append(scores.FILES, scores.FILES.path(home, day), lines)
    return list(dict.fromkeys(instance for _, instance, _ in rows))[:10]


def _write_queries(home: Path, day: date, market: Market, types: Sequence[str], is_polled: NDArray[np.bool_]) -> None:
    regions = {name: " ".join(market.pairs[place][1] for place in market.by_type[name][:10]) for name in types}
    _append(
        plans.FILES,
        plans.FILES.path(home, day),
        [f"{name},{regions[name]},{'top,1' if place < 10 else 'sample,0.05'}" for place, name in enumerate(types)],
    )
    asked = [f",us-east-1,{name},{regions[name]},{INSTANCES_A_PROBE}" for name in types]
    times = [_moment(day, poll).isoformat() for poll in np.nonzero(is_polled)[0].tolist()]
    lines = [time + rest for time in times for rest in asked]
    _append(configurations.FILES, configurations.FILES.path(home, day), lines)


def _write_prices(home: Path, day: date, market: Market, chosen: NDArray[np.int64]) -> None:
    lines = []
    for hour in range(24):
        moved = market.move_prices(chosen, PRICE_CHANGES_A_DAY / 24)
        if not hour:  # what held before is fetched with the rest
            moved = np.stack(np.meshgrid(chosen, np.arange(ZONES)), axis=-1).reshape(-1, 2)
        seconds = market.random.integers(0, 3600, len(moved)).tolist()
        for (place, zone), second in zip(moved.tolist(), seconds, strict=True):
            instance, region = market.pairs[place]
            time = _moment(day, 6 * hour, second).isoformat()
            lines.append(f"{time},{region},{_zone(region, zone)},{instance},{market.usd[place, zone]}")
    _append(spot_prices.FILES, spot_prices.FILES.path(home, day), lines)


def _zone(region: str, number: int) -> str:
    """Name a zone as AWS names the ids of zones: use1-az1 of us-east-1."""
    area, place, digit = region.split("-")
    for word in ("north", "south", "east", "west", "central"):
        place = place.replace(word, word[0])
    return f"{area}{place}{digit}-az{1 + number}"


def _write_bands(home: Path, day: date, market: Market) -> None:
    time = _moment(day, 60).isoformat()
    lines = [
        f"{time},{region},{instance},{band},{90 - 10 * band}"
        for (instance, region), band in zip(market.pairs, market.bands.tolist(), strict=True)
    ]
    _append(advisor.FILES, advisor.FILES.path(home, day), lines)


def _write_probes(
    home: Path,
    day: date,
    market: Market,
    chosen: NDArray[np.int64],
    levels: NDArray[np.float64],
    changes: NDArray[np.int64],
    probes: int,
) -> None:
    targets = np.argsort(-changes, kind="stable")[:3]
    look_lines: list[str] = []
    instance_lines: list[str] = []
    spending_lines: list[str] = []
    ended_lines: list[str] = []
    for number in range(probes):
        poll = number * POLLS_A_DAY // probes
        place = int(targets[number % len(targets)])
        pair = market.pairs[int(chosen[place])]
        probe = _launch(market.random, pair, _moment(day, poll, 2.5), float(levels[poll, place]))
        look_lines.extend(_looks(probe))
        instance_lines.extend(_requests(probe, f"{day:%m%d}{number:04d}"))
        spending_lines.extend(_costs(probe))
        ended_lines.append(_ended(probe))
    _append(looks.FILES, looks.FILES.path(home, day), look_lines)
    _append(instances.FILES, instances.FILES.path(home, day), instance_lines)
    _append(spending.FILES, spending.FILES.path(home, day), spending_lines)
    _append(ended.FILES, ended.FILES.path(home, day), ended_lines)


def _launch(random: np.random.Generator, pair: tuple[str, str], requested: datetime, level: float) -> Probe:
    size = INSTANCES_A_PROBE
    is_served = random.random(size) < 1 / (1 + np.exp((3.2 - level) / 1.1))
    fulfilled = np.where(is_served, random.lognormal(np.log(6 + 4 * (10 - min(level, 10))), 0.5, size), np.inf)
    running = fulfilled + random.normal(17, 2, size).clip(8)
    # Status checks run about once a minute, and the second or third says yes.
    ready = running + 60 * random.integers(1, 4, size) + random.uniform(10, 60, size)
    return Probe(pair, requested, fulfilled, running, ready)


def _looks(probe: Probe) -> Iterator[str]:
    instance, region = probe.pair
    head = f"{region},{instance},{INSTANCES_A_PROBE},{probe.requested.isoformat(timespec='milliseconds')}"
    at = np.arange(LOOK_SECONDS, probe.seconds + LOOK_SECONDS, LOOK_SECONDS)
    counts = [
        np.searchsorted(np.sort(stage), at, side="right").tolist()
        for stage in (probe.ready, probe.fulfilled, probe.running)
    ]
    for seconds, ready, fulfilled, running in zip(at.tolist(), *counts, strict=True):
        yield f"{head},{_after(probe, seconds)},{ready},{fulfilled},{running}"


def _requests(probe: Probe, name: str) -> Iterator[str]:
    instance, region = probe.pair
    requested = probe.requested.isoformat(timespec="milliseconds")
    for place in range(INSTANCES_A_PROBE):
        fulfilled, running, ready = (float(stage[place]) for stage in (probe.fulfilled, probe.running, probe.ready))
        is_ready = ready <= probe.seconds
        outcome = "ready" if is_ready else "fulfilled" if fulfilled <= probe.seconds else "capacity-not-available"
        yield ",".join(
            (
                f"sir-{name}{place:02d}",
                f"i-{name}{place:02d}" if fulfilled <= probe.seconds else "",
                f"{region},{_zone(region, place % ZONES)},{instance},{requested}",
                _after(probe, fulfilled),
                _after(probe, running),
                _after(probe, ready - LOOK_SECONDS if is_ready else probe.seconds),
                _after(probe, ready) if is_ready else "",
                outcome,
                _after(probe, min(fulfilled - LOOK_SECONDS, probe.seconds)),
                _after(probe, min(running - LOOK_SECONDS, probe.seconds)),
                ",,",
                "" if is_ready else "us" if fulfilled <= probe.seconds else "market",
                "",
            )
        )


def _ended(probe: Probe) -> str:
    instance, region = probe.pair
    how = "timeout" if np.isinf(probe.ready.max()) or probe.ready.max() > TIMEOUT_SECONDS else "all_ready"
    return ",".join(
        (
            probe.requested.isoformat(timespec="milliseconds"),
            f"{region},{instance},{INSTANCES_A_PROBE},top,1,ready,{TIMEOUT_SECONDS},{LOOK_SECONDS}",
            _after(probe, probe.seconds),
            how,
        )
    )


def _costs(probe: Probe) -> Iterator[str]:
    instance, region = probe.pair
    ran = np.minimum(probe.seconds - probe.running, TIMEOUT_SECONDS)
    billed = np.maximum(ran[probe.running <= probe.seconds], 60.0)
    if len(billed):
        seconds = round(float(billed.sum()), 1)
        usd = f"{seconds / 3600 * 0.05:.6f}"
        yield f"{_after(probe, probe.seconds)},{region},{instance},{len(billed)},{seconds},{usd},,"


def _after(probe: Probe, seconds: float) -> str:
    if not seconds <= probe.seconds + LOOK_SECONDS:
        return ""
    return (probe.requested + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def _append(table: CsvTable[Any], path: Path, lines: Sequence[str]) -> None:
    # As text: a year of rows would take minutes. Columns that lines do not reach were added later, and are unknown.
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    unknown = "," * (len(table.header) - 1 - lines[0].count(",")) if lines else ""
    with path.open("a", encoding="utf-8") as file:
        if is_new:
            file.write(",".join(table.header) + "\n")
        file.writelines(f"{line}{unknown}\n" for line in lines)


def main() -> int:
    """Write a year under the folder named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="taken for HOME; the files of the days are added under it")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--probes", type=int, default=48, help="a day")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--last", type=date.fromisoformat, default=LAST_DAY, help="the last day, YYYY-MM-DD")
    arguments = parser.parse_args()
    write(arguments.folder, arguments.days, seed=arguments.seed, last=arguments.last, probes=arguments.probes)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
