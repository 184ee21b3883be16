"""What the demo shows of the CSV files it made: a table, a heat map of placement scores, a readiness curve."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd


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
    rows = pd.read_csv(home / "collect_sps_and_if" / "data" / "sps_and_if" / f"{day}.csv")
    mean = rows.pivot_table(index="instance", columns="region", values="sps")
    pairs = rows.groupby(["instance", "region"])
    summary = pairs.agg(
        polls=("time", "size"),
        lowest=("sps", "min"),
        mean=("sps", "mean"),
        highest=("sps", "max"),
        sps_changes=("sps", lambda sps: int((sps.dropna().diff().fillna(0) != 0).sum())),
        interruption=("if", "last"),
    )
    most = summary.sort_values("sps_changes", ascending=False).head(8)
    text = most.reset_index().to_string(index=False, float_format="%.1f")
    outcomes = ", ".join(f"{count} {name}" for name, count in rows["outcome"].value_counts().items())
    return PolledDay(mean, f"{len(rows)} rows ({outcomes}) of {len(summary)} pairs; those that changed most:\n\n{text}")


def draw_readiness(home: Path, day: date, path: Path) -> None:
    """Draw how many of N instances were ready after how many seconds, a line a probe, as a PNG."""
    from matplotlib.figure import Figure

    looks_file = home / "collect_launch_time" / "data" / f"{day}.csv"
    if not looks_file.exists():
        return
    looks = pd.read_csv(looks_file)
    for column in ("request_time", "current_time"):
        looks[column] = pd.to_datetime(looks[column], format="ISO8601", utc=True)
    looks["seconds"] = (looks["current_time"] - looks["request_time"]).dt.total_seconds()
    figure = Figure(figsize=(9, 4.2), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    for number, ((instance, region), probe) in enumerate(looks.groupby(["instance", "region"])):
        colour = f"C{number}"
        axes.step(probe["seconds"], probe["ready_instances"], where="post", color=colour, label=f"{instance}, {region}")
        axes.step(probe["seconds"], probe["running_instances"], where="post", color=colour, alpha=0.3)
    axes.set_xlabel("seconds since the request")
    axes.set_ylabel("instances ready (faint: running)")
    axes.set_ylim(bottom=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)
    figure.savefig(path)
