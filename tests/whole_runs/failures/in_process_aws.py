"""The local AWS in this process, as a function from request to answer."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.utils import format_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from local_aws.control.truth import truth
from local_aws.market.geography import Geography
from local_aws.server.application import Application
from local_aws.state.call import call_of
from local_aws.state.world import World
from tests.whole_runs.failures.virtual_time import Epoch

_OK = 200
ENDPOINT = "http://aws.invalid"
_CHANGING = ("RequestSpotInstances", "CancelSpotInstanceRequests", "TerminateInstances")
# What is to be empty when the last run has ended: see local_aws/control/truth.py.
_LEFT = ("open_requests", "living_instances", "coming_instances", "decoys_touched")
_TYPES = ("m5.large", "c5.large", "t3.micro", "m6g.medium")  # few, so that listings are short


class Asked(NamedTuple):
    """A call that was made."""

    service: str
    action: str
    region: str


class InProcessAws:
    """The local AWS as a function from request to answer, with few instance types."""

    def __init__(self) -> None:
        whole = Geography.load()
        geography = replace(
            whole,
            offered={place: types.intersection(_TYPES) for place, types in whole.offered.items()},
            instance_types={name: whole.instance_types[name] for name in _TYPES},
        )
        self.world = World(strict=True)
        self.world.geography = geography
        self.application = Application(self.world)
        self.asked: set[Asked] = set()
        self.after: Callable[[Asked], None] = lambda _: None  # what happens after a call was answered
        self.signatures: set[str] = set()
        self.epoch = Epoch()
        self.is_changed = False

    def reset(self) -> None:
        """Begin anew."""
        self.world.reset()
        self.asked = set()
        self.after = lambda _: None
        self.signatures = set()
        self.epoch = Epoch()

    def answer(
        self, method: str, url: str, headers: Mapping[str, Any], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer a request; raise HangUp where the connection breaks."""
        environ = _environ(method, url, headers, body)
        if call := call_of(environ, body):
            self.asked.add(Asked(call.service, call.action, call.region))
            self.signatures.add(environ["HTTP_AUTHORIZATION"].rpartition("=")[2])
        began: dict[str, Any] = {}

        def start(status: str, given: list[tuple[str, str]], _: Any = None, /) -> Callable[[bytes], object]:
            began["status"], began["headers"] = int(status.partition(" ")[0]), dict(given)
            return lambda _: None

        content = b"".join(self.application(environ, start))
        if call and began["status"] == _OK:
            self.is_changed |= call.action in _CHANGING
            self.after(Asked(call.service, call.action, call.region))
        began["headers"].setdefault("Date", format_datetime(self.world.clock.now(), usegmt=True))
        return began["status"], began["headers"], content

    def left(self) -> dict[str, list[str]]:
        """Give what is open, alive, or yet to come to life, and what of others was touched."""
        found = truth(self.world)
        return {name: found[name] for name in _LEFT if found[name]}


def _environ(method: str, url: str, headers: Mapping[str, Any], body: bytes) -> dict[str, Any]:
    parts = urlsplit(url)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": parts.path or "/", "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname, "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": parts.netloc,
        "CONTENT_LENGTH": str(len(body)), "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.multithread": True,
        "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip
    for name, value in headers.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_LENGTH", "ACCEPT_ENCODING"):
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = text
    return environ
