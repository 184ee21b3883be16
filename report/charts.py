"""The charts as Vega-Lite descriptions, compiled to Vega here so that the page opens fast. Data comes in the page.

Every chart reads one table named "rows", laid out by the script of the page. Colours come from the page's style sheet by
way of Vega's ranges (heatmap, ramp, ordinal, category), so that light and dark have their own.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import vl_convert

ROW_PIXELS = 17
BETWEEN = " · "
"""Stands between instance type and Region in the name of a pair."""

BANDS = ("<5%", "5–10%", "10–15%", "15–20%", ">20%")
DIRECTIONS = ("more often interrupted", "less often interrupted")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_DAY = "%e %b %Y"
_MOMENT = "%a %e %b %Y %H:%M"
_ROWS = alt.NamedData("rows")
_ACCENT, _INK = alt.ExprRef("accent"), alt.ExprRef("ink")
_UTC = alt.Scale(type="utc")  # the page's times are the collector's wall clock, dressed as UTC
# The page sets these, the days it shows, for the charts over time.
_SPAN = alt.Scale(type="utc", domainMin=alt.ExprRef("first"), domainMax=alt.ExprRef("last"), nice=False)


def compiled() -> dict[str, dict[str, Any]]:
    """Give every chart as a Vega specification by name."""
    charts: dict[str, alt.Chart | alt.LayerChart] = {
        "calendar": _calendar(),
        "spending": _spending(),
        "scores": _heat_map(_score_colour(), "score:Q", "Placement score, mean"),
        "bands": _heat_map(_band_colour(), "label:N", "Interruption frequency"),
        "band_shares": _band_shares(),
        "band_changes": _band_changes(),
        "sparkline": _sparkline(),
        "readiness": _readiness(),
        "stages": _stages(),
        "ranges": _ranges(),
        "outcomes": _outcomes(),
        "share_by_score": _calibration("Placement score at the request", "Ready of those requested", "%"),
        "seconds_by_score": _calibration("Placement score at the request", "Seconds until half were ready", "~s"),
        "share_by_band": _calibration("Interruption frequency at the request", "Ready of those requested", "%"),
    }
    return {name: _compiled(chart) for name, chart in charts.items()}


def _compiled(chart: alt.Chart | alt.LayerChart) -> dict[str, Any]:
    # The page sets all of them; the values here are never seen.
    colours = [alt.param(name=name, value="gray") for name in ("accent", "ink")]
    narrow = alt.param(name="narrow", value=False)
    span = [alt.param(name=name, value=value) for value, name in enumerate(("first", "last"))]
    compiled: dict[str, Any] = vl_convert.vegalite_to_vega(
        chart.properties(width="container").add_params(*colours, *span, narrow).to_dict()
    )
    del compiled["background"]  # the page's own shines through, light or dark
    return compiled


def _calendar() -> alt.Chart:
    return (
        alt.Chart(_ROWS, height=alt.Step(15))
        .mark_rect(cornerRadius=2)
        .encode(
            alt.X("week:T", scale=_UTC, axis=alt.Axis(title=None, format="%b %Y", grid=False, tickCount="month")),
            alt.X2("week_end:T"),
            alt.Y("weekday:O", sort=list(WEEKDAYS), axis=alt.Axis(title=None, values=["Mon", "Wed", "Fri", "Sun"])),
            alt.Color(
                "share:Q",
                scale=alt.Scale(domain=[0, 1], range="heatmap"),
                legend=_top_legend("Polls done of those due", format="%"),
            ),
            tooltip=[
                _when("day", "Day", _DAY),
                alt.Tooltip("polls:Q", title="Polls done"),
                alt.Tooltip("expected:Q", title="Polls due"),
                alt.Tooltip("queries:Q", title="Queries"),
                alt.Tooltip("failed:Q", title="Queries failed"),
            ],
        )
    )


def _spending() -> alt.LayerChart:
    base = alt.Chart(_ROWS)
    bars = base.mark_bar(color=_ACCENT, binSpacing=1).encode(
        alt.X("from:T", scale=_SPAN, axis=_time_axis()),
        alt.X2("to:T"),
        alt.Y("usd:Q", axis=alt.Axis(title="US dollars a day", tickCount=4)),
        alt.Y2(datum=0),
        tooltip=[_when("from", "From", _DAY), alt.Tooltip("usd:Q", title="US dollars a day", format=".2f")],
    )
    budget = base.mark_rule(color=_INK, strokeDash=[4, 3]).encode(
        alt.Y("budget:Q", aggregate="max"),
        tooltip=[alt.Tooltip("budget:Q", aggregate="max", title="Daily budget, US dollars")],
    )
    return alt.layer(bars, budget).properties(height=130)


def _heat_map(colour: alt.Color | alt.ColorValue, value: str, title: str) -> alt.Chart:
    return (
        alt.Chart(_ROWS, height=alt.Step(ROW_PIXELS))
        .mark_rect()
        .encode(
            alt.X("from:T", scale=_SPAN, axis=_time_axis()),
            alt.X2("to:T"),
            alt.Y("pair:N", sort=None, scale=alt.Scale(paddingInner=0.12), axis=_pair_axis()),
            color=colour,
            tooltip=[
                alt.Tooltip("pair:N", title="Pair"),
                _when("from", "From", _MOMENT),
                _when("to", "To", _MOMENT),
                alt.Tooltip(value, title=title, **({"format": ".1f"} if value.endswith("Q") else {})),
                *_score_details(value),
            ],
        )
    )


def _score_details(value: str) -> list[alt.Tooltip]:
    if not value.endswith("Q"):
        return []
    names = {"low": "Lowest", "high": "Highest", "known": "Scores known", "unknown": "Asked, no score"}
    return [alt.Tooltip(f"{name}:Q", title=title) for name, title in names.items()]


def _score_colour() -> Any:
    return alt.condition(
        "datum.known > 0",
        alt.Color(
            "score:Q",
            scale=alt.Scale(domain=[1, 10], range="heatmap"),
            legend=_top_legend("Placement score, mean", values=[1, 4, 7, 10]),
        ),
        alt.value("#8884"),  # asked, but no score was given: not the same as low
    )


def _band_colour() -> alt.Color:
    return alt.Color(
        "label:O",
        scale=alt.Scale(domain=list(BANDS), range="ordinal"),
        legend=_top_legend("Interrupted a month", columns=alt.ExprRef("narrow ? 3 : 5")),
    )


def _band_shares() -> alt.Chart:
    return (
        alt.Chart(_ROWS, height=alt.Step(ROW_PIXELS))
        .mark_bar()
        .encode(
            alt.X(
                "share:Q",
                stack="zero",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(title="Share of pairs", format="%", tickCount=5),
            ),
            alt.Y("region:N", sort=None, axis=_name_axis()),
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


def _band_changes() -> alt.Chart:
    return (
        alt.Chart(_ROWS, height=150)
        .mark_bar()
        .encode(
            alt.X("from:T", scale=_SPAN, axis=_time_axis()),
            alt.X2("to:T"),
            alt.Y(
                "pairs:Q",
                axis=alt.Axis(title="Pairs that changed", tickCount=5, labelExpr="format(abs(datum.value), '~s')"),
            ),
            alt.Y2(datum=0),
            alt.Color(
                "direction:N",
                scale=alt.Scale(domain=list(DIRECTIONS), range="category"),
                legend=_top_legend(None, columns=1),
            ),
            tooltip=[
                _when("from", "From", _DAY),
                alt.Tooltip("direction:N", title="Became"),
                alt.Tooltip("count:Q", title="Pairs"),
            ],
        )
    )


def _sparkline() -> alt.LayerChart:
    base = alt.Chart(_ROWS).encode(
        alt.X("at:T", scale=_SPAN, axis=None), alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False, padding=3))
    )
    line = base.mark_line(color=_ACCENT, strokeWidth=1.25)
    end = base.mark_circle(color=_ACCENT, size=16, opacity=1).transform_filter("datum.is_last")
    return alt.layer(line, end).properties(height=26)


def _readiness() -> alt.LayerChart:
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
    base = alt.Chart(_ROWS).encode(x, tooltip=tooltip)
    spread = base.mark_area(color=_ACCENT, opacity=0.22, interpolate="step-after", clip=True).encode(
        alt.Y("low:Q", scale=scale, axis=axis), alt.Y2("high:Q")
    )
    middle = base.mark_line(color=_ACCENT, interpolate="step-after", clip=True).encode(
        alt.Y("median:Q", scale=scale, axis=axis)
    )
    return alt.layer(spread, middle).properties(height=130).add_params(seconds, instances)


def _stages() -> alt.Chart:
    return (
        alt.Chart(_ROWS, height=200)
        .mark_area(interpolate="step-after", line={"strokeWidth": 1.5}, opacity=0.3)
        .encode(
            alt.X("second:Q", axis=alt.Axis(title="Seconds since the request"), scale=alt.Scale(nice=False)),
            alt.Y("share:Q", stack=None, axis=alt.Axis(title="Share of instances", format="%", tickCount=5)),
            alt.Color(
                "stage:N",
                scale=alt.Scale(domain=["fulfilled", "running", "ready"], range="category"),
                legend=_top_legend(None),
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


def _ranges() -> alt.LayerChart:
    base = alt.Chart(_ROWS).encode(
        alt.Y("pair:N", sort=None, axis=_pair_axis()),
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
    wide = base.mark_rule(color=_ACCENT, strokeWidth=1.5).encode(x, alt.X2("p90:Q"))
    narrow = base.mark_bar(color=_ACCENT, height=7, opacity=0.5).encode(alt.X("p25:Q"), alt.X2("p75:Q"))
    middle = base.mark_tick(color=_INK, thickness=2.5, height=12).encode(alt.X("median:Q"))
    return alt.layer(wide, narrow, middle).properties(height=alt.Step(ROW_PIXELS + 3))


def _outcomes() -> alt.Chart:
    return (
        alt.Chart(_ROWS, height=alt.Step(ROW_PIXELS + 3))
        .mark_bar(color=_ACCENT, height=11)
        .encode(
            alt.X("requests:Q", axis=alt.Axis(title="Spot requests", format=",d", tickCount=5)),
            alt.Y("outcome:N", sort=None, axis=_name_axis()),
            tooltip=[
                alt.Tooltip("outcome:N", title="Outcome"),
                alt.Tooltip("requests:Q", title="Spot requests", format=","),
                alt.Tooltip("share:Q", title="Share", format=".1%"),
            ],
        )
    )


def _calibration(known: str, launched: str, form: str) -> alt.LayerChart:
    base = alt.Chart(_ROWS).encode(
        alt.X("known:O", sort=None, axis=alt.Axis(title=known, labelAngle=0)),
        tooltip=[
            alt.Tooltip("known:O", title=known),
            alt.Tooltip("mean:Q", title=f"{launched}, mean", format=".1%" if form == "%" else ".0f"),
            alt.Tooltip("low:Q", title="10th percentile of probes", format=".0%" if form == "%" else ".0f"),
            alt.Tooltip("high:Q", title="90th percentile of probes", format=".0%" if form == "%" else ".0f"),
            alt.Tooltip("probes:Q", title="Probes", format=","),
        ],
    )
    axis = alt.Axis(title=launched, format=form, tickCount=5)
    spread = base.mark_rule(color=_ACCENT, strokeWidth=5, opacity=0.25).encode(
        alt.Y("low:Q", axis=axis), alt.Y2("high:Q")
    )
    middle = base.mark_circle(color=_ACCENT, opacity=1, size=70).encode(
        alt.Y("mean:Q", scale=alt.Scale(zero=True), axis=axis)
    )
    counts = base.mark_text(color=_INK, opacity=0.7, dy=-2, baseline="bottom", fontSize=10).encode(
        alt.Y("high:Q", axis=axis), alt.Text("probes:Q", format="~s")
    )
    return alt.layer(spread, middle, counts).properties(height=190)


def _top_legend(title: str | None, **options: Any) -> alt.Legend:
    return alt.Legend(title=title, orient="top", direction="horizontal", titleAnchor="start", offset=6, **options)


def _time_axis() -> alt.Axis:
    return alt.Axis(title=None, grid=False, tickCount=alt.ExprRef("max(2, floor(width / 90))"), labelFlush=True)


def _pair_axis() -> alt.Axis:
    # On a phone a pair takes two short lines rather than one that is cut off; the offset centres the two.
    label = f"narrow ? split(datum.label, '{BETWEEN}') : datum.label"
    return _name_axis(labelExpr=label, labelOffset=alt.ExprRef("narrow ? -6 : 0"))


def _name_axis(**options: Any) -> alt.Axis:
    return alt.Axis(title=None, domain=False, ticks=False, grid=False, labelPadding=6, **options)


def _when(field: str, title: str, form: str) -> alt.Tooltip:
    return alt.Tooltip(f"{field}:T", title=title, format=form, formatType="utc")
