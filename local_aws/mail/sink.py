"""A mail server on loopback that saves each message in a folder, and sends none on.

It uses STARTTLS with a self-made certificate and accepts mail only after a log-in, as real servers do. Each message is
saved as NNN-subject.eml, with its text, HTML page and pictures unpacked in a folder beside it. At the start it prints
the export lines that direct a sender here.
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

_LOOPBACK = "127.0.0.1"
_PORT_IN_USE = 2
_SENDER = "collector@example.com"
_RECIPIENT = "owner@example.com"

_SUFFIXES = {"text/html": ".html", "text/plain": ".txt", "image/png": ".png"}


class Sink:
    """Saves messages in a folder, numbered in the order they come."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002
        """Save a message, and return the SMTP reply; aiosmtpd calls this method by its name."""
        content = envelope.original_content or b""
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        number = len(list(self._folder.glob("*.eml"))) + 1
        name = f"{number:03}-{_slug(str(message['Subject']))}"
        _unpack(message, self._folder / name)
        (self._folder / f"{name}.eml").write_bytes(content)
        return f"250 kept as {name}.eml"


async def _serve(listener: socket.socket, folder: Path, certificate: Certificate, user: str, password: str) -> None:
    """Accept mail until SIGTERM or Ctrl-C."""
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
    """Print where the server is, and accept mail until SIGTERM or Ctrl-C."""
    arguments = _parser().parse_args()
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # it warns of a change in aiosmtpd's next version
    try:
        listener = socket.create_server((_LOOPBACK, arguments.port))
    except OSError as error:
        print(f"the mail sink cannot listen on port {arguments.port}: {error.strerror}; try --port 0", file=sys.stderr)
        return _PORT_IN_USE
    password = secrets.token_urlsafe(16)
    certificate = make_certificate(arguments.folder / "certificate")
    _print_exports(listener.getsockname()[1], password, certificate)
    asyncio.run(_serve(listener, arguments.folder, certificate, _SENDER, password))
    return 0


def _unpack(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    files: dict[str, str] = {}
    for number, part in enumerate(message.walk()):
        suffix = _SUFFIXES.get(part.get_content_type())
        if not suffix:
            continue
        file = f"{number:02}{suffix}" if suffix == ".png" else f"message{suffix}"
        body = part.get_payload(decode=True)
        assert isinstance(body, bytes)
        (folder / file).write_bytes(body)
        if part["Content-ID"]:
            files["cid:" + part["Content-ID"].strip("<>")] = file
    _link_files(folder / "message.html", files)


def _link_files(page: Path, files: dict[str, str]) -> None:
    # A browser does not resolve cid: links, but it does those to files beside the page.
    if page.exists():
        text = page.read_text(encoding="utf-8")
        for content_id, file in files.items():
            text = text.replace(content_id, file)
        page.write_text(text, encoding="utf-8")


def _slug(subject: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", subject).strip("-")[:60] or "message"


def _print_exports(port: int, password: str, certificate: Certificate) -> None:
    exports = {
        "SPOT_SMTP_HOST": _LOOPBACK,
        "SPOT_SMTP_PORT": port,
        "SPOT_SMTP_SENDER": _SENDER,
        "SPOT_SMTP_RECIPIENTS": _RECIPIENT,
        "SPOT_SMTP_PASSWORD": password,
        "SSL_CERT_FILE": certificate.authority.absolute(),
    }
    print("\n".join(f"export {name}={shlex.quote(str(value))}" for name, value in exports.items()), flush=True)


def _parser() -> argparse.ArgumentParser:
    description = (__doc__ or "").partition("\n\n")[0]
    parser = argparse.ArgumentParser(prog="python -m local_aws.mail.sink", description=description)
    parser.add_argument("--folder", type=Path, required=True, help="where messages are saved")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default: %(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
