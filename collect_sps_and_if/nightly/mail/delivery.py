"""Hands letters to a mail server: TLS with a verified certificate, then log-in; no secret is sent in the clear."""

import base64
import contextlib
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage

from common.redaction import without_secrets
from common.side_by_side import side_by_side

_ANSWER_SECONDS = 20  # for each of the server's answers
_TOTAL_SECONDS = 60  # for everything: a server that drips its answers must not hold up the night

_LONGEST_REASON = 200
_WRONG_PORT = "; is SMTP_PORT right? 465 is for TLS from the start, 587 for STARTTLS"


class MailFailure(Exception):
    """Why a letter was not taken: one line for people, without the password."""


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed in, and by whom; is_tls: from the start, else STARTTLS."""

    host: str
    port: int
    sender: str
    user: str
    password: str = field(repr=False)
    is_tls: bool = False

    @property
    def name(self) -> str:
        """Give host and port, as people write them."""
        return f"{self.host}:{self.port}"


@contextlib.contextmanager
def session(server: MailServer, answer_seconds: float = _ANSWER_SECONDS) -> Iterator[smtplib.SMTP]:
    """Connect, turn to TLS, verify the certificate, log in. Raises MailFailure, also for what fails inside."""
    try:
        smtp = _connect(server, answer_seconds)
        try:
            _secure(smtp, server)
            smtp.login(server.user, server.password)
            yield smtp
            with contextlib.suppress(OSError, smtplib.SMTPException):
                smtp.quit()
        finally:
            smtp.close()
    except (OSError, smtplib.SMTPException) as error:
        raise MailFailure(_reason(error, server)) from None
    except UnicodeEncodeError:  # smtplib logs in with ASCII only; the error itself would show what it stumbled over
        raise MailFailure(f"{server.name} cannot be logged in to with other than plain ASCII characters") from None


def deliver(
    letters: Sequence[EmailMessage],
    recipients: Sequence[str],
    server: MailServer,
    taken: Callable[[EmailMessage], None],
    total_seconds: float = _TOTAL_SECONDS,
    answer_seconds: float = _ANSWER_SECONDS,
) -> None:
    """Hand in letters, and call taken for each right when the server has taken it.

    Raises MailFailure at the end if any was not taken, or not for everybody; those after it are tried all the same.
    """

    def hand_in(all_letters: Sequence[EmailMessage]) -> list[str]:
        with session(server, answer_seconds) as smtp:
            return [reason for one in all_letters for reason in _hand_in(smtp, one, recipients, server, taken)]

    (outcome,) = side_by_side(hand_in, [letters], concurrency=1, seconds=total_seconds)
    if isinstance(outcome.error, TimeoutError):
        raise MailFailure(f"{server.name} took longer than {total_seconds:g} s")
    if outcome.error:
        raise outcome.error
    if outcome.answer:
        raise MailFailure("; ".join(dict.fromkeys(outcome.answer)))


def _connect(server: MailServer, answer_seconds: float) -> smtplib.SMTP:
    try:
        if server.is_tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, timeout=answer_seconds, context=context)
        return smtplib.SMTP(server.host, server.port, timeout=answer_seconds)
    except UnicodeError:  # no name could look like this
        raise socket.gaierror from None


def _secure(smtp: smtplib.SMTP, server: MailServer) -> None:
    smtp.ehlo()
    if not server.is_tls:
        if not smtp.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError("it offers no STARTTLS, without which no password is sent")
        # The system's authorities, or SSL_CERT_FILE's; name and dates are checked.
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo()
    if not smtp.has_extn("auth"):
        raise smtplib.SMTPNotSupportedError("it offers no log-in; is this its port for handing in mail?")


def _hand_in(
    smtp: smtplib.SMTP,
    letter: EmailMessage,
    recipients: Sequence[str],
    server: MailServer,
    taken: Callable[[EmailMessage], None],
) -> list[str]:
    try:
        refused = smtp.send_message(letter, server.sender, list(recipients))
    except smtplib.SMTPException as error:
        return [_reason(error, server)]
    taken(letter)
    return [_refused(refused, server)] if refused else []


def _reason(error: Exception, server: MailServer) -> str:
    return _hidden(" ".join(f"{server.name} {_words(error, server)}".split()), server)[:_LONGEST_REASON]


def _words(error: Exception, server: MailServer) -> str:
    match error:
        case smtplib.SMTPAuthenticationError():
            return f"does not accept the log-in of {server.user} ({_said(error.smtp_code, error.smtp_error)})"
        case smtplib.SMTPRecipientsRefused():
            return _refusals(error.recipients)
        case smtplib.SMTPResponseException():
            return f"refused the mail ({_said(error.smtp_code, error.smtp_error)})"
        case smtplib.SMTPServerDisconnected():
            return f"hung up, or did not answer in time{_WRONG_PORT}"
        case smtplib.SMTPException():
            return f"cannot be used: {error}"
        case ssl.SSLCertVerificationError():
            return f"shows a certificate that is not trusted: {error.verify_message}"
        case ssl.SSLError():
            return f"does not get TLS right: {error.reason or error}{_WRONG_PORT}"
        case socket.gaierror():
            return "is not known: check SMTP_HOST, and this machine's network"
        case TimeoutError():
            return f"does not answer in time{_WRONG_PORT}"
    return f"cannot be reached: {getattr(error, 'strerror', None) or error}"


def _refused(refused: dict[str, tuple[int, bytes]], server: MailServer) -> str:
    return _hidden(f"{server.name} {_refusals(refused)}", server)[:_LONGEST_REASON]


def _refusals(refused: dict[str, tuple[int, bytes]]) -> str:
    return "refused the mail for " + ", ".join(f"{to} ({_said(*why)})" for to, why in refused.items())


def _said(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"


def _hidden(line: str, server: MailServer) -> str:
    # A server may repeat what it was sent: the password, or the log-in as it went over the wire.
    plain = f"\0{server.user}\0{server.password}"
    for secret in (plain, server.password):
        for shape in (secret, base64.b64encode(secret.encode()).decode()):
            line = line.replace(shape, "***")
    return without_secrets(line)
