"""Targets: the best pairs of the newest usable score that have an AMI."""

import re
from datetime import date
from pathlib import Path

import configs
from collect_launch_time.choosing.targets import Pair, ranked_pairs, with_ami
from collect_launch_time.tables import Tables

TODAY = date(2026, 3, 1)
HEADER = "region,instance,sps_changes,if_changes,score\n"
ANY = re.compile(".*")


def write(home: Path, name: str, *rows: str) -> None:
    path = home / "collect_sps_and_if" / "data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows))


def ranked(home: Path, regions: tuple[str, ...] = ("us-east-1", "eu-west-1"), pattern: str = ".*") -> list[str]:
    return [str(pair) for pair in ranked_pairs(Tables(home), TODAY, regions, re.compile(pattern))]


def test_the_best_score_comes_first_whatever_the_files_order(tmp_path: Path) -> None:
    write(tmp_path, "score/2026-02-28.csv", "us-east-1,a1.large,0,0,1", "us-east-1,b1.large,0,0,3.5")
    assert ranked(tmp_path) == ["b1.large in us-east-1", "a1.large in us-east-1"]


def test_ties_go_by_region_and_type(tmp_path: Path) -> None:
    write(tmp_path, "init_score.csv", "us-east-1,a1.large,0,0,1", "eu-west-1,z1.large,0,0,1", "eu-west-1,b1.x,0,0,1")
    assert ranked(tmp_path) == ["b1.x in eu-west-1", "z1.large in eu-west-1", "a1.large in us-east-1"]


def test_the_newest_file_wins_over_older_ones_and_the_bootstrap(tmp_path: Path) -> None:
    write(tmp_path, "init_score.csv", "us-east-1,boot.large,0,0,9")
    write(tmp_path, "score/2026-02-27.csv", "us-east-1,old.large,0,0,9")
    write(tmp_path, "score/2026-03-01.csv", "us-east-1,new.large,0,0,1")
    assert ranked(tmp_path) == ["new.large in us-east-1"]


def test_a_broken_newest_file_is_passed_over_for_the_older_one(tmp_path: Path) -> None:
    write(tmp_path, "score/2026-02-27.csv", "us-east-1,old.large,0,0,9")
    for broken in (
        "",
        "\x00\x01",
        "region,instance\nus-east-1,x.large\n",
        HEADER,
        HEADER + "us-east-1,x.large,0,0,nan\n",
    ):
        (tmp_path / "collect_sps_and_if/data/score/2026-03-01.csv").write_text(broken)
        assert ranked(tmp_path) == ["old.large in us-east-1"]


def test_a_row_that_makes_no_sense_costs_itself_only(tmp_path: Path) -> None:
    write(tmp_path, "init_score.csv", "us-east-1,a1.large,0,0,-1", ",b1.large,0,0,1", "us-east-1,c1.large,0,0,2", "x")
    assert ranked(tmp_path) == ["c1.large in us-east-1"]


def test_only_our_regions_and_whole_names_that_fit_the_pattern(tmp_path: Path) -> None:
    write(
        tmp_path, "init_score.csv", "us-east-1,a1.large,0,0,1", "us-east-1,a1.largest,0,0,2", "us-west-2,a1.large,0,0,3"
    )
    assert ranked(tmp_path, pattern=r"a1\.large") == ["a1.large in us-east-1"]


def test_a_score_from_tomorrow_is_better_than_none(tmp_path: Path) -> None:
    write(tmp_path, "score/2026-03-05.csv", "us-east-1,a1.large,0,0,1")
    assert ranked(tmp_path) == ["a1.large in us-east-1"]
    write(tmp_path, "init_score.csv", "us-east-1,boot.large,0,0,1")
    assert ranked(tmp_path) == ["boot.large in us-east-1"]


def test_a_pair_without_an_ami_is_passed_over_and_named() -> None:
    passed: list[str] = []

    def get_ami(region: str, instance: str) -> str:
        if instance.startswith("zz"):
            raise configs.UnknownAmi("no architecture is known")
        return f"ami-{region}"

    pairs = [Pair("zz1.large", "us-east-1"), Pair("a1.large", "us-east-1")]
    [found] = with_ami(pairs, get_ami, lambda pair, reason: passed.append(f"{pair}: {reason}"))
    assert (found.pair, found.ami) == (pairs[1], "ami-us-east-1")
    assert passed == ["zz1.large in us-east-1: no architecture is known"]
