"""Who we are among all that use the account: an id made once, and the tags that carry it."""

import logging
import re
import uuid
from pathlib import Path

from common import durable_file

log = logging.getLogger(__name__)

# No colon, dot or space in them: every endpoint reads the filter tag:KEY rightly then.
INSTALLATION_TAG = "spot-collector-installation"
TOKEN_TAG = "spot-collector-token"  # noqa: S105 - the name of a tag

_ID = re.compile(r"[0-9a-f]{32}")


def read_installation(path: Path) -> str | None:
    """Give this installation's id; None if none was made yet, or the file is broken."""
    try:
        text = path.read_text(errors="replace").strip()
    except FileNotFoundError:
        return None
    if _ID.fullmatch(text):
        return text
    log.warning("%s holds no installation id; a new one is made, the journal knows the old one's requests", path)
    return None


def installation(path: Path) -> str:
    """Give this installation's id, made at the first call; raises Unwritable if it cannot be kept.

    Two machines on one account have two ids, and leave each other's probes alone.
    """
    known = read_installation(path)
    if known is None:
        known = uuid.uuid4().hex
        durable_file.replace(path, known + "\n")
    return known


def tags(installation_id: str, client_token: str) -> list[dict[str, str]]:
    """Give the tags of a spot request: AWS's answers do not repeat the ClientToken, so a tag does."""
    return [
        {"Key": INSTALLATION_TAG, "Value": installation_id},
        {"Key": TOKEN_TAG, "Value": client_token},
    ]
