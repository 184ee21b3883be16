"""Endpoints that never say nothing for long, and never come to an end: one for each way to hold a caller up."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

EVERY = 0.1  # seconds between two bytes: far less than any timeout

Answer = Callable[[socket.socket], None]


def drips_its_head(connection: socket.socket) -> None:
    """Send header after header, byte by byte."""
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 1000:
        connection.sendall(bytes([byte]))
        time.sleep(EVERY)


def drips_its_body(connection: socket.socket) -> None:
    """Send a body byte by byte."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(1000):
        connection.sendall(b" ")
        time.sleep(EVERY)


def says_nothing(_: socket.socket) -> None:
    """Accept, as a firewall's black hole would not even do, and be silent."""
    time.sleep(1000 * EVERY)


@contextlib.contextmanager
def endpoint(answer: Answer) -> Iterator[str]:
    """Serve on loopback; give the address."""

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.recv(1 << 16)
            answer(connection)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
