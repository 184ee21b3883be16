"""Placement scores and interruption frequency, over time and as they stand."""

from __future__ import annotations

from typing import Any

import altair as alt

from report.charts.parts import (
    ACCENT,
    DAY,
    MOMENT,
    ROW_PIXELS,
    ROWS,
    SPAN,
    Drawing,
    name_axis,
    pair_axis,
    time_axis,
    top_legend,
    when,
)

BANDS = ("<5%", "5–10%", "10–15%", "15–20%", ">20%")
DIRECTIONS = ("more often interrupted", "less often interrupted")


def scores() -> Drawing:
    """Draw mean placement scores, a row a pair."""
    colour = alt.condition(
        "datum.known > 0",
        alt.Color(
            "score:Q",
            scale=alt.Scale(domain=[1, 10], range="heatmap"),
            legend=top_legend("Placement score, mean", values=[1, 4, 7, 10]),
        ),
        alt.value("#8884"),  # asked, but no score was given: not the same as low
    )
    names = {"low": "Lowest", "high": "Highest", "known": "Scores known", "unknown": "Asked, no score"}
    details = [alt.Tooltip(f"{name}:Q", title=title) for name, title in names.items()]
    return _heat_map(colour, alt.Tooltip("score:Q", title="Placement score, mean", format=".1f"), *details)


def bands() -> Drawing:
    """Draw the bands of interruption frequency between changes, a row a pair."""
    return _heat_map(_band_colour(), alt.Tooltip("label:N", title="Interruption frequency"))


def _heat_map(colour: Any, *details: alt.Tooltip) -> Drawing:
    return (
        alt.Chart(ROWS, height=alt.Step(ROW_PIXELS))
        .mark_rect()
        .encode(
            alt.X("from:T", scale=SPAN, axis=time_axis()),
            alt.X2("to:T"),
            alt.Y("pair:N", sort=None, scale=alt.Scale(paddingInner=0.12), axis=pair_axis()),
            color=colour,
            tooltip=[
                alt.Tooltip("pair:N", title="Pair"),
                when("from", "From", MOMENT),
                when("to", "To", MOMENT),
                *details,
            ],
        )
    )


def _band_colour() -> alt.Color:
    return alt.Color(
        "label:O",
        scale=alt.Scale(domain=list(BANDS), range="ordinal"),
        legend=top_legend("Interrupted a month", columns=alt.ExprRef("narrow ? 3 : 5")),
    )


def band_shares() -> Drawing:
    """Draw how the pairs of each Region spread over the bands."""
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


def band_changes() -> Drawing:
    """Draw how many pairs moved to another band, up for the worse."""
    return (
        alt.Chart(ROWS, height=150)
        .mark_bar()
        .encode(
            alt.X("from:T", scale=SPAN, axis=time_axis()),
            alt.X2("to:T"),
            alt.Y(
                "pairs:Q",
                axis=alt.Axis(title="Pairs that changed", tickCount=5, labelExpr="format(abs(datum.value), '~s')"),
            ),
            alt.Y2(datum=0),
            alt.Color(
                "direction:N",
                scale=alt.Scale(domain=list(DIRECTIONS), range="category"),
                legend=top_legend(None, columns=1),
            ),
            tooltip=[
                when("from", "From", DAY),
                alt.Tooltip("direction:N", title="Became"),
                alt.Tooltip("count:Q", title="Pairs"),
            ],
        )
    )


def sparkline() -> Drawing:
    """Draw a series in small, without axes."""
    base = alt.Chart(ROWS).encode(
        alt.X("at:T", scale=SPAN, axis=None), alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False, padding=3))
    )
    line = base.mark_line(color=ACCENT, strokeWidth=1.25)
    end = base.mark_circle(color=ACCENT, size=16, opacity=1).transform_filter("datum.is_last")
    return alt.layer(line, end).properties(height=26)
