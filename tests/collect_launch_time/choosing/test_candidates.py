"""Which pairs a run may choose from: those that today's plan polls, whatever else has a score."""

import re
from datetime import date
from pathlib import Path
from random import Random

import pytest

from collect_launch_time.choosing.candidates import Candidates, candidates, without_refused
from collect_launch_time.choosing.targets import ProbePair, TargetSettings
from common.errors import Refusal
from data_files.launches import refused_pairs
from data_files.launches.refused_pairs import RefusedPair
from data_files.market import plans, scores
from data_files.market.plans import SAMPLE, TOP, Query
from data_files.market.scores import Score

TODAY = date(2026, 3, 1)
REGIONS = ("us-east-1", "eu-west-1")


def write_scores(home: Path, **by_type: float) -> None:
    """Give each type a score in each Region, a little less in eu-west-1."""
    rows = [
        Score(region, f"{kind}.large", 1, 1, value - place / 10)
        for kind, value in by_type.items()
        for place, region in enumerate(REGIONS)
    ]
    scores.INITIAL.replace(scores.INITIAL.path(home), rows)


def write_plan(home: Path, *queries: Query) -> None:
    plans.write_plan(home, TODAY, queries)


def query(kind: str, *regions: str, origin: str = TOP) -> Query:
    return Query(f"{kind}.large", regions or REGIONS, origin, 0.5)


def found(home: Path, *, top_k: int = 2, sample_count: int = 1, pattern: str = ".*") -> Candidates:
    settings = TargetSettings(top_k, sample_count, (), re.compile(pattern), 5.0)
    return candidates(home, TODAY, settings, REGIONS, Random(1))


def pair(kind: str, region: str = "us-east-1") -> ProbePair:
    return ProbePair(f"{kind}.large", region)


def test_the_top_is_taken_among_the_pairs_that_todays_plan_polls(tmp_path: Path) -> None:
    write_scores(tmp_path, a1=9, b1=8, c1=7)
    write_plan(tmp_path, query("b1", "eu-west-1"), query("c1", origin=SAMPLE))
    assert found(tmp_path).ranked == [pair("b1", "eu-west-1"), pair("c1"), pair("c1", "eu-west-1")]


def test_the_sample_is_what_the_plan_sampled_with_or_without_a_score(tmp_path: Path) -> None:
    write_scores(tmp_path, a1=9, b1=8)
    plan = [query("a1"), query("b1", origin=SAMPLE), query("z1", "us-east-1", "us-west-2", origin=SAMPLE)]
    write_plan(tmp_path, *plan)
    assert set(found(tmp_path).sample) == {pair("b1"), pair("b1", "eu-west-1"), pair("z1")}
    assert found(tmp_path, pattern=r"b1\..*").sample == found(tmp_path, pattern=r"b.\..*").sample
    assert found(tmp_path, sample_count=0).sample == []


def test_without_a_plan_of_today_the_top_is_that_of_all_scores_and_nothing_is_sampled(tmp_path: Path) -> None:
    write_scores(tmp_path, a1=9)
    plans.write_plan(tmp_path, date(2026, 2, 28), [query("b1", origin=SAMPLE)])
    assert found(tmp_path) == Candidates([pair("a1"), pair("a1", "eu-west-1")], [])
    plans.FILES.path(tmp_path, TODAY).write_text("no plan\n")
    assert found(tmp_path) == Candidates([pair("a1"), pair("a1", "eu-west-1")], [])


def test_a_plan_without_any_score_has_a_sample_and_no_top(tmp_path: Path) -> None:
    write_plan(tmp_path, query("a1", origin=SAMPLE))
    assert found(tmp_path) == Candidates([], [pair("a1", "eu-west-1"), pair("a1")])


def test_where_only_a_sample_is_wanted_and_there_is_none_nothing_is_probed_and_nobody_is_alarmed(
    tmp_path: Path,
) -> None:
    write_scores(tmp_path, a1=9)
    write_plan(tmp_path, query("a1"))
    assert found(tmp_path, top_k=0) == Candidates([], [])


def test_where_there_is_nothing_at_all_it_is_said_why(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no score to go by"):
        found(tmp_path)
    write_scores(tmp_path, a1=9)
    with pytest.raises(Refusal, match="INSTANCE_PATTERN"):
        found(tmp_path, pattern="none")
    write_plan(tmp_path, query("b1"))
    with pytest.raises(Refusal, match="LAUNCH_SAMPLE_COUNT"):
        found(tmp_path)


def test_what_aws_refused_for_good_today_is_neither_on_top_nor_in_the_sample(tmp_path: Path) -> None:
    everything = Candidates([pair("a1"), pair("b1", "eu-west-1")], [pair("a1"), pair("c1"), pair("c1", "eu-west-1")])
    path = refused_pairs.FILES.path(tmp_path, TODAY)
    refused_pairs.FILES.append(path, [RefusedPair(None, "us-east-1", "a1.large", "Unsupported", "not here")])
    assert without_refused(everything, tmp_path, TODAY) == Candidates(
        [pair("b1", "eu-west-1")], [pair("c1"), pair("c1", "eu-west-1")]
    )
    refused_pairs.FILES.append(path, [RefusedPair(None, "eu-west-1", None, "MissingInput", "no subnet")])
    assert without_refused(everything, tmp_path, TODAY) == Candidates([], [pair("c1")])
    refused_pairs.FILES.append(path, [RefusedPair(None, "us-east-1", None, "MissingInput", "no subnet")])
    with pytest.raises(Refusal, match="for good today"):
        without_refused(everything, tmp_path, TODAY)
