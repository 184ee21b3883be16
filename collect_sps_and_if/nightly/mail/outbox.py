"""Reports on their way out: each waits on disk until a mail server has taken it, and is then mailed no more.

A letter lies in unsent/DATE.eml; once taken it has a row in mailed.csv, and the file goes. The row is what counts: a
letter that has one, after a crash or as the same report was made again, is not mailed.
"""

import email
import email.policy
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path

import configs
from collect_sps_and_if.nightly.mail.delivery import MailFailure, MailServer, deliver
from collect_sps_and_if.nightly.mail.password import mail_password
from common.errors import Refusal
from common.files import durable_file
from data_files.market import mailed
from data_files.market.mailed import MailedRow

_DATE = "X-Spot-Date"
_TLS_PORT = 465  # https://www.rfc-editor.org/rfc/rfc8314#section-3.3


def _put(letter: EmailMessage, day: date, home: Path) -> None:
    """Lay a day's report out for mailing, in place of an older one of its day."""
    letter[_DATE] = day.isoformat()
    durable_file.replace(_unsent(home, day), letter.as_bytes())


def waiting(home: Path, without: date | None = None) -> list[Path]:
    """List the letters that no server has taken yet, oldest first; without leaves out one day's."""
    found = []
    for day, path, is_taken in mailed.letters(home):
        if is_taken:
            path.unlink(missing_ok=True)
        elif day != without:
            found.append(path)
    return found


def _empty(home: Path, now: datetime) -> None:
    """Mail everything that waits. Raises MailFailure or Refusal with one line that says why something still waits."""
    letters = waiting(home)
    if not letters:
        return
    smtp = configs.SMTPConfigs()
    if not smtp.SMTP_SENDER:
        raise Refusal("SMTP_SENDER is empty: set it in spot.toml to the address that sends")
    server = mail_server(smtp)

    def taken(message: EmailMessage) -> None:
        day = date.fromisoformat(message[_DATE])
        row = MailedRow(now, day, message["Message-ID"], smtp.SMTP_RECIPIENTS)
        mailed.FILE.append(mailed.FILE.path(home), [row], widens=True)
        _unsent(home, day).unlink(missing_ok=True)

    messages = [_addressed(_read(path), smtp, now) for path in letters]
    deliver(messages, smtp.SMTP_RECIPIENTS, server, taken)


def mail_server(smtp: configs.SMTPConfigs) -> MailServer:
    """Give the server with who logs in to it. Raises Refusal if there is no password."""
    password = mail_password(configs.HOME, Path(configs.__file__).parent)
    user, is_tls = smtp.SMTP_USER or smtp.SMTP_SENDER, smtp.SMTP_PORT == _TLS_PORT
    return MailServer(smtp.SMTP_HOST, smtp.SMTP_PORT, smtp.SMTP_SENDER, user, password, is_tls)


def mail(letter: EmailMessage, day: date, home: Path, now: datetime) -> str | None:
    """Mail a day's report, and those that wait; give the one line about what was not mailed, if anything."""
    try:
        _put(letter, day, home)
        _empty(home, now)
    except (MailFailure, Refusal) as reason:
        if waiting(home):
            return f"the report was not mailed, and will be at the next run: {reason}"
        return f"the report was mailed, but not to everybody: {reason}"
    return None


def _unsent(home: Path, day: date) -> Path:
    return home / mailed.UNSENT / f"{day.isoformat()}.eml"


def _addressed(message: EmailMessage, smtp: configs.SMTPConfigs, now: datetime) -> EmailMessage:
    # Only now: a mistyped address is put right in spot.toml, and holds for what waits as well.
    message["From"] = f"Spot collection <{smtp.SMTP_SENDER}>"
    message["To"] = ", ".join(smtp.SMTP_RECIPIENTS)
    message["Date"] = now
    return message


def _read(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    return message
