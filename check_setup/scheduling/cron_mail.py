"""Where what cron would mail goes: to somebody, or nowhere."""

import getpass
import shutil
from collections.abc import Iterable, Iterator, Mapping

import configs
from check_setup.finding import Finding, fine, to_do, unknown
from check_setup.scheduling.system import SENDMAIL, how_to_install

_WHAT = "cron's mail"
# Where cron looks, whatever the PATH of who runs this.
_PLACES = ("/usr/sbin", "/usr/lib")
# Settings by which somebody hears of trouble without it.
_CHANNELS = ("HEARTBEAT_URL", "NOTIFY_URLS")


def check_cron_mail(variables: Mapping[str, str], path: str, places: Iterable[str] = _PLACES) -> Iterator[Finding]:
    """Tell to whom cron mails what the programs print. variables: those that the crontab sets above our lines."""
    to = variables.get("MAILTO", getpass.getuser()).strip()
    sendmail = shutil.which("sendmail", path=":".join((path, *places)))
    if to and sendmail:
        yield fine(_WHAT, f"goes to {to}, by {sendmail}")
        return
    if not to:
        text, how = "is switched off: MAILTO is empty in the crontab", "give MAILTO an address"
    else:
        text = f"to {to} is lost, for this machine has no mail server"
        how = how_to_install(SENDMAIL, "install one that has a sendmail")
    if channels := [name for name in _CHANNELS if getattr(configs, name, None)]:
        yield unknown(_WHAT, f"{text}; {' and '.join(channels)} will tell you of trouble")
    else:
        yield to_do(_WHAT, f"{text}, so nobody hears of trouble: set HEARTBEAT_URL in spot.toml, or {how}")
