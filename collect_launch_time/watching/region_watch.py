"""Look at the probes of one Region on a fixed schedule; hand each over to be ended once it is decided or timed out."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime

from collect_launch_time.background import Start, in_background
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.ending.end_probes import ProbeEnder
from collect_launch_time.run_context import RunContext
from collect_launch_time.state.probe import Probe
from collect_launch_time.watching.looking import look, look_row
from common.aws import aws_error
from common.aws.aws_error import AWS_FAILURES
from data_files.launches.looks import LookRow
from data_files.launches.probes import STOPPED, TIMED_OUT

log = logging.getLogger(__name__)

_STOP_CHECK_SECONDS = 0.25  # how soon a request to stop, or a new probe, is noticed


class RegionWatch:
    """Watches all probes of one Region together, in one thread."""

    def __init__(self, run: RunContext, ec2: RegionEc2, ender: ProbeEnder, start: Start = in_background) -> None:
        self.worst_lateness = 0.0  # seconds by which a look began after it was due
        self.looks = 0
        self.failed_looks = 0
        self.last_failure: Exception | None = None  # of a look
        self._run = run
        self._ec2 = ec2
        self._ender = ender
        self._start = start
        self._lock = threading.Lock()
        self._probes: list[Probe] = []
        self._is_watching = False

    def add(self, probe: Probe) -> None:
        """Watch a probe from now on. The first one sets the schedule. Raises RuntimeError without a free thread."""
        with self._lock:
            if not self._is_watching:
                self._start(self._watch, f"watch {self._ec2.region}")  # it waits for the lock
                self._is_watching = True  # not reached if the thread could not start
            self._probes.append(probe)

    @property
    def is_busy(self) -> bool:
        """Tell whether any probe is still watched."""
        with self._lock:
            return self._is_watching

    def _watch(self) -> None:
        now = self._run.clock.monotonic
        interval = self._run.settings.interval_seconds
        try:
            with self._lock:  # held until the first probe is there
                began, number = now(), 0
            while probes := self._current():
                self.worst_lateness = max(self.worst_lateness, now() - (began + number * interval))
                self._look(probes)
                self._hand_over(self._is_decided, TIMED_OUT)
                # A look that outlasts the interval replaces the looks due meanwhile; later ones keep their time.
                number = max(number + 1, int((now() - began) / interval) + 1)
                self._wait_until(began + number * interval)
        except Exception as error:  # whatever happens, the probes must be ended
            log.exception("a defect of this program while watching %s", self._ec2.region)
            self._run.problems.add(f"a defect of this program: {type(error).__name__}: {error}; the log has it")
            with self._lock:
                probes, self._probes, self._is_watching = self._probes, [], False
            self._ender.end(self._ec2, probes, STOPPED)

    def _current(self) -> Sequence[Probe]:
        with self._lock:
            if not self._probes:
                self._is_watching = False
            return list(self._probes)

    def _look(self, probes: Sequence[Probe]) -> None:
        self.looks += 1
        try:
            answered = look(self._ec2, probes, self._run.clock)
        except AWS_FAILURES as error:
            self.failed_looks += 1
            self.last_failure = error
            log.warning("%s: a look failed: %s", self._ec2.region, aws_error.describe(error))
            return
        if self._run.settings.until_fulfilled:
            for probe in probes:
                self._end_fulfilled(probe)
        self._write(probes, answered)

    def _write(self, probes: Sequence[Probe], answered: datetime) -> None:
        rows: dict[date, list[LookRow]] = {}
        for probe in probes:
            rows.setdefault(probe.requested.date(), []).append(look_row(probe, answered))
        for requested, rows_of_day in rows.items():
            self._run.records.looks(requested, rows_of_day)

    def _end_fulfilled(self, probe: Probe) -> None:
        fulfilled = [track for track in probe.tracks.values() if track.instance_id and track.early_ended_at is None]
        to_end = [track for track in fulfilled if not track.is_early_end_running]
        if to_end and not self._is_decided(probe):
            self._ender.end_early(probe, to_end)

    def _is_decided(self, probe: Probe) -> bool:
        if self._run.settings.until_fulfilled:
            return all(track.instance_id or track.is_decided for track in probe.tracks.values())
        return probe.is_decided

    def _hand_over(self, is_over: Callable[[Probe], bool], ended: str) -> None:
        with self._lock:
            over = [probe for probe in self._probes if is_over(probe)]
            self._probes = [probe for probe in self._probes if probe not in over]
        if over:
            self._ender.end(self._ec2, over, ended)

    def _wait_until(self, due: float) -> None:
        timeout = self._run.settings.timeout_seconds
        while (now := self._run.clock.monotonic()) < due:
            if self._run.stop.is_requested:
                self._hand_over(lambda _: True, STOPPED)
                return
            self._hand_over(lambda probe: probe.is_timed_out(self._run.clock.monotonic(), timeout), TIMED_OUT)
            with self._lock:
                timeouts = [probe.requested_monotonic + timeout for probe in self._probes]
            if not timeouts:
                return
            until = min(due, now + _STOP_CHECK_SECONDS, *timeouts)
            self._run.clock.sleep(max(0.0, until - self._run.clock.monotonic()))
