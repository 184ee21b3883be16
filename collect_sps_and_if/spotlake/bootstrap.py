"""The bootstrap from beginning to end: find, cut, summarise, merge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from collect_sps_and_if.spotlake import batches
from collect_sps_and_if.spotlake.count.summary import Summary
from collect_sps_and_if.spotlake.find.sources import Found, Skipped, Source
from collect_sps_and_if.spotlake.find.times import Span
from collect_sps_and_if.spotlake.summarise import span_within

Progress = Callable[[Iterator[Summary], int], Iterator[Summary]]
"""Passes summaries on, and shows how many of that many files they are of."""


class Workers(Protocol):
    """Whoever summarises runs."""

    count: int

    def summaries(self, runs: Sequence[Sequence[Source]], window: Span) -> Iterator[Summary]:
        """Summarise runs, in their order."""


def summarise_all(found: Found, window: Span, workers: Workers, progress: Progress) -> Summary:
    """Sum up everything that was found and lies within the window."""
    sources, unreadable = _with_all_spans(batches.within(found.sources, window))
    whole = _merged(sources, window, workers, progress)
    if whole.elsewhere and not _is_in_order(whole):
        # Some rows tell other times than their files' paths, and it matters: now that they are known, once more.
        sources = batches.with_spans(sources, whole.elsewhere)
        whole = _merged(sources, window, workers, progress)
    return replace(whole, skipped=[*found.skipped, *unreadable, *whole.skipped])


def _merged(sources: list[Source], window: Span, workers: Workers, progress: Progress) -> Summary:
    runs = batches.runs(sources, workers.count)
    whole = Summary()
    for summary in progress(workers.summaries(runs, window), len(sources)):
        whole = whole.then(summary)
    return whole


def _with_all_spans(sources: list[Source]) -> tuple[list[Source], list[Skipped]]:
    spans: dict[int, Span] = {}
    unreadable: dict[int, Skipped] = {}
    for source in sources:
        if source.span is None:
            match span_within(source):
                case Skipped() as skipped:
                    unreadable[source.rank] = skipped
                case span:
                    spans[source.rank] = span
    readable = [source for source in sources if source.rank not in unreadable]
    return batches.with_spans(readable, spans), list(unreadable.values())


def _is_in_order(summary: Summary) -> bool:
    return bool((np.diff(summary.times) > 0).all())
