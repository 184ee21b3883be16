"""A program of ours, and the local AWS it talks to, both in this process: no socket, no fork, no second that passes."""

import contextlib
import importlib
import io
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import botocore.exceptions
import botocore.loaders
import botocore.session
import pytest
import requests
from botocore.awsrequest import AWSResponse
from botocore.client import ClientCreator
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session

from local_aws.server.fault_injection import HangUp
from tests.program import ROOT, Ended
from tests.whole_runs.failures.virtual_time import VirtualTime


class Left(Exception):
    """The program has left with this code."""


def _once_a_service(make: Callable[..., Any]) -> Callable[..., Any]:
    made: dict[str, Any] = {}

    def once(self: Any, service: str, *arguments: Any) -> Any:
        if service not in made:
            made[service] = make(self, service, *arguments)
        return made[service]

    return once


class _Body(io.BytesIO):
    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.getvalue()


_loader = botocore.loaders.create_loader()  # one: reading EC2's model is most of a program's start


# A client's class, with its 800 methods, and the model it is made from are the same for all clients of a service.
_once_made = {
    name: _once_a_service(vars(ClientCreator)[name]) for name in ("_load_service_model", "_create_client_class")
}


class Endpoint(Protocol):
    """An AWS in this process."""

    passed: float  # seconds that the programs played so far took
    is_changed: bool  # by a call that asks for something, or ends it

    def answer(
        self, method: str, url: str, headers: Mapping[str, Any], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer a request; raise HangUp where the connection breaks."""

    def left(self) -> Mapping[str, Sequence[str]]:
        """Give what is to be empty when the last run has ended, and is not."""


def play(
    aws: Endpoint,
    module: str,
    *arguments: str,
    environment: Mapping[str, str],
    before: Callable[[pytest.MonkeyPatch], None] = lambda _: None,
    after_call: Callable[[VirtualTime], None] = lambda _: None,
    longest: float = 3600.0,
) -> "Played":
    """Run `python -m module` to its end."""
    with pytest.MonkeyPatch.context() as patch, _as_it_was():
        for name, value in environment.items():
            if value:
                patch.setenv(name, value)
            else:
                patch.delenv(name, raising=False)
        patch.setattr(sys, "argv", [str(ROOT / module.replace(".", "/") / "__main__.py"), *arguments])
        virtual = VirtualTime(aws.passed, longest)
        _connect(aws, virtual, patch, after_call)
        virtual.install(patch)
        before(patch)
        out, err = io.StringIO(), io.StringIO()
        aws.is_changed = False
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = _code(module, virtual, patch)
                left = aws.left()
            finally:
                virtual.end()
    seconds, aws.passed = virtual.passed - aws.passed, virtual.passed
    return Played(code, out.getvalue(), err.getvalue(), seconds, left, aws.is_changed)


@dataclass(frozen=True)
class Played(Ended):
    """How a program ended, after how many seconds of its own time, and what of ours or of others it left on AWS."""

    seconds: float = 0.0
    left: Mapping[str, Sequence[str]] = field(default_factory=dict)
    has_changed_aws: bool = False


def _code(module: str, virtual: VirtualTime, patch: pytest.MonkeyPatch) -> int:
    import configs
    from check_setup import account
    from common.aws.aws_session import aws_session
    from common.exit_code import leave

    forced: list[int] = []

    def leave_with(code: int) -> None:
        if threading.current_thread() is threading.main_thread():
            raise Left(code)
        forced.append(code)
        virtual.kill()

    patch.setattr(os, "_exit", leave_with)
    importlib.reload(configs)
    aws_session.cache_clear()
    account.client.cache_clear()
    try:
        program = importlib.import_module(f"{module}.__main__" if (ROOT / module).is_dir() else module)
        leave(program.main)
    except Left as left:
        return int(next(iter(forced), left.args[0]))


def _connect(
    aws: Endpoint, virtual: VirtualTime, patch: pytest.MonkeyPatch, after_call: Callable[[VirtualTime], None]
) -> None:
    def send(session: Any, request: Any) -> AWSResponse:
        virtual.check()
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        try:
            status, headers, content = aws.answer(request.method, request.url, request.headers, body)
        except HangUp as hang_up:
            if "stall" in str(hang_up):
                virtual.sleep(session._timeout.read_timeout)
                raise botocore.exceptions.ReadTimeoutError(endpoint_url=request.url, error=hang_up) from hang_up
            raise botocore.exceptions.ConnectionClosedError(
                error=hang_up, request=request, endpoint_url=request.url
            ) from hang_up
        after_call(virtual)
        return AWSResponse(request.url, status, HTTPHeaders.from_dict(headers), _Body(content))

    def get(_: Any, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        try:
            status, headers, content = aws.answer("GET", str(request.url), request.headers, b"")
        except HangUp as hang_up:
            if "stall" in str(hang_up):
                virtual.sleep(options["timeout"][1])
                raise requests.ReadTimeout(hang_up, request=request) from hang_up
            raise requests.ConnectionError(hang_up, request=request) from hang_up
        response = requests.Response()
        response.status_code, response.url, response.raw = status, str(request.url), io.BytesIO(content)
        response.headers.update(headers)
        return response

    patch.setattr(URLLib3Session, "send", send)
    patch.setattr(requests.adapters.HTTPAdapter, "send", get)
    patch.setattr(botocore.session, "create_loader", lambda *_, **__: _loader)
    for name, once_made in _once_made.items():
        patch.setattr(ClientCreator, name, once_made)


@contextlib.contextmanager
def _as_it_was() -> Iterator[None]:
    """Give back what a process of its own would keep to itself."""
    import configs
    from check_setup import account
    from common.aws.aws_session import aws_session

    settings = dict(vars(configs))
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    signals = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    folder = os.getcwd()
    try:
        yield
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers, root.level = handlers, level
        for number, handler_of in signals.items():
            signal.signal(number, handler_of)
        os.chdir(folder)
        vars(configs).clear()
        vars(configs).update(settings)
        aws_session.cache_clear()
        account.client.cache_clear()
