"""The end of this run's probes: end what runs, then write their rows, then close their journal entries."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from collect_launch_time.background import Start, in_background
from collect_launch_time.ec2 import spot_requests
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.ending import results
from collect_launch_time.ending.causes import UnreadyEnd, how_it_ended, unready_end
from collect_launch_time.ending.end_loop import EndLoop
from collect_launch_time.money.bill import bill
from collect_launch_time.run_context import RunContext
from collect_launch_time.state.end_state import EndingRequest
from collect_launch_time.state.probe import Probe
from collect_launch_time.state.readiness import Track
from common.aws import aws_error
from common.errors import Unwritable
from data_files.launches import journal, probes
from data_files.launches.instances import ACCOUNT
from data_files.launches.refused_pairs import RefusedPair
from data_files.launches.spending import SpendingRow

log = logging.getLogger(__name__)

_LEFT = "may still be running, the next run or --clean-up ends it"


class ProbeEnder:
    """Ends probes in the background, so that the looks at other probes are not delayed."""

    def __init__(self, run: RunContext, start: Start = in_background) -> None:
        self._run = run
        self._start = start
        self._lock = threading.Lock()
        self._unfinished = 0

    def end(self, ec2: RegionEc2, over: Sequence[Probe], ended: str) -> None:
        """End some probes of one Region together; ended is what `probes` calls that if no instance says otherwise."""
        for probe in over:
            probe.note_end(self._run.clock.now(), ended)
            for track in probe.tracks.values():
                track.is_ending = True
        self._begin(lambda: self._end(ec2, list(over)))

    def end_early(self, probe: Probe, tracks: Sequence[Track]) -> None:
        """End some instances of a probe that goes on. Where that fails, the caller may try again."""
        for track in tracks:
            track.is_ending = track.is_early_end_running = True
        self._begin(lambda: self._end_early(probe, list(tracks)))

    @property
    def is_busy(self) -> bool:
        """Tell whether anything is still being ended."""
        with self._lock:
            return self._unfinished > 0

    def _begin(self, work: Callable[[], None]) -> None:
        with self._lock:
            self._unfinished += 1
        try:
            self._start(lambda: self._guard(work), "end")
        except RuntimeError:  # no thread is available: end it in this one, which delays the other probes' looks
            self._guard(work)

    def _guard(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # reported here, because nobody notices a thread that died
            log.exception("a defect of this program while ending probes")
            self._run.problems.add(f"a defect of this program: {type(error).__name__}: {error}; the log has it")
        finally:
            with self._lock:
                self._unfinished -= 1

    def _end(self, ec2: RegionEc2, over: Sequence[Probe]) -> None:
        loop = EndLoop(ec2, self._run.clock, self._run.installation_id, self._run.patience)
        for probe in over:
            loop.add(probe.entry, requested_by_us=True)
        if loop.run_until_ended(self._run.seconds_to_end):
            loop.wait_for_the_instances_own_times(self._run.seconds_to_end)
        for probe in over:
            self._write_results(probe, loop)

    def _end_early(self, probe: Probe, tracks: Sequence[Track]) -> None:
        by_instance_id = {track.instance_id: track for track in tracks}
        now = self._run.clock.now()
        try:
            cancelled = spot_requests.cancel(probe.ec2, [track.request_id for track in tracks])
            errors = [cancelled.failure, *cancelled.refused.values()]
            if not cancelled.failure:
                terminated = spot_requests.terminate(probe.ec2, list(by_instance_id))
                errors += [terminated.failure, *terminated.refused.values()]
                for answer in terminated.answers:
                    track = by_instance_id.get(answer.instance_id)
                    if track and answer.is_confirmed:
                        track.early_ended_at, track.state_before = now, answer.state_before
            for error in filter(None, errors):
                log.warning("%s: an early end failed and is tried again: %s", probe, aws_error.describe(error))
        finally:
            for track in tracks:
                track.is_early_end_running = False

    def _write_results(self, probe: Probe, loop: EndLoop) -> None:
        requests = {request.request_id: request for request in loop.requests_of(probe.entry)}
        is_over = loop.is_over_for(probe.entry)
        if not is_over:
            loop.name_what_is_left(probe.entry, self._run.problems, _LEFT, str(probe))
        for request in requests.values():
            # Requests whose ids we did not know, found by their tag and ended without a look at them.
            if request.request_id not in probe.tracks and request.first_seen is not None:
                probe.add_requests([request.first_seen], self._run.clock.now())
        is_written = self._write_rows(probe, requests)
        if is_over and not requests:
            log.warning("%s: no request of it was found; its entry stays open until it must have expired", probe)
        elif is_over and is_written:
            self._close(probe, requests)

    def _write_rows(self, probe: Probe, requests: Mapping[str, EndingRequest]) -> bool:
        """Write what became of a probe and of its requests, and tell whether the probe's row is on disk."""
        assert probe.end
        followed = [(track, requests.get(track.request_id)) for track in probe.tracks.values()]
        was_time_up = probe.end.ended == probes.TIMED_OUT
        settings = self._run.settings
        switch_after = timedelta(minutes=spot_requests.switch_minutes(settings.timeout_seconds))
        # Fewer looks without an answer than in such a time leave little doubt.
        unwatched = max(settings.timeout_seconds / 10, 60.0, 3 * settings.interval_seconds)
        watched_since = probe.end.time - timedelta(seconds=unwatched)
        ends = [
            unready_end(track, request, was_time_up=was_time_up, switch_after=switch_after, watched_since=watched_since)
            for track, request in followed
        ]
        ended = how_it_ended(probe, ends, until_fulfilled=settings.until_fulfilled)
        rows = [
            results.instance_row(probe, track, request, end)
            for (track, request), end in zip(followed, ends, strict=True)
        ]
        if rows:
            self._run.records.instances(probe.requested.date(), rows)
        self._tell_causes(probe, ends, ended)
        return self._run.records.probe(probe.row(ended))

    def _tell_causes(self, probe: Probe, ends: Sequence[UnreadyEnd | None], ended: str) -> None:
        if ended == probes.LOST:
            self._run.problems.add("others ended its instances before any was ready", str(probe))
        accounts = [end for end in ends if end and end.cause == ACCOUNT]
        for end in accounts:
            cause = "the account or the request itself stands in the way, not the market"
            self._run.problems.add(cause, str(probe), detail=str(end), kind=end.code)
        if accounts and len(accounts) == len(ends) and all(end.is_never_granted for end in accounts):
            pair, now = probe.target.pair, self._run.clock.now()
            row = RefusedPair(now, pair.region, pair.instance, accounts[0].code, accounts[0].message)
            self._run.records.refused_pair(row, now.date())

    def _close(self, probe: Probe, requests: dict[str, EndingRequest]) -> None:
        instance_ids = sorted({instance_id for request in requests.values() for instance_id in request.instances})
        entry = replace(probe.entry, request_ids=tuple(requests), instance_ids=tuple(instance_ids))
        self._write_journal(journal.CANCELLED, probe, entry)
        now = self._run.clock.now()
        cost = bill(
            usage
            for track in probe.tracks.values()
            for usage in results.usages(probe, track, requests.get(track.request_id), now)
        )
        pair = probe.target.pair
        # Spending row and closing row carry the same time, by which a later clean-up knows that this entry is billed.
        row = SpendingRow(now, pair.region, pair.instance, *cost)
        if self._run.records.spending(now.date(), [row]):
            self._write_journal(journal.CLOSED, probe, entry, now)
        log.info("%s: ended; %s, %d billed, %.4f USD", probe, probe.counts, cost.instances, row.total_usd)

    def _write_journal(self, event: str, probe: Probe, entry: journal.Entry, moment: datetime | None = None) -> None:
        try:
            self._run.journal.write(event, entry, moment)
        except Unwritable as failure:
            log.error("%s", failure)
            self._run.problems.add("the journal could not be written; the next run closes it", str(probe))
