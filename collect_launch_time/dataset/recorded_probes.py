"""The probes and their looks, as the probe recorded them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from common import csv_file
from common.clock import parse_iso


class Look(NamedTuple):
    """One look: so many seconds after the request, so many instances had been ready, fulfilled, running by then."""

    seconds: float
    ready: int
    fulfilled: int
    running: int


class Probe(NamedTuple):
    """One probe, with its looks in the order of time."""

    region: str
    instance: str
    request_time: str
    instance_count: int
    looks: tuple[Look, ...]


@dataclass
class PassedOver:
    """How many rows make no sense."""

    rows: int = 0

    def count(self, rows: int = 1) -> None:
        """Count some more."""
        self.rows += rows


def probed_pairs(path: Path) -> set[tuple[str, str]]:
    """Give the (Region, instance type) pairs that a file's probes are about."""
    return {(row.get("region", ""), row.get("instance", "")) for row in csv_file.read(path)}


def read_probes(path: Path, passed_over: PassedOver) -> Iterator[tuple[float, Probe]]:
    """Give a file's probes, each with the moment of its request; a look that was written twice counts once."""
    looks: dict[tuple[str, str, str, int], set[Look]] = {}
    for row in csv_file.read(path, passed_over.count):
        look = _look(row)
        if look is None:
            passed_over.count()
            continue
        probe = (row["region"], row["instance"], row["request_time"], int(row["instance_count"]))
        looks.setdefault(probe, set()).add(look)
    for probe, seen in looks.items():
        requested = parse_iso(probe[2])
        if requested:
            yield requested.timestamp(), Probe(*probe, tuple(sorted(seen)))


def _look(row: dict[str, str]) -> Look | None:
    requested, looked = parse_iso(row.get("request_time", "")), parse_iso(row.get("current_time", ""))
    names = ("instance_count", "ready_instances", "fulfilled_instances", "running_instances")
    texts = [row.get(name, "") for name in names]
    if requested is None or looked is None or not all(text.isascii() and text.isdigit() for text in texts):
        return None
    seconds = (looked - requested).total_seconds()
    count, *counts = map(int, texts)
    if seconds < 0 or not row.get("region") or not row.get("instance") or max(counts) > count:
        return None
    return Look(round(seconds, 3), *counts)
