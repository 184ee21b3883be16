"""Files of older versions, which lack columns and files that came later, make a page that says what is not known."""

import csv
from datetime import datetime
from pathlib import Path

from analysis.health.figures import HealthSettings
from benchmarks import collected_year
from data_files.launches import instances, probes, spending
from data_files.market import plans, polled, polls, spot_prices
from report.gather.everything import gather_collected
from report.page import render_page
from tests.time_zone import in_zone

NIGHT = datetime.fromisoformat("2026-03-01T23:56:00+09:00")


def without_later_columns(path: Path, names: set[str]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = [name for name in rows[0] if name not in names]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, kept, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_old_files_are_shown_and_what_they_do_not_tell_is_unknown(tmp_path: Path) -> None:
    collected_year.write(tmp_path, days=2, probes=4)
    for files in (polled.FILES, instances.FILES, spending.FILES):
        for day in files.days(tmp_path):
            later = {column.name for column in files.columns if column.is_later}
            without_later_columns(files.path(tmp_path, day), later)
    later = {column.name for column in polls.FILE.columns if column.is_later}
    without_later_columns(polls.FILE.path(tmp_path), later)
    for absent in (probes.FILES, plans.FILES, spot_prices.FILES):  # nothing wrote these
        for day in absent.days(tmp_path):
            absent.path(tmp_path, day).unlink()
    with in_zone("Asia/Tokyo"):
        gathered = gather_collected(tmp_path, NIGHT, HealthSettings(50, "us-east-1", 5.0, 600))
        page = render_page(gathered)
    assert gathered.troubles.lines == []
    assert {ending for _, _, ending in gathered.launches.endings} == {"not on record"}
    assert gathered.launches.seen == 8
    assert gathered.prices.listed()["usd"] == []
    assert gathered.week_hours.listed()["hour"] == [], "no plan tells with which probability a pair was polled"
    answers = page[page.index('id="answers"') : page.index('id="fast"')]
    assert ">unknown <" in answers, "the price"
    assert ">never measured <" in answers, "readiness: nobody knows what these probes waited for"
    assert "min ago<" in answers, "without the number of instances that the score is for"
