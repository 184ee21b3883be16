"""Summarises one run of neighbouring sources: the map, done by a worker in a process of its own, or on a cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from collect_sps_and_if.spotlake.count.summary import Summary, summary_of
from collect_sps_and_if.spotlake.count.tally import Tally
from collect_sps_and_if.spotlake.find import s3
from collect_sps_and_if.spotlake.find.damage import Damaged, whatever_fails_is_damage
from collect_sps_and_if.spotlake.find.sources import Skipped, Source
from collect_sps_and_if.spotlake.find.times import ALWAYS, Span
from collect_sps_and_if.spotlake.read.content import csv_text, fetch, parquet_file
from collect_sps_and_if.spotlake.read.rows import Block
from collect_sps_and_if.spotlake.read.snapshot_reader import SnapshotReader

MAX_VALUES = 100
"""Different scores and frequencies after which a reader is made anew: those of odd files shall not add up."""
FETCHED_AHEAD = 8
"""Objects on S3 that are on their way while another is worked on: each takes some 50 ms to begin."""


def summarise(sources: Sequence[Source], window: Span = ALWAYS, reader: SnapshotReader | None = None) -> Summary:
    """Read sources in the order of their first times and sum up their snapshots within the window of time.

    Snapshots with one time are one, whatever files they come from: the rows of the source given last win. A reader
    that has read another run is no other, only faster.
    """
    reader = reader or SnapshotReader()
    tally = Tally()
    waiting: dict[int, list[tuple[int, Block]]] = {}
    skipped: list[Skipped] = []
    elsewhere: dict[int, Span] = {}
    files = rows = 0

    def take_before(moment: int) -> None:
        for time in sorted(time for time in waiting if time < moment):
            blocks = sorted(waiting.pop(time), key=lambda ranked: ranked[0])
            tally.take([block for _, block in blocks], len(reader.pools))

    for source, content in _fetched(sources):
        if source.span:
            take_before(source.span.first)
        try:
            with whatever_fails_is_damage():
                blocks = _blocks(source, content, reader)
        except Damaged as damage:
            skipped.append(Skipped(source.name, str(damage)))
            continue
        files += 1
        span = Span(min(block.time for block in blocks), max(block.time for block in blocks))
        if source.span is None or not source.span.first <= span.first <= span.last <= source.span.last:
            elsewhere[source.rank] = span
        for block in blocks:
            if window.first <= block.time <= window.last:
                rows += len(block.pools)
                waiting.setdefault(block.time, []).append((source.rank, block))
        del blocks, block  # or a day of Parquet would stay while the next one is read
    take_before(ALWAYS.last)
    return summary_of(tally, reader.pools, reader.values, files=files, rows=rows, skipped=skipped, elsewhere=elsewhere)


class Summariser:
    """Summarises batch after batch with one reader: it knows most of a batch's lines from the batch before."""

    def __init__(self) -> None:
        """Begin with a reader that knows nothing."""
        self._reader = SnapshotReader()

    def summarise(self, batch: Sequence[Source], window: Span) -> Summary:
        """Summarise a batch."""
        if len(self._reader.values) > MAX_VALUES:
            self._reader = SnapshotReader()
        return summarise(batch, window, self._reader)


def span_within(source: Source) -> Span | Skipped:
    """Read a source only for the times it holds, where its path does not tell."""
    summary = summarise([source])
    return summary.elsewhere[source.rank] if summary.files else summary.skipped[0]


def _blocks(source: Source, content: bytes | Damaged | None, reader: SnapshotReader) -> list[Block]:
    if isinstance(content, Damaged):
        raise content
    if content is not None:
        return reader.read(csv_text(source, content), source.span)
    return reader.read_parquet(parquet_file(source), source.span)


def _fetched(sources: Sequence[Source]) -> Iterator[tuple[Source, bytes | Damaged | None]]:
    """Give each source with its content, or what is wrong with it; Parquet is not fetched but sought in."""
    if not any(s3.is_address(source.place) and not source.member for source in sources):
        yield from ((source, _fetch(source)) for source in sources)
        return
    with ThreadPoolExecutor(FETCHED_AHEAD) as threads:
        left = iter(sources)
        ahead = [(source, threads.submit(_fetch, source)) for source in islice(left, FETCHED_AHEAD)]
        while ahead:
            source, fetched = ahead.pop(0)
            yield source, fetched.result()
            ahead.extend((following, threads.submit(_fetch, following)) for following in islice(left, 1))


def _fetch(source: Source) -> bytes | Damaged | None:
    if source.kind == ".parquet":
        return None
    try:
        with whatever_fails_is_damage():
            return fetch(source)
    except Damaged as damage:
        return damage
