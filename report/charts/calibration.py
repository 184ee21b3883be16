"""How well what was known at a request predicted what launching did."""

from __future__ import annotations

import altair as alt

from report.charts.parts import ACCENT, INK, ROWS, AnyChart


def calibration(known_title: str, result_title: str, result_format: str) -> AnyChart:
    """Draw a result of the probes (mean, 10th and 90th percentile, number) for each value known beforehand.

    The format is "%" for shares, or one of d3's for whole numbers.
    """
    is_share = result_format == "%"
    base = alt.Chart(ROWS).encode(
        alt.X("known:O", sort=None, axis=alt.Axis(title=known_title, labelAngle=0)),
        tooltip=[
            alt.Tooltip("known:O", title=known_title),
            alt.Tooltip("mean:Q", title=f"{result_title}, mean", format=".1%" if is_share else ".0f"),
            alt.Tooltip("low:Q", title="10th percentile of probes", format=".0%" if is_share else ".0f"),
            alt.Tooltip("high:Q", title="90th percentile of probes", format=".0%" if is_share else ".0f"),
            alt.Tooltip("probes:Q", title="Probes", format=","),
        ],
    )
    axis = alt.Axis(title=result_title, format=result_format, tickCount=5)
    spread = base.mark_rule(color=ACCENT, strokeWidth=5, opacity=0.25).encode(
        alt.Y("low:Q", axis=axis), alt.Y2("high:Q")
    )
    middle = base.mark_circle(color=ACCENT, opacity=1, size=70).encode(
        alt.Y("mean:Q", scale=alt.Scale(zero=True), axis=axis)
    )
    counts = base.mark_text(color=INK, opacity=0.7, dy=-6, baseline="bottom", fontSize=10).encode(
        alt.Y("high:Q", axis=axis), alt.Text("probes:Q", format=".2~s")
    )
    return alt.layer(spread, middle, counts).properties(height=190)
