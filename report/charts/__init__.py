"""The page's charts, without their data: described in Vega-Lite, and compiled to Vega by script/charts.

So the page opens fast, and only who changes a chart needs altair and vl-convert: the page reads report/compiled.

Each chart reads one table named "rows", which the page's script fills: report/page/sections has a file for each file
here, `scores`, `prices`, `week_hours`, `interruption`, `launches`, `calibration` and `days`; `parts` is what they
share, `theme` how all of them look: colours are parameters, whose values the page's style sheet has.
"""

from __future__ import annotations

import functools
from typing import Any

import altair as alt
import vl_convert

from report.charts import calibration, days, interruption, launches, prices, scores, week_hours
from report.charts.parts import AnyChart
from report.charts.theme import CONFIG, PARAMETERS


@functools.cache
def compile_charts() -> dict[str, dict[str, Any]]:
    """Give the Vega specification of every chart by its name."""
    score_title, band_title = "Placement score at the request", "Interruption frequency at the request"
    ready_title = "Ready of those requested"
    charts = {
        "calendar": days.calendar(),
        "calendar_of_few": days.calendar_of_few(),
        "spending": days.spending(),
        "scores": scores.scores(),
        "prices": prices.prices(),
        "week_hours": week_hours.week_hours("Placement score, weighted mean", ".2~f", "Hours of pairs polled", (1, 10)),
        "launch_hours": week_hours.week_hours("Ready of those requested, weighted", ".0%", "Probes", (0, 1)),
        "bands": interruption.bands(),
        "band_shares": interruption.band_shares(),
        "band_changes": interruption.band_changes(),
        "sparkline": scores.sparkline(),
        "readiness": launches.readiness(),
        "stages": launches.stages(),
        "ranges": launches.ranges(),
        "endings": launches.endings(),
        "outcomes": launches.outcomes(),
        "share_by_score": calibration.calibration(score_title, ready_title, "%"),
        "seconds_by_score": calibration.calibration(score_title, "Seconds until half were ready", ",d"),
        "share_by_band": calibration.calibration(band_title, ready_title, "%"),
    }
    return {name: _compile(chart) for name, chart in charts.items()}


def _compile(chart: AnyChart) -> dict[str, Any]:
    parameters = [alt.param(name=name, value=value) for name, value in PARAMETERS.items()]
    # The page says what each chart is. Vega's own words for each mark tell times by the reader's time zone.
    described = chart.properties(width="container").add_params(*parameters).configure(aria=False)
    compiled: dict[str, Any] = vl_convert.vegalite_to_vega(described.to_dict())
    del compiled["background"]  # so that the page's own shows, light or dark
    compiled["config"] = CONFIG
    _hide_marks(compiled)
    return compiled


def _hide_marks(compiled: dict[str, Any]) -> None:
    """Hide marks, which have no words any more, from those who listen to the page."""
    for mark in compiled.get("marks", ()):
        mark["aria"] = False
        _hide_marks(mark)
