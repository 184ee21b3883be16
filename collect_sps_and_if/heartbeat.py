"""Tells a monitor that polls go on, so that silence is an alarm: https://healthchecks.io/docs/http_api/."""

import logging

from common.side_by_side import in_time
from common.version import USER_AGENT

log = logging.getLogger(__name__)

_SECONDS = 10.0
_FAILED = "/fail"


def send_heartbeat(url: str, *, is_well: bool) -> None:
    """Ask for the URL, with /fail behind it if all is not well; without a URL, for nothing. Never raises."""
    if not url:
        return
    try:
        status = in_time(_SECONDS, lambda: _asked(url if is_well else _with_path(url, _FAILED)))
    except Exception as error:  # noqa: BLE001 - a monitor's trouble is none of the poll's
        log.warning("the heartbeat was not taken: %s", type(error).__name__)  # the text would show the URL, a secret
    else:
        log.info("heartbeat: %s", status)


def _asked(url: str) -> int:
    import requests

    with requests.get(url, headers={"User-Agent": USER_AGENT}, timeout=_SECONDS / 2, stream=True) as response:
        return response.status_code


def _with_path(url: str, more: str) -> str:
    path, mark, query = url.partition("?")
    return f"{path.rstrip('/')}{more}{mark}{query}"
