"""HTTP/1.1 as AWS speaks it: connections stay open, Date is the market's time, and resets are real TCP resets."""

import contextlib
import socket
import struct
import traceback
from collections.abc import Callable, Iterable
from email.utils import format_datetime
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

from local_aws.state.world import World

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER of 0 s: close() sends a RST, not a FIN


class AwsServer(ThreadedWSGIServer):
    """A threaded server on loopback for one world."""

    daemon_threads = True
    world: World

    def serve_forever(self, poll_interval: float = 3600) -> None:
        """Answer until interrupted; poll seldom, so that an idle server uses no CPU."""
        super().serve_forever(poll_interval)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection; one marked for a reset without a FIN first."""
        # OSError: the thread has closed the connection already, so there are no options to read.
        with contextlib.suppress(OSError):
            if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8) == _RESET_ON_CLOSE:
                self.close_request(request)
                return
        super().shutdown_request(request)


class AwsRequestHandler(MotoRequestHandler):
    """Answer request after request on one connection.

    Werkzeug's own handler closes it after each answer, and waits 10 ms for more bytes; AWS does neither.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # otherwise a body waits 40 ms for the acknowledgement of its headers
    server: AwsServer

    def run_wsgi(self) -> None:
        """Have the application answer one request."""
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            self.close_connection = True  # such a body is not read to its end
        self.environ = self.make_environ()
        try:
            self._send(self.server.app(self.environ, self._start_response))
        except ConnectionResetError:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self.close_connection = True
        except OSError:
            self.close_connection = True  # the caller closed the connection before the whole answer was sent
        except Exception:  # noqa: BLE001 - a defect of this stand-in: shown, and the server goes on
            traceback.print_exc()
            self.close_connection = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the Date header: the market's time."""
        if timestamp is not None:
            return super().date_time_string(timestamp)
        return format_datetime(self.server.world.clock.now(), usegmt=True)

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Print nothing: GET /_local_aws/calls lists the calls."""

    def _start_response(
        self, status: str, headers: list[tuple[str, str]], _: Any = None, /
    ) -> Callable[[bytes], object]:
        self._status, self._headers = status, headers
        return self.wfile.write

    def _send(self, body: Iterable[bytes]) -> None:
        try:
            chunks = iter(body)
            chunk = next(chunks, b"")  # before the headers: the application sets them when it starts its answer
            code, _, reason = self._status.partition(" ")
            names = {name.lower() for name, _ in self._headers}
            self.send_response_only(int(code), reason)
            if "date" not in names:
                self.send_header("Date", self.date_time_string())
            for name, value in self._headers:
                self.send_header(name, value)
            if "content-length" not in names and code not in ("204", "304"):
                # A body of unknown length ends where the connection ends.
                self.send_header("Connection", "close")
            self.end_headers()
            while chunk:
                self.wfile.write(chunk)
                chunk = next(chunks, b"")
        finally:
            if hasattr(body, "close"):
                body.close()
