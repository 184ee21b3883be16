"""A run's log: a dated file for cron, and stderr for the people who need to know."""

import logging
import re
import sys
import time
from datetime import datetime
from pathlib import Path

from common.errors import Refusal, reason_of
from common.redaction import without_secrets

RECORD = re.compile(r"(\S+) \d+ (WARNING|ERROR|CRITICAL) (\S+): (.*)")
"""A log's record of something wrong: its time, local with the offset to UTC, its level, its logger, and first line."""

_LONGEST_TOLD = 600


class _WithoutSecrets(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class _LocalTime(_WithoutSecrets):
    def __init__(self, now: datetime) -> None:
        super().__init__("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
        self._ahead = now.timestamp() - time.time()  # of the wall clock: in a rehearsal

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002
        return datetime.fromtimestamp(record.created + self._ahead).astimezone().isoformat(timespec="milliseconds")


def start_log(folder: Path, now: datetime) -> None:
    """Log into folder/YYYY-MM-DD.log by the local date of now. Raises Refusal if that cannot be written.

    Logging what went wrong is not telling people: a program says that itself, in one line, with `tell_on_stderr`.
    """
    path = folder / f"{now.date().isoformat()}.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = _TolerantFile(path, encoding="utf-8")
    except OSError as error:
        raise Refusal(f"cannot write the log {path}: {reason_of(error, path)}") from error
    handler.setFormatter(_LocalTime(now))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # At INFO botocore tells where it found credentials; at DEBUG it would tell the credentials.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    # A failed renewal of credentials, with its traceback, at each call; common.aws says it in a line.
    logging.getLogger("botocore.credentials").setLevel(logging.ERROR)
    logging.getLogger("urllib3").setLevel(logging.ERROR)


class _TolerantFile(logging.FileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk costs the log, never the run."""


def tell_on_stderr(line: str, *, needs_person: bool = False) -> None:
    """Say one line on stderr, with the program's name before it and without secrets; the log has it too.

    needs_person: as an error, which the nightly report names among what needs a person.
    """
    one_line = without_secrets(" ".join(line.split()))
    log_if_begun(one_line, logging.ERROR if needs_person else logging.WARNING)
    tell_unlogged(one_line)


def tell_unlogged(line: str) -> None:
    """Say one line on stderr as `tell_on_stderr` does, where the log may be what hangs."""
    if sys.stderr is not None:  # None where a caller closed it
        sys.stderr.write(f"{_program()}: {_shortened(without_secrets(' '.join(line.split())))}\n")


def log_if_begun(line: str, level: int = logging.WARNING, *, with_traceback: bool = False) -> None:
    """Put a line into the run's log if one was begun: a gap in the data is explained there, not in cron's mail only."""
    if logging.getLogger().handlers:  # without any, logging would print it
        logging.getLogger(told_by(_program())).log(
            logging.ERROR if with_traceback else level, "%s", line, exc_info=with_traceback
        )


def told_by(program: str) -> str:
    """Name the logger of what a program says on stderr: several write into one log."""
    return f"told.{program}"


def _program() -> str:
    """Give the name of the program that runs: of `python -m package` the package's, else the file's."""
    path = Path(sys.argv[0])
    name = path.parent.name if path.name == "__main__.py" else path.stem
    return "spot" if name in ("", "-c") else name


def _shortened(line: str) -> str:
    # A garbled answer that is quoted may be of any length.
    return line if len(line) <= _LONGEST_TOLD else f"{line[:_LONGEST_TOLD]} … (the log has it whole)"
