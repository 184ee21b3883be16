"""Tells people at once what needs them, through apprise: https://github.com/caronc/apprise/wiki."""

import logging
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from common.redaction import keep_secret, without_secrets
from common.run_log import tell
from common.side_by_side import in_time
from data_files import notices
from data_files.notices import Notice

SECONDS = 20.0
"""What it takes at the most."""

_NUMBER = re.compile(r"[0-9]+(?:[.,:][0-9]+)*")


def notify_people(
    home: Path, urls: Sequence[str], lines: Iterable[str], now: datetime, seconds: float = SECONDS
) -> None:
    """Send what was not sent today yet: lines that differ in their numbers only are one thing, an hour later too.

    urls are apprise's; none, and nobody is told. Whatever fails here costs one line on stderr, and is tried again when
    it is next called.
    """
    things = {_NUMBER.sub("#", line): line for line in lines} if urls else {}
    if not things:
        return
    keep_secret(*urls)
    try:
        earlier = [notice for notice in notices.FILE.rows(home) if notice.time.date() == now.date()]
        new = things.keys() - {notice.thing for notice in earlier}
        if not new:
            return
        wanted = [line for thing, line in things.items() if thing in new]
        if not in_time(seconds, lambda: _send(urls, wanted)):
            tell("not every one of NOTIFY_URLS took what needs a person; the next run tries again")
            return
        told = [Notice(now, thing) for thing in things if thing in new]
        notices.FILE.replace(notices.FILE.path(home), [*earlier, *told])
    except ImportError:
        tell("NOTIFY_URLS needs apprise, so nobody was told: run script/install notify")
    except Exception as error:  # noqa: BLE001 - no trouble of a messenger's is the program's; its text may show a URL
        tell(f"nobody could be told through NOTIFY_URLS: {type(error).__name__}")


def _send(urls: Sequence[str], lines: Sequence[str]) -> bool:
    import apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it logs addresses, which are secret
    messengers = apprise.Apprise()
    are_known = [messengers.add(url) for url in urls]
    body = without_secrets("\n".join(lines))
    is_taken = messengers.notify(title=f"Spot collection on {platform.node()} needs a look", body=body)
    return bool(is_taken) and all(are_known)
