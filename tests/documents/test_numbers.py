"""Numbers that the documents tell are those that the programs, or what they write, have.

What was measured once stands in benchmarks/README.md, beside the command that measures it anew; others point there.
"""

import re
from pathlib import Path

import pytest

import collect_launch_time.__main__ as probe_run
import collect_sps_and_if.__main__ as poll_run
import configs
from analysis.advice import cheapest_zone, newest_scores, ranking, readiness
from analysis.health import disk, night, polling
from benchmarks import collected_year
from collect_launch_time.ec2 import region_ec2, spot_requests
from collect_launch_time.ending import clean_up
from collect_launch_time.money import budget, volumes_and_addresses
from collect_launch_time.money.volumes_and_addresses import ADDRESS_USD_PER_HOUR, VOLUME_USD_PER_HOUR
from collect_launch_time.patience import Patience
from collect_launch_time.watching import region_watch
from collect_sps_and_if import scoring
from collect_sps_and_if.asking import advisor_fetch
from collect_sps_and_if.spotlake.find import damage
from common.time_limit import LONGEST_RUN_SECONDS
from data_files import instance_tables
from data_files.launches import journal
from data_files.market import plans, polls
from tests.documents.examples import text_of

COSTS = text_of("docs/costs.md")
PAIRS = configs.LAUNCH_TOP_K + configs.LAUNCH_SAMPLE_COUNT


def test_a_days_cost_is_reckoned_right() -> None:
    found = re.search(
        r"(\d+) pairs × (\d+) instances × (\d+) minutes × \(([\d.]+) \+ ([\d.]+)\) USD/h +"
        r"= +([\d.]+) USD a run; +(\d+) runs += +([\d.]+) USD",
        COSTS,
    )
    assert found
    pairs, instances, minutes, price, besides, run, runs, day = map(float, found.groups())
    assert (pairs, instances, runs) == (PAIRS, configs.INSTANCE_COUNT, 24 * 60 / 10)
    assert besides == pytest.approx(VOLUME_USD_PER_HOUR + ADDRESS_USD_PER_HOUR, abs=0.0005)
    assert run == pytest.approx(pairs * instances * minutes / 60 * (price + besides), abs=0.0005)
    assert day == pytest.approx(run * runs, abs=0.005)
    (every,) = re.findall(r"about\s+every (\d+) minutes", COSTS)
    assert float(every) == pytest.approx(24 * 60 / (configs.LAUNCH_DAILY_BUDGET_USD / run), abs=0.5)


def test_the_defaults_use_the_quota_as_it_says() -> None:
    fixed = configs.SPS_AND_IF_TOP_K + configs.SAMPLE_COUNT
    assert f"{configs.SPS_AND_IF_TOP_K} types carried over and {configs.SAMPLE_COUNT} sampled anew, make" in COSTS
    assert f"{fixed} + {configs.SAMPLE_COUNT} = {configs.SPS_CONFIGURATION_LIMIT}" in COSTS
    assert fixed + configs.SAMPLE_COUNT == configs.SPS_CONFIGURATION_LIMIT
    assert f"{PAIRS} × {configs.INSTANCE_COUNT} instances of 4 vCPUs" in COSTS
    assert f"need {PAIRS * configs.INSTANCE_COUNT * 4} vCPUs" in COSTS
    readme = text_of("README.md")
    assert f"at most {configs.LAUNCH_DAILY_BUDGET_USD:.2f} USD a day" in readme
    assert (
        f"use all {configs.SPS_CONFIGURATION_LIMIT}; spot vCPUs for {PAIRS} × {configs.INSTANCE_COUNT} instances"
        in readme
    )


def test_a_day_takes_as_much_disk_as_it_says(tmp_path: Path) -> None:
    """Of a day of made-up files, whose rows have the length of real ones."""
    probes, queries = 12, 30
    collected_year.write(tmp_path, 1, probes=probes)
    sizes = {path: path.stat().st_size for path in tmp_path.rglob("*.csv")}
    of_probes = sum(size for path, size in sizes.items() if "collect_launch_time" in path.parts)
    polled = sum(size for path, size in sizes.items() if path.parent.name in ("sps_and_if", "configurations"))
    megabytes = polled / queries * (configs.SPS_AND_IF_TOP_K + configs.SAMPLE_COUNT) / 1e6
    ((told_megabytes, told_kilobytes),) = re.findall(r"some (\d+) MB a day, each probe some (\d+) kB", COSTS)
    assert megabytes == pytest.approx(float(told_megabytes), rel=0.2)
    assert of_probes / probes / 1e3 == pytest.approx(float(told_kilobytes), rel=0.2)


def test_what_a_plan_trades_is_told_as_it_was_measured() -> None:
    """Every figure of the page's table is one of its row in benchmarks/README.md, which says how it is made anew."""
    _, _, section = text_of("docs/what-the-data-can-say.md").partition("\n## What a plan trades\n")
    _, _, measured = text_of("benchmarks/README.md").partition("\n## Which pairs to poll\n")
    rows = re.findall(
        r"^\| \*{0,2}(\d\d / \d+(?: with a bootstrap)?)\*{0,2} \|(.*)$", section.partition("\n## ")[0], re.M
    )
    assert len(rows) == 4
    for name, told in rows:
        (row,) = re.findall(rf"^\| \*{{0,2}}{name}\*{{0,2}} \|(.*)$", measured, re.M)
        in_percent = [str(round(float(share) * 100)) for share in re.findall(r"0\.\d\d", row.rpartition("±")[2])]
        figures = {*re.findall(r"[\d.]+", row), *in_percent}
        assert set(re.findall(r"[\d.]+", told)) <= figures, name


def test_what_a_first_score_is_worth_is_told_as_it_was_measured() -> None:
    section = text_of("docs/what-the-data-can-say.md").partition("\n## What a plan trades\n")[2]
    without, with_one = (
        [float(share) for share in re.findall(r"[\d.]+", row)]
        for row in re.findall(r"^\| \*\*30 / 10(?: with a bootstrap)?\*\* \| ([^|]+) \|", section, re.M)
    )
    gains = sorted(after / before for before, after in zip(without, with_one, strict=True))
    told = " ".join(text_of("docs/spotlake.md").split())
    assert f"{gains[0]:.1f} to {gains[1]:.1f} times as many changes" in told


PATIENCE = Patience()
MINUTE = 60
DEADLINES = (poll_run.POLL_SECONDS / MINUTE, probe_run.ENDING_SECONDS / MINUTE, LONGEST_RUN_SECONDS / MINUTE)
# What a document says of a constant, and the constant.
TOLD = (
    ("README.md", "some {} MB of disk a day", [disk.USUAL_BYTES_A_DAY / 1e6]),
    (
        "docs/operations.md",
        "within {} minutes, a probe within its timeout and {} minutes, every other program within {}",
        DEADLINES,
    ),
    ("docs/operations.md", "AMIs are deprecated {} days after their release", [instance_tables.DAYS_GOOD]),
    ("docs/contract.md", "a poll within {} minutes, a probe run within its timeout and {} minutes", DEADLINES[:2]),
    ("docs/contract.md", "every other program within {} minutes", DEADLINES[2:]),
    (
        "docs/contract.md",
        "`score = sps_changes / {} + if_changes / {}`",
        [scoring.SPS_CHANGES_UNIT, scoring.IF_CHANGES_UNIT],
    ),
    ("docs/contract.md", "files of more than {} MB, packed or unpacked, are skipped", [damage.MAX_BYTES >> 20]),
    ("docs/contract.md", "regions joined by spaces, at most {}", [plans.REGIONS_PER_QUERY]),
    ("docs/contract.md", "pairs with at least {} probes by `ready_share_low`", [ranking.ENOUGH_PROBES]),
    ("docs/contract.md", "polled within the last {} h", [newest_scores.RECENT.total_seconds() / 3600]),
    ("docs/contract.md", "in probes of the last {} days until ready", [readiness.PERIOD.days]),
    (
        "docs/contract.md",
        "no acknowledged poll for {} minutes; less than {} % of today's due polls done",
        [polls.LATE_AFTER.total_seconds() / MINUTE, polling.LEAST_DONE * 100],
    ),
    (
        "docs/contract.md",
        "less than {} % of scores answered in 24 hours; a past day of the last {} unscored",
        [polling.LEAST_ANSWERED * 100, night.DAYS_LOOKED_AT],
    ),
    ("docs/contract.md", "open for longer than its timeout and {} minutes", [journal.ENDING.total_seconds() / MINUTE]),
    (
        "docs/contract.md",
        "less than {} GB of disk, or {} days of it",
        [disk.LEAST_FREE_BYTES / 1e9, disk.LEAST_DAYS],
    ),
    ("docs/contract.md", "up to three redirects are followed", [] if advisor_fetch.MOST_REDIRECTS == 3 else ["no"]),
    ("docs/advise.md", "launch-time probes of the last {} days", [readiness.PERIOD.days]),
    ("docs/advise.md", "zones that had none in {} days", [cheapest_zone._KNOWN.days]),
    ("docs/protocol.md", "a run waits up to {} s for the lock", [probe_run.LOCK_SECONDS]),
    ("docs/protocol.md", "over within `TIMEOUT` + {} minutes, `--clean-up` and `--dry-run` within {}", DEADLINES[1:]),
    (
        "docs/protocol.md",
        "has a total time ({} s; a look's {} s)",
        [
            region_ec2._CONNECT_SECONDS + region_ec2._READ_SECONDS,
            region_ec2._LOOK_CONNECT_SECONDS + region_ec2._LOOK_READ_SECONDS,
        ],
    ),
    ("docs/protocol.md", "`TIMEOUT` + {} s are kept for the probe and its end", [PATIENCE.ending_seconds]),
    ("docs/protocol.md", "side by side, within {} s", [clean_up._SECONDS]),
    (
        "docs/protocol.md",
        "surely expired: {} minutes, or timeout + {} minutes",
        [clean_up._LEAST_EXPIRY_SECONDS / MINUTE, clean_up._EXPIRY_MARGIN_SECONDS / MINUTE],
    ),
    ("docs/protocol.md", "(timeout + {} s, at least {} s)", [budget.END_SECONDS, budget.MINIMUM_SECONDS]),
    ("docs/protocol.md", "+ timeout + {} s: a request nobody cancels", [spot_requests._VALID_MARGIN_SECONDS]),
    ("docs/protocol.md", "(in whole minutes, rounded up) + {} minutes after boot", [spot_requests._GRACE_MINUTES]),
    ("docs/protocol.md", "(noticed within {} s,", [region_watch._STOP_CHECK_SECONDS]),
    ("docs/protocol.md", "for up to {} s (less, where", [PATIENCE.give_up_seconds]),
    ("docs/protocol.md", "until the entry is {} s old", [PATIENCE.invisible_seconds]),
    ("docs/protocol.md", "again after {} s if they are still shown as running", [PATIENCE.repeat_terminate_seconds]),
    (
        "docs/protocol.md",
        "nothing more came for {} s, or AWS has not known it for {} s",
        [PATIENCE.settle_seconds, PATIENCE.forgotten_seconds],
    ),
    ("docs/protocol.md", "told again every {} s for {} s", [PATIENCE.repeat_refused_seconds, PATIENCE.refused_seconds]),
    ("docs/protocol.md", "What has not ended after {} s is named", [PATIENCE.give_up_seconds]),
    (
        "docs/protocol.md",
        "{} GB gp3 at {} USD per GB and month of 30 days",
        [volumes_and_addresses.VOLUME_GB, volumes_and_addresses.VOLUME_USD_PER_GB_MONTH],
    ),
    ("docs/protocol.md", "and {} USD an hour for one public IPv4 address", [ADDRESS_USD_PER_HOUR]),
)


@pytest.mark.parametrize(("document", "words", "constants"), TOLD)
def test_a_number_that_is_told_is_the_programs_own(document: str, words: str, constants: list[float]) -> None:
    told = words.format(*(f"{constant:g}" for constant in constants))
    assert told in " ".join(text_of(document).split())
