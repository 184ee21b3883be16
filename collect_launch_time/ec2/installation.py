"""Which requests are ours among all on the account: the tags that carry this installation's id and a client token."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import TagTypeDef

# Without colon, dot or space: every endpoint then understands the filter tag:KEY.
INSTALLATION_TAG = "spot-collector-installation"
TOKEN_TAG = "spot-collector-token"  # noqa: S105 - the name of a tag


def tags(installation_id: str, client_token: str) -> list[TagTypeDef]:
    """Give the tags of a spot request. The token is among them because AWS's answers do not repeat the ClientToken."""
    return [
        {"Key": INSTALLATION_TAG, "Value": installation_id},
        {"Key": TOKEN_TAG, "Value": client_token},
    ]
