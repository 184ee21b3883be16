"""Run our programs for real: as a process of its own, or, where hundreds are needed, as a fork of this one."""

import contextlib
import functools
import gc
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_OURS = (
    "configs",
    "common",
    "data_files",
    "analysis",
    "notify",
    "advise",
    "status",
    "collect_sps_and_if",
    "collect_launch_time",
    "collect_spot_price",
    "instance_arch_and_ami_id",
    "report",
    "check_setup",
)


@dataclass(frozen=True)
class Ended:
    """How a program ended; the code is negative for a signal."""

    code: int
    stdout: str
    stderr: str


def run(module: str, *arguments: str, environment: Mapping[str, str], timeout: float = 120) -> Ended:
    """Run `python -m module` from the repository root, with no terminal, as cron would."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


class Fork:
    """`python -m module` as a fork that has its libraries loaded: the same program, in a fraction of the time."""

    def __init__(
        self,
        module: str,
        *arguments: str,
        environment: Mapping[str, str],
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self._models = loader_of_models()
        self._out, self._err = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")  # noqa: SIM115 - see end()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self._become(module, arguments, environment, before)
            except BaseException:  # noqa: BLE001 - a program of ours ends by itself; what comes here is the test's own
                os.write(2, traceback.format_exc().encode())
            os._exit(99)

    def kill(self, with_signal: int = signal.SIGKILL) -> None:
        """Send it a signal."""
        os.kill(self.pid, with_signal)

    def kill_after(self, seconds: float) -> None:
        """Kill it so many seconds from now, if it has not ended by then."""
        # Waited for by the child's own life: SIGCHLD comes when it ends.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        signal.sigtimedwait({signal.SIGCHLD}, seconds)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        self.kill()

    def end(self) -> Ended:
        """Wait for its end."""
        _, status = os.waitpid(self.pid, 0)
        ended = Ended(os.waitstatus_to_exitcode(status), *map(_content, (self._out, self._err)))
        self._out.close()
        self._err.close()
        return ended

    def _become(
        self, module: str, arguments: tuple[str, ...], environment: Mapping[str, str], before: Callable[[], None]
    ) -> None:
        os.dup2(self._out.fileno(), 1)
        os.dup2(self._err.fileno(), 2)
        sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1) for number in (1, 2))
        for name in [name for name in sys.modules if name.partition(".")[0] in _OURS]:
            del sys.modules[name]
        import botocore.session

        botocore.session.create_loader = lambda *_: self._models
        gc.freeze()  # what this process has of the test session's objects need not be visited again and again
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.update(environment)
        os.chdir(ROOT)
        sys.argv = [module, *arguments]
        before()
        runpy.run_module(module, run_name="__main__", alter_sys=True)


@functools.cache
def loader_of_models() -> Any:
    """Give a loader that has read EC2's service model: that is most of a program's start, and of a client's making."""
    import botocore.loaders
    import botocore.session

    loader = botocore.loaders.create_loader()
    session = botocore.session.Session()
    session.register_component("data_loader", loader)
    session.create_client("ec2", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    return loader


def dies_at_disk_step(number: int) -> Callable[[], None]:
    """Let a fork be killed at its number-th step to the disk: before it, or in the middle of a write."""
    left = number

    def arm() -> None:
        for name in ("write", "fsync", "replace", "ftruncate", "open"):
            setattr(os, name, _deadly(name, getattr(os, name)))

    def _deadly(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                if name == "write":
                    real(arguments[0], arguments[1][: len(arguments[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)

        return step

    return arm


@contextlib.contextmanager
def no_longer_than(seconds: int) -> Iterator[None]:
    """Fail what takes longer; for what could hang."""

    def fail(_: int, __: FrameType | None) -> None:
        raise AssertionError(f"took longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _content(file: Any) -> str:
    file.seek(0)
    return str(file.read())
