"""Spot prices over time."""

from __future__ import annotations

import altair as alt

from report.charts.parts import AnyChart, pairs_over_time, top_legend


def prices() -> AnyChart:
    """Draw how far each pair's price is from its own mean, a row a pair."""
    colour = alt.Color(
        "relative:Q",
        # Most prices move by a few percent: such a step is seen, and large ones are told apart all the same.
        scale=alt.Scale(domain=[-0.3, -0.05, 0, 0.05, 0.3], range="diverging", clamp=True, interpolate="rgb"),
        legend=top_legend(
            "Price over the pair's mean of these days",
            format="+.0%",
            values=[-0.3, -0.05, 0.05, 0.3],
            gradientLength=200,
        ),
    )
    return pairs_over_time(
        colour,
        alt.Tooltip("usd:Q", title="US dollars an hour", format=".5f"),
        alt.Tooltip("relative:Q", title="Over its mean", format="+.1%"),
    )
