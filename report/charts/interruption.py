"""Interruption frequency over time, its changes, and how Regions compare."""

from __future__ import annotations

import altair as alt

from data_files.cells import INTERRUPTION_RANGES
from report.charts.parts import (
    MINUTE_FORMAT,
    ROW_PIXELS,
    ROWS,
    SELECTED_DAYS_SCALE,
    AnyChart,
    name_axis,
    pairs_over_time,
    time_axis,
    time_tooltip,
    top_legend,
)
from report.labels import DIRECTIONS


def bands() -> AnyChart:
    """Draw the bands of interruption frequency, a row a pair."""
    return pairs_over_time(_band_colour(), alt.Tooltip("label:N", title="Interruption frequency"))


def _band_colour() -> alt.Color:
    return alt.Color(
        "label:O",
        scale=alt.Scale(domain=list(INTERRUPTION_RANGES), range="ordinal"),
        legend=top_legend("Interrupted a month", columns=alt.ExprRef("narrow ? 3 : 5")),
    )


def band_shares() -> AnyChart:
    """Draw the share of each Region's pairs that is in each band."""
    return (
        alt.Chart(ROWS, height=alt.Step(ROW_PIXELS))
        .mark_bar()
        .encode(
            alt.X(
                "share:Q",
                stack="zero",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(title="Share of pairs", format="%", tickCount=5),
            ),
            alt.Y("region:N", sort=None, axis=name_axis()),
            _band_colour(),
            order=alt.Order("band:Q"),
            tooltip=[
                alt.Tooltip("region:N", title="Region"),
                alt.Tooltip("label:O", title="Interrupted a month"),
                alt.Tooltip("pairs:Q", title="Pairs"),
                alt.Tooltip("share:Q", title="Share", format=".0%"),
            ],
        )
    )


def band_changes() -> AnyChart:
    """Draw how many pairs moved to a higher band (upward) and to a lower one (downward)."""
    return (
        alt.Chart(ROWS, height=150)
        .mark_bar()
        .encode(
            alt.X("from:T", scale=SELECTED_DAYS_SCALE, axis=time_axis()),
            alt.X2("to:T"),
            alt.Y(
                "pairs:Q",
                axis=alt.Axis(
                    title="Pairs that changed", tickCount=5, tickMinStep=1, labelExpr="format(abs(datum.value), ',d')"
                ),
            ),
            alt.Y2(datum=0),
            alt.Color(
                "direction:N",
                scale=alt.Scale(domain=list(DIRECTIONS), range="category"),
                legend=top_legend(None, columns=1),
            ),
            tooltip=[
                time_tooltip("from", "From", MINUTE_FORMAT),
                time_tooltip("to", "To", MINUTE_FORMAT),
                alt.Tooltip("direction:N", title="Became"),
                alt.Tooltip("count:Q", title="Pairs"),
            ],
        )
    )
