"""End spot requests and their instances, and do not believe it before AWS says so.

Cancel; look until every request is final; find the instances after that, since a request may be fulfilled while it is
being cancelled; terminate; see them shutting down. Each step is tried again until it goes through or time is up.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from collect_launch_time.ec2 import spot_requests
from collect_launch_time.ec2.answers import SpotRequest
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.patience import Patience
from collect_launch_time.state.end_state import EndedInstance, EndedRequest
from common import aws_error
from common.aws_error import AWS_FAILURES
from common.clock import Clock
from data_files.launches.journal import Entry

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Search:
    """A journal entry whose requests never told us all their ids."""

    entry: Entry
    visible_by: float  # the monotonic moment at which none of them can be invisible any more


class Ending:
    """The end of what some journal entries of one Region led to."""

    def __init__(self, ec2: RegionEc2, clock: Clock, installation: str, patience: Patience) -> None:
        self.problem = ""  # of the newest round, in AWS's words
        self.requests: dict[str, EndedRequest] = {}
        self._ec2 = ec2
        self._clock = clock
        self._installation = installation
        self._patience = patience
        self._searched: dict[str, _Search] = {}  # by token

    def add(self, entry: Entry, *, asked_ourselves: bool) -> None:
        """End an entry's requests; those whose ids never reached us are searched for by their tag."""
        for request_id in entry.request_ids:
            self._request(request_id, entry, is_ours=asked_ourselves)
        if len(entry.request_ids) < max(entry.count, 1):
            self._searched[entry.token] = _Search(entry, self._requested(entry) + self._patience.invisible)

    def add_found(self, request: SpotRequest, entry: Entry) -> None:
        """End a request that was found by our tag."""
        self._note(self._request(request.request_id, entry, is_ours=True), request)

    def run(self) -> bool:
        """Go on until everything has ended, or time is up; tell whether it has."""
        deadline = self._clock.monotonic() + self._patience.give_up
        while True:
            known = self._known()
            self._round()
            if not self._searched and all(one.is_over(self._clock.monotonic()) for one in self.requests.values()):
                return True
            if self._clock.monotonic() > deadline:
                return False
            if self._known() == known:
                self._clock.sleep(self._patience.between_rounds)

    def is_over_for(self, entry: Entry) -> bool:
        """Tell whether nothing of one entry is left, and it is known what there was."""
        now = self._clock.monotonic()
        return entry.token not in self._searched and all(one.is_over(now) for one in self.requests_of(entry))

    def requests_of(self, entry: Entry) -> list[EndedRequest]:
        """Give an entry's requests."""
        return [one for one in self.requests.values() if one.token == entry.token and not one.is_foreign]

    def _request(self, request_id: str, entry: Entry, *, is_ours: bool) -> EndedRequest:
        one = self.requests.get(request_id)
        if one is None:
            one = EndedRequest(request_id, entry.token, self._requested(entry), is_ours, self._patience)
            self.requests[request_id] = one
        one.is_ours = one.is_ours or is_ours
        return one

    def _requested(self, entry: Entry) -> float:
        return self._clock.monotonic() - entry.age_seconds

    def _known(self) -> tuple[int, int, int]:
        # What a round may bring to light, and the next one should act on at once.
        ours = [one for one in self.requests.values() if one.is_ours]
        return len(self.requests), len(ours), sum(len(one.instances) for one in ours)

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
                log.warning("%s: %s failed, it is tried again: %s", self._ec2.region, step.__name__, self.problem)

    def _search_by_token(self) -> None:
        if not self._searched:
            return
        # The moment before the question: an answer from before visible_by says nothing of what is not visible yet.
        now = self._clock.monotonic()
        searched = dict(self._searched)
        for request in self._ec2.requests_with_tokens(list(searched)):
            self.add_found(request, searched[request.token].entry)
        for token, search in searched.items():
            is_complete = len(self.requests_of(search.entry)) >= max(search.entry.count, 1)
            if is_complete or now > search.visible_by:
                del self._searched[token]

    def _cancel(self) -> None:
        wanted = [one.request_id for one in self.requests.values() if one.wants_cancel]
        for request_id in spot_requests.cancel(self._ec2, wanted) if wanted else ():
            if request_id in self.requests:
                self.requests[request_id].is_cancelled = True

    def _look_at_requests(self) -> None:
        now = self._clock.monotonic()
        wanted = [one for one in self.requests.values() if not one.is_settled(now)]
        if not wanted:
            return
        known = self._ec2.requests([one.request_id for one in wanted])
        found = {request.request_id: request for answer in known.answers for request in answer}
        for one in wanted:
            self._note(one, found.get(one.request_id))

    def _note(self, one: EndedRequest, request: SpotRequest | None) -> None:
        one.note(request, self._installation, self._clock.monotonic())
        if one.is_foreign:
            log.warning("%s carries neither our tag nor our token: left alone", one.request_id)
        elif request is not None and request.instance_id:
            one.instance(request.instance_id, self._clock.now())

    def _find_instances(self) -> None:
        now = self._clock.monotonic()
        wanted = [one for one in self.requests.values() if not one.is_over(now) and not one.is_foreign]
        # Known before the question: the answer then tells of a time after the request's end.
        ended = [one for one in wanted if one.is_quiet_or_final]
        if not wanted:
            return
        for instance in self._ec2.instances_of_requests([one.request_id for one in wanted]):
            self.requests[instance.request_id].instance(instance.instance_id, self._clock.now()).seen = instance
        for one in ended:
            one.is_searched = True

    def _terminate(self) -> None:
        now = self._clock.monotonic()
        wanted: dict[str, EndedInstance] = {
            one.instance_id: one
            for request in self.requests.values()
            for one in request.instances.values()
            if one.wants_terminate(now)
        }
        if not wanted:
            return
        for one in wanted.values():
            one.tried = one.tried or self._clock.now()
        answers, unknown = spot_requests.terminate(self._ec2, list(wanted))
        for answer in answers:
            if answered := wanted.get(answer.instance_id):
                answered.was = answered.was or answer.was
                answered.answered_at = self._clock.monotonic() if answer.is_ending else None
        for one in wanted.values():
            one.is_unknown = one.instance_id in unknown
