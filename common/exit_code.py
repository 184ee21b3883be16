"""The exit codes, and `leave`: it runs a program and ends the process with the code that belongs to how it went."""

import os
import sys
from collections.abc import Callable
from typing import NoReturn

from common import ROOT, python_to_use
from common.errors import Locked, Refusal, Unwritable

DONE = 0
IN_PART = 1
NOT_DONE = 2
LOCKED = 75


def leave(program: Callable[[], int]) -> NoReturn:
    """Run a program's main and exit with its code; what people caused or can mend is one line on stderr.

    Ends with os._exit: tearing down a process that has loaded botocore takes a fifth of a whole poll's CPU (0.09 of
    0.44 s), and threads that still wait for an answer nobody needs any more cannot keep it alive.
    """
    code = _code_of(program)
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):  # None where a caller closed it
            stream.flush()
    except OSError:  # the reader of our output went away; there is nobody left to tell
        code = code or IN_PART
    os._exit(code)


def _code_of(program: Callable[[], int]) -> int:
    try:
        return program()
    except Refusal as refusal:
        return _told(str(refusal), NOT_DONE, needs_person=True)
    except Locked as locked:
        return _told(str(locked), LOCKED)
    except Unwritable as failure:
        return _told(str(failure), IN_PART)
    except KeyboardInterrupt:
        return _told("interrupted: what was finished is saved", IN_PART)
    except SystemExit as end:  # argparse: --help is 0, bad arguments are 2
        return end.code if isinstance(end.code, int) else (NOT_DONE if end.code else DONE)
    except ModuleNotFoundError as error:
        return _without_module(error)
    except OSError as error:
        return _told(f"{error.strerror or error}: {error.filename or 'no file named'}", IN_PART)
    except Exception as error:  # noqa: BLE001 - the last resort: a defect of ours must not end in silence
        return _defect(error)


def _without_module(error: ModuleNotFoundError) -> int:
    name = (error.name or "").partition(".")[0]
    if not name or (ROOT / name).exists() or (ROOT / f"{name}.py").exists():
        return _defect(error)
    return _told(f"{sys.executable} has no {name}: {python_to_use()}", NOT_DONE)


def _defect(error: Exception) -> int:
    from common.run_log import log_if_begun

    log_if_begun("a defect of this program", with_traceback=True)
    return _told(f"a defect of this program: {type(error).__name__}: {error}; the day's log has the details", IN_PART)


def _told(line: str, code: int, *, needs_person: bool = False) -> int:
    from common.run_log import (
        tell_on_stderr,  # not before there is something to tell: logging is a fifth of --help's start
    )

    tell_on_stderr(line, needs_person=needs_person)
    return code
