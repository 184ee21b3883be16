"""The table's rows, from all that is recorded under a HOME; only a few days are in memory at a time."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from collect_launch_time.dataset.as_of import Knowledge
from collect_launch_time.dataset.collected_scores import CollectedScores, KnownObservation, read_delays
from collect_launch_time.dataset.joining import join
from collect_launch_time.dataset.recorded_probes import probed_pairs, read_probes
from collect_launch_time.dataset.time_order import in_time_order
from data_files.csv_table import PassedOver
from data_files.launches import looks
from data_files.launches.training_table import TrainingRow
from data_files.market import advisor, polled

Progress = Callable[[Sequence[date]], Iterable[date]]


def training_rows(home: Path, passed_over: PassedOver, progress: Progress = iter) -> Iterator[TrainingRow]:
    """Give the rows of all probes recorded under a HOME, ordered by the time of their request.

    passed_over is called with numbers of rows that make no sense; progress wraps the days, to show how far it is.
    """
    days = looks.FILES.days(home)
    pairs = {pair for day in days for pair in probed_pairs(home, day)}
    probes = in_time_order(progress(days), lambda day: read_probes(home, day, passed_over), passed_over)
    scores = CollectedScores(home, pairs, read_delays(home, passed_over), passed_over)
    return join(probes, Knowledge(_observations(scores)))


def _observations(scores: CollectedScores) -> Iterator[KnownObservation]:
    return heapq.merge(
        in_time_order(polled.FILES.days(scores.home), scores.polled, scores.passed_over),
        in_time_order(advisor.FILES.days(scores.home), scores.advised, scores.passed_over),
    )
