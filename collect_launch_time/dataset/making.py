"""Make the table's rows from all that is recorded under a HOME, a few days in memory at a time."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from collect_launch_time.dataset.as_of import Knowledge, Observation
from collect_launch_time.dataset.collected_scores import CollectedScores
from collect_launch_time.dataset.joining import Row, joined
from collect_launch_time.dataset.recorded_probes import PassedOver, probed_pairs, read_probes
from collect_launch_time.dataset.time_order import in_time_order

Files = list[tuple[date, Path]]
Watch = Callable[[Files], Iterable[tuple[date, Path]]]


def training_rows(home: Path, looks: Files, passed_over: PassedOver, watch: Watch = iter) -> Iterator[Row]:
    """Give the rows for the probes in these files of looks, in the order of time; watch sees the files go by."""
    pairs = {pair for _, path in looks for pair in probed_pairs(path)}
    probes = in_time_order(watch(looks), lambda path: read_probes(path, passed_over), passed_over.count)
    return joined(probes, Knowledge(_observations(CollectedScores(home, pairs), passed_over)))


def _observations(scores: CollectedScores, passed_over: PassedOver) -> Iterator[tuple[float, Observation]]:
    delays = scores.delays()
    streams = (
        in_time_order(files, lambda path: scores.read(path, delays), passed_over.count)
        for files in (scores.polled_files(), scores.advisor_files())
    )
    return heapq.merge(*streams)
