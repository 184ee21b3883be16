"""What script/charts makes of `report.charts`, for the page to read: only who changes a chart needs its compilers."""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
CHARTS = _FOLDER / "charts.json"
VEGA = _FOLDER / "vega.js"


def compiled_charts() -> dict[str, dict[str, Any]]:
    """Give the Vega specification of every chart by its name."""
    charts: dict[str, dict[str, Any]] = json.loads(CHARTS.read_text(encoding="utf-8"))
    del charts["made_with"]  # for the test that tells when they are to be compiled anew
    return charts


def vega_script() -> str:
    """Give Vega, Vega-Lite and vega-embed, which draw them, as one script."""
    return VEGA.read_text(encoding="utf-8")
