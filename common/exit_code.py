"""How a program ends: its exit codes, the exceptions that lead there, and the one place that makes them meet."""

import os
import sys
from collections.abc import Callable
from types import TracebackType
from typing import NoReturn

from common.redaction import without_secrets

DONE = 0
IN_PART = 1
REFUSED = 2
LOCKED = 75


class Refusal(Exception):
    """Settings, arguments or input that cannot be right: one line for people, and nothing was changed."""


class Locked(Exception):
    """Another run holds the lock."""


class Unwritable(Exception):
    """What was obtained could not be written (disk full, folder not writable): one line for people."""


def leave(program: Callable[[], int]) -> NoReturn:
    """Run a program's main and exit with its code; what people caused or can mend is one line on stderr.

    Threads that still wait for an answer nobody needs any more do not keep the process alive.
    """
    code = _code_of(program)
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):  # None where a caller closed it
            stream.flush()
    except OSError:  # the reader of our output went away; there is nobody left to tell
        code = code or IN_PART
    os._exit(code)


def _refuse_in_one_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    # A setting is refused where configs is imported, which may be before any main runs, or from somebody's own script.
    if not isinstance(error, Refusal):
        sys.__excepthook__(kind, error, trace)
        return
    _tell(str(error))
    if sys.stdout is not None:
        sys.stdout.flush()
    os._exit(REFUSED)


sys.excepthook = _refuse_in_one_line


def _code_of(program: Callable[[], int]) -> int:
    try:
        return program()
    except Refusal as refusal:
        _tell(str(refusal))
        return REFUSED
    except Locked as locked:
        _tell(str(locked))
        return LOCKED
    except Unwritable as failure:
        _tell(str(failure))
        return IN_PART
    except KeyboardInterrupt:
        _tell("interrupted: what was finished is saved")
        return IN_PART
    except SystemExit as end:  # argparse: --help is 0, bad arguments are 2
        return end.code if isinstance(end.code, int) else (REFUSED if end.code else DONE)
    except OSError as error:
        _tell(f"{error.strerror or error}: {error.filename or 'no file named'}")
        return IN_PART
    except Exception:  # noqa: BLE001 - the last resort: a defect of ours must not end in silence
        _log("a defect of this program", with_traceback=True)
        kind, value, _ = sys.exc_info()
        name = kind.__name__ if kind else "error"
        _tell(f"a defect of this program: {name}: {value}; the day's log has the details")
        return IN_PART


def _tell(line: str) -> None:
    one_line = without_secrets(" ".join(line.split()))
    _log(one_line)
    program = os.path.basename(os.path.dirname(sys.argv[0])) or "spot"
    if not sys.argv[0].endswith("__main__.py"):
        program = os.path.splitext(os.path.basename(sys.argv[0]))[0] or program
    if sys.stderr is not None:
        sys.stderr.write(f"{program}: {one_line}\n")


def _log(line: str, *, with_traceback: bool = False) -> None:
    """Put a line into the run's log if one was begun: a gap in the data is explained there, not in cron's mail only."""
    import logging

    if logging.getLogger().handlers:  # without any, logging would print it
        logging.getLogger(__name__).log(
            logging.ERROR if with_traceback else logging.WARNING, "%s", line, exc_info=with_traceback
        )
