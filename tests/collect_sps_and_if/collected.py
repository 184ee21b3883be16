"""What polls left under a HOME, read the plain way: with the csv module, strictly."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path


class Collected:
    """The files of a HOME; a row of another length than the header is an error here."""

    def __init__(self, home: Path) -> None:
        self.data = home / "collect_sps_and_if" / "data"

    def rows(self, *path: str) -> list[dict[str, str]]:
        """Read a file below data/, whole; a missing one has no rows."""
        file = self.data.joinpath(*path)
        if not file.exists():
            return []
        with file.open(newline="", encoding="utf-8") as lines:
            header, *rows = list(csv.reader(lines, strict=True))
        assert all(len(row) == len(header) for row in rows), file
        return [dict(zip(header, row, strict=True)) for row in rows]

    def day(self, folder: str, day: str | date = "2026-03-01") -> list[dict[str, str]]:
        """Read a dated file."""
        return self.rows(folder, f"{day}.csv")

    def outcomes(self, day: str | date = "2026-03-01") -> Counter[str]:
        """Count a day's outcomes."""
        return Counter(row["outcome"] for row in self.day("sps_and_if", day))

    def pairs(self, day: str | date = "2026-03-01") -> set[tuple[str, str]]:
        """Give the day's planned pairs."""
        return {(region, row["instance"]) for row in self.day("plan", day) for region in row["regions"].split()}

    def log(self) -> str:
        """Read the log."""
        return "".join(path.read_text() for path in (self.data.parent / "log").glob("*.log"))
