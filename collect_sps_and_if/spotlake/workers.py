"""Runs summarised side by side, in processes of this machine; one that is killed costs a second try."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import multiprocessing.util
import os
import shutil
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from common.errors import Refusal

if TYPE_CHECKING:  # what loads numpy is loaded once the fork server is on its way
    from collect_sps_and_if.spotlake.count.summary import Summary
    from collect_sps_and_if.spotlake.find.sources import Source
    from collect_sps_and_if.spotlake.find.times import Span
    from collect_sps_and_if.spotlake.read.snapshot_reader import SnapshotReader

AHEAD_PER_WORKER = 3
"""Runs under way or waiting for their turn to be merged, for each worker: what bounds memory."""
TRIES = 3
"""Second tries for a run before its files are given up as skipped."""
MOST_VALUES = 100
"""Different scores and frequencies after which a reader begins anew: what odd files held shall not count for others."""
WHY_LOST = f"the worker process that read it died {TRIES + 1} times (killed, or out of memory)"


class LocalWorkers:
    """Worker processes of this machine; with one worker, this process itself."""

    def __init__(self, count: int) -> None:
        """Set the first of them going while there is other work to do."""
        self.count = count
        self._processes: ProcessPoolExecutor | None = None
        if count > 1:
            _start_fork_server()

    def __enter__(self) -> LocalWorkers:
        """Give the workers."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End them; those at work when something went wrong are not waited for."""
        self._end(at_once=kind is not None)

    def summaries(self, runs: Sequence[Sequence[Source]], window: Span) -> Iterator[Summary]:
        """Summarise runs, in their order."""
        from collect_sps_and_if.spotlake.count.summary import lost

        if self.count == 1:
            in_turn = _RunAfterRun()
            yield from (in_turn.summarise(run, window) for run in runs)
            return
        left = deque(runs)
        ahead: deque[tuple[Sequence[Source], Future[Summary]]] = deque()
        deaths = 0
        while left or ahead:
            # After a death, whose it was is found by doing the next run alone.
            while left and len(ahead) < (1 if deaths else AHEAD_PER_WORKER * self.count):
                run = left.popleft()
                ahead.append((run, self._submit(run, window)))
            run, future = ahead.popleft()
            try:
                summary = future.result()
            except BrokenProcessPool:
                self._end(at_once=True)
                left.extendleft(reversed([waiting for waiting, _ in ahead]))
                ahead.clear()
                deaths += 1
                if deaths <= TRIES:
                    left.appendleft(run)
                    continue
                summary = lost(run, WHY_LOST)
            deaths = 0
            yield summary

    def _submit(self, run: Sequence[Source], window: Span) -> Future[Summary]:
        if self._processes is None:
            self._processes = ProcessPoolExecutor(
                self.count, multiprocessing.get_context("forkserver"), initializer=_end_with_parent
            )
        with _ctrl_c_waits():  # until the worker that this may start is known; else nobody would end it
            try:
                return self._processes.submit(_summarise_in_worker, run, window)
            except BrokenProcessPool as broken:
                failed: Future[Summary] = Future()
                failed.set_exception(broken)
                return failed

    def _end(self, *, at_once: bool) -> None:
        if self._processes is None:
            return
        for worker in multiprocessing.active_children() if at_once else []:
            worker.kill()
        self._processes.shutdown(cancel_futures=True)
        self._processes = None


def remove_socket() -> None:
    """Remove the folder of the fork server's socket, which Python does at an end that our programs do not wait for."""
    with contextlib.suppress(OSError):  # there may be no folder for temporary files; one worker needs none
        shutil.rmtree(multiprocessing.util.get_temp_dir(), ignore_errors=True)


class _RunAfterRun:
    """Summarises runs with one reader, which knows most of a run's lines from the run before."""

    def __init__(self) -> None:
        self._reader: SnapshotReader | None = None

    def summarise(self, run: Sequence[Source], window: Span) -> Summary:
        from collect_sps_and_if.spotlake.read.snapshot_reader import SnapshotReader
        from collect_sps_and_if.spotlake.summarise import summarise

        if self._reader is None or len(self._reader.values) > MOST_VALUES:
            self._reader = SnapshotReader()
        return summarise(run, window, self._reader)


_of_this_worker = _RunAfterRun()


def _summarise_in_worker(run: Sequence[Source], window: Span) -> Summary:
    return _of_this_worker.summarise(run, window)


def _start_fork_server() -> None:
    """Start the process that workers are forked from; what it loads, they share. Refusal if it cannot be reached."""
    multiprocessing.set_forkserver_preload(["collect_sps_and_if.spotlake.preloaded"])
    # Ctrl-C goes to every process of a terminal. Only this one shall act on it, if later; the others inherit the mask.
    multiprocessing.resource_tracker.ensure_running()  # now, for it ends with SIGINT unblocked
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with _python_path():
            multiprocessing.forkserver.ensure_running()
    except OSError as error:  # such as a name of over 107 characters, the most that a socket's address has room for
        raise Refusal(
            f"no socket for the workers among temporary files: {error}. "
            "Let TMPDIR name a folder that can be written to and has a short name, or use --workers 1"
        ) from None
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _python_path() -> Iterator[None]:
    """Let a process that is started find our modules; before Python 3.13 a fork server is not told of `sys.path`."""
    before = os.environ.get("PYTHONPATH")
    root = str(Path(__file__).resolve().parents[2])
    os.environ["PYTHONPATH"] = f"{root}{os.pathsep}{before}" if before else root
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


@contextlib.contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    pressed = False

    def remember(_number: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


def _end_with_parent() -> None:
    """Let a worker end when its parent was killed; else it would wait for work forever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=(parent.sentinel,), daemon=True).start()


def _wait_and_end(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
