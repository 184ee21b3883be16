"""The charts as Vega-Lite descriptions, compiled to Vega here so that the page opens fast. Data comes in the page.

Every chart reads one table named "rows", laid out by the page's script. Colours come from the page's style sheet by way
of Vega's ranges (heatmap, ordinal, category) and two parameters, so that light and dark have their own.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import vl_convert

from report.charts import days, launches, market
from report.charts.parts import Drawing


def compiled() -> dict[str, dict[str, Any]]:
    """Give every chart as a Vega specification by name."""
    score, band = "Placement score at the request", "Interruption frequency at the request"
    ready = "Ready of those requested"
    charts = {
        "calendar": days.calendar(),
        "spending": days.spending(),
        "scores": market.scores(),
        "bands": market.bands(),
        "band_shares": market.band_shares(),
        "band_changes": market.band_changes(),
        "sparkline": market.sparkline(),
        "readiness": launches.readiness(),
        "stages": launches.stages(),
        "ranges": launches.ranges(),
        "outcomes": launches.outcomes(),
        "share_by_score": launches.calibration(score, ready, "%"),
        "seconds_by_score": launches.calibration(score, "Seconds until half were ready", ",d"),
        "share_by_band": launches.calibration(band, ready, "%"),
    }
    return {name: _compiled(chart) for name, chart in charts.items()}


def _compiled(chart: Drawing) -> dict[str, Any]:
    # The page sets all of these; the values here are never seen.
    values = {"accent": "gray", "ink": "gray", "first": 0, "last": 1, "narrow": False}
    parameters = [alt.param(name=name, value=value) for name, value in values.items()]
    compiled: dict[str, Any] = vl_convert.vegalite_to_vega(
        chart.properties(width="container").add_params(*parameters).to_dict()
    )
    del compiled["background"]  # the page's own shines through, light or dark
    return compiled
