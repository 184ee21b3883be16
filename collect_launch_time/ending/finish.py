"""The end of probes: end what runs, then write down what it came to, then close the journal's entry."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from collect_launch_time.background import Start, in_background
from collect_launch_time.ec2 import spot_requests
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.ending import reckoning
from collect_launch_time.ending.ending import Ending
from collect_launch_time.money.bill import bill
from collect_launch_time.run_context import RunContext
from collect_launch_time.state.end_state import EndedRequest
from collect_launch_time.state.probe import Probe
from collect_launch_time.state.readiness import Track
from common import aws_error
from common.aws_error import AWS_FAILURES
from common.errors import Unwritable
from data_files.launches import journal
from data_files.launches.spending import SpendingRow

log = logging.getLogger(__name__)

LEFT = "may still be running, the next run or --clean-up ends it"


class Finish:
    """Ends probes in the background, so that the looks at the others keep their beat."""

    def __init__(self, run: RunContext, start: Start = in_background) -> None:
        self._run = run
        self._start_work = start
        self._lock = threading.Lock()
        self._under_way = 0

    def end(self, ec2: RegionEc2, probes: Sequence[Probe]) -> None:
        """End some probes of one Region, all they hold at once."""
        for probe in probes:
            for track in probe.tracks.values():
                track.is_ours_to_end = True
        self._start(lambda: self._end(ec2, list(probes)))

    def end_early(self, probe: Probe, tracks: Sequence[Track]) -> None:
        """End some instances of a probe that goes on; those that do not end yet may be tried again."""
        for track in tracks:
            track.is_ours_to_end = track.is_being_ended = True
        self._start(lambda: self._end_early(probe, list(tracks)))

    @property
    def is_busy(self) -> bool:
        """Tell whether anything is still being ended."""
        with self._lock:
            return self._under_way > 0

    def _start(self, work: Callable[[], None]) -> None:
        with self._lock:
            self._under_way += 1
        try:
            self._start_work(lambda: self._guarded(work), "end")
        except RuntimeError:  # no thread to be had: then here, which costs the others looks
            self._guarded(work)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # a thread that dies in silence would leave instances behind
            log.exception("a defect of this program while ending probes")
            self._run.problems.add(f"a defect of this program: {type(error).__name__}: {error}; the log has it")
        finally:
            with self._lock:
                self._under_way -= 1

    def _end(self, ec2: RegionEc2, probes: Sequence[Probe]) -> None:
        ending = Ending(ec2, self._run.clock, self._run.installation, self._run.patience)
        for probe in probes:
            ending.add(probe.entry, asked_ourselves=True)
        ending.run()
        for probe in probes:
            self._write_down(probe, ending)

    def _end_early(self, probe: Probe, tracks: Sequence[Track]) -> None:
        by_instance = {track.instance_id: track for track in tracks}
        now = self._run.clock.now()
        try:
            spot_requests.cancel(probe.ec2, [track.request_id for track in tracks])
            for answer in spot_requests.terminate(probe.ec2, list(by_instance))[0]:
                track = by_instance.get(answer.instance_id)
                if track and answer.is_ending:
                    track.ended_at, track.was = now, answer.was
        except AWS_FAILURES as error:
            log.warning("%s: ending at once failed, it is tried again: %s", probe, aws_error.describe(error))
        finally:
            for track in tracks:
                track.is_being_ended = False

    def _write_down(self, probe: Probe, ending: Ending) -> None:
        ended = {one.request_id: one for one in ending.requests_of(probe.entry)}
        is_over = ending.is_over_for(probe.entry)
        if not is_over:
            self._run.problems.add(LEFT, str(probe), said=ending.problem or "no end in sight")
        elif not ended:
            log.warning("%s: no request of it was found; it is looked for until it has expired", probe)
            return
        for one in ended.values():
            # Requests whose ids we never got: asked for, found by their tag, ended; not measured.
            if one.request_id not in probe.tracks and one.before is not None:
                probe.begin([one.before], self._run.clock.now())
        rows = [
            reckoning.instance_row(probe, track, ended.get(track.request_id), probe.zones)
            for track in probe.tracks.values()
        ]
        if rows:
            self._run.records.instances(probe.requested.date(), rows)
        if is_over:
            self._close(probe, ended)

    def _close(self, probe: Probe, ended: dict[str, EndedRequest]) -> None:
        instance_ids = tuple(sorted({known for one in ended.values() for known in one.instances}))
        entry = replace(probe.entry, request_ids=tuple(ended), instance_ids=instance_ids)
        self._journal(journal.CANCELLED, probe, entry)
        now = self._run.clock.now()
        used = [
            usage
            for track in probe.tracks.values()
            for usage in reckoning.usages(probe, track, ended.get(track.request_id), probe.prices, now)
        ]
        cost = bill(used)
        pair = probe.target.pair
        # The same moment in both rows tells a later clean-up that this spending is this entry's.
        row = SpendingRow(now, pair.region, pair.instance, cost.instances, cost.seconds, cost.usd)
        if self._run.records.spending(now.date(), [row]):
            self._journal(journal.CLOSED, probe, entry, now)
        log.info("%s: ended; %s, %d billed, %.4f USD", probe, probe.counts, cost.instances, cost.usd)

    def _journal(self, event: str, probe: Probe, entry: journal.Entry, moment: datetime | None = None) -> None:
        try:
            self._run.journal.write(event, entry, moment)
        except Unwritable as failure:
            log.error("%s", failure)
            self._run.problems.add("the journal could not be written; the next run closes it", str(probe))
