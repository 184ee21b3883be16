"""Handing letters to real mail servers on loopback: good ones, and every way in which they are not."""

import base64
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from collect_sps_and_if.nightly.mail.delivery import MailFailure, MailServer, deliver
from local_aws.mail.certificate import Certificate
from tests import mail_server as moods
from tests.mail_server import LOOPBACK, PASSWORD, SENDER, USER, Mailbox, mail_server

TO = ("owner@example.com", "second@example.com")


def letter(subject: str = "Spot 2026-03-01") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = USER
    message["To"] = ", ".join(TO)
    message.set_content("Grüße")
    return message


def hand_in(
    port: int, *letters: EmailMessage, password: str = PASSWORD, host: str = LOOPBACK, is_tls: bool = False
) -> list[str]:
    """Deliver with short patience, and give the subjects of what was taken."""
    taken: list[str] = []
    server = MailServer(host, port, SENDER, USER, password, is_tls)
    deliver(
        letters or (letter(),),
        TO,
        server,
        lambda one: taken.append(one["Subject"]),
        total_seconds=2,
        answer_seconds=1.5,
    )
    return taken


def failure(port: int, password: str = PASSWORD, host: str = LOOPBACK, *, is_tls: bool = False) -> str:
    with pytest.raises(MailFailure) as raised:
        hand_in(port, password=password, host=host, is_tls=is_tls)
    line = str(raised.value)
    assert "\n" not in line
    assert password not in line
    return line


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return moods.good_certificate(tmp_path)


@pytest.fixture
def trusted(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
    return certificate


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(mailbox: Mailbox, trusted: Certificate) -> Iterator[int]:
    with mail_server(mailbox, trusted) as port:
        yield port


def test_a_server_with_starttls_and_login_takes_the_letter_for_all_recipients(port: int, mailbox: Mailbox) -> None:
    assert hand_in(port) == ["Spot 2026-03-01"]
    (taken,) = mailbox.taken
    assert taken["To"] == "owner@example.com, second@example.com"
    assert taken.get_content() == "Grüße\r\n"


def test_the_sender_may_be_another_than_who_logs_in(port: int, mailbox: Mailbox) -> None:
    hand_in(port)
    assert mailbox.senders == [SENDER]


def test_a_server_with_tls_from_the_start_takes_the_letter_too(mailbox: Mailbox, trusted: Certificate) -> None:
    with mail_server(mailbox, trusted, is_tls=True) as port:
        assert hand_in(port, is_tls=True) == ["Spot 2026-03-01"]


def test_tls_from_the_start_is_verified_as_well(mailbox: Mailbox, certificate: Certificate) -> None:
    with mail_server(mailbox, certificate, is_tls=True) as port:
        assert "certificate that is not trusted" in failure(port, is_tls=True)


@pytest.mark.parametrize("is_tls", [True, False])
def test_the_wrong_one_of_the_two_ports_is_told_with_both(mailbox: Mailbox, trusted: Certificate, is_tls: bool) -> None:
    with mail_server(mailbox, trusted, is_tls=not is_tls) as port:
        assert "465 is for TLS from the start, 587 for STARTTLS" in failure(port, is_tls=is_tls)


def test_several_letters_go_over_one_connection_in_order(port: int, mailbox: Mailbox) -> None:
    assert hand_in(port, letter("one"), letter("two")) == ["one", "two"]
    assert [taken["Subject"] for taken in mailbox.taken] == ["one", "two"]


def test_a_wrong_password_is_one_line_that_does_not_show_it(port: int, mailbox: Mailbox) -> None:
    line = failure(port, password="wrong-but-secret")
    assert "does not accept the log-in of collector@example.com (535" in line
    assert mailbox.taken == []


def test_a_server_that_repeats_the_password_cannot_bring_it_into_the_line(trusted: Certificate) -> None:
    echo = "535 no such password: {password}"
    with mail_server(Mailbox(), trusted, refusal=echo) as port:
        assert "no such password: ***" in failure(port, password="wrong-but-secret")


def test_a_server_that_repeats_the_login_as_sent_cannot_bring_it_into_the_line(trusted: Certificate) -> None:
    sent = base64.b64encode(f"\0{USER}\0wrong-but-secret".encode()).decode()
    with mail_server(Mailbox(), trusted, refusal=f"535 cannot read {sent}") as port:
        assert sent not in failure(port, password="wrong-but-secret")


def test_a_password_that_smtp_cannot_carry_is_not_shown_by_its_error(port: int) -> None:
    assert "plain ASCII" in failure(port, password="schlüssel")


@pytest.mark.parametrize(
    ("make", "said"),
    [(moods.expired_certificate, "expired"), (moods.other_name_certificate, "not valid for '127.0.0.1'")],
)
def test_a_certificate_past_its_time_or_of_another_host_is_refused(
    make: object, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox
) -> None:
    assert callable(make)
    bad = make(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(bad.authority))
    with mail_server(mailbox, bad) as port:
        line = failure(port)
    assert "certificate that is not trusted" in line
    assert said in line
    assert mailbox.taken == []


def test_a_certificate_of_an_unknown_authority_is_refused(certificate: Certificate, mailbox: Mailbox) -> None:
    with mail_server(mailbox, certificate) as port:
        assert "certificate that is not trusted" in failure(port)
    assert mailbox.taken == []


def test_without_starttls_no_password_is_sent(mailbox: Mailbox) -> None:
    with mail_server(mailbox, None) as port:
        assert "offers no STARTTLS" in failure(port)
    assert mailbox.taken == []


def test_a_full_mailbox_is_named_and_the_others_get_the_letter(port: int, mailbox: Mailbox) -> None:
    mailbox.full = (TO[0],)
    line = failure(port)
    assert "owner@example.com (552 5.2.2 Mailbox full)" in line
    assert "second@example.com" not in line
    assert len(mailbox.taken) == 1


def test_a_letter_refused_for_everybody_is_not_taken(port: int, mailbox: Mailbox) -> None:
    mailbox.full = TO
    assert "refused the mail for owner@example.com (552" in failure(port)
    assert mailbox.taken == []


def test_a_letter_refused_at_its_end_does_not_hold_up_the_next(port: int, mailbox: Mailbox) -> None:
    mailbox.too_big = ("one",)
    with pytest.raises(MailFailure, match=r"refused the mail \(552 5\.3\.4 Message too big\)"):
        hand_in(port, letter("one"), letter("two"))
    assert [taken["Subject"] for taken in mailbox.taken] == ["two"]


def test_a_server_that_never_speaks_is_given_up(trusted: Certificate) -> None:
    with moods.silent_server() as port:
        assert "did not answer in time" in failure(port)


def test_a_server_that_never_comes_to_an_end_is_given_up(trusted: Certificate) -> None:
    begun = time.monotonic()
    with moods.dripping_server() as port:
        assert "took longer than 2 s" in failure(port)
    assert time.monotonic() - begun < 10


def test_a_server_that_is_gone_is_named_with_its_port() -> None:
    port = moods.gone_port()
    assert f"127.0.0.1:{port} cannot be reached: Connection refused" in failure(port)


def test_a_host_nobody_knows_is_named() -> None:
    assert "smtp..example.com:587 is not known: check SMTP_HOST" in failure(587, host="smtp..example.com")
