"""What the charts share: the table of rows, parameters, axes and scales of time, axes of names, legends, tooltips."""

from __future__ import annotations

from typing import Any

import altair as alt

from report.labels import PAIR_SEPARATOR

AnyChart = Any
"""An altair chart of any kind; altair's own types for them differ from version to version."""

DAY_FORMAT = "%e %b %Y"
MINUTE_FORMAT = "%a %e %b %Y %H:%M"
ROW_PIXELS = 17

ROWS = alt.NamedData("rows")
"""The one table of every chart, which the page's script fills."""

# Parameters that the page's script sets: four colours, and the days that are shown.
ACCENT, INK, WARNING = alt.ExprRef("accent"), alt.ExprRef("ink"), alt.ExprRef("warning")
UNKNOWN_COLOUR = alt.ExprRef("unknown")
_FIRST, _LAST = alt.ExprRef("first"), alt.ExprRef("last")

# The script's times are the collector's wall clock in milliseconds, as if it ran on UTC; so all that shows them does it
# in UTC.
UTC_SCALE = alt.Scale(type="utc")
SELECTED_DAYS_SCALE = alt.Scale(type="utc", domainMin=_FIRST, domainMax=_LAST, nice=False)


def time_tooltip(field: str, title: str, time_format: str) -> alt.Tooltip:
    """Show a time in a tooltip."""
    # A format type that Vega-Lite does not know becomes a call of the Vega function of that name.
    return alt.Tooltip(f"{field}:T", title=title, format=time_format, formatType="utcFormat")


def top_legend(title: str | None, **options: Any) -> alt.Legend:
    """Lay a legend out above the chart."""
    return alt.Legend(title=title, orient="top", direction="horizontal", titleAnchor="start", offset=6, **options)


def time_axis() -> alt.Axis:
    """Give as many dates as there is room for, and times between them where days are wide."""
    label = "utcFormat(datum.value, utchours(datum.value) + utcminutes(datum.value) ? '%H:%M' : '%-d %b')"
    ticks = alt.ExprRef("max(2, floor(width / 90))")
    return alt.Axis(title=None, grid=False, tickCount=ticks, labelFlush=True, labelExpr=label)


def pair_axis() -> alt.Axis:
    """Name pairs; on a phone in two short lines rather than one that is cut off."""
    # The offset centres the two lines.
    label = f"narrow ? split(datum.label, '{PAIR_SEPARATOR}') : datum.label"
    return name_axis(labelExpr=label, labelOffset=alt.ExprRef("narrow ? -6 : 0"))


def name_axis(**options: Any) -> alt.Axis:
    """Name rows, without lines or ticks."""
    return alt.Axis(title=None, domain=False, ticks=False, grid=False, labelPadding=6, **options)


def pairs_over_time(colour: Any, *details: alt.Tooltip) -> AnyChart:
    """Draw a row a pair, in which each stretch of time from `from` to `to` has a colour."""
    return (
        alt.Chart(ROWS, height=alt.Step(ROW_PIXELS))
        .mark_rect(invalid=None)  # else what has no value would not be drawn
        .encode(
            alt.X("from:T", scale=SELECTED_DAYS_SCALE, axis=time_axis()),
            alt.X2("to:T"),
            alt.Y("pair:N", sort=None, scale=alt.Scale(paddingInner=0.12), axis=pair_axis()),
            color=colour,
            tooltip=[
                alt.Tooltip("pair:N", title="Pair"),
                time_tooltip("from", "From", MINUTE_FORMAT),
                time_tooltip("to", "To", MINUTE_FORMAT),
                *details,
            ],
        )
    )
