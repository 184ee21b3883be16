"""Worker processes, forked from one process that has loaded what they need: both sides, the program's and theirs.

Neither `multiprocessing` nor `concurrent.futures` is used for them. There all workers answer by one pipe, whose write
end the program itself holds open too: the rest of an answer whose worker was killed while writing is then waited for
forever. Here only a worker holds its end of its connection, so its death, at whatever moment, is an end of file. And
there the server listens on a socket among temporary files, which stays when the program is killed; here it inherits
one without a name.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from multiprocessing.connection import Connection, Pipe
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class ForkServer:
    """The process that workers are forked from, as the program sees it."""

    def __init__(self) -> None:
        """Start it: it loads what workers need while the program does other work."""
        self._socket, its_socket = socket.socketpair()
        with its_socket:
            its_socket.set_inheritable(True)
            code = (
                f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
                f"from {__name__} import serve; serve({its_socket.fileno()})"
            )
            # A process group of its own, for `kill` to end with all workers. It also keeps a terminal's Ctrl-C away
            # from them, but for one that comes before the group is made: hence the mask.
            self._process_id = os.posix_spawn(
                sys.executable,
                [sys.executable, "-P", "-c", code],  # -P: no module is looked for in the current folder
                os.environ,
                setpgroup=0,
                setsigmask=[signal.SIGINT],
            )

    def fork(self) -> Connection:
        """Order a worker, and give the connection to it. Raises OSError if the server has died."""
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


def serve(descriptor: int) -> None:
    """Be the server: fork a worker for each connection that is sent; once the program is gone, end with all workers."""
    from collect_sps_and_if.spotlake import preloaded  # noqa: F401 - for the workers

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel shall forget workers that have ended
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
    except OSError:  # no memory, or no more processes allowed: for the program, a worker that died
        return
    try:
        program.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _work(Connection(connection))
    except Exception:  # noqa: BLE001 - such as an answer that cannot be pickled: a defect of ours
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)


def _work(connection: Connection) -> None:
    """Be a worker: answer each batch with its summary, or with the exception that was raised."""
    import traceback

    from collect_sps_and_if.spotlake.summarise import Summariser

    summariser = Summariser()
    answer: object
    with contextlib.suppress(EOFError, OSError):  # the program is gone, or needs this worker no more
        while True:
            batch, window = connection.recv()
            try:
                answer = summariser.summarise(batch, window)
            except Exception as error:  # noqa: BLE001 - the program shall raise it
                error.add_note(f"in a worker:\n{traceback.format_exc()}")
                answer = error
            connection.send(answer)
