"""How placement scores go with the hour of the week."""

from __future__ import annotations

import altair as alt

from report.charts.parts import ROWS, AnyChart, top_legend
from report.labels import WEEKDAYS


def week_hours() -> AnyChart:
    """Draw the mean score of each hour of the week; one of which too little is known is grey."""
    return (
        alt.Chart(ROWS, height=alt.Step(20))
        .mark_rect(invalid=None)
        .encode(
            alt.X("hour:O", axis=alt.Axis(title="Hour of the day", labelAngle=0, labelOverlap=True, ticks=False)),
            alt.Y("weekday:O", sort=list(WEEKDAYS), axis=alt.Axis(title=None, ticks=False)),
            alt.condition(
                "datum.told === null",
                alt.value("#8884"),
                alt.Color(
                    "told:Q",
                    scale=alt.Scale(domain=[alt.ExprRef("least"), alt.ExprRef("most")], range="ramp"),
                    legend=top_legend("Placement score, weighted mean", format=".2f", tickCount=4),
                ),
            ),
            tooltip=[
                alt.Tooltip("weekday:O", title="Day"),
                alt.Tooltip("hours:N", title="Hours"),
                alt.Tooltip("score:Q", title="Placement score, weighted mean", format=".2f"),
                alt.Tooltip("count:Q", title="Hours of pairs polled", format=","),
                alt.Tooltip("effective:Q", title="Worth as many alike in weight", format=",.0f"),
                alt.Tooltip("days:Q", title="Days"),
                alt.Tooltip("note:N", title="Told"),
            ],
        )
        .add_params(alt.param(name="least", value=1), alt.param(name="most", value=10))
    )
