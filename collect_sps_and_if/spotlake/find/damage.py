"""What cannot be read costs its own file only."""

import contextlib
from collections.abc import Iterator

from common.errors import Refusal


class Damaged(Exception):
    """A source that cannot be read; it is skipped whole. The text says why, for people."""


@contextlib.contextmanager
def failures_as_damage() -> Iterator[None]:
    """Raise Damaged for whatever fails within: there is no end of what parsers raise at unexpected bytes."""
    try:
        yield
    except (Damaged, Refusal):
        raise
    except MemoryError as error:
        raise Damaged("does not fit into memory") from error
    except Exception as error:
        first_line = (str(error).splitlines() or [""])[0]
        raise Damaged(f"cannot be read ({type(error).__name__}{first_line and ': '}{first_line})") from error
