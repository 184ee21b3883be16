"""Real mail servers on loopback, in all the moods that mail servers have."""

import asyncio
import contextlib
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from local_aws.mail.certificate import Certificate, make_certificate

LOOPBACK = "127.0.0.1"
USER = "collector@example.com"
SENDER = "reports@example.com"
PASSWORD = "correct horse battery staple"


@dataclass
class Mailbox:
    """Takes mail, but not for full mailboxes, nor letters it calls too big; remembers what it took."""

    full: tuple[str, ...] = ()
    too_big: tuple[str, ...] = ()
    taken: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)

    # aiosmtpd calls both by their names, with all of these.
    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: ARG002
        if address in self.full:
            return "552 5.2.2 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: ARG002
        message = email.message_from_bytes(envelope.original_content or b"", policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        if message["Subject"] in self.too_big:
            return "552 5.3.4 Message too big"
        self.taken.append(message)
        self.senders.append(envelope.mail_from or "")
        return "250 OK"


class _Server(Controller):
    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextlib.contextmanager
def mail_server(
    mailbox: Mailbox, certificate: Certificate | None, refusal: str = "", *, is_tls: bool = False
) -> Iterator[int]:
    """Serve a mailbox to USER with PASSWORD, over STARTTLS with that certificate or without any; give the port.

    is_tls: TLS from the start instead.

    refusal is what it says to a wrong password, {password} being the one it was given.
    """
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.chain, certificate.key)

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        given = data.password.decode()
        return AuthResult(
            success=(data.login.decode(), given) == (USER, PASSWORD),
            handled=False,
            message=refusal.format(password=given) or None,
        )

    server = _Server(
        mailbox,
        hostname=LOOPBACK,
        port=0,
        ssl_context=context if is_tls else None,
        tls_context=None if is_tls else context,
        require_starttls=bool(context) and not is_tls,
        auth_required=bool(context),
        auth_require_tls=not is_tls,  # it takes only STARTTLS for TLS
        authenticator=authenticate,
    )
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


@contextlib.contextmanager
def silent_server() -> Iterator[int]:
    """Take connections and never say a word; give the port."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield listener.getsockname()[1]


@contextlib.contextmanager
def dripping_server() -> Iterator[int]:
    """Say a little again and again, and never come to an end; give the port."""
    over = threading.Event()

    def drip(listener: socket.socket) -> None:
        with contextlib.suppress(OSError), listener.accept()[0] as connection:
            while not over.wait(0.02):
                connection.sendall(b"220-one moment please\r\n")

    with socket.create_server((LOOPBACK, 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            thread.join()


def gone_port() -> int:
    """Give a port that nobody listens on."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def good_certificate(folder: Path) -> Certificate:
    """Make a certificate that is in order; whether it is trusted is the client's SSL_CERT_FILE to say."""
    return make_certificate(folder / "good")


def expired_certificate(folder: Path) -> Certificate:
    """Make a certificate that expired yesterday."""
    return make_certificate(folder / "expired", valid_until=datetime.now(UTC) - timedelta(days=1))


def other_name_certificate(folder: Path) -> Certificate:
    """Make a certificate for another host."""
    return make_certificate(folder / "other", names=("smtp.example.com",))
