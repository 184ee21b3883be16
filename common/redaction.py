"""Blacks out what no log, no error and no mail may show."""

import re

# What an answer of AWS, a URL or a traceback could carry and no log may keep.
_SECRETS = re.compile(
    r"""(?ix)
      ( (?: secret_?access_?key | session_?token | x-amz-security-token | signature | x-amz-credential | authorization
          | password ) ["']? \s* [=:>] \s* ["']? )
      (?: (?:AWS4-HMAC-SHA256|Basic|Bearer)\s+ )? [^\s"'&<>]+
    """
)
_IN_URL = re.compile(r"(://)[^\s/@\"'<>]*:[^\s/@\"'<>]*@")  # user:password@ before the host


def without_secrets(text: str) -> str:
    """Black out passwords, keys, tokens and signatures in a text bound for a log or for stderr."""
    return _IN_URL.sub(r"\1***@", _SECRETS.sub(r"\1***", text))
