"""What is due when: played in the order of its time, whenever somebody looks."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Deed = Callable[[datetime], None]


class Agenda:
    """Things that happen at a time because of what else is there then; the rest is drawn ahead."""

    def __init__(self) -> None:
        self._due: list[tuple[datetime, int, Deed]] = []
        self._order = count()

    def add(self, at: datetime, deed: Deed) -> None:
        """Let something happen at a time; it is called with that time, not with the looker's."""
        heapq.heappush(self._due, (at, next(self._order), deed))

    def play(self, until: datetime) -> None:
        """Let everything happen that is due, and what comes due by that."""
        while self._due and self._due[0][0] <= until:
            at, _, deed = heapq.heappop(self._due)
            deed(at)
