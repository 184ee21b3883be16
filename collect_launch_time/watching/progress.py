"""Progress bars at a terminal, one a probe: how many of its instances are ready. Under cron, nothing."""

import contextlib
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from collect_launch_time.state.probe import Probe
from common.terminal import is_watched

_MOST_BARS = 20  # more do not fit on a screen


class ProgressBars:
    """The progress bars of one run."""

    def __init__(self, probes: Sequence[Probe]) -> None:
        self._probes = probes
        self._bars: list[Any] = []

    def __enter__(self) -> "ProgressBars":
        """Nothing is drawn before there is a probe."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the bars."""
        with contextlib.suppress(OSError, ValueError):
            for bar in self._bars:
                bar.close()

    def show(self) -> None:
        """Draw how many instances of each probe are ready. An error in drawing must not end a measurement."""
        if is_watched():
            with contextlib.suppress(Exception):
                self._draw()

    def _draw(self) -> None:
        from tqdm import tqdm

        shown = list(self._probes[:_MOST_BARS])
        for probe in shown[len(self._bars) :]:
            self._bars.append(
                tqdm(
                    total=probe.entry.count,
                    desc=str(probe.target),
                    position=len(self._bars),
                    bar_format="{desc}: {n_fmt} of {total_fmt} ready |{bar}| {elapsed}{postfix}",
                    file=sys.stdout,
                    leave=False,
                    dynamic_ncols=True,
                )
            )
        for bar, probe in zip(self._bars, shown, strict=True):
            counts = probe.counts
            bar.n = counts.ready
            bar.set_postfix_str(f"fulfilled {counts.fulfilled}, running {counts.running}")
