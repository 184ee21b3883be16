"""What a cell may hold: for each kind of value the one reading of its text, and the one writing.

A reading gives the value, or None for an empty cell: that value is unknown. It raises ValueError for text that the kind
cannot hold: such a row makes no sense. What a spreadsheet or pandas makes of a whole number (`3.0`), and blanks around
a value, are read as that number.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from common.aws.region_name import REGION_PATTERN
from common.clock import iso, parse_iso
from common.files.csv_file import Cell

_T = TypeVar("_T")

# Basic kinds, by the words that docs/data.md and `--columns` use.
LIST, WHOLE_NUMBER, NUMBER, MOMENT, DAY = "list", "whole number", "number", "time", "date"

_LONGEST_NAME = 64  # no Region or instance type is half as long

_WHOLE = re.compile(r"([+-]?[0-9]{1,15})(?:\.0*)?")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_INSTANCE_TYPE = re.compile(r"[a-z0-9][a-z0-9-]*\.[a-z0-9-]+")


@dataclass(frozen=True)
class Kind(Generic[_T]):
    """One kind of cell: its name in words, how its text is read, how a value is written."""

    words: str
    parse: Callable[[str], _T]
    """Reads a text that is not empty; raises ValueError."""
    write: Callable[[_T], Cell]
    basic: str = "text"
    """What its values are: text, list (words separated by spaces), whole number, number, time or date."""
    limits: tuple[float, float] | None = None
    """Of a number: the least and the most it may be."""
    values: tuple[str, ...] = ()
    """Of one of some words: these."""

    def read(self, text: str) -> _T | None:
        """Read a cell; None if it is empty. Raises ValueError for what the kind cannot hold."""
        text = text.strip()
        return self.parse(text) if text else None


def whole_numbers(least: int, most: int) -> Kind[int]:
    """Give the kind of whole numbers within limits, both included."""

    def parse(text: str) -> int:
        found = _WHOLE.fullmatch(text)
        if not found or not least <= int(found[1]) <= most:
            raise ValueError(f"{text[:40]!r} is no whole number from {least} to {most}")
        return int(found[1])

    return Kind(f"whole number, {least} to {most}", parse, _as_it_is, WHOLE_NUMBER, (least, most))


def numbers(least: float, most: float) -> Kind[float]:
    """Give the kind of decimal numbers within limits, both included; finite ones only."""

    def parse(text: str) -> float:
        value = float(text) if _DECIMAL.fullmatch(text) else math.nan
        if not (least <= value <= most and math.isfinite(value)):
            raise ValueError(f"{text[:40]!r} is no number from {least:g} to {most:g}")
        return value

    return Kind("number", parse, _as_it_is, NUMBER, (least, most))


def one_of(*values: str) -> Kind[str]:
    """Give the kind of one of some words."""

    def parse(text: str) -> str:
        if text not in values:
            raise ValueError(f"{text[:40]!r} is none of {', '.join(values)}")
        return text

    return Kind(f"one of {', '.join(values)}", parse, _as_it_is, values=values)


def words_of(kind: Kind[str], most: int) -> Kind[tuple[str, ...]]:
    """Give the kind of one to most different words of a kind, separated by spaces; they are sorted."""

    def parse(text: str) -> tuple[str, ...]:
        words = tuple(sorted({kind.parse(word) for word in text.split()}))
        if len(words) > most:
            raise ValueError(f"{len(words)} are more than {most}")
        return words

    return Kind(f"up to {most} times {kind.words}, separated by spaces", parse, " ".join, LIST)


def or_unknown(kind: Kind[_T]) -> Kind[_T]:
    """Give a kind whose unreadable texts are unknown: where the rest of the row matters even so."""

    class _Lenient(Kind[_T]):
        def read(self, text: str) -> _T | None:
            try:
                return super().read(text)
            except ValueError:
                return None

    return _Lenient(kind.words, kind.parse, kind.write, kind.basic, kind.limits, kind.values)


def _shaped(words: str, shape: re.Pattern[str]) -> Kind[str]:
    def parse(text: str) -> str:
        if len(text) > _LONGEST_NAME or not shape.fullmatch(text):
            raise ValueError(f"{text[:40]!r} is no {words}")
        return text

    return Kind(words, parse, _as_it_is)


def _title(text: str) -> str:
    if len(text) > _LONGEST_NAME or not text.isprintable():
        raise ValueError(f"{text[:40]!r} is longer than {_LONGEST_NAME} characters, or not all of it can be printed")
    return text


def _as_it_is(value: Cell) -> Cell:
    return value


def _moment(text: str) -> datetime:
    moment = parse_iso(text)
    if moment is None:
        raise ValueError(f"{text[:40]!r} is no time with its UTC offset")
    return moment


TEXT = Kind("text", str, _as_it_is)
TITLE = Kind(f"text of up to {_LONGEST_NAME} characters", _title, _as_it_is)
"""What a person calls something."""
WORDS: Kind[tuple[str, ...]] = Kind("words separated by spaces", lambda text: tuple(text.split()), " ".join, LIST)
DATE = Kind("date", date.fromisoformat, date.isoformat, DAY)
TIME = Kind("time, ISO 8601 with its UTC offset", _moment, iso, MOMENT)
NAME = _shaped("name", re.compile(r"[!-~]+"))
"""Of a Region, an instance type or a zone as it was answered; whether there is one of that name is another question."""
REGION_NAME = _shaped("AWS Region", REGION_PATTERN)
"""Of a Region that is going to be asked."""
INSTANCE_TYPE = _shaped("instance type", _INSTANCE_TYPE)
"""Of a type that is going to be asked for."""
PLACEMENT_SCORES = range(1, 11)
"""The scale of AWS's documentation. Single types were seen at 1-3 and, since 2025, at up to 9."""
PLACEMENT_SCORE = whole_numbers(PLACEMENT_SCORES[0], PLACEMENT_SCORES[-1])
INTERRUPTION_RANGES = ("<5 %", "5–10 %", "10–15 %", "15–20 %", ">20 %")
"""What the Spot Instance Advisor's indexes stand for: the share of instances that AWS interrupted in a month."""
INTERRUPTION_FREQUENCY = whole_numbers(0, len(INTERRUPTION_RANGES) - 1)
"""The advisor's index."""
LEAST_SAVINGS = -10_000
SAVINGS = whole_numbers(LEAST_SAVINGS, 100)
"""In percent; below 0 where spot is dearer than on demand."""
COUNT = whole_numbers(0, 10**9)
PROBABILITY = numbers(0, 1)
AMOUNT = numbers(0, 1e12)
"""Dollars, seconds, changes a day: whatever cannot be negative."""
