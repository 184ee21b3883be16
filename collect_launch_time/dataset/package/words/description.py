"""What the package says of itself, in each of its forms alike: name, title, days, licence, tables with their files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from collect_launch_time.dataset.package.rows.monthly_files import MonthFile
from data_files.csv_table import Column

PACKAGE_NAME = "spot-collector-data"
"""By this a package of ours is known."""
KEYWORDS = ("AWS", "EC2", "spot instances", "placement score", "interruption frequency", "launch time")

_SPDX = re.compile(r"[A-Za-z][A-Za-z0-9.+-]{1,60}")
_URL = re.compile(r"https://[a-z0-9.-]+(?:/[A-Za-z0-9._/-]*)?")


@dataclass(frozen=True)
class DescribedTable:
    """A table as it lies in the package."""

    name: str
    row: str
    columns: tuple[Column, ...]
    files: tuple[MonthFile, ...]
    senseless: int
    """Rows that make no sense, and were passed over."""

    @property
    def rows(self) -> int:
        """Count the rows of all its files."""
        return sum(file.rows for file in self.files)


@dataclass(frozen=True)
class Description:
    """What all forms of the description share."""

    first: date
    last: date
    licence: str | None
    """An SPDX identifier or a URL, chosen by whoever publishes; None: not chosen."""
    version_of_code: str
    tables: Sequence[DescribedTable]
    """Those that have rows."""

    @property
    def title(self) -> str:
        """Give the title."""
        return f"Spot placement scores, interruption frequency and launch times, {self.first} to {self.last}"

    @property
    def summary(self) -> str:
        """Say in two sentences what it is."""
        return (
            "AWS spot placement scores and interruption frequency of instance types across Regions, polled every ten "
            "minutes by a plan with known sampling probabilities, and launch times of spot instances: how many of N "
            f"requested were ready after how many seconds. Collected from {self.first} to {self.last} with one AWS "
            "account; README.md says how it was sampled, what is missing, and under which licence it is."
        )

    @property
    def version(self) -> str:
        """Give the version of the data: its last day, as three numbers."""
        return f"{self.last.year}.{self.last.month}.{self.last.day}"

    @property
    def licence_url(self) -> str | None:
        """Give the licence's address."""
        if self.licence is None or is_url(self.licence):
            return self.licence
        return f"https://spdx.org/licenses/{self.licence}.html"


def is_licence(text: str) -> bool:
    """Tell whether a text can name a licence: an SPDX identifier such as CC-BY-4.0, or an https address."""
    return bool(_SPDX.fullmatch(text)) or is_url(text)


def is_url(text: str) -> bool:
    """Tell whether a text is an https address."""
    return bool(_URL.fullmatch(text))
