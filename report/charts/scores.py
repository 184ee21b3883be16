"""Placement scores over time; and series in small, beside the ranking."""

from __future__ import annotations

import altair as alt

from report.charts.parts import (
    ACCENT,
    ROWS,
    SELECTED_DAYS_SCALE,
    UNKNOWN_COLOUR,
    WARNING,
    AnyChart,
    pairs_over_time,
    top_legend,
)

_UNANSWERED = "datum.known + datum.absent < datum.refused + datum.failed + datum.waiting"
"""More was refused, failed or waiting than AWS answered."""


def scores() -> AnyChart:
    """Draw mean placement scores, a row a pair."""
    colour = alt.condition(
        "datum.known === 0",
        alt.value(UNKNOWN_COLOUR),  # no score was given: not the same as low
        alt.Color(
            "score:Q",
            # Single types mostly show 1 to 3: each of these has a colour of its own, and 4 to 10 share the rest.
            scale=alt.Scale(domain=[1, 2, 3, 10], range="heatmap"),
            legend=top_legend("Placement score, mean", values=[1, 2, 3, 6, 10], gradientLength=200),
        ),
    )
    outline = alt.condition(_UNANSWERED, alt.value(WARNING), alt.value(None))
    names = {
        "low": "Lowest",
        "high": "Highest",
        "known": "Polls given a score",
        "absent": "Answered without this pair",
        "refused": "Refused",
        "failed": "Failed",
        "waiting": "Waiting for a place",
    }
    details = [alt.Tooltip(f"{name}:Q", title=title) for name, title in names.items()]
    details.append(alt.Tooltip("usd:Q", title="US dollars an hour, cheapest zone"))
    chart = pairs_over_time(colour, alt.Tooltip("score:Q", title="Placement score, mean", format=".1f"), *details)
    return chart.encode(stroke=outline)


def sparkline() -> AnyChart:
    """Draw a series in small, without axes."""
    base = alt.Chart(ROWS).encode(
        alt.X("at:T", scale=SELECTED_DAYS_SCALE, axis=None),
        alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False, padding=3)),
    )
    line = base.mark_line(color=ACCENT, strokeWidth=1.25)
    end = base.mark_circle(color=ACCENT, size=16, opacity=1).transform_filter("datum.is_last")
    return alt.layer(line, end).properties(height=26)
