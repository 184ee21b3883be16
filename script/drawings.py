"""What the demo shows of the CSV files it made: a table, placement scores over time, readiness curves.

The charts are those of the report page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import vl_convert

from analysis.statistics.kaplan_meier import Wait, share_come
from data_files.launches import instances
from data_files.market import polled
from data_files.market.polled import ABSENT, FAILED, OK, REFUSED, WAITING
from report.compiled import compiled_charts
from report.labels import PAIR_SEPARATOR

_STYLE = Path(__file__).resolve().parent.parent / "report" / "page" / "style.css"
_HOUR = 3_600_000  # milliseconds
_PAIRS = 24
_PANEL = {"width": 300, "height": 130}

_Spec = dict[str, Any]


@dataclass(frozen=True)
class DrawnDay:
    """A day's polled rows, and what of them stands on the terminal."""

    rows: pd.DataFrame
    table: str

    def draw(self, path: Path) -> None:
        """Draw the mean placement scores by pair and hour as a PNG."""
        path.write_bytes(_picture(scores_chart(self.rows)))


def polled_day(home: Path, day: date) -> DrawnDay:
    """Read a day's polls."""
    rows = pd.read_csv(polled.FILES.path(home, day))
    instance, region, sps = polled.INSTANCE.name, polled.REGION.name, polled.SPS.name
    summary = rows.groupby([instance, region]).agg(
        polls=(polled.POLL_TIME.name, "size"),
        lowest=(sps, "min"),
        mean=(sps, "mean"),
        highest=(sps, "max"),
        changes=(sps, lambda scores: int((scores.dropna().diff().fillna(0) != 0).sum())),
        interruption=(polled.IF.name, "last"),
    )
    most = summary.sort_values("changes", ascending=False).head(8)
    text = most.reset_index().to_string(index=False, float_format="%.1f")
    outcomes = ", ".join(f"{count} {name}" for name, count in rows[polled.OUTCOME.name].value_counts().items())
    return DrawnDay(rows, f"{len(rows)} rows ({outcomes}) of {len(summary)} pairs; those that changed most:\n\n{text}")


def scores_chart(rows: pd.DataFrame) -> _Spec:
    """Give the page's chart of a day's polled rows, by pair and hour, of the pairs whose scores moved most."""
    cells, first, last = _score_cells(rows)
    pairs = rows.groupby([polled.INSTANCE.name, polled.REGION.name]).ngroups
    shown = len({cell["pair"] for cell in cells})
    title = f"Placement scores by the hour: the {shown} of {pairs} pairs of which they moved most"
    return {**_filled("scores", cells, width=760, first=first, last=last), "title": _title(title)}


def _score_cells(rows: pd.DataFrame) -> tuple[list[dict[str, Any]], int, int]:
    """Give the rows of the chart, of the pairs whose scores moved most, and the time that they span."""
    pair = rows[polled.INSTANCE.name] + PAIR_SEPARATOR + rows[polled.REGION.name]
    hour = pd.to_datetime(rows[polled.POLL_TIME.name].str[:13], utc=True)  # as on the collector's own clock
    hour = hour.astype("datetime64[ms, UTC]").astype("int64")
    sps, outcome = rows[polled.SPS.name], rows[polled.OUTCOME.name]
    counted = {"known": outcome == OK, **{name: outcome == name for name in (ABSENT, REFUSED, FAILED, WAITING)}}
    how = {"score": "mean", "low": "min", "high": "max", **dict.fromkeys(counted, "sum")}
    cells = rows.assign(pair=pair, hour=hour, score=sps, low=sps, high=sps, **counted)
    found = cells.groupby(["pair", "hour"]).agg(how).reset_index()
    spread = found.groupby("pair")["score"].agg(lambda scores: scores.max() - scores.min())
    most = spread.sort_values(ascending=False, kind="stable").head(_PAIRS)
    order = {pair: place for place, pair in enumerate(most.index)}
    found = found[found["pair"].isin(order)].sort_values("pair", key=lambda pairs: pairs.map(order))
    found = found.assign(**{"from": found["hour"], "to": found["hour"] + _HOUR})
    told = found.astype(object).where(found.notna(), None).to_dict("records")
    return told, int(found["from"].min()), int(found["to"].max())


def draw_readiness(home: Path, day: date, path: Path) -> None:
    """Draw the share of instances that were ready after how many seconds, a panel a probe, as a PNG."""
    if instances.FILES.has(home, day):
        path.write_bytes(_picture(readiness_charts(pd.DataFrame(instances.FILES.rows(home, day)))))


def readiness_charts(requests: pd.DataFrame) -> _Spec:
    """Give the page's chart of a day's spot requests, a panel a probe."""
    seconds = {
        name: (requests[f"{name}_time"] - requests.request_time).dt.total_seconds() for name in ("ready", "not_ready")
    }
    requests = requests.assign(wait=seconds["ready"].fillna(seconds["not_ready"]).fillna(0.0))
    last = float(requests["wait"].max()) + 5
    panels = [
        _panel(f"{instance} in {region}, {len(probe)} instances", _curve(probe, last), last)
        for (instance, region), probe in requests.groupby(["instance", "region"], sort=False)
    ]
    one = _filled("readiness", [])
    around = {name: one[name] for name in ("$schema", "config", "background", "padding", "signals")}
    title = _title("Ready, of the instances requested, over seconds since the request")
    return {**around, "title": title, "layout": {"columns": 3, "padding": 36}, "marks": panels}


def _curve(probe: pd.DataFrame, last: float) -> list[dict[str, Any]]:
    waits = [Wait(row.wait, not pd.isna(row.ready_time)) for row in probe.itertuples()]
    steps = [(0.0, 0.0), *share_come(waits)]
    left = [wait.seconds for wait in waits if not wait.has_come]
    ends = [(max(left), steps[-1][1])] if left else [(last, steps[-1][1])]
    return [
        {"second": second, "share": share, "low": share, "high": share, "left": sum(at == second for at in left)}
        for second, share in [*steps, *ends]
    ]


def _panel(title: str, rows: Sequence[dict[str, Any]], last: float) -> _Spec:
    """Give one chart as a part of a picture of several."""
    spec = _filled("readiness", rows, most_seconds=last, **_PANEL)
    kept = {name: spec[name] for name in ("signals", "data", "scales", "axes", "marks")}
    size = {name: {"value": value} for name, value in _PANEL.items()}
    return {"type": "group", "title": _title(title), "encode": {"update": size}, **kept}


def _filled(chart: str, rows: Sequence[dict[str, Any]], **values: float) -> _Spec:
    """Give a chart of the page with its rows, and its parameters as on a light page."""
    spec = compiled_charts()[chart]
    values = {**_light_colours(), "narrow": False, **values}
    known = {signal["name"]: signal for signal in spec["signals"]}
    spec["signals"] = list((known | {name: {"name": name, "value": value} for name, value in values.items()}).values())
    for table in spec["data"]:
        if table["name"] == "rows":
            table["values"] = list(rows)
    return {**spec, "background": "white", "padding": 12}


def _light_colours() -> dict[str, Any]:
    light = _STYLE.read_text(encoding="utf-8").partition("@media")[0]
    found = {name: text.split() for name, text in re.findall(r"--([\w-]+): ([^;]+);", light)}
    colours = {name: value[0] if len(value) == 1 else value for name, value in found.items()}
    return {**colours, "warning": colours["bad"], "font": "sans-serif"}


def _title(text: str) -> _Spec:
    return {"text": text, "anchor": "start", "frame": "group", "fontSize": 12, "fontWeight": 600, "offset": 8}


def _picture(spec: _Spec) -> bytes:
    picture: bytes = vl_convert.vega_to_png(spec, scale=2)
    return picture
