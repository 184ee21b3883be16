"""Time that passes only while every thread waits, and then at once: programs that wait for minutes end in no time."""

import contextlib
import heapq
import itertools
import math
import queue
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from types import SimpleNamespace
from typing import Any, Self

import pytest

_real_monotonic, _real_gettime, _real_sleep = time.monotonic, time.clock_gettime, time.sleep
_real_start, _real_join = threading.Thread.start, threading.Thread.join
# Where this machine's time is held against AWS's; elsewhere the real one will do.
_CLOCKS = ("common.aws.aws_time",)
_QUEUES = ("common.side_by_side", "concurrent.futures.thread")
_STEP = 0.01  # seconds


class Over(SystemExit):
    """Ends a thread that still waits when its program has ended, as the end of the process would."""


@dataclass
class _Waiter:
    woken: threading.Event = field(default_factory=threading.Event)
    handed: list[Any] = field(default_factory=list)
    is_done: bool = False


class VirtualTime:
    """The time of one program: of the thread that makes this, and of every thread that it starts."""

    def __init__(self, passed: float, longest: float) -> None:
        self.passed = passed  # seconds
        self._latest = passed + longest
        self._began = _real_monotonic()
        self._lock = threading.Lock()
        self._main = threading.get_ident()
        self._members = {self._main}
        self._threads: list[threading.Thread] = []
        self._running = 1
        self._numbers = itertools.count()
        self._waiters: dict[int, _Waiter] = {}
        self._due: list[tuple[float, int, _Waiter]] = []
        self._is_over = False
        self.ends_at = math.inf  # when the program is killed

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Let this be the time, and give its queues and threads to who waits for them."""
        patch.setattr(time, "monotonic", self.monotonic)
        patch.setattr(time, "clock_gettime", self._gettime)
        patch.setattr(time, "sleep", self.sleep)
        patch.setattr(threading.Thread, "start", lambda thread: self._start(thread))
        patch.setattr(threading.Thread, "join", lambda thread, timeout=None: self._join(thread, timeout))
        queues = SimpleNamespace(SimpleQueue=lambda: _Queue(self), Empty=queue.Empty)
        for name in _QUEUES:
            patch.setattr(f"{name}.queue", queues)
        events = SimpleNamespace(Event=lambda: _Event(self), Thread=threading.Thread, enumerate=threading.enumerate)
        patch.setattr("common.time_limit.threading", events)
        for name in _CLOCKS:
            patch.setattr(f"{name}.datetime", _datetime_of(self))

    @property
    def is_mine(self) -> bool:
        """Whether the calling thread lives in this time."""
        return threading.get_ident() in self._members

    def monotonic(self) -> float:
        """In place of time.monotonic."""
        return self._began + self.passed if self.is_mine else _real_monotonic()

    def _gettime(self, clock: int) -> float:
        is_steady = clock in (time.CLOCK_MONOTONIC, getattr(time, "CLOCK_BOOTTIME", None))
        return self.monotonic() if self.is_mine and is_steady else _real_gettime(clock)

    def sleep(self, seconds: float) -> None:
        """In place of time.sleep."""
        if self.is_mine:
            self._wait(seconds)
        else:
            _real_sleep(seconds)

    def take(self, items: deque[Any], takers: deque[_Waiter], seconds: float | None) -> Any:
        """Take an item, or wait for one; without any in so many seconds raise Empty."""
        with self._lock:
            if items:
                return items.popleft()
        waiter = self._wait(seconds, items, takers)
        if not waiter.handed:
            raise queue.Empty
        return waiter.handed[0]

    def hand(self, item: Any, items: deque[Any], takers: deque[_Waiter]) -> None:
        """Give an item to who waits for one, or keep it."""
        with self._lock:
            while takers:
                taker = takers.popleft()
                if not taker.is_done:
                    taker.handed.append(item)
                    self._wake(taker)
                    return
            items.append(item)

    def check(self) -> None:
        """Raise Over in a program that has ended."""
        with self._lock:
            self._check()

    def kill(self) -> None:
        """End the program here and now, from any of its threads."""
        with self._lock:
            self._stop()
        raise Over

    def end(self) -> None:
        """End what still waits, as the end of a process would, and see it end."""
        with self._lock:
            self._stop()
        for thread in self._threads:
            _real_join(thread, 10)
            assert not thread.is_alive(), f"{thread.name} neither waits nor ends"

    def _wait(
        self, seconds: float | None, items: deque[Any] | None = None, takers: deque[_Waiter] | None = None
    ) -> _Waiter:
        waiter, number = _Waiter(), next(self._numbers)
        with self._lock:
            self._check()
            if items:
                waiter.handed.append(items.popleft())
                return waiter
            self._waiters[number] = waiter
            if takers is not None:
                takers.append(waiter)
            if seconds is not None:
                heapq.heappush(self._due, (self.passed + max(0.0, seconds), number, waiter))
            self._running -= 1
            self._pass_on()
        waiter.woken.wait()
        with self._lock:
            del self._waiters[number]
            self._check()
        return waiter

    def _pass_on(self) -> None:
        """If all wait, let time pass to where the next one wakes."""
        while not self._running and self._due:
            due, _, waiter = heapq.heappop(self._due)
            if due > self.ends_at:
                self.passed = self.ends_at
                self._stop()
            elif not waiter.is_done:
                self.passed = max(self.passed, due)
                self._wake(waiter)
        if not self._running:
            self._stop()  # all wait for ever

    def _wake(self, waiter: _Waiter) -> None:
        waiter.is_done = True
        self._running += 1
        waiter.woken.set()

    def _stop(self) -> None:
        self._is_over = True
        for waiter in self._waiters.values():
            if not waiter.is_done:
                self._wake(waiter)

    def _check(self) -> None:
        if self._is_over:
            raise Over
        assert threading.get_ident() != self._main or self.passed <= self._latest, "this goes on for too long"

    def _start(self, thread: threading.Thread) -> None:
        if not self.is_mine:
            _real_start(thread)
            return
        run = thread.run

        def run_here() -> None:
            self._members.add(threading.get_ident())
            try:
                with contextlib.suppress(Over):
                    run()
            finally:
                with self._lock:
                    self._members.discard(threading.get_ident())
                    self._running -= 1
                    self._pass_on()

        thread.run = run_here  # type: ignore[method-assign]
        with self._lock:
            self._check()
            self._running += 1
            self._threads.append(thread)
        _real_start(thread)

    def _join(self, thread: threading.Thread, timeout: float | None) -> None:
        if not self.is_mine:
            _real_join(thread, timeout)
            return
        until = None if timeout is None else self.passed + timeout
        while thread.is_alive() and (until is None or self.passed < until):
            self._wait(_STEP)


class _Queue:
    """In place of queue.SimpleQueue."""

    def __init__(self, time_of_it: VirtualTime) -> None:
        self._time = time_of_it
        self._items: deque[Any] = deque()
        self._takers: deque[_Waiter] = deque()

    def put(self, item: Any) -> None:
        self._time.hand(item, self._items, self._takers)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        if not block:
            return self.get_nowait()
        return self._time.take(self._items, self._takers, timeout)

    def get_nowait(self) -> Any:
        try:
            return self._items.popleft()
        except IndexError:
            raise queue.Empty from None


class _Event:
    """In place of threading.Event, for one thread that waits."""

    def __init__(self, time_of_it: VirtualTime) -> None:
        self._queue = _Queue(time_of_it)

    def set(self) -> None:
        self._queue.put(None)

    def wait(self, timeout: float | None = None) -> bool:
        try:
            self._queue.get(timeout=timeout)
        except queue.Empty:
            return False
        return True


def _datetime_of(virtual: VirtualTime) -> type[datetime]:
    class VirtualDatetime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            moment = datetime.now(tz) + timedelta(seconds=virtual.passed)
            return cls.fromisoformat(moment.isoformat())

    return VirtualDatetime
