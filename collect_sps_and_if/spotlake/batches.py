"""Parts an archive into runs of neighbouring sources, between which nothing is shared but a border in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from collect_sps_and_if.spotlake.find.sources import Source
from collect_sps_and_if.spotlake.find.times import DAY_SECONDS, Span

SNAPSHOT_SECONDS = 600
MOST_SNAPSHOTS = 144
"""In one run: a day. Long enough that handing it over, and merging what it leaves behind, costs little."""
FEWEST_SNAPSHOTS = 24
SHARE = 2
"""A run takes no more than this part of each worker's share of what is left: so they finish together."""


def within(sources: Iterable[Source], window: Span) -> list[Source]:
    """Leave out the sources whose path says that they lie outside the window."""
    return [
        source
        for source in sources
        if source.span is None or (source.span.first <= window.last and source.span.last >= window.first)
    ]


def with_spans(sources: Iterable[Source], spans: dict[int, Span]) -> list[Source]:
    """Set right the spans of the sources, by rank, that were found to hold other times."""
    return [replace(source, span=spans.get(source.rank, source.span)) for source in sources]


def runs(sources: Sequence[Source], workers: int) -> list[list[Source]]:
    """Sort sources by time and cut them, never between two that overlap, into runs, shorter ones last."""
    ordered = sorted(sources, key=lambda source: (_span(source), source.rank))
    left = sum(map(_snapshots, ordered))
    cut: list[list[Source]] = []
    size = limit = 0
    for together in _overlapping(ordered):
        if size >= limit:
            cut.append([])
            limit = min(MOST_SNAPSHOTS, max(FEWEST_SNAPSHOTS, left // (SHARE * workers)))
            size = 0
        cut[-1].extend(together)
        snapshots = sum(map(_snapshots, together))
        size += snapshots
        left -= snapshots
    return cut


def _overlapping(ordered: Iterable[Source]) -> Iterator[list[Source]]:
    together: list[Source] = []
    end = 0
    for source in ordered:
        if together and _span(source).first > end:
            yield together
            together = []
        end = max(end, _span(source).last) if together else _span(source).last
        together.append(source)
    if together:
        yield together


def _snapshots(source: Source) -> int:
    span = _span(source)
    return min(1 + (span.last - span.first) // SNAPSHOT_SECONDS, DAY_SECONDS // SNAPSHOT_SECONDS)


def _span(source: Source) -> Span:
    if source.span is None:
        raise ValueError(f"{source.name} was never asked for its times")
    return source.span
