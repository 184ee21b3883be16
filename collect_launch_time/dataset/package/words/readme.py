"""README.md of the package: sampling, gaps, refusals, settings, licences, columns, in words for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collect_launch_time.dataset.package.words.description import Description
from collect_launch_time.dataset.package.words.survey import COUNTED_OUTCOMES, SEEN_SETTINGS, Missing, Period, Survey
from data_files.published import name_of

README_FILE = "README.md"

_AN_HOUR = 6  # polls
_MOST_GAPS = 100
_MOST_PERIODS = 60


@dataclass(frozen=True)
class ShownMonth:
    """A month's shares of the values of a column."""

    month: str
    total: str
    shares: Sequence[str]


@dataclass(frozen=True)
class ShownCounts:
    """How often each value of a column was, by month."""

    name: str
    columns: Sequence[str]
    rows: Sequence[ShownMonth]


@dataclass(frozen=True)
class ShownSetting:
    """A setting, and when it had which value."""

    words: str
    periods: Sequence[Period]


def readme(description: Description, empty: Sequence[str], survey: Survey, capacities: Sequence[Period]) -> str:
    """Write it; empty are the names of tables without rows, capacities for how many instances scores were asked."""
    import jinja2

    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=False,  # noqa: S701 - Markdown, of names and numbers only
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    polls = survey.polls()
    gaps = [gap for gap in polls.missing if gap.polls >= _AN_HOUR] if polls else []
    return templates.get_template(README_FILE).render(
        description=description,
        empty=empty,
        polls=polls,
        gaps=_longest(gaps),
        all_gaps=len(gaps),
        outcomes=list(_outcomes(survey)),
        settings=list(_settings(survey, capacities)),
        share=_share,
    )


def _longest(gaps: Sequence[Missing]) -> list[Missing]:
    longest = sorted(gaps, key=lambda gap: -gap.polls)[:_MOST_GAPS]
    return sorted(longest, key=lambda gap: gap.first)


def _outcomes(survey: Survey) -> Iterator[ShownCounts]:
    for files, column in COUNTED_OUTCOMES:
        by_month = survey.counts((files, column))
        seen = [value for value in (*column.kind.values, None) if any(value in found for found in by_month.values())]
        if seen:
            names = ["null" if value is None else value for value in seen]
            yield ShownCounts(f"{name_of(files)}.{column.name}", names, list(_months(by_month, seen)))


def _months(by_month: Mapping[str, Counter[Any]], values: Sequence[Any]) -> Iterator[ShownMonth]:
    for month, found in sorted(by_month.items()):
        shares = [_share(found[value], found.total()) for value in values]
        yield ShownMonth(month, f"{found.total():,}", shares)


def _settings(survey: Survey, capacities: Sequence[Period]) -> Iterator[ShownSetting]:
    found = [
        ("Placement-score queries planned for a day", survey.planned()),
        ("Instances for which placement scores were asked (target capacity)", list(capacities)),
        *(
            (f"`{name_of(files)}.{column.name}`: {column.meaning}", survey.settings((files, column)))
            for files, column in SEEN_SETTINGS
        ),
    ]
    for words, periods in found:
        if len(periods) > _MOST_PERIODS:
            words, periods = f"{words} (the latest {_MOST_PERIODS} of {len(periods)} periods)", periods[-_MOST_PERIODS:]
        if periods:
            yield ShownSetting(words, periods)


def _share(part: int, whole: int) -> str:
    if not part:
        return "0"
    return f"{100 * part / whole:.2f} %" if 100 * part >= 0.005 * whole else "< 0.01 %"
