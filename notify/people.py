"""Tells people at once what needs them, through apprise: https://github.com/caronc/apprise/wiki."""

import logging
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from common.counted import counted
from common.errors import Unwritable
from common.redaction import keep_secret, without_secrets
from common.run_log import tell_on_stderr
from common.side_by_side import side_by_side
from data_files import notices
from data_files.notices import Notice

TELLING_SECONDS = 20.0
"""What it takes at the most."""

_NUMBER = re.compile(r"[0-9]+(?:[.,:][0-9]+)*")


def notify_people(
    home: Path, urls: Sequence[str], lines: Iterable[str], now: datetime, seconds: float = TELLING_SECONDS
) -> None:
    """Send what was not sent today yet: lines that differ in their numbers only are one thing, an hour later too.

    urls are apprise's; none, and nobody is told. Whatever fails here costs one line on stderr; what no address took
    is tried again when this is next called.
    """
    things = {_NUMBER.sub("#", line): line for line in lines} if urls else {}
    if not things:
        return
    keep_secret(*urls)
    try:
        earlier = [notice for notice in notices.FILE.rows(home) if notice.time.date() == now.date()]
        told = {notice.thing for notice in earlier}
        new = {thing: line for thing, line in things.items() if thing not in told}
        if new and _is_taken(urls, list(new.values()), seconds):
            rows = [*earlier, *(Notice(now, thing) for thing in new)]
            notices.FILE.replace(notices.FILE.path(home), rows)
    except (OSError, Unwritable) as error:
        tell_on_stderr(f"what people were told through NOTIFY_URLS cannot be kept, so they are told again: {error}")


def unusable(urls: Sequence[str]) -> list[int]:
    """Give the numbers, from 1, of addresses that apprise can make nothing of; sends nothing. Raises ImportError."""
    apprise = _apprise()
    return [number for number, url in enumerate(urls, 1) if apprise.Apprise.instantiate(url) is None]


def _is_taken(urls: Sequence[str], lines: Sequence[str], seconds: float) -> bool:
    """Send lines to each address, and tell of those that did not take them; give whether any did."""
    body = without_secrets("\n".join(lines))
    outcomes = list(side_by_side(lambda url: _send(url, body), urls, concurrency=len(urls), seconds=seconds))
    errors = [outcome.error for outcome in outcomes if not outcome.answer]
    if any(isinstance(error, ImportError) for error in errors):
        tell_on_stderr("NOTIFY_URLS needs apprise, so nobody was told: run script/install notify")
    elif errors:
        reasons = ", ".join(dict.fromkeys(type(error).__name__ for error in errors if error))  # texts may show the URL
        tell_on_stderr(
            f"{len(errors)} of {counted(len(urls), 'address', 'addresses')} in NOTIFY_URLS did not take what needs a"
            f" person{reasons and f' ({reasons})'}"
        )
    return len(errors) < len(urls)


def _send(url: str, body: str) -> bool:
    messenger = _apprise().Apprise()
    title = f"Spot collection on {platform.node()} needs a look"
    return bool(messenger.add(url) and messenger.notify(title=title, body=body))


def _apprise() -> Any:
    import apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it logs addresses, which are secret
    return apprise
