"""How placement scores, and launches, go with the hour of the week."""

from __future__ import annotations

import altair as alt

from report.charts.parts import ROWS, UNKNOWN_COLOUR, AnyChart, top_legend
from report.labels import WEEKDAYS


def week_hours(mean_title: str, mean_format: str, count_title: str, possible: tuple[float, float]) -> AnyChart:
    """Draw the weighted mean of each hour of the week; one of which too little is known is grey.

    The page's script fits the scale to the values there are; without any it has those possible.
    """
    return (
        alt.Chart(ROWS, height=alt.Step(20))
        .mark_rect(invalid=None)
        .encode(
            alt.X(
                "hour:O",
                scale=alt.Scale(domain=list(range(24))),
                axis=alt.Axis(title="Hour of the day", labelAngle=0, labelOverlap=True, ticks=False),
            ),
            alt.Y("weekday:O", scale=alt.Scale(domain=list(WEEKDAYS)), axis=alt.Axis(title=None, ticks=False)),
            alt.condition(
                "datum.told === null",
                alt.value(UNKNOWN_COLOUR),
                alt.Color(
                    "told:Q",
                    scale=alt.Scale(domain=[alt.ExprRef("least"), alt.ExprRef("most")], range="ramp"),
                    legend=top_legend(mean_title, format=mean_format, tickCount=3, gradientLength=200),
                ),
            ),
            tooltip=[
                alt.Tooltip("weekday:O", title="Day"),
                alt.Tooltip("hours:N", title="Hours"),
                alt.Tooltip("mean:Q", title=mean_title, format=mean_format),
                alt.Tooltip("count:Q", title=count_title, format=","),
                alt.Tooltip("effective:Q", title="Worth as many alike in weight", format=",.0f"),
                alt.Tooltip("days:Q", title="Days"),
                alt.Tooltip("note:N", title="Told"),
            ],
        )
        .add_params(alt.param(name="least", value=possible[0]), alt.param(name="most", value=possible[1]))
    )
