"""The JSON that scripts read: exactly the contract's fields, and null for what was never measured."""

import json
import re
from datetime import timedelta

from advise.document import advice_document
from analysis.advice.cheapest_zone import CurrentPrice
from analysis.advice.newest_scores import NewestScore
from analysis.advice.pair_advice import PairAdvice
from analysis.advice.readiness import Readiness
from analysis.standing.pair_standing import StandingScore
from analysis.statistics.kaplan_meier import Wait
from tests.analysis.advice.small_home import NOW
from tests.program import ROOT

FIELDS = [
    "region", "instance", "sps", "sps_time", "target_capacity", "if", "savings", "usd", "usd_time", "probes", "asked",
    "ready", "ready_share", "ready_share_low", "ready_share_high", "seconds_to_half", "seconds_to_90", "last_probe",
    "standing",
]  # fmt: skip


def test_every_field_has_its_value() -> None:
    waits = [Wait(100.5, True), Wait(110, True), Wait(600, False), Wait(600, False)]
    pair = PairAdvice(
        "eu-west-1",
        "m5.large",
        NewestScore(3, 10, NOW - timedelta(minutes=3)),
        1,
        -12,
        CurrentPrice(0.0412, NOW - timedelta(days=2)),
        Readiness(1, waits, NOW - timedelta(hours=1)),
        [StandingScore("web", ("c5.large", "m5.large"), 50, "euw1-az1", 9, NOW - timedelta(minutes=3))],
    )
    document = json.loads(advice_document([pair], NOW))
    (found,) = document.pop("pairs")
    assert list(document) == ["schema", "made", "rule"]
    assert (document["schema"], document["made"]) == ("spot-advise/1", "2026-03-03T12:03:00+00:00")
    assert list(found) == FIELDS
    assert [round(value, 4) if isinstance(value, float) else value for value in found.values()] == [
        "eu-west-1", "m5.large", 3, "2026-03-03T12:00:00+00:00", 10, 1, -12, 0.0412, "2026-03-01T12:03:00+00:00",
        1, 4, 2, 0.5, 0.1824, 0.8176, 110, None, "2026-03-03T11:03:00+00:00",
        [{
            "name": "web", "instances": ["c5.large", "m5.large"], "target_capacity": 50, "az": "euw1-az1", "sps": 9,
            "sps_time": "2026-03-03T12:00:00+00:00",
        }],
    ]  # fmt: skip


def test_what_was_never_measured_is_null() -> None:
    (found,) = json.loads(advice_document([PairAdvice("eu-west-1", "m5.large")], NOW))["pairs"]
    counts = {"probes": 0, "asked": 0, "ready": 0}
    assert found == dict.fromkeys(FIELDS) | {"region": "eu-west-1", "instance": "m5.large", "standing": []} | counts


def test_the_page_for_scripts_explains_every_field() -> None:
    page = (ROOT / "docs" / "advise.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `(\w+)`(?:, `(\w+)`)?(?:, `(\w+)`)? \|", page, re.MULTILINE)
    assert [name for names in explained for name in names if name] == ["schema", "made", "rule", "pairs", *FIELDS]


def test_the_contract_names_the_same_fields() -> None:
    contract = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    told = re.search(r'`advise --json`: `\{"schema".*?"pairs": \[\{(.*?)\}\]\}`', contract, re.DOTALL)
    assert told
    assert re.findall(r'"(\w+)"', re.sub(r"\[\{.*", "", told[1], flags=re.DOTALL)) == FIELDS
