"""Writes report/compiled: the page's charts as Vega specifications, and the JavaScript of Vega that draws them.

python -m script.chart_files
"""

from __future__ import annotations

import json
from importlib.metadata import version

import vl_convert

from report.charts import compile_charts
from report.compiled import CHARTS, VEGA

_COMPILERS = ("altair", "vl-convert-python")
"""The distributions on whose versions the files depend."""


def main() -> None:
    """Write both files."""
    CHARTS.write_text(chart_file(), encoding="utf-8")
    VEGA.write_text(vega_file(), encoding="utf-8")


def chart_file() -> str:
    """Give the specifications as JSON, a chart a line, and the versions that they were made with."""
    parts = {"made_with": installed_versions(), **compile_charts()}
    lines = (f"{json.dumps(name)}: {json.dumps(part, separators=(',', ':'))}" for name, part in parts.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def vega_file() -> str:
    """Give Vega, Vega-Lite and vega-embed as one script, below their licences."""
    licences = VEGA.with_suffix(".licences.txt").read_text(encoding="utf-8")
    bundle: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # its stub lacks the default
    return f"/*\n{licences}*/\n{bundle}"


def installed_versions() -> dict[str, str]:
    """Give the versions of the compilers that are installed here."""
    return {name: version(name) for name in _COMPILERS}


if __name__ == "__main__":
    main()
