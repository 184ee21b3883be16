"""Render the page as one HTML file that needs no other: styles, scripts, data and charts (as JSON) are part of it.

Its sources are in report/page: page.html is a Jinja template, main.js the script's first module.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from analysis.advice.pair_advice import named_figures
from analysis.advice.ranking import RULE
from analysis.advice.readiness import PERIOD
from analysis.standing.standing_lines import standing_lines
from common.redaction import without_values
from data_files.cells import INTERRUPTION_RANGES
from report.answers import PAIR_COLUMNS, by_region, by_type, pair_cells
from report.compiled import compiled_charts, vega_script
from report.gather.everything import Gathered
from report.gather.pairs import day_number
from report.gather.prices import UNITS_A_DOLLAR
from report.head import cards, launches_in_words, probe_rows, utc_offset, warning_lines
from report.labels import DIRECTIONS, PAIR_SEPARATOR, WEEKDAYS
from report.module_joiner import join_modules

_SOURCES = Path(__file__).parent / "page"
_GAPS_SHOWN = 6
_TROUBLES_SHOWN = 30
_ANSWERS_SHOWN = 10


def render_page(gathered: Gathered) -> str:
    """Give the whole page as HTML."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_SOURCES), autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["moment"] = _format_moment
    health = gathered.health
    return environment.get_template("page.html").render(
        made=health.now,
        span=_span(gathered),
        warnings=[without_values(line) for line in warning_lines(gathered)],
        cards=cards(gathered),
        probes=probe_rows(gathered),
        gaps=list(reversed(gathered.polls.gaps))[:_GAPS_SHOWN],
        launches=launches_in_words(gathered),
        standing=standing_lines(gathered.standing),
        answer_columns=PAIR_COLUMNS,
        answers=[pair_cells(pair, health.now) for pair in gathered.advice[:_ANSWERS_SHOWN]],
        answers_total=len(gathered.advice),
        rule=RULE,
        groups=[
            ("Instance type", *by_type(gathered.readiness, health.now)),
            ("Region", *by_region(gathered.readiness, health.now)),
        ],
        probe_days=PERIOD.days,
        troubles=[without_values(line) for line in gathered.troubles.lines[:_TROUBLES_SHOWN]],
        more_troubles=len(gathered.troubles.lines[_TROUBLES_SHOWN:]),
        style=Markup((_SOURCES / "style.css").read_text(encoding="utf-8")),  # noqa: S704 - our style sheet
        data=_json(embedded_data(gathered)),
        charts=_json(compiled_charts()),
        vega=_script(vega_script()),
        script=_script(join_modules(_SOURCES / "main.js")),
    )


def _format_moment(time: datetime) -> str:
    """Format a time with its offset from UTC, for people."""
    return f"{time:%a %-d %b %Y %H:%M} {utc_offset(time)}"


def _span(gathered: Gathered) -> str:
    if not gathered.first or not gathered.last:
        return "Nothing has been collected yet: the page fills as soon as the first poll is done."
    begun = gathered.begun or gathered.first
    first, since, last = (day.strftime("%-d %b %Y") for day in (gathered.first, begun, gathered.last))
    span = f"from {since} to {last}" if since != last else f"on {last}"
    prices = f"; prices go back to {first}" if first != since else ""
    older = f"; {gathered.older:,} older days are not shown" if gathered.older else ""
    return f"Collected {span}{prices}{older}."


def embedded_data(gathered: Gathered) -> dict[str, Any]:
    """Give the data that the page's script draws, in the format of page/logic/embedded_data.d.ts."""
    health = gathered.health
    today = health.now.date()
    return {
        "first": day_number(gathered.first or today),
        "begun": day_number(gathered.begun or gathered.first or today),
        "last": day_number(gathered.last or today),
        "polled_until": gathered.polled_until // 60,
        **vars(gathered.pairs.table()),
        "pair_separator": PAIR_SEPARATOR,
        "bands": INTERRUPTION_RANGES,
        "directions": DIRECTIONS,
        "weekdays": WEEKDAYS,
        "made": health.now.timestamp(),
        "answers": [
            {
                "pair": gathered.pairs.number(pair.region, pair.instance),
                "cells": [[cell.text, cell.detail] for cell in pair_cells(pair, health.now)],
                "figures": named_figures(pair),
            }
            for pair in gathered.advice
        ],
        "scores": gathered.scores.listed(),
        "prices": {**gathered.prices.listed(), "units_a_dollar": UNITS_A_DOLLAR},
        "week_hours": gathered.week_hours.listed(),
        "launch_hours": gathered.launch_hours.listed(),
        "interruption": gathered.interruption.listed(),
        "ranking": vars(gathered.ranking),
        "launches": vars(gathered.launches.table()),
        "polls": gathered.polls.listed(),
        "spending": [[day_number(day), round(usd, 4)] for day, usd in sorted(gathered.spending.items())],
        "budget": health.settings.daily_budget_usd,
    }


def _json(content: Any) -> Markup:
    # Inside a script element only "<" could end it or open a comment; JSON may spell it otherwise.
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - made safe just now


def _script(text: str) -> Markup:
    return Markup(text.replace("</script", "<\\/script").replace("<!--", "<\\!--"))  # noqa: S704 - our script and Vega's
