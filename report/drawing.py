"""What the page draws with, whatever the data: its charts and the Vega library. To make them takes seconds."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert

from report.charts import compile_charts
from report.gather.kept import kept_file

_MADE_BY = ("report/charts", "data_files")
_NAME = "drawing"


@dataclass(frozen=True)
class Drawing:
    """What the page's script draws with."""

    charts: dict[str, dict[str, Any]]
    """The Vega specification of each chart by its name."""
    vega: str
    """The library, as a script."""


def drawing(cache: Path | None) -> Drawing:
    """Make it, or take what an earlier page left in the cache, a folder; and leave it there."""
    made_by = kept_file.code_version(_MADE_BY, *(version(name) for name in ("altair", "vl-convert-python")))
    found = kept_file.read_kept(cache / _NAME, made_by) if cache else None
    if found:
        return Drawing(*found[0])
    made = Drawing(compile_charts(), vl_convert.javascript_bundle())  # type: ignore[call-arg]  # its stub lacks the default
    if cache:
        kept_file.write_kept(cache / _NAME, made_by, [made.charts, made.vega], {})
    return made
