"""Cancel spot requests and terminate their instances, again and again, until AWS shows that all of them have ended.

A round: cancel; terminate what is known; look at the requests; find their instances after that, since a request may be
fulfilled while it is being cancelled; terminate those. A step that fails is repeated in the next round.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from collect_launch_time.ec2 import spot_requests
from collect_launch_time.ec2.answers import SpotRequest
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.patience import Patience
from collect_launch_time.state.end_state import EndingRequest
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
        self.problem = ""  # what failed in the newest round, in AWS's words
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

    def run_until_ended(self) -> bool:
        """Repeat rounds until everything has ended, or the time for it is up; tell whether everything has ended."""
        deadline = self._clock.monotonic() + self._patience.give_up_seconds
        while True:
            mark = self._progress_mark()
            self._round()
            now = self._clock.monotonic()
            if not self._searches and all(request.is_over(now) for request in self.requests.values()):
                return True
            if now > deadline:
                return False
            if self._progress_mark() == mark:
                self._clock.sleep(self._patience.round_seconds)

    def is_over_for(self, entry: Entry) -> bool:
        """Tell whether all an entry led to is known and has ended."""
        now = self._clock.monotonic()
        return entry.token not in self._searches and all(request.is_over(now) for request in self.requests_of(entry))

    def requests_of(self, entry: Entry) -> list[EndingRequest]:
        """Give an entry's requests, without those that turned out to be another installation's."""
        return [
            request for request in self.requests.values() if request.token == entry.token and not request.is_foreign
        ]

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

    def _round(self) -> None:
        self.problem = ""
        steps: Sequence[Callable[[], None]] = (
            self._search_by_token,
            self._cancel,
            self._terminate,
            self._look_at_requests,
            self._find_instances,
            self._terminate,
        )
        for step in steps:
            try:
                step()
            except AWS_FAILURES as error:
                self.problem = aws_error.describe(error)
                log.warning("%s: %s failed and is repeated: %s", self._ec2.region, step.__name__, self.problem)

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
        request_ids = [request.request_id for request in self.requests.values() if request.needs_cancel]
        for request_id in spot_requests.cancel(self._ec2, request_ids):
            if request_id in self.requests:
                self.requests[request_id].is_cancelled = True

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
        for instance in self._ec2.instances_of_requests([request.request_id for request in unfinished]):
            request = self.requests[instance.request_id]
            request.instance(instance.instance_id, self._clock.now()).last_seen = instance
        for request in final:
            request.is_searched = True

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
        answers, unknown_ids = spot_requests.terminate(self._ec2, list(instances))
        for answer in answers:
            if terminated := instances.get(answer.instance_id):
                terminated.state_before = terminated.state_before or answer.state_before
                terminated.confirmed_at = self._clock.monotonic() if answer.is_confirmed else None
        for instance in instances.values():
            instance.is_unknown = instance.instance_id in unknown_ids
