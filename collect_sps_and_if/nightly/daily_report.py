"""The nightly report: composed from a day's facts, kept on disk, and made a letter."""

import hashlib
import platform
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from collect_sps_and_if.nightly.report_facts import Facts
from collect_sps_and_if.nightly.report_view import probes_of, subject, view
from common.files import durable_file
from common.redaction import without_values
from data_files.folders import Folders

_TEXT_WIDTH = 78


# What is no ASCII goes as quoted-printable: some servers still take no other.
_LETTER = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True)
class Report:
    """A composed report: the same as text and as a page, which needs nothing from elsewhere."""

    day: date
    subject: str
    text: str
    html: str
    fingerprint: str


def compose(facts: Facts, needs: Sequence[str], home: Path) -> Report:
    """Write the report of a day; needs are the lines about what needs a person."""
    title = without_values(subject(facts, needs))
    values = view(facts, needs) | {"subject": title, "folder": str(_data(home))}
    return Report(
        day=facts.day,
        subject=title,
        text=_render("report.txt", values),
        html=_render("report.html", values),
        fingerprint=_fingerprint(facts, home),
    )


def keep_report(report: Report, home: Path) -> Path:
    """Put the report on disk as a page and as text, and give the page's path. Raises Unwritable."""
    page = _data(home) / "report" / f"{report.day.isoformat()}.html"
    durable_file.replace(page, report.html)
    durable_file.replace(page.with_suffix(".txt"), report.text)  # last: a day that has it counts as reported
    return page


def letter(report: Report) -> EmailMessage:
    """Make the report a letter without addresses: plain text, and HTML; nothing but ASCII goes over the wire."""
    message = EmailMessage(policy=_LETTER)
    message["Subject"] = report.subject
    # The same for the same report: where a crash has it mailed twice, mail programs show it once.
    message["Message-ID"] = f"<{report.day.isoformat()}.{report.fingerprint}@spot-collector.invalid>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
    message.set_content(report.text, cte="quoted-printable")
    message.add_alternative(report.html, subtype="html", cte="quoted-printable")
    return message


def _data(home: Path) -> Path:
    return Folders(home, "collect_sps_and_if").data


def _render(template: str, values: Mapping[str, object]) -> str:
    import jinja2

    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {"usd": _usd, "wrap": _wrap, "shortened": _shortened, "probes_of": probes_of}
    return without_values(templates.get_template(template).render(values))


def _usd(amount: float) -> str:
    return f"${amount:,.2f}"


def _shortened(line: str, most: int) -> str:
    # On a phone a line has some 45 characters; the text part has all of it.
    return line if len(line) <= most else f"{line[: most - 2].rstrip()} …"


def _wrap(text: str) -> str:
    return textwrap.fill(text, _TEXT_WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _fingerprint(facts: Facts, home: Path) -> str:
    # What makes a report worth mailing again: more polls, or other scores; not the disk or the time of writing.
    told = [platform.node(), _data(home), facts.day, facts.coverage.done, *facts.scores]
    return hashlib.sha256("\n".join(map(repr, told)).encode()).hexdigest()[:16]
