"""Whether apprise is installed and can use the addresses in NOTIFY_URLS; no message is sent."""

from collections.abc import Iterator

import configs
from check_setup.finding import Finding, fine, to_do, unknown
from common.counted import counted
from notify.people import unusable

_WHAT = "notices"


def check_notify_addresses() -> Iterator[Finding]:
    """Name the addresses that apprise cannot use by their number and scheme: what follows is secret."""
    urls = configs.NOTIFY_URLS
    if not urls:
        yield unknown(_WHAT, "switched off, nobody is told at once of what needs a person; NOTIFY_URLS switches it on")
        return
    try:
        wrong = unusable(urls)
    except ImportError:
        yield to_do(_WHAT, "NOTIFY_URLS needs apprise: run script/install notify")
        return
    if wrong:
        named = ", ".join(f"address {number} ({urls[number - 1].partition('://')[0]}://…)" for number in wrong)
        yield to_do(
            _WHAT,
            f"apprise cannot use {named} of the {len(urls)} in NOTIFY_URLS: see https://github.com/caronc/apprise/wiki",
        )
    else:
        yield fine(_WHAT, f"apprise knows {counted(len(urls), 'address', 'addresses')} in NOTIFY_URLS; nothing is sent")
