"""Do the programs that cron starts cost more as the years pass? A poll, a probe, prices, status, the night, the page.

On made-up files of the same last days, with a month, a year and three years before them, all but the newest 30 days
compressed. Each program runs on each in turn, against the local AWS, and what counts is the ratio of CPU to the month's
within a round. Leaves with 1 if one that should stay as it is grew by more than a fifth. The files are made once, in
build/growth, which takes some minutes.

    python -m benchmarks.growth [--rounds 5] [--only NAME ...] [--folder build/growth]
"""

import argparse
import gzip
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from benchmarks import collected_year
from common.files.compressed_file import compress
from data_files.launches import journal, probes, selection
from data_files.launches.selection import SelectionRow
from data_files.market import polls, scores, spot_prices
from data_files.market.scores import Score
from data_files.market.spot_prices import FetchedUntil
from tests.conftest import FALSE_CREDENTIALS
from tests.program import ROOT
from tests.stand_in import StandIn
from tests.whole_runs.probe_stage import QUICK

LENGTHS = {"a month": 30, "a year": 365, "three years": 1095}
TARGET = 1.2
KEPT_PLAIN = 30  # days
PROBES_A_DAY = 48
_WRITTEN_DAYS = 73
_LAST = collected_year.LAST_DAY
_MIDNIGHT = datetime(_LAST.year, _LAST.month, _LAST.day, tzinfo=collected_year.ZONE) + timedelta(days=1)
_SETTINGS = {
    "TZ": "Asia/Tokyo",  # that of the made-up files
    "OMP_NUM_THREADS": "1",
    "SPOT_TIMEOUT": "5",
    "SPOT_STATUS_INTERVAL": "0.5",
    "SPOT_INSTANCE_COUNT": "3",
}


@dataclass(frozen=True)
class Program:
    """A program as cron starts it, so long after midnight; whether it is to cost the same for ever."""

    name: str
    command: tuple[str, ...]
    after_midnight: timedelta
    stays: bool = True
    codes: tuple[int, ...] = (0,)


# The night first: it makes the plan that the poll follows.
PROGRAMS = (
    Program("the night", ("collect_sps_and_if.daily_score", "--no-email"), timedelta(minutes=-5)),
    Program("a poll", ("collect_sps_and_if",), timedelta(minutes=10)),
    Program("a probe", ("collect_launch_time",), timedelta(hours=12)),
    Program("prices", ("collect_spot_price",), timedelta(hours=12, minutes=5)),
    Program("status", ("status",), timedelta(hours=12, minutes=10), codes=(0, 1)),
    Program("the page", ("report",), timedelta(hours=12, minutes=15), stays=False),
)


def main() -> int:
    """Measure, print a line a program, and say by the exit code whether the target is met."""
    arguments = _arguments()
    os.environ.update(FALSE_CREDENTIALS)
    if not arguments.folder.exists():
        arguments.folder.parent.mkdir(parents=True, exist_ok=True)
        _make(arguments.folder)
    programs = [each for each in PROGRAMS if not arguments.only or each.name in arguments.only]
    with (
        tempfile.TemporaryDirectory(dir=arguments.folder.parent) as folder,
        StandIn("--now", _MIDNIGHT.isoformat()) as aws,
    ):
        aws.control.set_scenario(**QUICK)
        aws.control.set_configuration_limit(1000)  # three collections share one account
        homes = {name: _newest_days(arguments.folder, days, Path(folder) / name) for name, days in LENGTHS.items()}
        for home in homes.values():  # what only a first run does, and the day's plan
            for program in (PROGRAMS[0], *programs):
                _cpu_seconds(program, home, aws, 0)
        met = [_measure(program, homes, aws, arguments.rounds) for program in programs]
    return 0 if all(met) else 1


def _measure(program: Program, homes: dict[str, Path], aws: StandIn, rounds: int) -> bool:
    """Print a program's figures, and tell whether it stays as it is, if it should."""
    took: dict[str, list[float]] = {name: [] for name in homes}
    for number in range(1, rounds + 1 if program.stays else 2):
        for name, home in homes.items():
            took[name].append(_cpu_seconds(program, home, aws, number))
    first = next(iter(took.values()))
    print(f"{program.name}: {statistics.median(first):.2f} s of CPU on {next(iter(homes))}", end="")
    ratios = {}
    for name, seconds in list(took.items())[1:]:
        ratios[name] = statistics.median(now / month for now, month in zip(seconds, first, strict=True))
        print(f", x {ratios[name]:.2f} on {name}", end="")
    print(flush=True)
    return not program.stays or max(ratios.values()) <= TARGET


def _cpu_seconds(program: Program, home: Path, aws: StandIn, number: int) -> float:
    now = _MIDNIGHT + program.after_midnight
    if program.after_midnight > timedelta():
        now += timedelta(minutes=10 * number)
    aws.control.set_clock(now)
    environment = os.environ | aws.environment | _SETTINGS | {"SPOT_HOME": str(home), "SPOT_NOW": now.isoformat()}
    command = [sys.executable, "-m", *program.command]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in program.codes:
        raise SystemExit(f"{command} left with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def _make(folder: Path) -> None:
    """Write the longest collection: its newest days, and older ones as these again and again; the older compressed."""
    making = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(making, ignore_errors=True)
    collected_year.write(making, _WRITTEN_DAYS, probes=PROBES_A_DAY)
    for back in range(_WRITTEN_DAYS):
        _write_what_runs_keep(making, _LAST - timedelta(days=back))
    _write_older_days(making)
    for path in _dated(making):
        if path.suffix == ".csv" and date.fromisoformat(path.stem) <= _LAST - timedelta(days=KEPT_PLAIN):
            compress(path)
    pairs = sorted(collected_year.Market.open(1).pairs)
    bootstrap = [Score(region, instance, 3, 1, 1.2) for instance, region in pairs]
    scores.INITIAL.replace(scores.INITIAL.path(making), bootstrap)
    fetched = [FetchedUntil(region, instance, _MIDNIGHT) for instance, region in pairs]
    spot_prices.FETCHED.replace(spot_prices.FETCHED.path(making), fetched)
    making.rename(folder)


def _write_older_days(home: Path) -> None:
    by_day: dict[str, list[Path]] = defaultdict(list)
    for path in _dated(home):
        by_day[path.stem].append(path)
    ledger = polls.FILE.path(home)
    header, *newest = ledger.read_bytes().splitlines(keepends=True)
    older = []
    for back in reversed(range(_WRITTEN_DAYS, max(LENGTHS.values()))):
        day, like = (_LAST - timedelta(days=days) for days in (back, back % _WRITTEN_DAYS))
        for path in by_day[str(like)]:
            content = _moved(path.read_bytes(), like, day)
            if path.suffix == ".csv":
                path.with_name(f"{day}.csv.gz").write_bytes(gzip.compress(content, 6, mtime=0))
            else:
                path.with_name(f"{day}{path.suffix}").write_bytes(content)
        older += [_moved(line, like, day) for line in newest if line.startswith(str(like).encode())]
    ledger.write_bytes(b"".join([header, *older, *newest]))


def _moved(content: bytes, old: date, new: date) -> bytes:
    """Date a day's rows otherwise: some are of after midnight."""
    for days in (0, 1):
        before, now = (str(day + timedelta(days=days)).encode() for day in (old, new))
        content = content.replace(before, now)
    return content


def _write_what_runs_keep(home: Path, day: date) -> None:
    """Write the probes' journal and selection, and a night's report, as small as they come."""
    chosen, steps = [], []
    for number, probe in enumerate(probes.FILES.rows(home, day)):
        token = f"{day}-{number}"
        chosen.append(SelectionRow(token, *probe[:9]))
        about = (token, probe.region, probe.instance, probe.instance_count, (f"sir-{number}",), (f"i-{number}",))
        steps += [
            journal.JournalRow(probe.request_time, event, *about)
            for event in (journal.INTENDED, journal.REQUESTED, journal.CANCELLED, journal.CLOSED)
        ]
    selection.FILES.replace(selection.FILES.path(home, day), chosen)
    journal.FILES.replace(journal.FILES.path(home, day), steps)
    report = home / "collect_sps_and_if" / "data" / "report" / f"{day}.html"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text("made up")
    report.with_suffix(".txt").write_text("made up")


def _newest_days(whole: Path, days: int, home: Path) -> Path:
    """Give the collection as it would be had it begun so many days before its last one."""
    first = _LAST - timedelta(days=days - 1)

    def earlier(_: str, names: Sequence[str]) -> set[str]:
        return {name for name in names if name[:4].isdigit() and name[:10] < first.isoformat()}

    # What is compressed is never written to, so a link will do.
    shutil.copytree(whole, home, ignore=earlier, copy_function=_link_or_copy)
    kept = [row for row in polls.FILE.rows(home) if row.time.date() >= first]
    polls.FILE.replace(polls.FILE.path(home), kept)
    return home


def _link_or_copy(source: str, target: str) -> None:
    if source.endswith(".gz"):
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def _dated(home: Path) -> Iterator[Path]:
    return home.glob("*/data/**/????-??-??.*")


def _arguments() -> argparse.Namespace:
    description, _, details = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        "python -m benchmarks.growth",
        description=description,
        epilog=details,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=[each.name for each in PROGRAMS])
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "growth", help="where the files are made once")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
