"""Where the mail password comes from: the environment, else credential.txt, which nobody else may read."""

import os
import stat
from pathlib import Path

from common.errors import Refusal

_VARIABLE = "SPOT_SMTP_PASSWORD"
CREDENTIAL = "credential.txt"


def mail_password(home: Path, repository: Path) -> str:
    """Give the password: SPOT_SMTP_PASSWORD's, else that of credential.txt under HOME, else of the repository's.

    Raises Refusal if there is none, it cannot be a password, or others may read the file that holds it.
    """
    given = os.environ.get(_VARIABLE, "").strip()
    if given:
        return _checked(given, _VARIABLE)
    path = home / CREDENTIAL if (home / CREDENTIAL).exists() else repository / CREDENTIAL
    lines = _lines(path)
    if not lines:
        raise Refusal(f"there is no mail password yet, put it into {path} or into {_VARIABLE}")
    if len(lines) > 1:
        raise Refusal(f"{path} holds more than one line that is no comment: leave the mail password alone there")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Refusal(f"{path} holds the mail password, and others may read it: run chmod 600 {path}")
    return _checked(lines[0], str(path))


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError):
        raise Refusal(f"{path} cannot be read as text, so there is no mail password") from None
    stripped = (line.strip() for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


def _checked(password: str, source: str) -> str:
    # smtplib can log in with ASCII only.
    if not password.isascii() or not password.isprintable():
        raise Refusal(f"the mail password of {source} holds other than plain ASCII characters")
    return password
