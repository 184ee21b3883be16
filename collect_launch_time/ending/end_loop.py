"""Cancel spot requests and terminate their instances, again and again, until AWS shows that all of them have ended.

A round: cancel; terminate what is known; look at the requests; find their instances after that, since a request may be
fulfilled while it is being cancelled; terminate those. A step that fails is repeated in the next round.
"""

import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collect_launch_time.ec2 import spot_requests
from collect_launch_time.ec2.answers import SpotRequest
from collect_launch_time.ec2.by_halves import DoneByHalves
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.patience import Patience
from collect_launch_time.problems import Problems
from collect_launch_time.state.end_state import EndingInstance, EndingRequest, Refused
from common.aws import aws_error
from common.aws.aws_error import AWS_FAILURES
from common.clock import Clock
from data_files.launches.journal import Entry

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Search:
    """A journal entry of which not all request ids are known."""

    entry: Entry
    visible_by: float  # the monotonic moment after which AWS shows every request the entry may have led to


class EndLoop:
    """Ends what some journal entries of one Region led to."""

    def __init__(self, ec2: RegionEc2, clock: Clock, installation_id: str, patience: Patience) -> None:
        self.failure: Exception | None = None  # of the newest round that had one
        self.requests: dict[str, EndingRequest] = {}
        self._ec2 = ec2
        self._clock = clock
        self._installation_id = installation_id
        self._patience = patience
        self._searches: dict[str, _Search] = {}  # by token

    def add(self, entry: Entry, *, requested_by_us: bool) -> None:
        """Have an entry's requests ended; those whose ids are not known are searched for by its token.

        requested_by_us: this run made the requests, so that they need not be read before they are ended.
        """
        for request_id in entry.request_ids:
            self._request(request_id, entry, is_ours=requested_by_us)
        if len(entry.request_ids) < max(entry.count, 1):
            self._searches[entry.token] = _Search(entry, self._requested(entry) + self._patience.invisible_seconds)

    def add_found(self, request: SpotRequest, entry: Entry) -> None:
        """Have a request ended that was found by one of our tags."""
        self._note(self._request(request.request_id, entry, is_ours=True), request)

    def run_until_ended(self, at_most: float = math.inf) -> bool:
        """Repeat rounds until everything has ended, or the time for it is up; tell whether everything has ended.

        at_most are the seconds that the run has for it, if less than our patience.
        """
        seconds = min(self._patience.give_up_seconds, max(at_most, self._patience.round_seconds))
        deadline = self._clock.monotonic() + seconds
        while True:
            mark = self._progress_mark()
            self._round(max(deadline, self._clock.monotonic()) + self._patience.round_seconds)
            now = self._clock.monotonic()
            unfinished = [request for request in self.requests.values() if not request.is_over(now)]
            if not self._searches and not unfinished:
                return True
            is_given_up = not self._searches and all(request.is_given_up(now) for request in unfinished)
            if is_given_up or now > deadline:
                return False
            if self._progress_mark() == mark:
                self._clock.sleep(self._patience.round_seconds)

    def wait_for_the_instances_own_times(self, at_most: float = math.inf) -> None:
        """Have AWS show each instance at least once: of a new one, ended by its id, it may not have done so yet.

        What it does not show for a while, or a call that fails, leaves its times unknown. at_most are the seconds that
        the run has for it, if less than our patience.
        """
        deadline = self._clock.monotonic() + min(self._patience.settle_seconds, at_most)
        while unseen := [
            request.request_id
            for request in self.requests.values()
            if any(instance.last_seen is None for instance in request.instances.values())
        ]:
            if self._clock.monotonic() >= deadline:
                return
            self._clock.sleep(self._patience.round_seconds)
            try:
                self._see_instances(unseen)
            except AWS_FAILURES as error:
                log.warning(
                    "%s: some instances' own times stay unknown: %s", self._ec2.region, aws_error.describe(error)
                )
                return

    def is_over_for(self, entry: Entry) -> bool:
        """Tell whether all an entry led to is known and has ended."""
        now = self._clock.monotonic()
        return entry.token not in self._searches and all(request.is_over(now) for request in self.requests_of(entry))

    def requests_of(self, entry: Entry) -> list[EndingRequest]:
        """Give an entry's requests, without those that turned out to be another installation's."""
        return [
            request for request in self.requests.values() if request.token == entry.token and not request.is_foreign
        ]

    def name_what_is_left(self, entry: Entry, problems: Problems, cause: str, name: str) -> None:
        """Add what of an entry has not ended to the problems: each thing that AWS does not end, and why."""
        now = self._clock.monotonic()
        left = list(self._living(entry, now))
        left += [one for one in self.requests_of(entry) if one.refused and one.needs_cancel]
        for thing in left:
            affected = f"{thing.name} ({name})"
            if error := thing.refused.error if thing.refused else self.failure:
                problems.add_error(cause, error, affected)
            else:
                why = "AWS says that it knows none of this id" if thing.is_unknown else "no end in sight"
                problems.add(cause, affected, detail=why, kind=why)
        if not left and self.failure:
            problems.add_error(cause, self.failure, name)
        elif not left:
            problems.add(cause, name, detail="no end in sight")

    def _living(self, entry: Entry, now: float) -> Iterator[EndingInstance | EndingRequest]:
        for request in self.requests_of(entry):
            if not request.is_over(now):
                yield from (instance for instance in request.instances.values() if not instance.has_ended)

    def _request(self, request_id: str, entry: Entry, *, is_ours: bool) -> EndingRequest:
        request = self.requests.get(request_id)
        if request is None:
            request = EndingRequest(request_id, entry.token, self._requested(entry), is_ours, self._patience)
            self.requests[request_id] = request
        request.is_ours = request.is_ours or is_ours
        return request

    def _requested(self, entry: Entry) -> float:
        return self._clock.monotonic() - entry.age_seconds

    def _progress_mark(self) -> tuple[int, int, int]:
        """Count what is known. If this changed during a round, the next one follows without waiting."""
        ours = [request for request in self.requests.values() if request.is_ours]
        return len(self.requests), len(ours), sum(len(request.instances) for request in ours)

    def _round(self, latest_step: float) -> None:
        steps: Sequence[Callable[[], None]] = (
            self._search_by_token,
            self._cancel,
            self._terminate,
            self._look_at_requests,
            self._find_instances,
            self._terminate,
        )
        for step in steps:
            if self._clock.monotonic() > latest_step:  # each step may take a minute where nothing answers
                return
            try:
                step()
            except AWS_FAILURES as error:
                self.failure = error
                reason = aws_error.describe(error)
                log.warning("%s: %s failed and is repeated: %s", self._ec2.region, step.__name__, reason)

    def _search_by_token(self) -> None:
        if not self._searches:
            return
        # Taken before the question: only an answer to a question after visible_by shows every request.
        now = self._clock.monotonic()
        searches = dict(self._searches)
        for request in self._ec2.requests_with_tokens(list(searches)):
            self.add_found(request, searches[request.token].entry)
        for token, search in searches.items():
            is_complete = len(self.requests_of(search.entry)) >= max(search.entry.count, 1)
            if is_complete or now > search.visible_by:
                del self._searches[token]

    def _cancel(self) -> None:
        now = self._clock.monotonic()
        to_cancel = {
            request.request_id: request
            for request in self.requests.values()
            if request.needs_cancel and not (request.refused and request.refused.is_resting(now, self._patience))
        }
        done = spot_requests.cancel(self._ec2, _not_yet_tried_first(to_cancel))
        for request_id in done.answers:
            if request_id in self.requests:
                self.requests[request_id].is_cancelled = True
        self._note_refusals(to_cancel, done)

    def _look_at_requests(self) -> None:
        now = self._clock.monotonic()
        unsettled = [request for request in self.requests.values() if not request.is_settled(now)]
        if not unsettled:
            return
        known = self._ec2.requests([request.request_id for request in unsettled])
        shown = {request.request_id: request for answer in known.answers for request in answer}
        for request in unsettled:
            self._note(request, shown.get(request.request_id))

    def _note(self, request: EndingRequest, shown: SpotRequest | None) -> None:
        request.note(shown, self._installation_id, self._clock.monotonic())
        if request.is_foreign:
            log.warning("%s carries neither our tag nor our token: left alone", request.request_id)
        elif shown is not None and shown.instance_id:
            request.instance(shown.instance_id, self._clock.now())

    def _find_instances(self) -> None:
        now = self._clock.monotonic()
        # A request that the journal names may be another's. Its instances are not touched before it was read, unless
        # AWS does not know it.
        unfinished = [
            request
            for request in self.requests.values()
            if (request.is_ours or request.is_unknown) and not request.is_over(now)
        ]
        if not unfinished:
            return
        # Taken before the question, so that the answer is about a time after the requests' end.
        final = [request for request in unfinished if request.is_final_or_unknown]
        self._see_instances([request.request_id for request in unfinished])
        for request in final:
            request.is_searched = True

    def _see_instances(self, request_ids: Sequence[str]) -> None:
        for instance in self._ec2.instances_of_requests(request_ids):
            request = self.requests[instance.request_id]
            request.instance(instance.instance_id, self._clock.now()).last_seen = instance

    def _terminate(self) -> None:
        now = self._clock.monotonic()
        instances = {
            instance.instance_id: instance
            for request in self.requests.values()
            for instance in request.instances.values()
            if instance.needs_terminate(now)
        }
        if not instances:
            return
        for instance in instances.values():
            instance.first_attempt_at = instance.first_attempt_at or self._clock.now()
        done = spot_requests.terminate(self._ec2, _not_yet_tried_first(instances))
        for answer in done.answers:
            if terminated := instances.get(answer.instance_id):
                terminated.state_before = terminated.state_before or answer.state_before
                terminated.confirmed_at = self._clock.monotonic() if answer.is_confirmed else None
        for instance in instances.values():
            instance.is_unknown = instance.instance_id in done.unknown_ids
        self._note_refusals(instances, done)

    def _note_refusals(
        self, things: Mapping[str, EndingRequest] | Mapping[str, EndingInstance], done: DoneByHalves[Any]
    ) -> None:
        """Keep AWS's no to each thing; raise what kept the call from being answered."""
        now = self._clock.monotonic()
        for name, thing in things.items():
            error = done.refused.get(name) or done.untried.get(name)
            if error is None:
                thing.refused = None
                continue
            before = thing.refused
            tried_at = now if name in done.refused else (before.tried_at if before else None)
            thing.refused = Refused(error, before.since if before else now, tried_at)
        for error in {aws_error.cause(error): error for error in done.refused.values()}.values():
            log.warning(
                "%s: AWS refuses to end %s: %s", self._ec2.region, " ".join(done.refused), aws_error.describe(error)
            )
        if done.failure:
            raise done.failure


def _not_yet_tried_first(things: Mapping[str, EndingRequest] | Mapping[str, EndingInstance]) -> list[str]:
    """Order what is to be ended so that what AWS refused alone comes last: where it denies all, others are tried."""

    def last_try(name: str) -> float:
        refused = things[name].refused
        return refused.tried_at or 0.0 if refused else 0.0

    return sorted(things, key=last_try)
