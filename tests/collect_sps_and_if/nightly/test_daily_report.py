"""The nightly report: what it says, as text, as a letter, and in a real browser at phone and desktop width."""

import email
import email.policy
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from collect_sps_and_if.nightly.attention import attention
from collect_sps_and_if.nightly.daily_report import Report, compose, keep_report, letter
from collect_sps_and_if.nightly.day_moves import moves_of, score_day
from collect_sps_and_if.nightly.report_facts import Facts, gather
from data_files import instance_tables
from data_files.market.polled import read_day
from tests.browser import DESKTOP, PHONE, Browser
from tests.collect_sps_and_if.collected_day import DAY, data, poll_times, write, write_day, write_plan, write_probes
from tests.time_zone import in_zone

NIGHT = datetime(2026, 3, 1, 23, 55, 10).astimezone()
MARKUP = "<img/src=x/onerror=alert(1)>"


def report(home: Path, now: datetime = NIGHT, undelivered: int = 0) -> Report:
    facts = facts_of(home, DAY, now)
    return compose(facts, attention(facts, home, undelivered), home)


def facts_of(home: Path, day: date, now: datetime) -> Facts:
    polled = read_day(home, day)
    moves = moves_of(polled)
    return gather(home, polled, score_day(polled, moves), moves, now)


@pytest.fixture(autouse=True, scope="module")
def _ami_table_of_last_month() -> Iterator[None]:
    table = instance_tables.Table("IMAGE_ID", "2026-02-01", "", {}, {"us-east-1": {"x86_64": "ami-1"}})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(instance_tables, "read_table", lambda *_: table)
        yield


@pytest.fixture
def good_day(tmp_path: Path) -> Path:
    write_day(tmp_path)
    write_plan(tmp_path)
    return tmp_path


@pytest.fixture
def bad_day(tmp_path: Path) -> Path:
    return write_bad_day(tmp_path)


# These two are made once, for the tests that only read them.
@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Report:
    home = tmp_path_factory.mktemp("good")
    write_day(home)
    write_plan(home)
    return report(home)


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report(write_bad_day(tmp_path_factory.mktemp("bad")), undelivered=2)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Give a report in which each list is longer than the mail has room for."""
    home = write_bad_day(tmp_path_factory.mktemp("full"))
    at = poll_times()[140].isoformat()
    log = home / "collect_sps_and_if" / "log" / f"{DAY}.log"
    letters = "abcdefghijkl"
    lines = [f"{at} 12 WARNING told: {letter * 9} " + "does not answer in the Region " * 8 for letter in letters]
    lines += [f"{at} 13 ERROR x: {letter * 9} " + "is a defect of this program " * 9 for letter in letters]
    log.write_text(log.read_text() + "\n".join(lines) + "\n")
    write_plan(home)
    return report(home, undelivered=5)


def write_bad_day(home: Path) -> Path:
    """Write a day with a gap, refusals, failures, nonsense, a broken-off poll, an open probe, and a log of it."""
    at = poll_times()[140].isoformat()
    broken_off = (poll_times()[30] + timedelta(minutes=3)).isoformat()
    extra = [
        *((at, "sa-east-1", f"x{number}.large", "", "", "refused") for number in range(40)),
        *((at, "sa-east-1", f"y{number}.large", "", "", "failed") for number in range(60)),
        (at, "us-east-1", MARKUP, 4, 1, "ok"),
        (broken_off, "us-east-1", "m5.large", 5, 1, "ok"),
        ("nonsense", "us-east-1", "m5.large", 5, 1, "ok"),
    ]
    write_day(home, without=range(19, 31), extra=extra)
    write_probes(home)
    log = home / "collect_sps_and_if" / "log" / f"{DAY}.log"
    log.parent.mkdir(parents=True)
    log.write_text(
        f"{at} 12 WARNING told: the plan is made anew: <script>alert(1)</script>\n{at} 13 ERROR x: a defect\n"
    )
    return home


def test_the_subject_of_a_good_day_says_where_to_launch(good: Report) -> None:
    assert good.subject == "Spot 2026-03-01: best is p3.2xlarge in us-east-1, score 9"


def test_a_good_day_needs_nobody(good: Report) -> None:
    text = good.text
    assert "All is well." in text
    assert "None is missing." in text
    assert "NEEDS YOU" not in text


def test_the_answer_comes_before_health(bad: Report, good: Report) -> None:
    for text in (good.text, bad.text):
        assert text.index("BEST NOW") < text.index("WHAT MOVED MOST, AND WHEN") < text.index("HEALTH")
    assert (
        "p3.2xlarge         us-east-1        price unknown\n  score 9 · 5–10 % interrupted · never measured"
        in good.text
    )


def test_a_pair_that_was_probed_is_told_with_what_was_measured(good_day: Path) -> None:
    write_probes(good_day)
    folder = good_day / "collect_launch_time" / "data" / "probes"
    rows = [f"2026-03-01T0{hour}:00:00+00:00,us-east-1,m5.large,10,top,1,ready,600,3,,all_ready" for hour in (3, 4, 5)]
    header = (
        "request_time,region,instance,instance_count,origin,probability,until,timeout,status_interval,end_time,ended"
    )
    write(folder / "2026-03-01.csv", header, [row.split(",") for row in rows])
    assert "18 of 30 got ready, half in 150 s" in report(good_day).text


def test_the_text_tells_moves_plan_quota_and_the_age_of_the_ami_table(good: Report) -> None:
    text = " ".join(good.text.split())
    assert "c6g.large eu-west-1 11 changes" in text
    assert "interrupted 5–10 % -> 10–15 %" in text
    assert "2 instance types, 3 pairs every ten minutes on 2026-03-02; 1 of the types sampled at random." in text
    assert "0 of 50, 50 free" in text
    assert "62 days (until its AMIs are deprecated)" in text


def test_the_quota_is_reckoned_from_the_ledger(good_day: Path) -> None:
    ledger = data(good_day) / "configurations" / f"{DAY}.csv"
    ledger.parent.mkdir()
    at = poll_times()[143].isoformat()
    ledger.write_text(
        f"time,endpoint_region,instance,regions,target_capacity\n{at},us-east-1,m5.large,us-east-1 us-west-2,10\n"
    )
    assert "1 of 50, 49 free" in report(good_day).text


def test_a_bad_day_names_everything_that_needs_a_person(bad: Report) -> None:
    needs = bad.text[bad.text.index("NEEDS YOU") : bad.text.index("HEALTH")]
    for said in (
        "1 launch-time probe was never ended and may cost money",
        "12 polls of the 144 due today are missing",
        "AWS answered 88.8 % of the placement scores asked for in 24 hours",
        "1 row of",
        "there is no plan for the next day yet",
        "2 earlier reports could not be mailed",
        "a defect (23:20)",
    ):
        assert said in " ".join(needs.split())
    assert "and 3 more: python -m status" in bad.html


def test_the_subject_of_a_bad_day_says_what_is_most_pressing(bad: Report) -> None:
    said = "1 launch-time probe was never ended and may cost money (and 6 more)"
    assert bad.subject == f"Spot 2026-03-01: {said}"


def test_a_bad_day_tells_its_gaps_outcomes_probes_and_warnings(bad: Report) -> None:
    text = " ".join(bad.text.split())
    assert "Missing: 03:10–05:00 (12). 1 poll broke off before all was saved." in text
    assert "88.8 % (AWS refused some)" in text
    assert "$0.21 of $5.00 (2 probes, 18 of 20 instances ready)" in text
    assert "2 probes · 20 of 20 fulfilled, 18 ready · median 150 s to ready" in text
    assert "23:20 the plan is made anew" in text


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("2025-12-01", "the AMIs of the table are deprecated: run python instance_arch_and_ami_id/get_ami_id.py"),
        ("2025-12-10", "the AMI table is old in 9 days: run python instance_arch_and_ami_id/get_ami_id.py --write"),
        ("", "the AMI table is empty"),
    ],
)
def test_an_old_ami_table_needs_a_person(good_day: Path, monkeypatch: pytest.MonkeyPatch, made: str, said: str) -> None:
    table = instance_tables.Table("IMAGE_ID", made, "", {}, {"us-east-1": {"x86_64": "ami-1"}})
    monkeypatch.setattr(instance_tables, "read_table", lambda *_: table)
    assert said in " ".join(report(good_day).text.split())


def test_a_report_of_a_past_day_does_not_miss_that_days_next_plan(good_day: Path) -> None:
    (data(good_day) / "plan" / "2026-03-02.csv").unlink()
    assert "no plan for the next day" not in report(good_day, now=NIGHT + timedelta(days=9)).text


def test_a_poll_still_under_way_is_not_missing(tmp_path: Path) -> None:
    write_day(tmp_path, without=range(143, 144))
    write_plan(tmp_path)
    made = report(tmp_path)
    assert "None is missing so far." in made.text
    assert "needs a look" not in made.subject


def test_a_day_on_which_nothing_moved_has_a_report_too(tmp_path: Path) -> None:
    write_day(tmp_path)
    path = data(tmp_path) / "sps_and_if" / f"{DAY}.csv"
    path.write_text("\n".join(path.read_text().splitlines()[:3]) + "\n")
    made = report(tmp_path)
    assert "No placement score changed" in made.text
    assert "No placement score changed" in made.html


def test_a_day_on_which_nothing_was_collected_has_a_report_too(tmp_path: Path) -> None:
    made = report(tmp_path)
    assert made.subject == f"Spot 2026-03-01: nothing has been collected yet under {tmp_path}"[: 17 + 90] or (
        made.subject.startswith("Spot 2026-03-01: nothing has been collected yet under")
    )
    assert "Nothing was collected that day." in made.text


def test_refused_queries_are_told_by_their_number_not_by_the_pairs_and_polls_they_were_for(good_day: Path) -> None:
    acknowledged = data(good_day) / "polls.csv"
    header, *rows = acknowledged.read_text().splitlines()
    acknowledged.write_text("\n".join([f"{header},refused,waiting", *(f"{row},20,0" for row in rows)]) + "\n")
    assert "AWS refused 20 queries" in report(good_day).text


def test_a_spoiled_file_is_told_before_what_follows_from_it(tmp_path: Path) -> None:
    write_day(tmp_path)
    write_plan(tmp_path)
    acknowledged = data(tmp_path) / "polls.csv"
    header, *rows = acknowledged.read_text().splitlines()
    acknowledged.write_text("\n".join([header, *rows[:100], *("01.03.2026 12:00,3,0" for _ in rows[100:])]) + "\n")
    made = report(tmp_path)
    needs = " ".join(made.text[made.text.index("NEEDS YOU") :].split())
    assert needs.index("44 rows of collect_sps_and_if/data/polls.csv") < needs.index("polls of the 143 due today")
    assert "was the machine asleep" not in needs.split("polls of the 143 due")[1].split("*")[0]
    assert made.subject.startswith(
        "Spot 2026-03-01: 44 rows of collect_sps_and_if/data/polls.csv under HOME make no sense"
    )


def test_locked_out_polls_and_missed_days_need_a_person(good_day: Path) -> None:
    log = data(good_day).parent / "log" / f"{DAY}.log"
    log.parent.mkdir(parents=True)
    line = (
        "2026-03-01T12:10:00.2+00:00 12 WARNING told: another run is under way (process 1 has held it); this one leaves"
    )
    log.write_text(f"{line}\n{line}\n")
    acknowledged = data(good_day) / "polls.csv"
    header, *rows = acknowledged.read_text().splitlines()
    acknowledged.write_text("\n".join([header, "2026-02-25T12:00:00+00:00,3,0,6,1.5", *rows]) + "\n")
    text = " ".join(report(good_day).text.split())
    assert "2 polls were locked out by another that took longer than ten minutes" in text
    assert "nothing was collected on 4 past days (2026-02-25 to 2026-02-28)" in text
    assert "FROM THE LOGS" not in text


def test_the_letter_is_plain_text_and_html_and_goes_through_a_server_of_seven_bits(bad: Report) -> None:
    wire = letter(bad).as_bytes()
    assert wire.isascii()
    assert max(map(len, wire.split(b"\r\n"))) <= 998
    read = email.message_from_bytes(wire, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    assert [part.get_content_type() for part in read.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    plain, html = read.iter_parts()
    assert [part["Content-Transfer-Encoding"] for part in (plain, html)] == ["quoted-printable"] * 2
    assert plain.get_content().replace("\r\n", "\n") == bad.text
    assert html.get_content().replace("\r\n", "\n") == bad.html


def test_the_html_is_small_enough_not_to_be_clipped(bad: Report) -> None:
    assert len(bad.html.encode()) < 100_000  # Gmail cuts off what is beyond 102 kB


def test_lines_of_the_text_twin_fit_a_mail_window(bad: Report) -> None:
    assert [line for line in bad.text.splitlines() if len(line) > 90 and "/" not in line] == []


def test_the_report_is_told_apart_by_what_was_collected_not_by_when_it_was_written(good_day: Path) -> None:
    first = report(good_day).fingerprint
    assert report(good_day, now=NIGHT + timedelta(hours=5)).fingerprint == first
    write_day(good_day, without=range(5, 6))
    assert report(good_day).fingerprint != first


@pytest.mark.browser
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_it_fits_the_window_and_needs_nothing_from_the_network(
    browser: Browser, bad: Report, tmp_path: Path, width: int
) -> None:
    page = keep_report(bad, tmp_path)
    with browser.open(page, width) as opened:
        opened.screenshot("mail")
        assert opened.overflowing() == []
        assert (opened.requests, opened.complaints) == ([], [])
        assert opened.page.locator("img").count() == 0


@pytest.mark.browser
def test_it_is_no_longer_than_three_screens_of_a_phone(browser: Browser, full: Report, tmp_path: Path) -> None:
    with browser.open(keep_report(full, tmp_path), PHONE) as opened:
        opened.screenshot("mail-full")
        assert opened.page.evaluate("document.documentElement.scrollHeight") <= 3.1 * 844  # a line for a long HOME
        assert opened.overflowing() == []


@pytest.mark.browser
def test_what_looks_like_markup_is_shown_as_it_is(browser: Browser, bad_day: Path) -> None:
    path = data(bad_day) / "sps_and_if" / f"{DAY}.csv"
    rows = [
        f"{time.isoformat()},us-east-1,{MARKUP},{1 + number % 2 * 9},1,ok" for number, time in enumerate(poll_times())
    ]
    path.write_text(path.read_text() + "\n".join(rows) + "\n")
    page = keep_report(report(bad_day), bad_day)
    with browser.open(page, PHONE) as opened:
        shown = opened.page.inner_text("body")
        assert MARKUP[:20] in shown
        assert "<script>alert(1)</script>" in shown
        assert opened.page.locator("script").count() == 0
        assert (opened.requests, opened.complaints, opened.overflowing()) == ([], [], [])


def test_a_day_of_25_hours_shows_them_all(tmp_path: Path) -> None:
    with in_zone("Europe/Berlin"):
        autumn = date(2026, 10, 25)
        write_day(tmp_path, autumn)
        made = compose(facts_of(tmp_path, autumn, datetime(2026, 10, 26, 1).astimezone()), [], tmp_path)
        assert "144 of 150 polls" in made.text
        assert made.html.count(' polls"') == 25


def _stand(home: Path, *rows: str) -> None:
    data = home / "collect_sps_and_if" / "data"
    (data / "standing_scores").mkdir(exist_ok=True)
    (data / "standing_scores" / f"{DAY}.csv").write_text("\n".join(["time,name,region,az,sps,outcome", *rows, ""]))
    (data / "standing_definitions.csv").write_text(
        "time,name,instances,regions,target_capacity,scope\n"
        f"{DAY}T00:00:00+00:00,web,c5.large m5.large,us-east-1,20,zone\n"
    )


def test_the_newest_scores_of_standing_queries_are_told_best_first_zones_apart(good_day: Path) -> None:
    _stand(
        good_day,
        f"{DAY}T12:00:00+00:00,web,us-east-1,use1-az1,9,ok",
        f"{DAY}T12:10:00+00:00,web,us-east-1,use1-az1,3,ok",
        f"{DAY}T12:10:00+00:00,web,us-east-1,use1-az2,7,ok",
    )
    made = report(good_day)
    assert f"web: 20 instances of c5.large m5.large, by zone, {DAY} 12:10\n  use1-az2 7 · use1-az1 3" in made.text
    assert "use1-az2 7 · use1-az1 3" in made.html
    assert "NEEDS YOU" not in made.text


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("refused", "AWS refused the standing query 'web'"),
        ("failed", "AWS gave no answer that could be used to the standing query 'web'"),
        ("waiting", "no place of the quota was free for the standing query 'web'"),
    ],
)
def test_a_standing_query_without_an_answer_needs_a_person(good_day: Path, outcome: str, said: str) -> None:
    _stand(good_day, f"{DAY}T12:00:00+00:00,web,us-east-1,,,{outcome}")
    text = " ".join(report(good_day).text.split())
    assert said in text
    assert f"us-east-1 {outcome}" in text


def test_lines_of_standing_queries_that_cannot_be_right_need_a_person(good_day: Path) -> None:
    (good_day / "standing_queries.csv").write_text("name,instances\nweb,m5\n")
    assert "standing_queries.csv, line 2: instances: 'm5' is no instance type" in " ".join(
        report(good_day).text.split()
    )


def test_scores_that_waited_long_for_their_place_need_a_person(tmp_path: Path) -> None:
    rows = [(f"{DAY}T12:00:00+00:00", "eu-west-1", f"m{number}.large", "", 1, "waiting") for number in range(100)]
    write_day(tmp_path, extra=rows)
    write_plan(tmp_path)
    text = " ".join(report(tmp_path).text.split())
    assert "10% of the placement scores waited for a place of the quota" in text
