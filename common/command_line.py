"""A command's arguments, refused in one line as every other bad input is."""

import argparse
from datetime import date
from typing import Any, NoReturn

from common.errors import Refusal
from common.version import VERSION


class CommandLine(argparse.ArgumentParser):
    """An ArgumentParser that knows --version, and raises Refusal where argparse would print its usage first.

    manual is a module's docstring: --help has its first paragraph above the arguments, and the rest below them.
    """

    def __init__(self, prog: str | None = None, manual: str | None = None, **options: Any) -> None:
        description, _, details = (manual or "").partition("\n\n")
        super().__init__(prog, **({"description": description, "epilog": details} | options))
        self.add_argument("--version", action="version", version=f"spot-collector {VERSION}")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line."""
        raise Refusal(f"{message}; --help shows what there is")


def calendar_date(text: str) -> date:
    """Read an argument that is a date, YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2026-03-01") from None
