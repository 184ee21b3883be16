"""`python -m local_aws` as a process: its export lines, its end, and wrong arguments."""

import signal
import socket
import subprocess
import sys
from datetime import datetime

import pytest

from tests.stand_in import REPOSITORY, StandIn


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local_aws", *arguments], cwd=REPOSITORY, capture_output=True, text=True, timeout=30
    )


@pytest.mark.whole_run
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_on_a_free_port_until_a_signal_and_exits_with_0(ending: signal.Signals) -> None:
    with StandIn("--port", "0", "--now", "2026-03-01T12:00:00+01:00", "--speed", "60", "--seed", "9") as stand_in:
        assert set(stand_in.environment) == {
            "AWS_ENDPOINT_URL",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_DEFAULT_REGION",
            "SPOT_ADVISOR_URL",
        }
        state = stand_in.control.state()
        assert (state["seed"], state["speed"]) == (9, 60)
        started = datetime.fromisoformat("2026-03-01T11:00:00+00:00")
        assert 0 <= (stand_in.control.now() - started).total_seconds() < 60 * 30
        assert stand_in.stop(ending) == (0, "")


def test_a_port_in_use_is_one_line_and_exit_code_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = _run("--port", str(port))
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert f"port {port}" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [("--port", "70000"), ("--speed", "-1"), ("--speed", "1000001"), ("--now", "yesterday"), ("--seed", "x")],
)
def test_invalid_arguments_exit_with_2(arguments: tuple[str, str]) -> None:
    result = _run(*arguments)
    assert result.returncode == 2
    assert arguments[1] in result.stderr
    assert "Traceback" not in result.stderr


def test_moto_is_not_loaded_before_the_arguments_are_read() -> None:
    loaded = "import sys, local_aws.__main__, local_aws.control.client; print('moto' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", loaded], cwd=REPOSITORY, capture_output=True, text=True, timeout=30)
    assert (result.stdout, result.stderr) == ("False\n", "")
