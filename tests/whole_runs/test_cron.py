"""crontab.txt's lines, run by a real cron: another working directory, a bare environment, mail for what is said.

The lines' times are replaced by @reboot, so that nobody waits for a minute to come round.
"""

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.clone import clone_into
from tests.program import run
from tests.stand_in import StandIn
from tests.whole_runs.cron_daemon import CronDaemon, crontab_is_accepted, why_not
from tests.whole_runs.probe_stage import QUICK

_reason = why_not()
pytestmark = [pytest.mark.whole_run, pytest.mark.skipif(_reason is not None, reason=str(_reason))]

POLL, PROBE, NIGHT = "collect_sps_and_if", "collect_launch_time", "collect_sps_and_if.daily_score"
SCHEDULES = {POLL: "0,10,20,30,40,50 * * * *", PROBE: "0,10,20,30,40,50 * * * *", NIGHT: "55 23 * * *"}
SETTINGS = {
    "SPOT_SPS_AND_IF_TOP_K": "1",
    "SPOT_SAMPLE_COUNT": "2",
    "SPOT_LAUNCH_SAMPLE_COUNT": "0",
    "SPOT_REGIONS": "us-east-1 eu-west-1",
    "SPOT_LAUNCH_TOP_K": "1",
    "SPOT_INSTANCE_COUNT": "1",
    "SPOT_TIMEOUT": "5",
    "SPOT_STATUS_INTERVAL": "0.5",
}


class Clone:
    """A clone with spaces in its name, the crontab edited as its first lines say, and an AWS for it to talk to."""

    def __init__(self, folder: Path, aws: StandIn) -> None:
        self.path, self._stage, self.aws = clone_into(folder), folder, aws

    def crontab(self) -> str:
        """Give the file as a user would edit it; what the test needs besides stands above it, as AWS_PROFILE would."""
        extra = "".join(f"{name}={value}\n" for name, value in (self.aws.environment | SETTINGS).items())
        return extra + (self.path / "crontab.txt").read_text().replace("SPOT=/home/you/spot", f"SPOT={self.path}")

    def at_once(self, program: str, **settings: str) -> CronDaemon:
        """Let cron start one of its lines now; settings take the place of those above."""
        environment, lines = [], []
        for line in self.crontab().splitlines():
            if re.match(r"[A-Z_]+=", line):
                environment.append(line)
            elif line.startswith(SCHEDULES[program]) and line.endswith(f"-m {program}"):
                lines.append(line.replace(SCHEDULES[program], "@reboot", 1))
        assert len(lines) == 1
        environment += [f"{name}={value}" for name, value in settings.items()]
        return CronDaemon(self._stage, "\n".join([*environment, *lines, ""]))

    def log(self, package: str) -> str:
        """Read a package's log."""
        return "".join(path.read_text() for path in self.path.glob(f"{package}/log/*.log"))

    def rows(self, *path: str) -> list[str]:
        """Read a file's lines below its header; none if there is no file."""
        return [line for file in self.path.glob("/".join(path)) for line in file.read_text().splitlines()[1:]]


@pytest.fixture(scope="module")
def clone(_stand_in: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    _stand_in.control.reset()
    _stand_in.control.set_scenario(**QUICK)
    return Clone(tmp_path_factory.mktemp("cron"), _stand_in)


def test_debians_crontab_takes_the_file_as_it_is(clone: Clone) -> None:
    assert crontab_is_accepted(clone.crontab())
    assert not crontab_is_accepted(clone.crontab().replace("55 23", "55 24"))


def test_cron_polls_and_mails_nothing(clone: Clone) -> None:
    cron = clone.at_once(POLL)
    try:
        assert cron.wait_until(lambda: bool(clone.rows(POLL, "data", "polls.csv")), 60), clone.log(POLL)
        assert cron.wait_until(cron.is_idle, 10)
    finally:
        cron.stop()
    assert cron.mail.read_text() == ""
    assert " WARNING " not in clone.log(POLL)


def test_cron_probes_and_leaves_nothing_running(clone: Clone) -> None:
    score = clone.path / POLL / "data" / "init_score.csv"
    shutil.rmtree(score.parent / "plan", ignore_errors=True)  # another test's, whose pairs have no score
    score.parent.mkdir(parents=True, exist_ok=True)
    score.write_text("region,instance,sps_changes,if_changes,score\nus-east-1,m5.large,3,1,1.2\n")
    cron = clone.at_once(PROBE)
    try:
        assert cron.wait_until(lambda: ",closed," in "\n".join(clone.rows(PROBE, "data", "journal", "*.csv")), 90), (
            clone.log(PROBE)
        )
        assert cron.wait_until(cron.is_idle, 30)
    finally:
        cron.stop()
    assert cron.mail.read_text() == ""
    truth = clone.aws.control.truth()
    assert len(truth["instances"]) == 1
    assert truth["living_instances"] == truth["open_requests"] == []


def test_cron_does_the_nights_work(clone: Clone) -> None:
    yesterday = datetime.now(UTC).astimezone() - timedelta(days=1)  # before noon it is the day, later it is caught up
    environment = clone.aws.environment | SETTINGS | {"SPOT_HOME": str(clone.path), "SPOT_NOW": yesterday.isoformat()}
    assert run(POLL, environment=environment).code == 0
    cron = clone.at_once(NIGHT)
    try:
        report = clone.path / POLL / "data" / "report"
        assert cron.wait_until(lambda: bool(list(report.glob("*.html"))), 60), clone.log(POLL)
        assert cron.wait_until(cron.is_idle, 30)
    finally:
        cron.stop()
    assert clone.rows(POLL, "data", "score", "*.csv")
    assert cron.mail.read_text() == ""


def test_what_a_person_must_mend_reaches_them_by_crons_mail(clone: Clone) -> None:
    cron = clone.at_once(POLL, SPOT_SAMPLE_COUNT="many")
    try:
        assert cron.wait_until(lambda: "SPOT_SAMPLE_COUNT" in cron.mail.read_text(), 60)
        assert cron.wait_until(cron.is_idle, 30)
    finally:
        cron.stop()
    said = [line for line in cron.mail.read_text().partition("\n\n")[2].splitlines() if line]
    assert len(said) == 1
    assert "'many'" in said[0]
