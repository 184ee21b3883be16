"""What launching did: how fast instances became ready, and how spot requests ended."""

from __future__ import annotations

import altair as alt

from report.charts.parts import ACCENT, INK, ROW_PIXELS, ROWS, AnyChart, name_axis, pair_axis, top_legend


def readiness() -> AnyChart:
    """Draw how many instances were ready after how many seconds: median, 10th and 90th percentile of the probes."""
    seconds = alt.param(name="most_seconds", value=600)
    instances = alt.param(name="most_instances", value=10)
    x = alt.X(
        "second:Q",
        scale=alt.Scale(domainMin=0, domainMax=alt.ExprRef("most_seconds"), nice=False),
        axis=alt.Axis(title=None, tickCount=6),
    )
    scale = alt.Scale(domainMin=0, domainMax=alt.ExprRef("most_instances"), nice=False)
    axis = alt.Axis(title=None, tickCount=5)
    tooltip = [
        alt.Tooltip("second:Q", title="Seconds since the request"),
        alt.Tooltip("median:Q", title="Ready, median probe", format=".1f"),
        alt.Tooltip("low:Q", title="Ready, 10th percentile", format=".1f"),
        alt.Tooltip("high:Q", title="Ready, 90th percentile", format=".1f"),
        alt.Tooltip("probes:Q", title="Probes"),
    ]
    base = alt.Chart(ROWS).encode(x, tooltip=tooltip)
    spread = base.mark_area(color=ACCENT, opacity=0.22, interpolate="step-after", clip=True).encode(
        alt.Y("low:Q", scale=scale, axis=axis), alt.Y2("high:Q")
    )
    middle = base.mark_line(color=ACCENT, interpolate="step-after", clip=True).encode(
        alt.Y("median:Q", scale=scale, axis=axis)
    )
    return alt.layer(spread, middle).properties(height=130).add_params(seconds, instances)


def stages() -> AnyChart:
    """Draw how the seconds until fulfilled, running and ready are distributed over all instances."""
    return (
        alt.Chart(ROWS, height=200)
        .mark_area(interpolate="step-after", line={"strokeWidth": 1.5}, opacity=0.3)
        .encode(
            alt.X("second:Q", axis=alt.Axis(title="Seconds since the request"), scale=alt.Scale(nice=False)),
            alt.Y("share:Q", stack=None, axis=alt.Axis(title="Share of instances", format="%", tickCount=5)),
            alt.Color(
                "stage:N",
                scale=alt.Scale(domain=["fulfilled", "running", "ready"], range="category"),
                legend=top_legend(None),
            ),
            tooltip=[
                alt.Tooltip("stage:N", title="Became"),
                alt.Tooltip("second:Q", title="From second"),
                alt.Tooltip("until:Q", title="To second"),
                alt.Tooltip("share:Q", title="Share of instances", format=".1%"),
                alt.Tooltip("count:Q", title="Instances"),
            ],
        )
    )


def ranges() -> AnyChart:
    """Draw quantiles of the seconds until ready, a row a pair."""
    base = alt.Chart(ROWS).encode(
        alt.Y("pair:N", sort=None, axis=pair_axis()),
        tooltip=[
            alt.Tooltip("pair:N", title="Pair"),
            alt.Tooltip("p10:Q", title="10th percentile, seconds"),
            alt.Tooltip("p25:Q", title="25th percentile, seconds"),
            alt.Tooltip("median:Q", title="Median, seconds"),
            alt.Tooltip("p75:Q", title="75th percentile, seconds"),
            alt.Tooltip("p90:Q", title="90th percentile, seconds"),
            alt.Tooltip("instances:Q", title="Instances that became ready"),
            alt.Tooltip("probes:Q", title="Probes"),
        ],
    )
    x = alt.X("p10:Q", scale=alt.Scale(zero=True), axis=alt.Axis(title="Seconds from the request until ready"))
    wide = base.mark_rule(color=ACCENT, strokeWidth=1.5).encode(x, alt.X2("p90:Q"))
    narrow = base.mark_bar(color=ACCENT, height=7, opacity=0.5).encode(alt.X("p25:Q"), alt.X2("p75:Q"))
    middle = base.mark_tick(color=INK, thickness=2.5, height=12).encode(alt.X("median:Q"))
    return alt.layer(wide, narrow, middle).properties(height=alt.Step(ROW_PIXELS + 3))


def outcomes() -> AnyChart:
    """Draw how many spot requests ended in which way."""
    return (
        alt.Chart(ROWS, height=alt.Step(ROW_PIXELS + 3))
        .mark_bar(color=ACCENT, height=11)
        .encode(
            alt.X("requests:Q", axis=alt.Axis(title="Spot requests", format=",d", tickCount=5)),
            alt.Y("outcome:N", sort=None, axis=name_axis()),
            tooltip=[
                alt.Tooltip("outcome:N", title="Outcome"),
                alt.Tooltip("requests:Q", title="Spot requests", format=","),
                alt.Tooltip("share:Q", title="Share", format=".1%"),
            ],
        )
    )
