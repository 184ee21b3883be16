"""What a bootstrap score is made of and what was skipped: for the file beside it, and for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from collect_sps_and_if.spotlake.batches import SNAPSHOT_SECONDS, SNAPSHOTS_A_DAY
from collect_sps_and_if.spotlake.count.scores import day_count
from collect_sps_and_if.spotlake.count.summary import Summary
from collect_sps_and_if.spotlake.find.sources import Skipped, printable
from collect_sps_and_if.spotlake.find.times import date_of
from common.counted import counted

_NAMED_FILES = 3
"""Skipped files that are named in one line; the others are counted."""
_SOURCE = "SpotLake, https://spotlake.ddps.cloud, CC BY-NC 4.0: name the source, no commercial use"


def as_json(summary: Summary, datasets: Sequence[str], made: datetime) -> str:
    """Describe what a score is made of, as JSON; `made` is when it was."""
    description = {
        "made": made.isoformat(timespec="seconds"),
        "data": _SOURCE,
        "datasets": [*map(printable, datasets)],
        "files_read": summary.files,
        "files_skipped": len(summary.skipped),
        "snapshots": len(summary.times),
        "snapshots_missing": _missing_snapshots(summary),
        "days": day_count(summary),
        "first_day": date_of(int(summary.times[0])).isoformat(),
        "last_day": date_of(int(summary.times[-1])).isoformat(),
        "rows": summary.rows,
        "skipped": [{"file": skipped.name, "why": skipped.why} for skipped in summary.skipped],
    }
    return json.dumps(description, indent=1, ensure_ascii=False) + "\n"


def _missing_snapshots(summary: Summary) -> int:
    """Count the ten-minute slots without a snapshot, on the days that have at least one snapshot."""
    slots = {*(summary.times // SNAPSHOT_SECONDS).tolist()}
    return SNAPSHOTS_A_DAY * day_count(summary) - len(slots)


def as_line(summary: Summary, pairs: int, seconds: float) -> str:
    """Describe a result for people, in one line; it took so many seconds."""
    return (
        f"{pairs:,} pairs scored from {day_count(summary):,} days: {len(summary.times):,} snapshots "
        f"({_missing_snapshots(summary):,} missing), {summary.files:,} files, {summary.rows:,} rows, "
        f"{len(summary.skipped):,} files skipped; "
        f"{seconds:.1f} s, {summary.rows / max(seconds, 1e-9) / 1e6:.1f} million rows/s"
    )


def skipped_as_lines(skipped: Iterable[Skipped], where: str) -> list[str]:
    """Tell people what was skipped, in one line a cause; `where` is the file that names all."""
    names_by_cause: dict[str, list[str]] = {}
    for item in skipped:
        names_by_cause.setdefault(item.why, []).append(item.name)
    lines = []
    for why, names in names_by_cause.items():
        others = len(names) - _NAMED_FILES
        more = f" and {others:,} more (all are named in {where})" if others > 0 else ""
        lines.append(f"skipped {counted(len(names), 'file')}, {why}: {', '.join(names[:_NAMED_FILES])}{more}")
    return lines
