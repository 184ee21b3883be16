"""Which texts may be published: names and codes may; what has the shape of an id, or any other text, may not."""

import re

from common.redaction import without_secrets

_LONGEST = 64
# Region, zone, instance type, AWS's codes: words with dots, dashes or underscores between, so neither ARN nor path nor
# e-mail address.
_CODE = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
_ID = re.compile(
    r"""(?x)
      [0-9]{12}                                             # an account
    | \b(?:sir|sfr|fleet|i) - [0-9A-Za-z]                   # a request, an instance
    | [a-z]+ - [0-9a-f]{8}                                  # whatever else AWS makes: subnets, volumes, AMIs
    | [0-9A-Fa-f]{8} - [0-9A-Fa-f]{4} -                     # a UUID: tokens, tags
    | (?=[A-Za-z]*[0-9]) (?<![A-Za-z0-9]) [A-Za-z0-9]{16}   # a key
    """
)


def publishable(text: str) -> str | None:
    """Give the text, or words separated by blanks, if it may be published; else None."""
    words = text.split()
    is_harmless = all(len(word) <= _LONGEST and _CODE.fullmatch(word) and not _ID.search(word) for word in words)
    return text if words and is_harmless and without_secrets(text) == text else None
