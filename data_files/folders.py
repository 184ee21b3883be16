"""Where a program's own data and logs lie under HOME."""

from pathlib import Path
from typing import NamedTuple


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
