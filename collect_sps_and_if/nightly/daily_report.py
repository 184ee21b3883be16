"""The nightly report: composed from a day's facts, kept on disk, and made a letter that is whole without its images."""

import base64
import hashlib
import platform
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from collect_sps_and_if.nightly.heat_map import day_strips, score_map
from collect_sps_and_if.nightly.report_facts import Facts
from collect_sps_and_if.nightly.report_view import probes_of, subject, view
from common.files import durable_file
from common.redaction import without_values
from data_files.folders import Folders

_STRIPS = 8
_TEXT_WIDTH = 78


@dataclass(frozen=True)
class Report:
    """A composed report: page opens from disk by itself, html expects its pictures beside it in a letter."""

    day: date
    subject: str
    text: str
    page: str
    html: str
    pictures: Mapping[str, bytes]
    fingerprint: str


def compose(facts: Facts, needs: Sequence[str], home: Path) -> Report:
    """Write the report of a day; needs are the lines about what needs a person."""
    pictures = _pictures(facts)
    values = view(facts, needs) | {"subject": subject(facts, needs), "folder": str(_data(home))}
    return Report(
        day=facts.day,
        subject=subject(facts, needs),
        text=_render("report.txt", values),
        page=_render("report.html", values | {"pictures": {name: _data_url(png) for name, png in pictures.items()}}),
        html=_render("report.html", values | {"pictures": {name: f"cid:{_content_id(name)}" for name in pictures}}),
        pictures=pictures,
        fingerprint=_fingerprint(facts, home),
    )


def write_report(report: Report, home: Path) -> Path:
    """Put the report on disk as a page and as text, and give the page's path. Raises Unwritable."""
    page = _data(home) / "report" / f"{report.day.isoformat()}.html"
    durable_file.replace(page.with_suffix(".txt"), report.text)
    durable_file.replace(page, report.page)
    return page


def letter(report: Report) -> EmailMessage:
    """Make the report a letter without addresses: plain text, and HTML with its pictures inside."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = report.subject
    # The same for the same report: where a crash has it mailed twice, mail programs show it once.
    message["Message-ID"] = f"<{report.day.isoformat()}.{report.fingerprint}@spot-collector.invalid>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
    message.set_content(report.text)
    message.add_alternative(report.html, subtype="html")
    *_, html = message.iter_parts()
    assert isinstance(html, EmailMessage)
    for name, png in report.pictures.items():
        file = f"{name}.png"
        html.add_related(png, "image", "png", cid=f"<{_content_id(name)}>", filename=file, disposition="inline")
    return message


def _data(home: Path) -> Path:
    return Folders(home, "collect_sps_and_if").data


def _pictures(facts: Facts) -> dict[str, bytes]:
    pictures = {}
    if any(score.score for score in facts.scores):
        pictures["score-map"] = score_map(facts.scores)
    moved = [score for score in facts.scores if score.sps_changes][:_STRIPS]
    if moved:
        pictures["day-strips"] = day_strips(facts.polled, moved)
    return pictures


def _render(template: str, values: Mapping[str, object]) -> str:
    import jinja2

    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {"usd": _usd, "figure": _figure, "wrap": _wrap, "probes_of": probes_of}
    return without_values(templates.get_template(template).render(values))


def _usd(amount: float) -> str:
    return f"${amount:,.2f}"


def _figure(score: float) -> str:
    return f"{score:.2f}"


def _wrap(text: str) -> str:
    return textwrap.fill(text, _TEXT_WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _content_id(name: str) -> str:
    return f"{name}@spot-collector.invalid"


def _data_url(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _fingerprint(facts: Facts, home: Path) -> str:
    # What makes a report worth mailing again: more polls, or other scores; not the disk or the time of writing.
    told = [platform.node(), _data(home), facts.day, facts.coverage.done, *facts.scores]
    return hashlib.sha256("\n".join(map(repr, told)).encode()).hexdigest()[:16]
