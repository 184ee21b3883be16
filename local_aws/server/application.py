"""One HTTP server for everything: AWS's calls, the advisor's file, and the control API."""

import io
import logging
import socket
import threading
from collections.abc import Callable, Iterable
from typing import Any

from moto.core.utils import get_service_model
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Request, Response

from local_aws.control import api
from local_aws.ec2 import service
from local_aws.server import advisor_page, fault_injection, metadata_service
from local_aws.server.connections import AwsRequestHandler, AwsServer
from local_aws.server.error_response import error_response, refusal_response, throttled
from local_aws.spot.account import spot_account
from local_aws.state.call import Call, call_of
from local_aws.state.faults import ADVISOR_KINDS, Fault
from local_aws.state.selection import ADVISOR, METADATA
from local_aws.state.world import ENVIRON_KEY, World

log = logging.getLogger(__name__)

_Environ = dict[str, Any]


class Application:
    """The WSGI application that answers for one world."""

    def __init__(self, world: World) -> None:
        service.install()
        self._world = world
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: _Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        environ[ENVIRON_KEY] = self._world
        return self._answer(environ, body)(environ, start_response)

    def _answer(self, environ: _Environ, body: bytes) -> Response:
        path = environ.get("PATH_INFO", "")
        if path.startswith(api.CONTROL_PREFIX):
            return api.control(self._world, Request(environ))
        if path == advisor_page.PATH:
            return self._advisor(environ)
        if path.startswith(metadata_service.METADATA_PREFIX):
            return self._metadata(environ)
        call = call_of(environ, body)
        if call is None:
            return Response("This is a local stand-in for AWS; it answers signed AWS calls.\n", status=403)
        return self._aws(call, environ)

    def _advisor(self, environ: _Environ) -> Response:
        request = Request(environ)

        def answer() -> Response:
            return advisor_page.advisor_page(self._world, request)

        call = Call("s3", ADVISOR, "", "", {})
        faults = self._world.faults.draw(call)
        broken = next((fault.kind for fault in faults if fault.kind in ADVISOR_KINDS), None)
        if broken is None:
            return self._with_faults(faults, answer, call, environ)
        self._world.calls.count(ADVISOR, "", broken)
        return advisor_page.broken_advisor_page(self._world, broken)

    def _metadata(self, environ: _Environ) -> Response:
        call, role = Call("metadata", METADATA, "", "", {}), self._world.access.instance_role
        faults = self._world.faults.draw(call)
        return self._with_faults(faults, lambda: metadata_service.metadata(role, Request(environ)), call, environ)

    def _aws(self, call: Call, environ: _Environ) -> Response:
        faults = self._world.faults.draw(call)
        return self._with_faults(faults, lambda: self._call(call, environ), call, environ)

    def _with_faults(
        self, faults: list[Fault], answer: Callable[[], Response], call: Call, environ: _Environ
    ) -> Response:
        """Answer a call, apply the faults drawn for it, and count it; raise HangUp if it gets no answer."""
        try:
            response, outcome = fault_injection.inject(faults, answer, call, environ)
        except fault_injection.HangUp as fault:
            self._world.calls.count(call.action, call.region, fault.kind)
            raise
        self._world.calls.count(call.action, call.region, outcome)
        return response

    def _call(self, call: Call, environ: _Environ) -> Response:
        refusal = self._world.access.refusal(call, self._world.geography)
        if refusal is not None:
            return refusal_response(call.service, refusal)
        if self._is_throttled(call):
            return throttled(call.service)
        try:
            return Response.from_app(self._moto, environ)
        except NotImplementedError as error:
            return error_response(call.service, "InvalidAction", str(error), 400)
        except Exception as error:  # a defect of this stand-in, shown to the caller who meets it
            log.exception("%s in %s", call.action, call.region)
            return error_response(call.service, "InternalError", f"local_aws: {error!r}", 500)

    def _is_throttled(self, call: Call) -> bool:
        if call.service != "ec2" or not spot_account(self._world).scenario.token_buckets:
            return False
        return not self._world.token_buckets.take(self._world.account, call.region, call.action, call.parameters)


def make_server(world: World, listener: socket.socket) -> AwsServer:
    """Return a server for one world on a socket that is listening already."""
    # Loaded in advance: the first EC2 call would wait for it, and of thirty at once each would load it.
    threading.Thread(target=get_service_model, args=("ec2",), daemon=True).start()
    host, port = listener.getsockname()
    server = AwsServer(host, port, Application(world), AwsRequestHandler, fd=listener.fileno())
    listener.close()
    server.world = world
    return server
