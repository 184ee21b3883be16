"""Targets: the pairs with the highest scores that fit the settings and have an AMI."""

import re
from collections import Counter
from random import Random

import configs
from collect_launch_time.choosing.targets import ProbePair, ranked_pairs, with_ami
from data_files.market.scores import Score


def ranked(*scores: Score, regions: tuple[str, ...] = ("us-east-1", "eu-west-1"), pattern: str = ".*") -> list[str]:
    return [str(pair) for pair in ranked_pairs(scores, regions, re.compile(pattern), Random(1))]


def score(region: str, instance: str, value: float) -> Score:
    return Score(region, instance, None, None, value)


def test_the_highest_score_comes_first_whatever_the_order_in_the_file() -> None:
    found = ranked(score("us-east-1", "a1.large", 1), score("us-east-1", "b1.large", 3.5))
    assert found == ["b1.large in us-east-1", "a1.large in us-east-1"]


def test_only_pairs_in_the_given_regions_whose_whole_type_matches_the_pattern() -> None:
    found = ranked(
        score("us-east-1", "a1.large", 1),
        score("us-east-1", "a1.largest", 2),
        score("us-west-2", "a1.large", 3),
        pattern=r"a1\.large",
    )
    assert found == ["a1.large in us-east-1"]


def test_ties_are_broken_at_random_and_not_by_the_alphabet() -> None:
    scores = [score(region, "a1.large", 1) for region in ("ap-south-1", "eu-west-1", "us-east-1")]
    random, regions = Random(2), {row.region for row in scores}
    first = Counter(ranked_pairs(scores, regions, re.compile(".*"), random)[0].region for _ in range(900))
    assert all(250 < count < 350 for count in first.values())
    assert len(first) == 3


def test_a_pair_without_an_ami_is_skipped_and_named() -> None:
    skipped: list[str] = []

    def get_ami(region: str, instance: str) -> str:
        if instance.startswith("zz"):
            raise configs.UnknownAmi("no architecture is known")
        return f"ami-{region}"

    pairs = [ProbePair("zz1.large", "us-east-1"), ProbePair("a1.large", "us-east-1")]
    [found] = with_ami(pairs, get_ami, lambda pair, reason: skipped.append(f"{pair}: {reason}"))
    assert (found.pair, found.ami) == (pairs[1], "ami-us-east-1")
    assert skipped == ["zz1.large in us-east-1: no architecture is known"]
