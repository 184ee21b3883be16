"""The night's work as cron runs it: a process of its own, with real files, and a real mail server where it mails."""

import csv
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests import mail_server as moods
from tests.collect_sps_and_if.collected_day import DAY, PAIRS, data, write_day, write_plan
from tests.collect_sps_and_if.played_night import MODULE, Night, mailing
from tests.mail_server import PASSWORD, USER, Mailbox, mail_server
from tests.program import Ended, run
from tests.stand_in import StandIn

pytestmark = pytest.mark.whole_run

SUBJECT = "Spot 2026-03-01: best is p3.2xlarge in us-east-1, score 9"


@pytest.fixture
def night(tmp_path: Path) -> Night:
    write_day(tmp_path)
    write_plan(tmp_path)
    return Night(tmp_path)


def test_scores_the_day_and_writes_the_report_in_silence(night: Night) -> None:
    assert run(MODULE, environment=night.environment()) == Ended(0, "", "")
    scores = night.scores()
    assert list(scores[0]) == ["region", "instance", "sps_changes", "if_changes", "score"]
    assert list(scores[0].values()) == ["eu-west-1", "c6g.large", "11", "1", repr(11 / 3 + 1 / 5)]
    assert {(row["region"], row["instance"]) for row in scores} == set(PAIRS)
    assert "144 of 144 polls" in night.report()
    assert (data(night.home) / "report" / "2026-03-01.html").read_text().startswith("<!DOCTYPE html>")


def test_run_again_it_gives_the_same_score_and_leaves_the_plan(night: Night) -> None:
    plan = data(night.home) / "plan" / "2026-03-02.csv"
    before = plan.read_bytes(), plan.stat().st_ino
    night.work()
    first = night.scores()
    assert night.work("--date", "2026-03-01", now="2026-03-05T10:00:00").code == 0
    assert night.scores() == first
    assert (plan.read_bytes(), plan.stat().st_ino) == before
    assert not (data(night.home) / "plan" / "2026-03-05.csv").exists()


def test_the_day_after_a_past_day_is_not_planned(tmp_path: Path) -> None:
    write_day(tmp_path)
    night = Night(tmp_path)
    assert night.work("--date", "2026-03-01", now="2026-03-05T10:00:00") == Ended(0, "", "")
    assert not (data(tmp_path) / "plan").exists()


def test_plans_the_next_day_with_what_aws_offers(aws: StandIn, tmp_path: Path) -> None:
    write_day(tmp_path)
    night = Night(tmp_path)
    assert night.work(REGIONS="us-east-1 eu-west-1", SAMPLE_COUNT="4") == Ended(0, "", "")
    with (data(tmp_path) / "plan" / "2026-03-02.csv").open() as file:
        plan = list(csv.DictReader(file))
    top = [row for row in plan if row["origin"] == "top"]
    assert {row["instance"] for row in top} <= {instance for _, instance in PAIRS}
    assert top
    assert sum(row["origin"] == "sample" for row in plan) == 4
    assert "4 of the types sampled at random" in " ".join(night.report().split())


def test_without_credentials_score_and_report_are_there_and_the_missing_plan_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_day(tmp_path)
    night = Night(tmp_path)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    ended = night.work()
    assert ended.code == 1
    assert re.fullmatch(
        r"daily_score: 2026-03-02 is not planned, and its first poll will try again: no AWS credentials.*\n",
        ended.stderr,
    )
    assert len(night.scores()) == len(PAIRS)
    needs, _, logged = night.report().partition("FROM THE LOGS")
    assert "there is no plan for the next day yet" in needs
    assert "2026-03-02 is not planned" in logged


def test_a_day_without_its_file_is_one_line_and_changes_nothing(night: Night) -> None:
    ended = night.work("--date", "2026-02-28")
    assert (ended.code, ended.stdout) == (2, "")
    assert re.fullmatch(
        r"daily_score: nothing was collected on 2026-02-28: there is no .+/2026-02-28.csv\n", ended.stderr
    )
    assert not (data(night.home) / "score").exists()
    assert not (data(night.home) / "report").exists()


def test_senseless_rows_are_counted_and_named_and_the_others_scored(night: Night) -> None:
    path = data(night.home) / "sps_and_if" / f"{DAY}.csv"
    path.write_text(path.read_text() + "garbage\n2026-03-01T12:00:00+00:00,us-east-1,m5.large,99,1,ok\n")
    ended = night.work()
    assert ended.code == 1
    assert ended.stderr == f"daily_score: 2 rows of {path} made no sense and were left out of the score\n"
    assert night.scores()[0]["sps_changes"] == "11"
    assert "2 rows of" in night.report()


@pytest.mark.parametrize("argument", ["2026-13-01", "yesterday"])
def test_a_date_that_is_none_is_refused(night: Night, argument: str) -> None:
    ended = night.work("--date", argument)
    assert ended.code == 2
    assert f"{argument!r} is no date such as 2026-03-01" in ended.stderr
    assert not (data(night.home) / "score").exists()


def test_a_second_run_at_once_leaves_with_75(night: Night) -> None:
    import fcntl

    lock = data(night.home) / "daily_score.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        ended = night.work()
    assert ended.code == 75
    assert len(ended.stderr.splitlines()) == 1
    assert not (data(night.home) / "score").exists()


# --- nights that were missed


def test_nights_missed_are_caught_up_and_each_day_without_polls_is_named(tmp_path: Path) -> None:
    night = Night(tmp_path)
    days = [date(2026, 2, day) for day in (20, 21, 27)]  # off from the 22nd to the 26th, awake without a night's work
    for day in days:
        write_day(tmp_path, day)
        (data(tmp_path) / "polls.csv").rename(tmp_path / f"{day}.polls")
    write_day(tmp_path)
    header, *rows = (data(tmp_path) / "polls.csv").read_text().splitlines(keepends=True)
    earlier = [line for day in days for line in (tmp_path / f"{day}.polls").read_text().splitlines(keepends=True)[1:]]
    (data(tmp_path) / "polls.csv").write_text("".join([header, *earlier, *rows]))
    write_plan(tmp_path)
    assert night.work() == Ended(0, "", "")
    for day in (*days, DAY):
        assert len(night.scores(day)) == len(PAIRS)
        assert "144 of 144 polls" in night.report(day)
    told = " ".join(night.report().split())
    assert "Scored and reported late: 2026-02-20 to 2026-02-21, 2026-02-27." in told
    assert "No polls on 2026-02-22 to 2026-02-26, 2026-02-28." in told
    assert "nothing was collected on 1 past day (2026-02-28)" not in told
    assert "nothing was collected on 6 past days (2026-02-22 to 2026-02-26, 2026-02-28)" in told
    first = night.report(days[0])
    assert night.work() == Ended(0, "", "")
    assert night.report(days[0]) == first  # done is done


def test_where_nothing_was_collected_the_report_says_so_and_is_mailed(
    night: Night, port: int, mailbox: Mailbox
) -> None:
    write_plan(night.home, date(2026, 3, 4))
    assert night.work(now="2026-03-01T23:55:00", **mailing(port)).code == 0
    assert night.work(now="2026-03-03T23:55:00", **mailing(port)) == Ended(0, "", "")
    assert not (data(night.home) / "score" / "2026-03-03.csv").exists()
    assert "Nothing was collected that day." in night.report(date(2026, 3, 3))
    assert mailbox.taken[1]["Subject"].startswith("Spot 2026-03-03: the last finished poll was")
    assert "nothing was collected on 1 past day (2026-03-02)" in " ".join(night.report(date(2026, 3, 3)).split())


@pytest.mark.parametrize(("now", "is_today"), [("2026-03-01T11:59:00", False), ("2026-03-01T12:00:00", True)])
def test_before_noon_the_day_is_the_one_before(night: Night, now: str, is_today: bool) -> None:
    night.work(now=now, REGIONS="us-east-1")
    assert (data(night.home) / "score" / "2026-03-01.csv").exists() == is_today
    assert (data(night.home) / "report" / f"2026-0{'3-01' if is_today else '2-28'}.txt").exists()


def test_a_day_scored_before_it_was_over_is_scored_again(night: Night) -> None:
    whole = (data(night.home) / "sps_and_if" / "2026-03-01.csv").read_text()
    write_day(night.home, without=range(90, 144))
    assert night.work(now="2026-03-01T14:55:00").code == 0  # cron's zone is not the files'
    assert night.scores()[0]["sps_changes"] == "7"
    path = data(night.home) / "sps_and_if" / "2026-03-01.csv"
    path.write_text(whole)
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 5))
    write_plan(night.home, date(2026, 3, 3))
    assert night.work(now="2026-03-02T14:55:00").code == 0
    assert night.scores()[0]["sps_changes"] == "11"


# --- the mail


def test_mails_the_report_once_however_often_it_runs(night: Night, port: int, mailbox: Mailbox) -> None:
    assert night.work(**mailing(port, recipients="owner@example.com, second@example.com")) == Ended(0, "", "")
    assert night.work(**mailing(port)) == Ended(0, "", "")
    (taken,) = mailbox.taken
    assert taken["Subject"] == SUBJECT
    assert taken["From"] == f"Spot collection <{USER}>"
    assert taken["To"] == "owner@example.com, second@example.com"
    assert taken["Message-ID"]
    assert [part.get_content_type() for part in taken.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert PASSWORD not in night.everything_written()


def test_mails_again_when_the_day_has_gone_on_since(night: Night, port: int, mailbox: Mailbox) -> None:
    write_day(night.home, without=range(70, 144))
    night.work(now="2026-03-01T12:00:00", **mailing(port))
    write_day(night.home)
    night.work(**mailing(port))
    assert len(mailbox.taken) == 2
    assert mailbox.taken[1]["Subject"] == SUBJECT


def test_no_email_mails_nothing_and_leaves_nothing_to_mail(night: Night, port: int, mailbox: Mailbox) -> None:
    assert night.work("--no-email", **mailing(port)) == Ended(0, "", "")
    assert mailbox.taken == []
    assert not list((data(night.home) / "report").rglob("*.eml"))
    assert "144 of 144" in night.report()


def test_the_password_of_credential_txt_opens_the_mail_server(night: Night, port: int, mailbox: Mailbox) -> None:
    credential = night.home / "credential.txt"
    credential.write_text(f"# mail\n{PASSWORD}\n")
    credential.chmod(0o644)
    ended = night.work(**mailing(port, password=""))
    assert ended.code == 1
    assert f"run chmod 600 {credential}" in ended.stderr
    assert mailbox.taken == []
    credential.chmod(0o600)
    assert night.work(**mailing(port, password="")) == Ended(0, "", "")
    assert len(mailbox.taken) == 1


def test_a_sender_that_is_missing_is_one_line(night: Night, port: int) -> None:
    ended = night.work(**{**mailing(port), "SMTP_SENDER": ""})
    assert ended.code == 1
    assert "SMTP_SENDER is empty" in ended.stderr
    assert len(night.scores()) == len(PAIRS)


@dataclass(frozen=True)
class Failing:
    """A way in which mailing fails: its settings, and what the one line says."""

    settings: Callable[[int], dict[str, str]]
    said: str
    full: tuple[str, ...] = ()


@pytest.mark.parametrize(
    "failing",
    [
        Failing(lambda port: mailing(port, password="wrong-and-secret"), "does not accept the log-in"),
        Failing(mailing, "552 5.2.2 Mailbox full", full=("owner@example.com",)),
        Failing(lambda _: mailing(moods.gone_port()), "cannot be reached"),
    ],
    ids=["wrong password", "full mailbox", "gone"],
)
def test_failing_mail_costs_neither_score_nor_report_and_is_made_good_at_the_next_run(
    night: Night, port: int, mailbox: Mailbox, failing: Failing
) -> None:
    mailbox.full = failing.full
    ended = night.work(**failing.settings(port))
    assert ended.code == 1
    assert re.fullmatch(r"daily_score: the report was not mailed, and will be at the next run: .*\n", ended.stderr)
    assert failing.said in ended.stderr
    assert (len(night.scores()), mailbox.taken) == (len(PAIRS), [])
    for secret in (PASSWORD, "wrong-and-secret"):
        assert secret not in ended.stderr + night.everything_written()

    mailbox.full = ()
    tomorrow = date(2026, 3, 2)
    write_day(night.home, tomorrow)
    write_plan(night.home, date(2026, 3, 3))
    assert night.work(now="2026-03-02T23:55:00", **mailing(port)) == Ended(0, "", "")
    assert [taken["Subject"][:15] for taken in mailbox.taken] == ["Spot 2026-03-01", "Spot 2026-03-02"]
    assert "1 earlier report could not be mailed" in night.report(tomorrow)
    assert not list((data(night.home) / "report").rglob("*.eml"))


def test_an_untrusted_certificate_gets_no_password(night: Night, mailbox: Mailbox, tmp_path: Path) -> None:
    with mail_server(mailbox, moods.good_certificate(tmp_path)) as port:
        ended = night.work(**mailing(port))
    assert ended.code == 1
    assert "certificate that is not trusted" in ended.stderr
    assert mailbox.taken == []


@pytest.mark.parametrize("kind", ["expired", "no STARTTLS", "silent"])
def test_whatever_keeps_the_mail_back_the_score_is_there_and_one_line_says_why(
    night: Night, mailbox: Mailbox, tmp_path: Path, kind: str
) -> None:
    server = {
        "expired": lambda: mail_server(mailbox, moods.expired_certificate(tmp_path)),
        "no STARTTLS": lambda: mail_server(mailbox, None),
        "silent": moods.silent_server,
    }[kind]()
    with server as port:
        ended = night.work(**mailing(port))
    assert (ended.code, ended.stderr.count("\n")) == (1, 1), ended
    assert "the report was not mailed, and will be at the next run" in ended.stderr
    assert (data(night.home) / "score" / "2026-03-01.csv").exists()
    assert mailbox.taken == []


def test_killed_after_the_server_took_the_mail_but_before_its_file_went_it_is_not_mailed_again(
    night: Night, port: int, mailbox: Mailbox
) -> None:
    assert night.work(**mailing(moods.gone_port())).code == 1
    letter = data(night.home) / "report" / "unsent" / "2026-03-01.eml"
    kept = letter.read_bytes()
    assert night.work(**mailing(port)).code == 0
    letter.write_bytes(kept)
    assert night.work(**mailing(port)) == Ended(0, "", "")
    assert len(mailbox.taken) == 1
    assert not letter.exists()


def test_a_rehearsed_day_of_two_utc_offsets_is_scored_by_moment(night: Night) -> None:
    path = data(night.home) / "sps_and_if" / "2026-10-25.csv"
    rows = [("02:50:00+02:00", 5), ("02:00:00+01:00", 6), ("02:10:00+02:00", 5), ("02:10:00+01:00", 6)]
    path.write_text(
        "time,region,instance,sps,if,outcome\n"
        + "".join(f"2026-10-25T{time},us-east-1,m5.large,{sps},1,ok\n" for time, sps in rows)
    )
    write_plan(night.home, date(2026, 10, 26))
    assert night.work("--date", "2026-10-25", now="2026-10-25T23:55:00").code == 0
    assert night.scores(date(2026, 10, 25))[0]["sps_changes"] == "1"
