"""Which requests are ours among all on the account: an id made once per installation, and the tags that carry it."""

from __future__ import annotations

import logging
import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import durable_file

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import TagTypeDef

log = logging.getLogger(__name__)

# Without colon, dot or space: every endpoint then understands the filter tag:KEY.
INSTALLATION_TAG = "spot-collector-installation"
TOKEN_TAG = "spot-collector-token"  # noqa: S105 - the name of a tag

_ID = re.compile(r"[0-9a-f]{32}")


def read_installation_id(path: Path) -> str | None:
    """Give this installation's id; None if none was made yet, or the file is damaged."""
    try:
        text = path.read_text(errors="replace").strip()
    except FileNotFoundError:
        return None
    if _ID.fullmatch(text):
        return text
    log.warning(
        "%s holds no installation id; a new one is made, requests with the old one are found by the journal only", path
    )
    return None


def installation_id(path: Path) -> str:
    """Give this installation's id, made at the first call; raises Unwritable if it cannot be stored.

    Two machines on one account have two ids, and never end each other's probes.
    """
    known = read_installation_id(path)
    if known is None:
        known = uuid.uuid4().hex
        durable_file.replace(path, known + "\n")
    return known


def tags(installation_id: str, client_token: str) -> list[TagTypeDef]:
    """Give the tags of a spot request. The token is among them because AWS's answers do not repeat the ClientToken."""
    return [
        {"Key": INSTALLATION_TAG, "Value": installation_id},
        {"Key": TOKEN_TAG, "Value": client_token},
    ]
