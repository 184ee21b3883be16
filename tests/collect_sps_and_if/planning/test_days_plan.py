from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from collect_sps_and_if.asking.offers import Offers
from collect_sps_and_if.planning.days_plan import plan_for
from collect_sps_and_if.planning.policy import PlanSettings
from data_files.market import configurations, plans, polled, scores
from data_files.market.configurations import Ledger
from data_files.market.plans import SAMPLE, TOP, Query

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12).astimezone()
REGIONS = tuple(f"eu-west-{number}" for number in range(1, 5))
OFFERS: Offers = {f"m{number}.large": REGIONS for number in range(60)}
WISHES = PlanSettings(top=10, sample=20, limit=50, target_capacity=10)


def _plan(tmp_path: Path, offered: Callable[[], Offers] = lambda: OFFERS, now: datetime = NOW) -> list[Query]:
    return plan_for(DAY, now, tmp_path, Ledger(tmp_path, "us-east-1"), WISHES, offered)


def _never() -> Offers:
    raise AssertionError("nobody needs to know what is offered")


def _score(path: Path, rows: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"region,instance,sps_changes,if_changes,score\n{rows}")


def test_a_plan_is_made_once_and_kept(tmp_path: Path) -> None:
    made = _plan(tmp_path)
    assert _plan(tmp_path, _never) == made


@pytest.mark.parametrize(
    "content",
    [
        "",
        "instance,regions,origin,probability\n",
        "instance,regions,origin,probability\nm1.large,eu-west-1,top,1\nm2.la",
        "instance,regions,origin,probability\nm1.large,,top,1\n",
        "instance,regions,origin,probability\nm1.large,eu-west-1,guess,1\n",
        "instance,regions,origin,probability\nm1.large,eu-west-1,top,often\n",
        "instance,regions,origin,probability\nm1.large," + " ".join(f"eu-west-{n}" for n in range(11)) + ",top,1\n",
        "something else\nentirely\n",
        "\x00\xff\x00",
    ],
)
def test_a_broken_plan_is_made_anew(tmp_path: Path, content: str) -> None:
    plans.FILES.path(tmp_path, DAY).parent.mkdir(parents=True)
    plans.FILES.path(tmp_path, DAY).write_text(content)
    made = _plan(tmp_path)
    assert len(made) == 30
    assert _plan(tmp_path, _never) == made


def test_a_plan_lost_at_noon_is_made_of_what_the_day_asked_already(tmp_path: Path) -> None:
    made = _plan(tmp_path)
    Ledger(tmp_path, "us-east-1").record([query.configuration(10) for query in made], NOW)
    plans.FILES.path(tmp_path, DAY).unlink()
    again = _plan(tmp_path, now=NOW + timedelta(minutes=10))
    assert sorted(again, key=lambda query: query.instance) == sorted(made, key=lambda query: query.instance)


def test_goes_by_the_scores_of_the_last_30_days_before_the_bootstraps(tmp_path: Path) -> None:
    _score(scores.INITIAL.path(tmp_path), "eu-west-1,m1.large,1,1,9\neu-west-1,m2.large,1,1,8\n")
    _score(scores.FILES.path(tmp_path, DAY - timedelta(days=31)), "eu-west-1,m3.large,1,1,99\n")
    _score(
        scores.FILES.path(tmp_path, DAY - timedelta(days=30)), "eu-west-1,m4.large,1,1,9\neu-west-1,m1.large,0,0,0\n"
    )
    _score(scores.FILES.path(tmp_path, DAY), "eu-west-1,m5.large,1,1,99\n")
    top = [query.instance for query in _plan(tmp_path) if query.origin == TOP]
    assert top[:2] == ["m4.large", "m2.large"]  # what was known 31 days ago is forgotten, the day itself is not over


def test_passes_over_what_is_no_score(tmp_path: Path) -> None:
    _score(scores.INITIAL.path(tmp_path), "eu-west-1,m1.large,1,1,9\n")
    calm = "".join(f"eu-west-1,m{number}.large,0,0,0\n" for number in range(10, 30))
    _score(scores.FILES.path(tmp_path, DAY - timedelta(days=3)), f"eu-west-1,m2.large,1,1,19\n{calm}")
    _score(scores.FILES.path(tmp_path, DAY - timedelta(days=2)), "eu-west-1,m3.large,1,1,often\n")
    _score(scores.FILES.path(tmp_path, DAY - timedelta(days=1)), "")
    assert [query.instance for query in _plan(tmp_path) if query.origin == TOP][:2] == ["m2.large", "m1.large"]


def test_the_bootstraps_score_serves_where_there_is_no_other(tmp_path: Path) -> None:
    _score(scores.INITIAL.path(tmp_path), "eu-west-1,m1.large,1,1,9\n")
    made = _plan(tmp_path)
    assert next(query.instance for query in made if query.origin == TOP) == "m1.large"
    assert sum(query.origin == SAMPLE for query in made) == 20


def test_a_plan_made_the_night_before_reckons_for_its_first_poll(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "us-east-1")
    for hours, first in ((24, 0), (0, 30)):  # yesterday's last poll and today's, each of other types
        used = [
            Query(f"m{number}.large", REGIONS, SAMPLE, 0.5).configuration(10) for number in range(first, first + 30)
        ]
        ledger.record(used, datetime(2026, 3, 1, 23, 50).astimezone() - timedelta(hours=hours))
    assert len(_plan(tmp_path, now=datetime(2026, 3, 1, 23, 55).astimezone())) == 20


@pytest.mark.parametrize("ledger", [None, "", "\x00\xff", "a,b\n1,2\n"], ids=["gone", "empty", "binary", "foreign"])
def test_where_the_ledger_is_lost_the_days_own_plan_says_what_it_used(tmp_path: Path, ledger: str | None) -> None:
    yesterday, night = DAY - timedelta(days=1), datetime(2026, 3, 1, 23, 55).astimezone()
    used = plan_for(yesterday, night, tmp_path, Ledger(tmp_path, "us-east-1"), WISHES, lambda: OFFERS)
    for path, content in (
        (polled.FILES.path(tmp_path, yesterday), "time,region,instance,sps,if,outcome\n"),
        (configurations.FILES.path(tmp_path, yesterday), ledger),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is not None:
            path.write_text(content)
    wide = PlanSettings(top=10, sample=40, limit=50, target_capacity=10)
    made = plan_for(DAY, night, tmp_path, Ledger(tmp_path, "us-east-1"), wide, lambda: OFFERS)
    assert len({query.configuration(10) for query in [*used, *made]}) <= 50
    assert len(made) >= 20


def test_a_day_that_was_planned_and_never_polled_used_nothing(tmp_path: Path) -> None:
    night = datetime(2026, 3, 1, 23, 55).astimezone()
    plan_for(DAY - timedelta(days=1), night, tmp_path, Ledger(tmp_path, "us-east-1"), WISHES, lambda: OFFERS)
    wide = PlanSettings(top=10, sample=40, limit=50, target_capacity=10)
    assert len(plan_for(DAY, night, tmp_path, Ledger(tmp_path, "us-east-1"), wide, lambda: OFFERS)) == 40
