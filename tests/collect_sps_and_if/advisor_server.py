"""A web server of the advisor's file, beside the local AWS: one that redirects, speaks TLS, or sends another file."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

FILE = b'{"spot_advisor": {}}'


@contextmanager
def serving(locations: Mapping[str, str], tls: ssl.SSLContext | None = None, file: bytes = FILE) -> Iterator[str]:
    """Redirect each of these paths to its location; any other path has the file. Give the address without a path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            location = locations.get(self.path)
            if location:
                self.send_response(302)
                self.send_header("Location", location)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            is_known = self.headers["If-None-Match"] == "v1"
            self.send_response(304 if is_known else 200)
            self.send_header("Content-Length", "0" if is_known else str(len(file)))
            self.send_header("ETag", "v1")
            self.end_headers()
            self.wfile.write(b"" if is_known else file)

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
        server.shutdown()
