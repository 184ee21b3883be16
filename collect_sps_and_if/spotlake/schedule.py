"""Which batch the next worker gets, in which order summaries are passed on, and what the death of a worker means."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence

from collect_sps_and_if.spotlake.batches import Batch
from collect_sps_and_if.spotlake.count.summary import Summary, all_skipped

SECOND_TRIES = 3
"""For a batch whose worker died, before its files are given up as skipped."""
WHY_LOST = f"the worker process that read it died {SECOND_TRIES + 1} times (killed, or out of memory)"


class Schedule:
    """Batches, by their numbers, on their way to workers, and summaries on their way back."""

    def __init__(self, batches: Sequence[Batch], max_ahead: int) -> None:
        """Begin with nothing handed out; at most so many summaries may be under way or wait to be passed on."""
        self.batches = batches
        self._max_ahead = max_ahead
        self._started = 0  # batches that were handed out at least once: the first so many
        self._passed_on = 0  # summaries that were passed on: the first so many
        self._under_way: set[int] = set()
        self._again: deque[int] = deque()
        self._deaths: Counter[int] = Counter()
        self._done: dict[int, Summary] = {}

    def is_over(self) -> bool:
        """Tell whether all summaries were passed on."""
        return self._passed_on == len(self.batches)

    def is_next_done(self) -> bool:
        """Tell whether the summary that is the next to be passed on is there."""
        return self._passed_on in self._done

    def pop_next(self) -> Summary:
        """Pass on the next summary."""
        self._passed_on += 1
        return self._done.pop(self._passed_on - 1)

    def start_one(self) -> int | None:
        """Choose the batch to hand out now; None if all are, or if the next has to wait until another one is back.

        A batch whose worker died is tried again alone: it may have died for lack of the memory that others used.
        """
        number = None
        if self._again or any(self._deaths[number] for number in self._under_way):
            if not self._under_way:
                number = self._again.popleft()
        elif self._started < min(len(self.batches), self._passed_on + self._max_ahead):
            number = self._started
            self._started += 1
        if number is not None:
            self._under_way.add(number)
        return number

    def finish(self, number: int, summary: Summary) -> None:
        """Take in a summary."""
        self._under_way.remove(number)
        self._deaths.pop(number, None)
        self._done[number] = summary

    def lose(self, number: int) -> None:
        """Note that a batch's worker died: it is tried again, or given up."""
        self._deaths[number] += 1
        if self._deaths[number] > SECOND_TRIES:
            self.finish(number, all_skipped(self.batches[number], WHY_LOST))
        else:
            self._under_way.remove(number)
            self._again.append(number)
