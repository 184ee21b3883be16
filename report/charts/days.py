"""How many polls were done each day, and what probes cost."""

from __future__ import annotations

import altair as alt

from report.charts.parts import (
    ACCENT,
    DAY_FORMAT,
    INK,
    ROW_PIXELS,
    ROWS,
    SELECTED_DAYS_SCALE,
    UTC_SCALE,
    AnyChart,
    name_axis,
    time_axis,
    time_tooltip,
    top_legend,
)
from report.labels import WEEKDAYS

_DETAILS = [
    time_tooltip("day", "Day", DAY_FORMAT),
    alt.Tooltip("polls:Q", title="Polls done"),
    alt.Tooltip("expected:Q", title="Polls due"),
    alt.Tooltip("answered:Q", title="Scores answered", format=".1%"),
    alt.Tooltip("refused:Q", title="Scores refused", format=","),
    alt.Tooltip("unanswered:Q", title="Scores failed", format=","),
    alt.Tooltip("waiting:Q", title="Scores waiting for a place", format=","),
    alt.Tooltip("queries:Q", title="Queries", format=","),
    alt.Tooltip("failed:Q", title="Queries failed", format=","),
]


def calendar_of_few() -> AnyChart:
    """Draw a bar a day, named by its date: the share of its scores due that were answered."""
    return (
        alt.Chart(ROWS, height=alt.Step(ROW_PIXELS + 5))
        .mark_bar(height=13)
        .encode(
            alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title=None, format="%", tickCount=5)),
            alt.Y("name:N", sort=None, axis=name_axis()),
            alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range="ramp"), legend=None),
            tooltip=_DETAILS,
        )
    )


def calendar() -> AnyChart:
    """Draw a square a day, the darker the larger the share of its scores due that were answered."""
    return (
        alt.Chart(ROWS, height=alt.Step(15))
        .mark_rect(cornerRadius=2)
        .encode(
            alt.X("week:T", scale=UTC_SCALE, axis=alt.Axis(title=None, format="%b %Y", grid=False, tickCount="month")),
            alt.X2("week_end:T"),
            alt.Y("weekday:O", sort=list(WEEKDAYS), axis=alt.Axis(title=None, values=["Mon", "Wed", "Fri", "Sun"])),
            alt.Color(
                "share:Q",
                scale=alt.Scale(domain=[0, 1], range="ramp"),
                legend=top_legend("Answered of all scores due", format="%"),
            ),
            tooltip=_DETAILS,
        )
    )


def spending() -> AnyChart:
    """Draw the mean daily cost of each day or week, and the daily budget."""
    base = alt.Chart(ROWS)
    bars = base.mark_bar(color=ACCENT, binSpacing=1).encode(
        alt.X("from:T", scale=SELECTED_DAYS_SCALE, axis=time_axis()),
        alt.X2("to:T"),
        alt.Y("usd:Q", axis=alt.Axis(title="US dollars a day", tickCount=4)),
        alt.Y2(datum=0),
        tooltip=[
            time_tooltip("from", "From", DAY_FORMAT),
            alt.Tooltip("usd:Q", title="US dollars a day", format=".2f"),
        ],
    )
    budget = base.mark_rule(color=INK, strokeDash=[4, 3]).encode(
        alt.Y("budget:Q", aggregate="max"),
        tooltip=[alt.Tooltip("budget:Q", aggregate="max", title="Daily budget, US dollars")],
    )
    return alt.layer(bars, budget).properties(height=130)
