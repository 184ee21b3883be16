"""Where a program's own data and logs lie under HOME."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folders:
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
