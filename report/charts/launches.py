"""What launching did: how fast instances became ready, and how spot requests ended."""

from __future__ import annotations

import altair as alt

from report.charts.parts import ACCENT, INK, ROW_PIXELS, ROWS, AnyChart, name_axis, pair_axis, top_legend


def readiness() -> AnyChart:
    """Draw the share of instances that is ready after how many seconds, and where nothing more was known of some."""
    seconds = alt.param(name="most_seconds", value=600)
    x = alt.X(
        "second:Q",
        scale=alt.Scale(domain=[0, alt.ExprRef("most_seconds")], nice=False),
        axis=alt.Axis(title=None, tickCount=6),
    )
    scale = alt.Scale(domain=[0, 1])
    axis = alt.Axis(title=None, tickCount=5, format="%")
    tooltip = [
        alt.Tooltip("second:Q", title="Seconds since the request"),
        alt.Tooltip("share:Q", title="Ready, of all instances", format=".1%"),
        alt.Tooltip("low:Q", title="Ready, 10th percentile of probes", format=".0%"),
        alt.Tooltip("high:Q", title="Ready, 90th percentile of probes", format=".0%"),
        alt.Tooltip("probes:Q", title="Probes"),
        alt.Tooltip("left:Q", title="Not ready when their probe ended here"),
    ]
    base = alt.Chart(ROWS).encode(x, tooltip=tooltip)
    spread = base.mark_area(color=ACCENT, opacity=0.22, interpolate="step-after", clip=True).encode(
        alt.Y("low:Q", scale=scale, axis=axis), alt.Y2("high:Q")
    )
    middle = base.mark_line(color=ACCENT, interpolate="step-after", clip=True).encode(
        alt.Y("share:Q", scale=scale, axis=axis)
    )
    left = (
        base.mark_tick(color=INK, orient="vertical", height=9, thickness=1.5)
        .encode(alt.Y("share:Q", scale=scale, axis=axis))
        .transform_filter("datum.left > 0")
    )
    return alt.layer(spread, middle, left).properties(height=130).add_params(seconds)


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
    """Draw after how many seconds shares of the instances were ready, a row a pair."""
    base = alt.Chart(ROWS).encode(
        alt.Y("pair:N", sort=None, axis=pair_axis()),
        tooltip=[
            alt.Tooltip("pair:N", title="Pair"),
            *(
                alt.Tooltip(f"{name}:Q", title=f"{share} ready after, seconds")
                for name, share in (
                    ("p10", "10 %"),
                    ("p25", "25 %"),
                    ("median", "Half"),
                    ("p75", "75 %"),
                    ("p90", "90 %"),
                )
            ),
            alt.Tooltip("ready:Q", title="Instances that became ready"),
            alt.Tooltip("instances:Q", title="Instances asked for"),
            alt.Tooltip("probes:Q", title="Probes"),
        ],
    )
    x = alt.X(
        "p10:Q", scale=alt.Scale(zero=True), axis=alt.Axis(title="Seconds from the request until ready", tickCount=6)
    )
    wide = base.mark_rule(color=ACCENT, strokeWidth=1.5).encode(
        x, alt.X2("ends:Q"), strokeDash=alt.condition("datum.is_open", alt.value([3, 3]), alt.value([1, 0]))
    )
    narrow = (
        base.mark_bar(color=ACCENT, height=7, opacity=0.5)
        .encode(alt.X("p25:Q"), alt.X2("box_ends:Q"))
        .transform_filter("datum.p25 !== null")
    )
    middle = (
        base.mark_tick(color=INK, thickness=2.5, height=12)
        .encode(alt.X("median:Q"))
        .transform_filter("datum.median !== null")
    )
    return alt.layer(wide, narrow, middle).properties(height=alt.Step(ROW_PIXELS + 3))


def endings() -> AnyChart:
    """Draw how many probes ended in which way."""
    return _counts("ending", "How it ended", "probes", "Probes")


def outcomes() -> AnyChart:
    """Draw how many spot requests ended in which way."""
    return _counts("outcome", "Outcome", "requests", "Spot requests")


def _counts(name: str, name_title: str, count: str, count_title: str) -> AnyChart:
    return (
        alt.Chart(ROWS, height=alt.Step(ROW_PIXELS + 3))
        .mark_bar(color=ACCENT, height=11)
        .encode(
            alt.X(f"{count}:Q", axis=alt.Axis(title=count_title, format=",d", tickCount=5, tickMinStep=1)),
            alt.Y(f"{name}:N", sort=None, axis=name_axis()),
            tooltip=[
                alt.Tooltip(f"{name}:N", title=name_title),
                alt.Tooltip(f"{count}:Q", title=count_title, format=","),
                alt.Tooltip("share:Q", title="Share", format=".1%"),
            ],
        )
    )
