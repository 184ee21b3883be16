"""The mail sink as a process of its own: it accepts mail as real servers do, and saves it in a folder."""

import shlex
import signal
import smtplib
import ssl
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.stand_in import REPOSITORY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def sink(folder: Path) -> Iterator[dict[str, str]]:
    """Start a sink and give its export lines; when it ends, it must have printed no error."""
    process = subprocess.Popen(
        [sys.executable, "-m", "local_aws.mail.sink", "--folder", str(folder)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    lines = [process.stdout.readline() for _ in range(6)]
    yield dict(shlex.split(line)[1].split("=", 1) for line in lines)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")


def connect(sink: dict[str, str]) -> smtplib.SMTP:
    smtp = smtplib.SMTP(sink["SPOT_SMTP_HOST"], int(sink["SPOT_SMTP_PORT"]), timeout=10)
    smtp.starttls(context=ssl.create_default_context(cafile=sink["SSL_CERT_FILE"]))
    return smtp


def message_with_picture() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Spot 2026-03-01: 144 of 144 polls"
    message.set_content("plain")
    message.add_alternative('<img src="cid:map@example">', subtype="html")
    *_, html = message.iter_parts()
    assert isinstance(html, EmailMessage)
    html.add_related(b"\x89PNG", "image", "png", cid="<map@example>")
    return message


def test_saves_a_message_whole_and_unpacked_with_its_pictures_in_the_page(sink: dict[str, str], folder: Path) -> None:
    with connect(sink) as smtp:
        smtp.login(sink["SPOT_SMTP_SENDER"], sink["SPOT_SMTP_PASSWORD"])
        for _ in range(2):
            smtp.send_message(message_with_picture(), sink["SPOT_SMTP_SENDER"], sink["SPOT_SMTP_RECIPIENTS"])
    name = "001-Spot-2026-03-01-144-of-144-polls"
    assert sorted(path.name for path in folder.glob("*.eml")) == [f"{name}.eml", f"{name.replace('1', '2', 1)}.eml"]
    assert (folder / name / "message.txt").read_text() == "plain\n"
    (picture,) = (folder / name).glob("*.png")
    assert picture.read_bytes() == b"\x89PNG"
    assert (folder / name / "message.html").read_text() == f'<img src="{picture.name}">\n'


def test_accepts_no_mail_without_the_password(sink: dict[str, str], folder: Path) -> None:
    with connect(sink) as smtp:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.login(sink["SPOT_SMTP_SENDER"], "another")
        with pytest.raises(smtplib.SMTPException):
            smtp.send_message(message_with_picture(), sink["SPOT_SMTP_SENDER"], sink["SPOT_SMTP_RECIPIENTS"])
    assert list(folder.glob("*.eml")) == []


def test_a_port_in_use_is_one_line(sink: dict[str, str], tmp_path: Path) -> None:
    port = sink["SPOT_SMTP_PORT"]
    ended = subprocess.run(
        [sys.executable, "-m", "local_aws.mail.sink", "--folder", str(tmp_path / "other"), "--port", port],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"the mail sink cannot listen on port {port}: Address already in use")
    assert line.endswith("; try --port 0")
