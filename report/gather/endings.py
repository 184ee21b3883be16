"""How probes ended, in the words of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from data_files.columnar import ColumnarRows
from data_files.launches import probes
from report.gather.pairs import PairNumbers

ENDED_ALL_READY = "all ready"
ENDED_TIMEOUT = "timeout"
ENDED_UNKNOWN = "not on record"
ENDED_ALL_FULFILLED = "until fulfilled: all fulfilled"
ENDED_NOT_FULFILLED = "until fulfilled: timeout"
_STOPPED = "stopped"
_REFUSED = "refused"
_LOST = "lost"

ENDINGS = (
    ENDED_ALL_READY,
    ENDED_TIMEOUT,
    ENDED_UNKNOWN,
    ENDED_ALL_FULFILLED,
    ENDED_NOT_FULFILLED,
    _STOPPED,
    _REFUSED,
    _LOST,
)

Endings: TypeAlias = Mapping[tuple[int, float], str]
"""By a probe's pair (its number) and the request's seconds since 1970, in UTC, one of ENDINGS."""

_WORDS = {
    probes.TIMED_OUT: ENDED_TIMEOUT,
    probes.ALL_READY: ENDED_ALL_READY,
    probes.ALL_FULFILLED: ENDED_ALL_FULFILLED,
    probes.STOPPED: _STOPPED,
    probes.REFUSED: _REFUSED,
    probes.LOST: _LOST,
}

ENDING_COLUMNS = (
    probes.REGION, probes.INSTANCE, probes.REQUEST_TIME, probes.PROBABILITY_OF_PAIR, probes.UNTIL, probes.ENDED,
)  # fmt: skip
"""Of the files of ended probes."""


def endings_of(rows: ColumnarRows, pairs: PairNumbers) -> Endings:
    """Give how a day's probes ended; of two rows of one probe the first counts."""
    pair = pairs.numbers_of(rows.coded(probes.REGION), rows.coded(probes.INSTANCE)).tolist()
    moments = rows.times(probes.REQUEST_TIME).utc.tolist()
    until, ended = (rows.coded(column) for column in (probes.UNTIL, probes.ENDED))
    found: dict[tuple[int, float], str] = {}
    for place, key in enumerate(zip(pair, moments, strict=True)):
        found.setdefault(key, _ending(until.values[until.codes[place]], ended.values[ended.codes[place]]))
    return found


def _ending(until: str | None, ended: str | None) -> str:
    if until == probes.FULFILLED and ended in (None, probes.TIMED_OUT):
        return ENDED_NOT_FULFILLED
    if until == probes.FULFILLED and ended == probes.ALL_READY:
        return ENDED_ALL_FULFILLED
    return _WORDS.get(ended or "", ENDED_UNKNOWN)


def is_about_readiness(ending: str) -> bool:
    """Tell whether such a probe counted all that the market gave until its timeout, as `probes.tells_readiness`."""
    return ending in (ENDED_ALL_READY, ENDED_TIMEOUT, ENDED_UNKNOWN)
