"""The charts that the page shows are those that report/charts describes."""

import json
import re

import pytest

from report.compiled import CHARTS, VEGA
from script.chart_files import chart_file, installed_versions, vega_file
from tests.program import ROOT

MADE_WITH: dict[str, str] = json.loads(CHARTS.read_text(encoding="utf-8"))["made_with"]
ANEW = "run script/charts, and commit report/compiled"


@pytest.mark.whole_run
def test_charts_and_vega_are_those_that_script_charts_makes() -> None:
    if installed_versions() != MADE_WITH:
        pytest.skip("other versions of the compilers are installed than those that made them")
    assert chart_file() == CHARTS.read_text(encoding="utf-8"), ANEW
    assert vega_file() == VEGA.read_text(encoding="utf-8"), ANEW


def test_they_are_made_with_the_locked_versions() -> None:
    locked = dict(re.findall(r"^([\w.-]+)==([^ ]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert {name: locked[name] for name in MADE_WITH} == MADE_WITH, ANEW


def test_whoever_gets_a_page_gets_the_licences_of_what_draws_it() -> None:
    script = VEGA.read_text(encoding="utf-8")
    licences = script[: script.index("*/")]
    assert all(words in licences for words in ("University of Washington", "Mike Bostock", "lodash"))
