"""What every test stands on: a clean environment with false credentials, and no network but loopback."""

import gc
import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from common import redaction
from tests.fuzz.spoiling import INPUTS
from tests.program import loader_of_models
from tests.stand_in import StandIn

if TYPE_CHECKING:
    from tests.browser import Browser

hypothesis.settings.register_profile("spot", deadline=None, derandomize=True, max_examples=INPUTS or 25)
hypothesis.settings.load_profile("spot")

# A shell without job control starts what it sends to the background with Ctrl-C ignored; all that tests start would
# inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

FALSE_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIAFALSEFORTESTS",
    "AWS_SECRET_ACCESS_KEY": "false-secret-for-tests",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


@pytest.hookimpl(trylast=True)  # after the shuffle, which both parts keep
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let every worker begin with its share of the whole runs.

    One that came last would keep its worker busy long after the others have nothing to do.
    """
    whole: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for item in items:
        (whole if item.get_closest_marker("whole_run") else others).append(item)
    workers = getattr(config, "workerinput", {"workercount": 1})["workercount"]
    items[:] = [item for worker in range(workers) for part in (whole, others) for item in _share(part, worker, workers)]


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what stays: the modules and the tests, a twelfth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _share(items: list[pytest.Item], worker: int, workers: int) -> list[pytest.Item]:
    return items[len(items) * worker // workers : len(items) * (worker + 1) // workers]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("AWS_", "SPOT_")) or name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name, value in FALSE_CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    # What one test used as a credential is no secret in the next.
    monkeypatch.setattr(redaction, "_known", set())


@pytest.fixture(autouse=True, scope="session")
def _no_network_but_loopback() -> Iterator[None]:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(("127.", "::1", "localhost")):
            raise AssertionError(f"a test reaches out to {address}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(autouse=True, scope="session")
def _service_models_are_read_once() -> Iterator[None]:
    import botocore.session

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", lambda *_: loader_of_models())
        yield


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A HOME of the test's own, for programs that are started."""
    monkeypatch.setenv("SPOT_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def _stand_in() -> Iterator[StandIn]:
    stand_in = StandIn()
    yield stand_in
    code, written = stand_in.stop()
    assert (code, written) == (0, ""), f"the local AWS had something to complain of: {written}"


@pytest.fixture
def aws(_stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """A local AWS, as if new; the test's clients, and the programs it starts, talk to it."""
    _stand_in.control.reset()
    for name, value in _stand_in.environment.items():
        monkeypatch.setenv(name, value)
    return _stand_in


# For a module, not for the session: while it runs, Playwright keeps an event loop in this thread, and other modules'
# tests may want one of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Start Chromium once for a module's tests; without one on this machine they are skipped, and say so."""
    from tests.browser import find_chromium, start  # here, so that only tests with a browser load Playwright

    path = find_chromium()
    if not path:
        pytest.skip("no Chromium on this machine: apt-get install chromium, or set CHROMIUM to its path")
    with start(path) as running:
        yield running
