"""The newest Amazon Linux 2023 AMI (default kernel, not minimal) of each Region and architecture.

Asks every enabled Region (or those in REGIONS) for the public SSM parameters that AWS keeps, and prints IMAGE_ID. What
a Region does not have is left out, and named.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

if not __package__:  # run by its path: Python then looks for modules in this folder, not in the repository's root
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from typing import TYPE_CHECKING

from common.exit_code import leave
from data_files.instance_tables import TABLES
from instance_arch_and_ami_id.table_command import TableCommand, Tabulated, Wanted

if TYPE_CHECKING:
    from types_boto3_ssm import SSMClient

# An architecture -> its AMI, or None if the Region has none.
_Images = dict[str, str | None]


def _images_in_region(ssm: SSMClient) -> _Images:
    """Ask one Region for its AMI of each architecture."""
    from common.aws.amazon_linux import ARCHITECTURES, newest_ami

    return {architecture: newest_ami(ssm, architecture) for architecture in ARCHITECTURES}


def region_images(by_region: Mapping[str, _Images]) -> Tabulated:
    """Give each Region its AMIs; name the architectures that a Region has none for."""
    rows = {}
    left_out = {}
    for region, images in sorted(by_region.items()):
        found = {architecture: ami for architecture, ami in images.items() if ami}
        if found:
            rows[region] = found
        if lacking := [architecture for architecture, ami in images.items() if not ami]:
            left_out[region] = f"has no Amazon Linux 2023 AMI for {' and '.join(lacking)}"
    return Tabulated(rows, left_out)


_COMMAND = TableCommand(
    action="ssm:GetParameter", ask=_images_in_region, table=Wanted("IMAGE_ID", TABLES, region_images)
)


def main() -> int:
    """Run the command with the user's settings."""
    wants_file = _COMMAND.wants_file(__doc__ or "")
    import configs

    return _COMMAND.run(wants_file, configs.HOME, configs.REGIONS, configs.SPS_REGION)


if __name__ == "__main__":
    leave(main)
