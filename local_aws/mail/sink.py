"""A mail server on loopback that keeps what it is sent where one can look at it; sends nothing on.

Speaks STARTTLS with a certificate of its own making, and takes mail only after log-in, as real servers do. Each
message is saved as NNN-subject.eml, and unpacked beside it: text, page, and pictures. Prints the lines that point a
sender here.
"""

import argparse
import asyncio
import contextlib
import email
import email.policy
import logging
import re
import secrets
import shlex
import signal
import socket
import ssl
import sys
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from local_aws.mail.certificate import Certificate, make_certificate

LOOPBACK = "127.0.0.1"
PORT_IN_USE = 2
SENDER = "collector@example.com"
RECIPIENT = "owner@example.com"

_SUFFIXES = {"text/html": ".html", "text/plain": ".txt", "image/png": ".png"}


class Sink:
    """Takes messages and keeps them in a folder, numbered in the order they came."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002
        """Save a message, and say so; aiosmtpd calls this by its name."""
        content = envelope.original_content or b""
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        number = len(list(self._folder.glob("*.eml"))) + 1
        name = f"{number:03}-{_slug(str(message['Subject']))}"
        _unpack(message, self._folder / name)
        (self._folder / f"{name}.eml").write_bytes(content)
        return f"250 kept as {name}.eml"


async def serve(listener: socket.socket, folder: Path, certificate: Certificate, user: str, password: str) -> None:
    """Take mail until SIGTERM or Ctrl-C."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    sink = Sink(folder)

    def authenticate(server: object, session: object, envelope: object, mechanism: object, data: object) -> AuthResult:  # noqa: ARG001
        is_known = isinstance(data, LoginPassword) and data == LoginPassword(user.encode(), password.encode())
        return AuthResult(success=is_known, handled=False)

    def conversation() -> SMTP:
        return SMTP(
            sink,
            hostname="local_aws",
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            authenticator=authenticate,
            loop=asyncio.get_running_loop(),
        )

    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(conversation, sock=listener)
    with contextlib.closing(server):
        await stopped.wait()


def main() -> int:
    """Say where we are, take mail until told to stop."""
    arguments = _parser().parse_args()
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd warns of a change in its own next version
    try:
        listener = socket.create_server((LOOPBACK, arguments.port))
    except OSError as error:
        print(f"the mail sink cannot listen on port {arguments.port}: {error.strerror}; try --port 0", file=sys.stderr)
        return PORT_IN_USE
    password = secrets.token_urlsafe(16)
    certificate = make_certificate(arguments.folder / "certificate")
    _print_exports(listener.getsockname()[1], password, certificate)
    asyncio.run(serve(listener, arguments.folder, certificate, SENDER, password))
    return 0


def _unpack(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    places: dict[str, str] = {}
    for number, part in enumerate(message.walk()):
        suffix = _SUFFIXES.get(part.get_content_type())
        if not suffix:
            continue
        file = f"{number:02}{suffix}" if suffix == ".png" else f"message{suffix}"
        body = part.get_payload(decode=True)
        assert isinstance(body, bytes)
        (folder / file).write_bytes(body)
        if part["Content-ID"]:
            places["cid:" + part["Content-ID"].strip("<>")] = file
    _point_at_files(folder / "message.html", places)


def _point_at_files(page: Path, places: dict[str, str]) -> None:
    # A browser cannot look inside a message: its pictures lie beside the page.
    if page.exists():
        text = page.read_text(encoding="utf-8")
        for content_id, file in places.items():
            text = text.replace(content_id, file)
        page.write_text(text, encoding="utf-8")


def _slug(subject: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", subject).strip("-")[:60] or "message"


def _print_exports(port: int, password: str, certificate: Certificate) -> None:
    exports = {
        "SPOT_SMTP_HOST": LOOPBACK,
        "SPOT_SMTP_PORT": port,
        "SPOT_SMTP_SENDER": SENDER,
        "SPOT_SMTP_RECIPIENTS": RECIPIENT,
        "SPOT_SMTP_PASSWORD": password,
        "SSL_CERT_FILE": certificate.authority.absolute(),
    }
    print("\n".join(f"export {name}={shlex.quote(str(value))}" for name, value in exports.items()), flush=True)


def _parser() -> argparse.ArgumentParser:
    description = (__doc__ or "").partition("\n\n")[0]
    parser = argparse.ArgumentParser(prog="python -m local_aws.mail.sink", description=description)
    parser.add_argument("--folder", type=Path, required=True, help="where messages are kept")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default: %(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
