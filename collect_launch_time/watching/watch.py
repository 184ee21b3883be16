"""Watch the probes of one Region: look on a fixed beat, and hand over each probe as soon as it is decided or late."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime

from collect_launch_time.background import Start, in_background
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.ending.finish import Finish
from collect_launch_time.run_context import RunContext
from collect_launch_time.state.probe import Probe
from collect_launch_time.state.readiness import Track
from collect_launch_time.watching.looking import look, look_row
from common import aws_error
from common.aws_error import AWS_FAILURES
from data_files.launches.looks import LookRow

log = logging.getLogger(__name__)

_NOTICE_SECONDS = 0.25  # how soon a request to stop, or a new probe, is noticed


class RegionWatch:
    """All probes of one Region, looked at together by one thread."""

    def __init__(self, run: RunContext, ec2: RegionEc2, finish: Finish, start: Start = in_background) -> None:
        self.worst_lateness = 0.0  # seconds by which a look began after its beat
        self.looks = 0
        self.failed_looks = 0
        self._run = run
        self._ec2 = ec2
        self._finish = finish
        self._start = start
        self._lock = threading.Lock()
        self._probes: list[Probe] = []
        self._is_watching = False

    def add(self, probe: Probe) -> None:
        """Watch a probe from now on; the first one sets the beat."""
        with self._lock:
            if not self._is_watching:
                self._start(self._watch, f"watch {self._ec2.region}")  # it waits for the lock
                self._is_watching = True  # if it could not start, nothing has changed
            self._probes.append(probe)

    @property
    def is_busy(self) -> bool:
        """Tell whether any probe is still watched."""
        with self._lock:
            return self._is_watching

    def _watch(self) -> None:
        try:
            with self._lock:  # held until the first probe is there
                first, beat = self._run.clock.monotonic(), 0
            while probes := self._current():
                self.worst_lateness = max(self.worst_lateness, self._run.clock.monotonic() - self._due(first, beat))
                self._look(probes)
                self._hand_over(lambda probe: self._is_decided(probe))
                # A look that took longer than a beat costs the beats it covered, and never moves the others.
                beat = max(beat + 1, int((self._run.clock.monotonic() - first) / self._run.rules.interval_seconds) + 1)
                self._wait_until(self._due(first, beat))
        except Exception as error:  # whatever happens, what runs is ended
            log.exception("a defect of this program while watching %s", self._ec2.region)
            self._run.problems.add(f"a defect of this program: {type(error).__name__}: {error}; the log has it")
            with self._lock:
                left, self._probes, self._is_watching = self._probes, [], False
            self._finish.end(self._ec2, left)

    def _due(self, first: float, beat: int) -> float:
        return first + beat * self._run.rules.interval_seconds

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
            log.warning("%s: a look came to nothing: %s", self._ec2.region, aws_error.describe(error))
            return
        if self._run.rules.until_fulfilled:
            for probe in probes:
                self._end_fulfilled(probe)
        self._write(probes, answered)

    def _write(self, probes: Sequence[Probe], answered: datetime) -> None:
        rows: dict[date, list[LookRow]] = {}
        for probe in probes:
            rows.setdefault(probe.requested.date(), []).append(look_row(probe, answered))
        for requested, own in rows.items():
            self._run.records.looks(requested, own)

    def _end_fulfilled(self, probe: Probe) -> None:
        fulfilled = [track for track in probe.tracks.values() if track.instance_id and track.ended_at is None]
        waiting = [track for track in fulfilled if not track.is_being_ended]
        if waiting and not self._is_decided(probe):
            self._finish.end_early(probe, waiting)

    def _is_decided(self, probe: Probe) -> bool:
        if self._run.rules.until_fulfilled:
            return all(_is_fulfilled(track) for track in probe.tracks.values())
        return probe.is_decided

    def _hand_over(self, is_over: Callable[[Probe], bool]) -> None:
        with self._lock:
            over = [probe for probe in self._probes if is_over(probe)]
            self._probes = [probe for probe in self._probes if probe not in over]
        if over:
            self._finish.end(self._ec2, over)

    def _wait_until(self, due: float) -> None:
        timeout = self._run.rules.timeout_seconds
        while (left := due - self._run.clock.monotonic()) > 0:
            if self._run.stop.asked:
                self._hand_over(lambda _: True)
                return
            self._hand_over(lambda probe: probe.is_late(self._run.clock.monotonic(), timeout))
            with self._lock:
                ends = [probe.requested_monotonic + timeout - self._run.clock.monotonic() for probe in self._probes]
            if not ends:
                return
            self._run.clock.sleep(max(0.0, min(left, _NOTICE_SECONDS, *ends)))


def _is_fulfilled(track: Track) -> bool:
    return bool(track.instance_id) or track.is_decided
