"""A monitor on loopback that is asked for over HTTP, and remembers by which paths."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Monitor(ThreadingHTTPServer):
    """Answers 200 to everything, and keeps the paths in the order in which they came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Remembering)
        self.paths: list[str] = []

    @property
    def address(self) -> str:
        """Give the address without a path."""
        return f"http://127.0.0.1:{self.server_port}"


class _Remembering(BaseHTTPRequestHandler):
    server: Monitor

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def monitor() -> Iterator[Monitor]:
    """Serve one."""
    with Monitor() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
