"""The bootstrap from beginning to end: find out when sources were taken, cut, summarise, merge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from collect_sps_and_if.spotlake import batches
from collect_sps_and_if.spotlake.batches import Batch
from collect_sps_and_if.spotlake.count.summary import Summary
from collect_sps_and_if.spotlake.find.sources import Found, Skipped, Source
from collect_sps_and_if.spotlake.find.times import Span
from collect_sps_and_if.spotlake.summarise import span_of_rows

_Progress = Callable[[Iterator[Summary], int], Iterator[Summary]]
"""Passes summaries on and shows progress; the number is that of all files."""


class Workers(Protocol):
    """What summarises batches: `LocalWorkers` or `ClusterWorkers`."""

    count: int

    def summaries(self, batches: Sequence[Batch], window: Span) -> Iterator[Summary]:
        """Summarise batches, in their order."""


def summarise_all(found: Found, window: Span, workers: Workers, progress: _Progress) -> Summary:
    """Summarise all that was found and lies within the window of time."""
    sources, unreadable = _with_all_spans(batches.within(found.sources, window))
    whole = _merged(sources, window, workers, progress)
    if whole.actual_spans and not _is_in_order(whole):
        # Some rows have other times than their files' paths say, and were counted in a wrong order: once more.
        sources = batches.with_spans(sources, whole.actual_spans)
        whole = _merged(sources, window, workers, progress)
    return replace(whole, skipped=[*found.skipped, *unreadable, *whole.skipped])


def _merged(sources: list[Source], window: Span, workers: Workers, progress: _Progress) -> Summary:
    whole = Summary()
    for summary in progress(workers.summaries(batches.cut(sources, workers.count), window), len(sources)):
        whole = whole.then(summary)
    return whole


def _with_all_spans(sources: list[Source]) -> tuple[list[Source], list[Skipped]]:
    """Read the sources whose path does not say when they were taken; give all with a span, and those unreadable."""
    spans: dict[int, Span] = {}
    unreadable: dict[int, Skipped] = {}
    for source in sources:
        if source.span is None:
            match span_of_rows(source):
                case Skipped() as skipped:
                    unreadable[source.rank] = skipped
                case span:
                    spans[source.rank] = span
    readable = [source for source in sources if source.rank not in unreadable]
    return batches.with_spans(readable, spans), list(unreadable.values())


def _is_in_order(summary: Summary) -> bool:
    return bool((np.diff(summary.times) > 0).all())
