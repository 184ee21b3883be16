"""Placement scores over time; and series in small, beside the ranking."""

from __future__ import annotations

import altair as alt

from report.charts.parts import ACCENT, ROWS, SELECTED_DAYS_SCALE, AnyChart, pairs_over_time, top_legend


def scores() -> AnyChart:
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
    return pairs_over_time(colour, alt.Tooltip("score:Q", title="Placement score, mean", format=".1f"), *details)


def sparkline() -> AnyChart:
    """Draw a series in small, without axes."""
    base = alt.Chart(ROWS).encode(
        alt.X("at:T", scale=SELECTED_DAYS_SCALE, axis=None),
        alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False, padding=3)),
    )
    line = base.mark_line(color=ACCENT, strokeWidth=1.25)
    end = base.mark_circle(color=ACCENT, size=16, opacity=1).transform_filter("datum.is_last")
    return alt.layer(line, end).properties(height=26)
