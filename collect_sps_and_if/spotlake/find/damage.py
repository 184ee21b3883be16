"""What cannot be read costs its own file only."""

import contextlib
from collections.abc import Iterator

from common.errors import Refusal


class Damaged(Exception):
    """A source that cannot be read as what it should be; it is skipped whole. The text says why."""


@contextlib.contextmanager
def whatever_fails_is_damage() -> Iterator[None]:
    """Take any failure within for damage of the file that is read: what parsers raise at odd bytes has no end."""
    try:
        yield
    except (Damaged, Refusal):
        raise
    except MemoryError as error:
        raise Damaged("does not fit into memory") from error
    except Exception as error:
        said = (str(error).splitlines() or [""])[0]
        raise Damaged(f"cannot be read ({type(error).__name__}{said and ': '}{said})") from error
