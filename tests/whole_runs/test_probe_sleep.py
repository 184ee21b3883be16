"""A machine that is suspended in the middle of a probe: the process stands still, the steady clock and AWS do not.

The process is stopped for real; CLOCK_BOOTTIME, which a suspend moves on, is moved on by hand.
"""

import mmap
import signal
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.stand_in import StandIn
from tests.whole_runs import recorded
from tests.whole_runs.probe_stage import PAIRS, Stage

pytestmark = pytest.mark.whole_run

SWITCH = "Client.InstanceInitiatedShutdown: Instance initiated shutdown"


def moved_on_by(slept: mmap.mmap) -> Callable[[], None]:
    """Let a fork's steady clock count the seconds that stand in a memory it shares with this process."""

    def arm() -> None:
        real = time.clock_gettime

        def with_sleep(clock: int) -> float:
            slept_seconds: float = struct.unpack("d", slept[:8])[0]
            return real(clock) + (slept_seconds if clock == time.CLOCK_BOOTTIME else 0.0)

        time.clock_gettime = with_sleep

    return arm


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="the clock that counts sleep is Linux's")
@pytest.mark.parametrize(
    ("minutes", "timeout", "ended", "cause", "reason"),
    [
        (2, 300.0, "all_ready", "", ""),
        (12, 15.0, "timeout", "us", SWITCH),  # the instances' own switch: six minutes after their start
    ],
)
def test_what_happened_while_it_slept_is_recorded_and_billed_as_it_was(
    aws: StandIn, tmp_path: Path, minutes: int, timeout: float, ended: str, cause: str, reason: str
) -> None:
    stage = Stage(aws, tmp_path, timeout=timeout)
    stage.prepare(pairs=PAIRS[:1], check_seconds=[15, 20])
    slept = mmap.mmap(-1, mmap.PAGESIZE)
    fork = stage.begin(before=moved_on_by(slept))
    stage.wait_until(lambda _: any(row["running_instances"] == "3" for row in stage.rows("")))
    fork.kill(signal.SIGSTOP)
    aws.control.set_clock(datetime.now(UTC) + timedelta(minutes=minutes))
    slept[:8] = struct.pack("d", minutes * 60.0)
    fork.kill(signal.SIGCONT)
    done = fork.end()
    assert (done.code, done.stderr) == (0, "")
    recorded.every_instance_is_recorded_as_it_was(stage)
    assert [probe.ended for probe in recorded.ended(stage).values()] == [ended]
    assert {(row["cause"], row["reason"]) for row in stage.rows("instances")} == {(cause, reason)}
    spent = sum(float(row["usd"]) for row in stage.rows("spending"))
    assert spent == pytest.approx(aws.control.bill()["usd"], rel=0.1)
    assert not stage.left_over()
