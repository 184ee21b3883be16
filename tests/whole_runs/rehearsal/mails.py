"""The mails that arrived: a mail server for the machine, and whether what is missing stands in what it took."""

import contextlib
import email
import email.policy
import re
import shlex
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.program import ROOT
from tests.whole_runs.rehearsal.event import NIGHT
from tests.whole_runs.rehearsal.machine import Ran
from tests.whole_runs.rehearsal.rehearsal import Rehearsal
from tests.whole_runs.rehearsal.rows import Row

_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)(?: to (\d{4}-\d\d-\d\d))?")
_IN_PART = re.compile(r"(\d{4}-\d\d-\d\d) \((\d+) of (\d+)\)")
_WITHOUT = re.compile(r"(?:No polls on|nothing was collected on) ([^.?]*)")
_COVERAGE = re.compile(r"(\d+) of (\d+) polls")
_NOON = 12  # before it a night's work reports the day before


@contextlib.contextmanager
def mail_sink(folder: Path) -> Iterator[dict[str, str]]:
    """Run the mail server that keeps what it takes in a folder; give the settings that direct mail there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "local_aws.mail.sink", "--folder", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(6)]
        yield dict(shlex.split(line)[1].split("=", 1) for line in lines)
        process.terminate()


@dataclass(frozen=True)
class Mail:
    """A report that arrived: the day it is of, and its text on one line."""

    day: date
    message_id: str
    text: str


class Mails:
    """Every report that arrived, held against the polls there were."""

    def __init__(self, folder: Path, rehearsal: Rehearsal, ran: Sequence[Ran]) -> None:
        self.rehearsal, self.ran = rehearsal, ran
        self.arrived = [_read(path) for path in sorted(folder.glob("*.eml"))]

    def nights(self) -> Iterator[str]:
        """The report of each night arrived, also where a mail server was away; none arrived twice."""
        days = {mail.day for mail in self.arrived}
        for ran in (ran for ran in self.ran if ran.program == NIGHT):
            at = ran.tick.machine
            day = at.date() if at.hour >= _NOON else at.date() - timedelta(days=1)
            if day not in days and not any(event.loses_reports for event in ran.events):
                yield f"the report of {day}, made at {at}, never arrived"
        twice = [name for name, count in Counter(mail.message_id for mail in self.arrived).items() if count > 1]
        if twice:
            yield f"mails that arrived twice: {twice}"

    def gaps(self, polls: Sequence[Row]) -> Iterator[str]:
        """Each day of which polls are missing, whyever, is named with their true number in a mail that arrived."""
        done_on = Counter(day for day, _ in {_ten_minutes(row["time"]) for row in polls})
        told = self._told()
        for day in self.rehearsal.days():
            done, due = done_on[day], self.rehearsal.polls_due(day)
            if done < due and not told[day] & {(done, due), (done, None)}:
                yield f"no mail tells that {done} of {due} polls were done on {day}, but {told[day] or 'nothing'}"

    def _told(self) -> Mapping[date, set[tuple[int, int | None]]]:
        """Give by day the numbers of polls done and due that mails tell; none done of None where none was at all."""
        told: dict[date, set[tuple[int, int | None]]] = defaultdict(set)
        for mail in self.arrived:
            told[mail.day] |= {(int(done), int(due)) for done, due in _COVERAGE.findall(mail.text)}
            for day, done, due in _IN_PART.findall(mail.text):
                told[date.fromisoformat(day)].add((int(done), int(due)))
            for sentence in _WITHOUT.findall(mail.text):
                for lost in _days(sentence):
                    told[lost].add((0, None))
        return told


def _days(text: str) -> Iterator[date]:
    for first, last in _DAYS.findall(text):
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            yield day
            day += timedelta(days=1)


def _ten_minutes(text: str) -> tuple[date, int]:
    time = datetime.fromisoformat(text)
    return time.date(), int(time.timestamp()) // 600


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body
    subject = re.match(r"Spot (\d{4}-\d\d-\d\d):", message["Subject"])
    assert subject, f"{path} is no report"
    return Mail(date.fromisoformat(subject[1]), message["Message-ID"], " ".join(body.get_content().split()))
