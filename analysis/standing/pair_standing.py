"""What standing queries say of single pairs: of those whose type is among a query's, in a Region that it scored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import numpy as np

from analysis.reading import NotingReader
from data_files.market import standing_definitions, standing_scores
from data_files.market.polled import Pair
from data_files.market.standing_definitions import Definitions

_COLUMNS = (
    standing_scores.POLL_TIME, standing_scores.QUERY_NAME, standing_scores.REGION, standing_scores.ZONE,
    standing_scores.SPS,
)  # fmt: skip


@dataclass(frozen=True)
class StandingScore:
    """A placement score, 1 to 10, of a Region or of one of its zones, for so many instances of any of some types."""

    name: str
    """Of the standing query."""
    instances: tuple[str, ...]
    target_capacity: int
    az: str | None
    """The zone's id; None: the score is of the whole Region."""
    score: int
    time: datetime
    """Of its poll."""


@dataclass(frozen=True)
class _Answer:
    name: str
    region: str
    az: str | None
    score: int
    time: datetime


def pair_standing(reader: NotingReader, now: datetime, since: datetime) -> dict[Pair, list[StandingScore]]:
    """Give for each pair what standing queries with its type were answered last of its Region, after since and by now.

    By the query's name; of a query that asks zones those of its newest poll with any score, best first.
    """
    answers = list(_newest_answers(reader, now, since))
    if not answers:
        return {}
    path = standing_definitions.FILE.path(reader.home)
    definitions = Definitions(reader.rows(standing_definitions.FILE, path))
    found: defaultdict[Pair, list[StandingScore]] = defaultdict(list)
    for answer in sorted(answers, key=lambda answer: (answer.name, -answer.score, answer.az or "")):
        asked = definitions.at(answer.name, answer.time)
        if asked is None:
            continue
        figures = (asked.instances, asked.target_capacity, answer.az, answer.score, answer.time)
        for instance in asked.instances:
            found[answer.region, instance].append(StandingScore(answer.name, *figures))
    return dict(found)


def _newest_answers(reader: NotingReader, now: datetime, since: datetime) -> Iterator[_Answer]:
    told: set[tuple[str, str]] = set()
    day = now.date() + timedelta(days=1)  # a file's date may be another time zone's
    while day >= since.date() - timedelta(days=1):
        answers = _answers_of(reader, day, now, since)
        yield from (answer for answer in answers if (answer.name, answer.region) not in told)
        told.update((answer.name, answer.region) for answer in answers)
        day -= timedelta(days=1)


def _answers_of(reader: NotingReader, day: date, now: datetime, since: datetime) -> list[_Answer]:
    """Give the scores of a day's file, of each query and Region those of the last poll that has any."""
    rows = reader.columns(standing_scores.FILES, day, *_COLUMNS)
    if rows is None:
        return []
    name, region, az = (rows.coded(column) for column in _COLUMNS[1:4])
    times, score = rows.times(standing_scores.POLL_TIME), rows.numbers(standing_scores.SPS)
    utc = times.utc
    known = np.flatnonzero(~np.isnan(score) & (utc > since.timestamp()) & (utc <= now.timestamp()))
    group = name.codes * len(region.values) + region.codes
    last = np.full(len(name.values) * len(region.values), -np.inf)
    np.maximum.at(last, group[known], utc[known])
    newest = known[utc[known] == last[group[known]]]
    answers: dict[tuple[int, int], _Answer] = {}
    for row in newest.tolist():  # of two rows of one place the last counts
        offset = timezone(timedelta(seconds=float(times.wall[row] - utc[row])))
        answers[int(group[row]), int(az.codes[row])] = _Answer(
            name.values[name.codes[row]],
            region.values[region.codes[row]],
            az.values[az.codes[row]],
            int(score[row]),
            datetime.fromtimestamp(float(utc[row]), offset),
        )
    return list(answers.values())
