"""Made-up days of every file that the page reads of a day, with what is odd: midnights, gaps, repeated and bad rows."""

import os
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

from common.files import csv_file
from common.files.compressed_file import compress, make_plain
from common.files.csv_file import Cell
from data_files.csv_table import DatedFiles
from data_files.launches import instances, looks, probes, spending
from data_files.market import advisor, plans, polled, scores, spot_prices

ZONE = timezone(timedelta(hours=9))
LAST = date(2026, 3, 6)
DAYS = [LAST - timedelta(days=back) for back in range(5)]
REGIONS, TYPES = ("us-east-1", "eu-west-1"), ("m5.large", "c5.large", "p5.48xlarge")
LONG_AGO = 1_600_000_000  # seconds since 1970
ASKED = 3


def write_history(home: Path, random: Random) -> None:
    """Write some days under home."""
    for day in DAYS:
        if random.random() < 0.85:
            write_day(home, day, random)
    settle(home)


def write_day(home: Path, day: date, random: Random) -> None:
    """Write, or add to, some of a day's files."""
    pairs = [(region, name) for name in random.sample(TYPES, 2) for region in REGIONS if random.random() < 0.8]
    times = [_time(day, 10 * poll) for poll in (0, 1, 2, 60, 61, 141, 143) if random.random() < 0.8]
    for region, name in pairs:
        _add(home, plans.FILES, day, [(name, region, "sample", random.choice([0.05, 0.3, None]))])
    _add(home, polled.FILES, day, [(time, *pair, *_answer(random), ASKED) for time in times for pair in pairs])
    if random.random() < 0.3:
        listing = [(_time(day, 725), *pair, random.randrange(5), 60) for pair in pairs]
        _add(home, advisor.FILES, day, listing)
    _add(home, scores.FILES, day, [(*pair, random.randrange(9), 0, random.random()) for pair in pairs])
    changes = [(region, f"az{random.randrange(2)}", name, random.random()) for region, name in pairs]
    _add(home, spot_prices.FILES, day, [(_time(day, random.randrange(1440)), *change) for change in changes])
    for pair in pairs:
        _probe(home, day, pair, random)


def settle(home: Path) -> None:
    """Let all files be as old as those of days that are over."""
    for place, path in enumerate(sorted(home.rglob("*.csv*"))):
        if path.stat().st_mtime > LONG_AGO + 1000:
            os.utime(path, ns=(10**9 * LONG_AGO + place, 10**9 * LONG_AGO + place))


def compress_day(home: Path, day: date) -> None:
    """Compress a day's polled rows and looks."""
    for files in (polled.FILES, looks.FILES):
        compress(files.path(home, day))


def _probe(home: Path, day: date, pair: tuple[str, str], random: Random) -> None:
    requested = datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(
        seconds=random.choice([30, 400, 1750, 43_200, 86_370])
    )
    counts = [0, 0, 0]
    for seconds in range(5, random.choice([20, 40]), 5):
        seen = requested + timedelta(seconds=seconds)
        counts = [min(ASKED + 1, count + random.choice([-1, 0, 0, 1])) for count in counts]
        cells: Sequence[Cell] = (*pair, ASKED, _text(requested), _text(seen), *(max(0, count) for count in counts))
        if random.random() < 0.9:
            _add(home, looks.FILES, seen.date(), [cells])
    if random.random() < 0.8:
        how = random.choice([("ready", "all_ready"), ("ready", "timeout"), ("fulfilled", "timeout"), ("ready", "lost")])
        told = random.choice([0.2, 1, None])
        _add(home, probes.FILES, day, [(_text(requested), *pair, ASKED, "top", told, how[0], 600, 5, "", how[1])])
    by_name = {"region": pair[0], "instance": pair[1], "request_time": _text(requested), "outcome": "ready"}
    _add(home, instances.FILES, day, [[by_name.get(name, "") for name in instances.FILES.header]])
    _add(home, spending.FILES, day, [(_text(requested), *pair, ASKED, 60, 0.01, 0.001, 0.002)])


def _answer(random: Random) -> tuple[Cell, Cell, str]:
    score = random.randrange(1, 11)
    return random.choice([(score, 2, "ok"), (score, 3, "ok"), (None, 2, "failed"), (None, None, "refused")])


def _add(home: Path, files: DatedFiles[Any], day: date, rows: Sequence[Sequence[Cell]]) -> None:
    """Add rows, without waiting for the disk."""
    path = files.path(home, day)
    make_plain(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = csv_file.render(files.header, [[*row, *[None] * (len(files.header) - len(row))] for row in rows])
    with path.open("a") as file:
        file.write(text.split("\n", 1)[1] if path.stat().st_size else text)


def _time(day: date, minute: int) -> str:
    return _text(datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(minutes=minute))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
