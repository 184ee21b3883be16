"""Whether the mail server lets us log in; no letter is sent."""

from collections.abc import Iterator

import configs
from check_setup.finding import Finding, fine, to_do, unknown
from collect_sps_and_if.nightly.mail.delivery import MailFailure, MailServer, session
from collect_sps_and_if.nightly.mail.outbox import mail_server
from common.errors import Refusal
from common.side_by_side import side_by_side

_WHAT = "mail"

_SECONDS = 45  # a server that drips its answers must not hold up the other checks


def check_mail_login() -> Iterator[Finding]:
    """Connect, check the certificate, log in, and leave."""
    smtp = configs.SMTPConfigs()
    if not smtp.SMTP_SENDER and not smtp.SMTP_RECIPIENTS:
        text = "switched off, the nightly report is written to disk only; SMTP_SENDER and SMTP_RECIPIENTS switch it on"
        yield unknown(_WHAT, text)
        return
    if not smtp.SMTP_SENDER or not smtp.SMTP_RECIPIENTS:
        missing = "SMTP_RECIPIENTS" if smtp.SMTP_SENDER else "SMTP_SENDER"
        yield to_do(_WHAT, f"{missing} is empty, so nothing is mailed: set it in spot.toml")
        return
    try:
        server = mail_server(smtp)
        _log_in(server)
    except (MailFailure, Refusal) as reason:
        yield to_do(_WHAT, str(reason))
    else:
        yield fine(_WHAT, f"{server.name} lets {server.user} log in; it goes to {', '.join(smtp.SMTP_RECIPIENTS)}")


def _log_in(server: MailServer) -> None:
    """Log in within bounds of time. Raises MailFailure."""

    def log_in(at: MailServer) -> None:
        with session(at):
            return

    (outcome,) = side_by_side(log_in, [server], concurrency=1, seconds=_SECONDS)
    if isinstance(outcome.error, TimeoutError):
        raise MailFailure(f"{server.name} took longer than {_SECONDS} s")
    if outcome.error:
        raise outcome.error
