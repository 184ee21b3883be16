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
from collect_sps_and_if.nightly.daily_report import Report, letter
from collect_sps_and_if.nightly.mail_delivery import MailFailure, MailServer, deliver
from collect_sps_and_if.nightly.mail_password import mail_password
from collect_sps_and_if.tables import MAILED, Tables
from common import csv_file, durable_file
from common.clock import iso
from common.errors import Refusal

_DATE = "X-Spot-Date"


def put(report: Report, tables: Tables) -> None:
    """Lay a report out for mailing, in place of an older one of its day."""
    message = letter(report)
    message[_DATE] = report.day.isoformat()
    durable_file.replace(tables.unsent / f"{report.day.isoformat()}.eml", message.as_bytes())


def waiting(tables: Tables, without: date | None = None) -> list[Path]:
    """List the letters that no server has taken yet, oldest first; without leaves out one day's."""
    mailed = {row.get("message_id") for row in csv_file.read(tables.mailed)}
    letters = []
    for path in sorted(tables.unsent.glob("????-??-??.eml")):
        if _read(path)["Message-ID"] in mailed:
            path.unlink(missing_ok=True)
        elif without is None or path.stem != without.isoformat():
            letters.append(path)
    return letters


def empty(tables: Tables, now: datetime) -> None:
    """Mail everything that waits. Raises MailFailure or Refusal with one line that says why something still waits."""
    letters = waiting(tables)
    if not letters:
        return
    smtp = configs.SMTPConfigs()
    if not smtp.SMTP_SENDER:
        raise Refusal("SMTP_SENDER is empty: set it in configs.py to the address that logs in and sends")
    password = mail_password(configs.HOME, Path(configs.__file__).parent)
    server = MailServer(smtp.SMTP_HOST, smtp.SMTP_PORT, smtp.SMTP_SENDER, password)

    def taken(message: EmailMessage) -> None:
        row = iso(now), message[_DATE], message["Message-ID"], " ".join(smtp.SMTP_RECIPIENTS)
        csv_file.append(tables.mailed, MAILED, [row])
        (tables.unsent / f"{message[_DATE]}.eml").unlink(missing_ok=True)

    messages = [_addressed(_read(path), smtp, now) for path in letters]
    deliver(messages, smtp.SMTP_RECIPIENTS, server, taken)


def mail(report: Report, tables: Tables, now: datetime) -> str | None:
    """Mail a report, and those that wait; give the one line about what was not mailed, if anything."""
    try:
        put(report, tables)
        empty(tables, now)
    except (MailFailure, Refusal) as reason:
        if waiting(tables):
            return f"the report was not mailed, and will be at the next run: {reason}"
        return f"the report was mailed, but not to everybody: {reason}"
    return None


def _addressed(message: EmailMessage, smtp: configs.SMTPConfigs, now: datetime) -> EmailMessage:
    # Only now: a mistyped address is put right in configs.py, and holds for what waits as well.
    message["From"] = f"Spot collection <{smtp.SMTP_SENDER}>"
    message["To"] = ", ".join(smtp.SMTP_RECIPIENTS)
    message["Date"] = now
    return message


def _read(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    return message
