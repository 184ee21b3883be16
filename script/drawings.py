"""What the demo shows of the CSV files it made: a table, a heat map of placement scores, a readiness curve."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from data_files.launches import looks
from data_files.market import polled


@dataclass(frozen=True)
class PolledDay:
    """A day's mean placement score, type by Region; a pair that was not polled is unknown."""

    scores: pd.DataFrame
    table: str

    def draw(self, path: Path) -> None:
        """Draw the heat map as a PNG."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(11, 0.27 * len(self.scores) + 1.8), dpi=120, layout="constrained")
        axes = figure.add_subplot()
        axes.set_facecolor("#eef1f4")
        image = axes.imshow(self.scores, cmap="YlGnBu", vmin=1, vmax=10, aspect="auto")
        axes.set_xticks(range(self.scores.shape[1]), self.scores.columns, rotation=40, ha="right", fontsize=8)
        axes.set_yticks(range(len(self.scores)), self.scores.index, fontsize=8)
        axes.set_title("Mean placement score of the day (blank: not asked)", loc="left", fontsize=11)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        figure.colorbar(image, ax=axes, label="1 unlikely – 10 likely", fraction=0.02)
        figure.savefig(path)


def polled_day(home: Path, day: date) -> PolledDay:
    """Read a day's polls."""
    rows = pd.read_csv(polled.FILES.path(home, day))
    instance, region, sps = polled.INSTANCE.name, polled.REGION.name, polled.SPS.name
    mean = rows.pivot_table(index=instance, columns=region, values=sps)
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
    return PolledDay(mean, f"{len(rows)} rows ({outcomes}) of {len(summary)} pairs; those that changed most:\n\n{text}")


def draw_readiness(home: Path, day: date, path: Path) -> None:
    """Draw how many of N instances were ready after how many seconds, a line a probe, as a PNG."""
    from matplotlib.figure import Figure

    if not looks.FILES.has(home, day):
        return
    rows = pd.DataFrame(looks.FILES.rows(home, day))
    figure = Figure(figsize=(9, 4.2), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    for number, ((instance, region), probe) in enumerate(rows.groupby([rows.instance, rows.region])):
        colour, seconds = f"C{number}", (probe.current_time - probe.request_time).dt.total_seconds()
        axes.step(seconds, probe.ready_instances, where="post", color=colour, label=f"{instance}, {region}")
        axes.step(seconds, probe.running_instances, where="post", color=colour, alpha=0.3)
    axes.set_xlabel("seconds since the request")
    axes.set_ylabel("instances ready (faint: running)")
    axes.set_ylim(bottom=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)
    figure.savefig(path)
