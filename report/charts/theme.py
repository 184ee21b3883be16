"""How all charts look: fonts, and colours as parameters, whose values are those of the page's style sheet.

So a light page, a dark one, paper, and a picture have their own, and none needs its charts compiled anew.
"""

from __future__ import annotations

from typing import Any

_COLOURS = ("accent", "ink", "muted", "line", "warning", "unknown")
PALETTES = ("heatmap", "ramp", "diverging", "ordinal", "category")
"""By Vega's names; those of the style sheet have the same."""


def _of(name: str) -> dict[str, str]:
    return {"signal": name}


_TEXT = {
    **{name: _of("muted") for name in ("labelColor", "titleColor")},
    **{name: _of("font") for name in ("labelFont", "titleFont")},
    "labelFontSize": 11,
    "titleFontSize": 11,
    "titleFontWeight": 400,
}

CONFIG: dict[str, Any] = {
    "axis": {**_TEXT, **{name: _of("line") for name in ("gridColor", "domainColor", "tickColor")}, "titlePadding": 8},
    "axisY": {"labelLimit": _of("narrow ? 138 : 220")},
    "legend": {**_TEXT, "gradientLength": 120, "titleLimit": 400, "gradientThickness": 8, "symbolType": "square"},
    "range": {name: _of(name) for name in PALETTES},
    "style": {"cell": {"stroke": None}},
}
"""Vega's configuration of each chart."""

PARAMETERS: dict[str, Any] = {
    **dict.fromkeys(_COLOURS, "gray"),
    **{name: ["gray", "gray"] for name in PALETTES},
    **{"font": "sans-serif", "first": 0, "last": 1, "narrow": False},
}
"""Their names; the page's script, or who else draws a chart, sets all of them before anything is drawn."""
