"""Batches summarised side by side, in processes of this machine; one that is killed costs a second try."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import TYPE_CHECKING, cast

from collect_sps_and_if.spotlake.fork_server import ForkServer
from common.errors import Refusal

if TYPE_CHECKING:  # what loads numpy is loaded once the fork server has been started
    from collect_sps_and_if.spotlake.batches import Batch
    from collect_sps_and_if.spotlake.count.summary import Summary
    from collect_sps_and_if.spotlake.find.times import Span
    from collect_sps_and_if.spotlake.schedule import Schedule

_AHEAD_PER_WORKER = 3
"""Batches under way or waiting for their turn to be merged, for each worker: what bounds memory."""
_MAX_RESTARTS = 3
"""Of the process that workers are forked from."""


class LocalWorkers:
    """Worker processes of this machine; with one worker, this process itself."""

    def __init__(self, count: int) -> None:
        """Let another process load what workers need, while there is other work to do here."""
        self.count = count
        self._server = ForkServer() if count > 1 else None
        self._restarts = 0
        self._idle: list[Connection] = []

    def __enter__(self) -> LocalWorkers:
        """Give the workers."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End them, whatever they are doing."""
        if self._server:
            self._server.kill()
            self._server = None

    def summaries(self, batches: Sequence[Batch], window: Span) -> Iterator[Summary]:
        """Summarise batches, in their order. Raises what a worker raised, and Refusal if none can be started."""
        if self._server is None:
            from collect_sps_and_if.spotlake.summarise import Summariser

            summariser = Summariser()
            yield from (summariser.summarise(batch, window) for batch in batches)
            return
        from collect_sps_and_if.spotlake.schedule import Schedule

        schedule = Schedule(batches, _AHEAD_PER_WORKER * self.count)
        working: dict[Connection, int] = {}
        self._hand_out(schedule, working, window)
        while not schedule.is_over():
            self._collect(schedule, working, wait_seconds=0 if schedule.is_next_done() else None)
            self._hand_out(schedule, working, window)  # before a summary is merged: no worker shall wait for that
            if schedule.is_next_done():
                yield schedule.pop_next()

    def _hand_out(self, schedule: Schedule, working: dict[Connection, int], window: Span) -> None:
        while len(working) < self.count and (number := schedule.start_one()) is not None:
            worker = self._idle.pop() if self._idle else self._new_worker()
            try:
                worker.send((schedule.batches[number], window))
            except OSError:
                schedule.lose(number)
            else:
                working[worker] = number

    def _collect(self, schedule: Schedule, working: dict[Connection, int], wait_seconds: float | None) -> None:
        for worker in cast("list[Connection]", wait([*working], wait_seconds)):
            number = working.pop(worker)
            try:
                answer = worker.recv()
            except (EOFError, OSError):  # it died, be it before its answer or in the middle of it
                schedule.lose(number)
                continue
            if isinstance(answer, Exception):
                raise answer
            self._idle.append(worker)
            schedule.finish(number, answer)

    def _new_worker(self) -> Connection:
        assert self._server
        try:
            return self._server.fork()
        except OSError:  # the server was killed, or could not load what it should
            if self._restarts == _MAX_RESTARTS:
                raise Refusal("worker processes cannot be started, or die at once; try fewer --workers") from None
            self._restarts += 1
            self._server.kill()
            self._server = ForkServer()
            return self._new_worker()
