"""Where a program's own data and logs lie under HOME."""

from pathlib import Path
from typing import NamedTuple

COLLECTORS = ("collect_sps_and_if", "collect_spot_price", "collect_launch_time")
"""The packages that collect data day by day."""
WITH_LOGS = (*COLLECTORS, "instance_arch_and_ami_id")
"""The packages that keep logs."""


# No dataclass: to load what makes those takes longer than the rest of a --help.
class Folders(NamedTuple):
    """The folders of one package."""

    home: Path
    package: str

    @property
    def data(self) -> Path:
        """Give the folder of everything it collects."""
        return self.home / self.package / "data"

    @property
    def log(self) -> Path:
        """Give the folder of its logs."""
        return self.home / self.package / "log"
