"""Which scores are gone by: those of the newest usable file, ranked."""

from datetime import date
from pathlib import Path

from data_files.market.scores import Score, newest, ranked

TODAY = date(2026, 3, 1)
HEADER = "region,instance,sps_changes,if_changes,score\n"


def write(home: Path, name: str, *rows: str) -> None:
    path = home / "collect_sps_and_if" / "data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows))


def best(home: Path, *, or_later: bool = False) -> list[str]:
    return [row.instance for row in ranked(newest(home, TODAY, or_later=or_later))]


def test_the_best_score_comes_first_and_ties_go_by_region_and_type() -> None:
    rows = [
        Score("us-east-1", "a1.large", None, None, 1),
        Score("eu-west-1", "z1.large", None, None, 1),
        Score("us-east-1", "b1.large", None, None, 3.5),
        Score("eu-west-1", "b1.large", None, None, 1),
    ]
    assert ranked(rows) == [rows[2], rows[3], rows[1], rows[0]]


def test_the_newest_file_wins_over_older_ones_and_the_bootstrap(tmp_path: Path) -> None:
    write(tmp_path, "init_score.csv", "us-east-1,boot.large,0,0,9")
    assert best(tmp_path) == ["boot.large"]
    write(tmp_path, "score/2026-02-27.csv", "us-east-1,old.large,0,0,9")
    write(tmp_path, "score/2026-03-01.csv", "us-east-1,new.large,0,0,1")
    assert best(tmp_path) == ["new.large"]


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
        assert best(tmp_path) == ["old.large"]


def test_a_row_that_makes_no_sense_costs_itself_only(tmp_path: Path) -> None:
    write(tmp_path, "init_score.csv", "us-east-1,a1.large,0,0,-1", ",b1.large,0,0,1", "us-east-1,c1.large,0,0,2", "x")
    assert best(tmp_path) == ["c1.large"]


def test_of_a_pair_that_stands_there_twice_the_last_row_counts(tmp_path: Path) -> None:
    rows = ("us-east-1,a1.large,0,0,9", "us-east-1,b1.large,0,0,2", "us-east-1,a1.large,0,0,1")
    write(tmp_path, "init_score.csv", *rows)
    assert best(tmp_path) == ["b1.large", "a1.large"]


def test_a_score_from_tomorrow_serves_who_takes_it_where_there_is_no_other(tmp_path: Path) -> None:
    write(tmp_path, "score/2026-03-05.csv", "us-east-1,a1.large,0,0,1")
    assert best(tmp_path) == []
    assert best(tmp_path, or_later=True) == ["a1.large"]
    write(tmp_path, "init_score.csv", "us-east-1,boot.large,0,0,1")
    assert best(tmp_path, or_later=True) == ["boot.large"]
