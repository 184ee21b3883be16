"""What the charts share: where rows and colours come from, axes, legends, tooltips."""

from __future__ import annotations

from typing import Any

import altair as alt

Drawing = Any
"""An altair chart of any kind; how altair types them differs from version to version."""

PAIR_SEPARATOR = " · "
"""Stands between instance type and Region in the name of a pair."""

DAY = "%e %b %Y"
MOMENT = "%a %e %b %Y %H:%M"
ROW_PIXELS = 17

ROWS = alt.NamedData("rows")
UTC = alt.Scale(type="utc")  # the page's times are the collector's wall clock, dressed as UTC

# The page sets these: colours, and the days it shows, for the charts over time.
ACCENT, INK = alt.ExprRef("accent"), alt.ExprRef("ink")
SPAN = alt.Scale(type="utc", domainMin=alt.ExprRef("first"), domainMax=alt.ExprRef("last"), nice=False)


def top_legend(title: str | None, **options: Any) -> alt.Legend:
    """Lay a legend out above the chart."""
    return alt.Legend(title=title, orient="top", direction="horizontal", titleAnchor="start", offset=6, **options)


def time_axis() -> alt.Axis:
    """Give as many dates as there is room for."""
    return alt.Axis(title=None, grid=False, tickCount=alt.ExprRef("max(2, floor(width / 90))"), labelFlush=True)


def pair_axis() -> alt.Axis:
    """Name pairs; on a phone in two short lines rather than one that is cut off."""
    # The offset centres the two lines.
    label = f"narrow ? split(datum.label, '{PAIR_SEPARATOR}') : datum.label"
    return name_axis(labelExpr=label, labelOffset=alt.ExprRef("narrow ? -6 : 0"))


def name_axis(**options: Any) -> alt.Axis:
    """Name rows, without lines or ticks."""
    return alt.Axis(title=None, domain=False, ticks=False, grid=False, labelPadding=6, **options)


def when(field: str, title: str, form: str) -> alt.Tooltip:
    """Show a time of the collector's clock in a tooltip."""
    return alt.Tooltip(f"{field}:T", title=title, format=form, formatType="utcFormat")
