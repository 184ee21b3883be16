"""Cuts an archive into batches of sources that follow each other in time; the batches share no time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from collect_sps_and_if.spotlake.find.sources import Source
from collect_sps_and_if.spotlake.find.times import DAY_SECONDS, Span

Batch = Sequence[Source]

SNAPSHOT_SECONDS = 600
SNAPSHOTS_A_DAY = DAY_SECONDS // SNAPSHOT_SECONDS
MAX_SNAPSHOTS = SNAPSHOTS_A_DAY
"""In one batch: a day. Enough for handing it out, and merging its summary, to cost little."""
MIN_SNAPSHOTS = 24
_SHARE = 2
"""A batch is at most a half of each worker's share of what is left: so all finish at about the same time."""


def within(sources: Iterable[Source], window: Span) -> list[Source]:
    """Leave out the sources whose path says that they lie outside the window."""
    return [
        source
        for source in sources
        if source.span is None or (source.span.first <= window.last and source.span.last >= window.first)
    ]


def with_spans(sources: Iterable[Source], spans: dict[int, Span]) -> list[Source]:
    """Give the sources with other spans, by their rank."""
    return [replace(source, span=spans.get(source.rank, source.span)) for source in sources]


def cut(sources: Sequence[Source], workers: int) -> list[list[Source]]:
    """Sort sources by time and cut them into batches, the last ones shorter; sources that overlap stay together.

    Each source must have a span.
    """
    ordered = sorted(sources, key=lambda source: (_span(source), source.rank))
    left = sum(map(_snapshots, ordered))
    batches: list[list[Source]] = []
    size = limit = 0
    for overlapping in _overlapping(ordered):
        if size >= limit:
            batches.append([])
            limit = min(MAX_SNAPSHOTS, max(MIN_SNAPSHOTS, left // (_SHARE * workers)))
            size = 0
        batches[-1].extend(overlapping)
        snapshots = sum(map(_snapshots, overlapping))
        size += snapshots
        left -= snapshots
    return batches


def _overlapping(ordered: Iterable[Source]) -> Iterator[list[Source]]:
    group: list[Source] = []
    end = 0
    for source in ordered:
        span = _span(source)
        if group and span.first > end:
            yield group
            group = []
        end = max(end, span.last) if group else span.last
        group.append(source)
    if group:
        yield group


def _snapshots(source: Source) -> int:
    """Estimate how many snapshots a source has, at most a day's."""
    span = _span(source)
    return min(1 + (span.last - span.first) // SNAPSHOT_SECONDS, SNAPSHOTS_A_DAY)


def _span(source: Source) -> Span:
    if source.span is None:
        raise ValueError(f"{source.name} has no span")
    return source.span
