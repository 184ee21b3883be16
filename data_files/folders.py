"""The folders of a package under HOME: what it collects, and its logs."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folders:
    """Where a package keeps its files under a HOME."""

    home: Path
    package: str

    @property
    def data(self) -> Path:
        """Give the folder of everything collected."""
        return self.home / self.package / "data"

    @property
    def log(self) -> Path:
        """Give the folder of the logs."""
        return self.home / self.package / "log"

    def lock(self, name: str) -> Path:
        """Give the file that one run of a job locks, so that there is no second one."""
        return self.data / f"{name}.lock"
