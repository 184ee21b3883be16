"""Make the table's rows from all that is recorded under a HOME, a few days in memory at a time."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from collect_launch_time.dataset.as_of import Knowledge
from collect_launch_time.dataset.collected_scores import CollectedScores, Known, read_delays
from collect_launch_time.dataset.joining import joined
from collect_launch_time.dataset.recorded_probes import probed_pairs, read_probes
from collect_launch_time.dataset.time_order import in_time_order
from data_files.csv_table import PassedOver
from data_files.launches import looks
from data_files.launches.training_table import TrainingRow
from data_files.market import advisor, polled

Watch = Callable[[Sequence[date]], Iterable[date]]


def training_rows(home: Path, passed_over: PassedOver, watch: Watch = iter) -> Iterator[TrainingRow]:
    """Give the rows for the probes recorded under a HOME, in the order of time.

    passed_over is told of rows that make no sense, a number at a time; watch sees the days go by.
    """
    days = looks.FILES.days(home)
    pairs = {pair for day in days for pair in probed_pairs(home, day)}
    probes = in_time_order(watch(days), lambda day: read_probes(home, day, passed_over), passed_over)
    scores = CollectedScores(home, pairs, read_delays(home, passed_over), passed_over)
    return joined(probes, Knowledge(_observations(scores)))


def _observations(scores: CollectedScores) -> Iterator[Known]:
    return heapq.merge(
        in_time_order(polled.FILES.days(scores.home), scores.polled, scores.passed_over),
        in_time_order(advisor.FILES.days(scores.home), scores.advised, scores.passed_over),
    )
