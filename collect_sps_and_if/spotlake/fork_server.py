"""Worker processes, forked from one process that has loaded what they need: the program's side of it, and theirs.

Why not `concurrent.futures`, or the fork server of `multiprocessing`?

- The workers of a ProcessPoolExecutor all write to one pipe, whose write end the program holds open too. If a worker is
  killed in the middle of an answer, the program waits for the rest of it forever. Here each worker has a connection of
  its own, and nobody else has the worker's end: its death is an end of file, whatever it was doing.
- That fork server listens on a socket among temporary files, which remains when the program is killed, and needs a
  short path. Here the server inherits a socket without a name.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from multiprocessing.connection import Connection, Pipe
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


class ForkServer:
    """The process that workers are forked from: the program's side."""

    def __init__(self) -> None:
        """Start it; it loads what workers need while the program does other work."""
        self._socket, its_socket = socket.socketpair()
        with its_socket:
            its_socket.set_inheritable(True)
            code = (
                f"import sys; sys.path.insert(0, {str(_ROOT)!r}); "
                f"from {__name__} import _serve; _serve({its_socket.fileno()})"
            )
            # Its own process group is what `kill` ends, and what a Ctrl-C in the terminal does not reach. The signal is
            # blocked as well, in case it comes before the group is made.
            self._process_id = os.posix_spawn(
                sys.executable,
                [sys.executable, "-P", "-c", code],  # -P: no module is looked for in the current folder
                os.environ,
                setpgroup=0,
                setsigmask=[signal.SIGINT],
            )

    def fork(self) -> Connection:
        """Have a worker forked, and give the connection to it. Raises OSError if the server has died."""
        ours, workers = Pipe()
        with workers:
            socket.send_fds(self._socket, [b"\0"], [workers.fileno()])
        return ours

    def kill(self) -> None:
        """End the server and its workers, whatever they are doing."""
        self._socket.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process_id, signal.SIGKILL)
        os.waitpid(self._process_id, 0)


def _serve(descriptor: int) -> None:
    """Run the server: fork a worker for each connection sent; when the program has ended, end with all workers."""
    try:
        from collect_sps_and_if.spotlake import preloaded  # noqa: F401 - for the workers
    except ModuleNotFoundError:  # which the program lacks as well, and it tells people
        return
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # lets the kernel remove workers that have ended
    with socket.socket(fileno=descriptor) as program:
        while True:
            _, sent, _, _ = socket.recv_fds(program, 1, 1)
            if not sent:
                os.killpg(0, signal.SIGKILL)
            for connection in sent:
                _fork(program, connection)
                os.close(connection)


def _fork(program: socket.socket, connection: int) -> None:
    try:
        if os.fork():
            return
    except OSError:  # no memory, or too many processes: the program sees a worker that died
        return
    try:
        program.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _work(Connection(connection))
    except Exception:  # noqa: BLE001 - a defect, such as an answer that cannot be pickled
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)


def _work(connection: Connection) -> None:
    """Run a worker: answer each batch with its summary, or with the exception that was raised."""
    import traceback

    from collect_sps_and_if.spotlake.summarise import Summariser

    summariser = Summariser()
    answer: object
    with contextlib.suppress(EOFError, OSError):  # the program has ended, or closed the connection
        while True:
            batch, window = connection.recv()
            try:
                answer = summariser.summarise(batch, window)
            except Exception as error:  # noqa: BLE001 - raised again in the program
                error.add_note(f"in a worker:\n{traceback.format_exc()}")
                answer = error
            connection.send(answer)
