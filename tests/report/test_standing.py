"""The page's table of standing queries."""

from pathlib import Path

from analysis.health.figures import HealthSettings
from report.gather.everything import gather_collected
from report.page import render_page
from tests.analysis.standing.answered import NOON, write_answers


def test_the_page_has_a_table_of_them_and_none_without(tmp_path: Path) -> None:
    settings = HealthSettings(50, "us-east-1", 5.0, 600)
    assert "Standing queries" not in render_page(gather_collected(tmp_path, NOON, settings))
    write_answers(tmp_path)
    page = render_page(gather_collected(tmp_path, NOON, settings))
    assert "eu-west-1 5 · us-east-1 2 · us-west-2 waiting" in page
    assert "&lt;b&gt;web" in page
    assert "10 instances of m5.large" in page
