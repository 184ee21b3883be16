"""Files named by a date: a day's rows stand in a file of their own, so that nothing gets slower with the years."""

from datetime import date
from pathlib import Path


def dated_files(folder: Path) -> list[tuple[date, Path]]:
    """List a folder's YYYY-MM-DD.csv files with their dates, oldest first; other names are nobody's business."""
    found = []
    for path in folder.glob("????-??-??.csv"):
        try:
            found.append((date.fromisoformat(path.stem), path))
        except ValueError:
            continue
    return sorted(found)
