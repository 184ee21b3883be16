"""Summarises one batch: what a worker does, in a process of its own or on a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from collect_sps_and_if.spotlake.batches import Batch
from collect_sps_and_if.spotlake.count.summary import Summary, summary_of
from collect_sps_and_if.spotlake.count.tally import Tally
from collect_sps_and_if.spotlake.find import s3
from collect_sps_and_if.spotlake.find.damage import Damaged, failures_as_damage
from collect_sps_and_if.spotlake.find.sources import Skipped, Source
from collect_sps_and_if.spotlake.find.times import ALWAYS, Span
from collect_sps_and_if.spotlake.read.content import csv_text, fetch, parquet_file
from collect_sps_and_if.spotlake.read.rows import Block
from collect_sps_and_if.spotlake.read.snapshot_reader import SnapshotReader

_MAX_VALUES = 100
"""When a reader has met more different scores and frequencies, the next batch gets a new one: what a few bad files
contain would add up, and a reader has room for so many only."""
_FETCHED_AHEAD = 8
"""Objects on S3 that are being fetched while another one is read: each takes some 50 ms to begin."""


def summarise(batch: Batch, window: Span = ALWAYS, reader: SnapshotReader | None = None) -> Summary:
    """Read the sources of a batch, in the order of their spans, and summarise their rows within the window of time.

    All rows of one time are one snapshot, from whichever files they come: of one pool's rows, those of the source with
    the highest rank count. A reader that has read other batches gives the same result, only faster.
    """
    reader = reader or SnapshotReader()
    tally = Tally()
    waiting: dict[int, list[tuple[int, Block]]] = {}  # by their time: rank and block, to be counted
    skipped: list[Skipped] = []
    actual_spans: dict[int, Span] = {}
    files = rows = 0

    def count_before(end: int) -> None:
        for time in sorted(time for time in waiting if time < end):
            blocks = sorted(waiting.pop(time), key=lambda ranked: ranked[0])
            tally.add([block for _, block in blocks], len(reader.pools))

    for source, content in _fetched(batch):
        if source.span:
            count_before(source.span.first)
        try:
            with failures_as_damage():
                blocks = _blocks(source, content, reader)
        except Damaged as damage:
            skipped.append(Skipped(source.name, str(damage)))
            continue
        files += 1
        span = Span(min(block.time for block in blocks), max(block.time for block in blocks))
        if source.span is None or not source.span.first <= span.first <= span.last <= source.span.last:
            actual_spans[source.rank] = span
        for block in blocks:
            if window.first <= block.time <= window.last:
                rows += len(block.pools)
                waiting.setdefault(block.time, []).append((source.rank, block))
        del blocks, block  # or a day of Parquet would stay in memory while the next one is read
    count_before(ALWAYS.last)
    return summary_of(
        tally, reader.pools, reader.values, files=files, rows=rows, skipped=skipped, actual_spans=actual_spans
    )


class Summariser:
    """Summarises batch after batch with one reader, which knows most lines of a batch from the one before."""

    def __init__(self) -> None:
        """Begin with a reader that has read nothing."""
        self._reader = SnapshotReader()

    def summarise(self, batch: Batch, window: Span) -> Summary:
        """Summarise a batch, as the function of this name does."""
        if len(self._reader.values) > _MAX_VALUES:
            self._reader = SnapshotReader()
        return summarise(batch, window, self._reader)


def span_of_rows(source: Source) -> Span | Skipped:
    """Read a source that has no span for the times of its rows."""
    summary = summarise([source])
    return summary.actual_spans[source.rank] if summary.files else summary.skipped[0]


def _blocks(source: Source, content: bytes | Damaged | None, reader: SnapshotReader) -> list[Block]:
    if isinstance(content, Damaged):
        raise content
    if content is not None:
        return reader.read(csv_text(source, content), source.span)
    return reader.read_parquet(parquet_file(source), source.span)


def _fetched(batch: Batch) -> Iterator[tuple[Source, bytes | Damaged | None]]:
    """Give each source with its content, or what is wrong with it; None for Parquet, of which only parts are read."""
    if not any(s3.is_address(source.location) and not source.member for source in batch):
        yield from ((source, _fetch(source)) for source in batch)
        return
    with ThreadPoolExecutor(_FETCHED_AHEAD) as threads:
        left = iter(batch)
        ahead = [(source, threads.submit(_fetch, source)) for source in islice(left, _FETCHED_AHEAD)]
        while ahead:
            source, fetched = ahead.pop(0)
            yield source, fetched.result()
            ahead.extend((later, threads.submit(_fetch, later)) for later in islice(left, 1))


def _fetch(source: Source) -> bytes | Damaged | None:
    if source.suffix == ".parquet":
        return None
    try:
        with failures_as_damage():
            return fetch(source)
    except Damaged as damage:
        return damage
