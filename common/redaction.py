"""Blacks out what no log, no error, no mail and no page may show: by its label, by its shape, and by its very value."""

import os
import re
import threading

# What an answer of AWS, a URL or a traceback could carry and no log may keep.
_LABELLED = re.compile(
    r"""(?ix)
      ( (?: secret_?access_?key | session_?token | security_?token | x-amz-security-token | signature
          | x-amz-credential | authorization | password ) ["']? \s* [=:>] \s* b? ["']? )
      (?: (?:AWS4-HMAC-SHA256|Basic|Bearer)\s+ )? [^\s"'&<>]+
    """
)
_IN_URL = re.compile(r"(://)[^\s/@\"'<>]*:[^\s/@\"'<>]*@")  # user:password@ before the host
_IN_QUERY = re.compile(r"(?i)([?&][\w.-]*(?:key|token|secret|sig|auth|passw|pwd)[\w.-]*=)[^&\s\"'#<>)]+")
# What Python says of a value that no header may hold: it quotes it whole, whoever knows it or not.
_IN_HEADER = re.compile(r"""(?i)(header value:?\s*)b?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
_KEY_ID = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{8,}\b")

# Read anew each time, since whatever quotes one of these may do so before anybody has looked at it.
_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "SPOT_SMTP_PASSWORD",
    "SPOT_HEARTBEAT_URL",
    "SPOT_NOTIFY_URLS",
)
_LEAST_CHARACTERS = 6  # what is shorter would black out parts of other words, and is no secret to keep

_known: set[str] = set()
_writing = threading.Lock()


def keep_secret(*values: str | None) -> None:
    """Let these values be blacked out from now on, wherever they turn up: whole, quoted as Python does, or in parts.

    A value with a line end or a blank in it (copied with one) is shown in parts by what quotes it: each part is secret.
    """
    parts = {part for value in values if value for part in _parts(value)}
    with _writing:
        _known.update(parts)


def without_secrets(text: str) -> str:
    """Black out passwords, keys, tokens and signatures in a text that leaves the program."""
    text = _IN_URL.sub(r"\1***@", _LABELLED.sub(r"\1***", _IN_HEADER.sub(r"\1***", text)))
    text = _IN_QUERY.sub(r"\1***", text)
    return without_values(_KEY_ID.sub("***", text))


def without_values(text: str) -> str:
    """Black out only the values of the secrets in use: for pages and letters, which hold much that has other shapes."""
    with _writing:
        secrets = set(_known)
    secrets.update(part for name in _VARIABLES for part in _parts(os.environ.get(name, "")))
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def _parts(value: str) -> set[str]:
    # As it is, as repr() writes it, and between control characters and blanks.
    found = {value.strip(), repr(value)[1:-1], *re.split(r"[\x00-\x20\x7f]+", value)}
    return {part for part in found if len(part) >= _LEAST_CHARACTERS}
