"""What must hold when a rehearsal is over, read the plain way: each check gives its complaints, in words."""

import fcntl
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.whole_runs.rehearsal.event import CHECK_SETUP, IN_PART, KILLED, NIGHT, POLL, STATUS, WHOLE
from tests.whole_runs.rehearsal.machine import STANDING, Ran
from tests.whole_runs.rehearsal.rehearsal import Rehearsal
from tests.whole_runs.rehearsal.rows import all_rows, content, csv_files, rows_of


class Audit:
    """The files of a HOME after a rehearsal, the programs that ran, and what AWS knows of it."""

    def __init__(self, home: Path, rehearsal: Rehearsal, ran: Sequence[Ran]) -> None:
        self.home, self.rehearsal, self.ran = home, rehearsal, ran
        self.scores, self.launches = (home / name / "data" for name in ("collect_sps_and_if", "collect_launch_time"))
        self.polls = rows_of(self.scores / "polls.csv")
        self.logs = "".join(path.read_text(errors="replace") for path in sorted(home.glob("*/log/*.log")))

    def figures(self) -> str:
        """Say in one line how much was collected."""
        polls = [ran for ran in self.ran if ran.program == POLL]
        possible = [ran for ran in polls if not any(event.loses_polls for event in ran.events)]
        return (
            f"{len(self.polls)} polls acknowledged of {len(polls)} started ({len(possible)} of them possible), "
            f"{sum(int(row['rows']) for row in self.polls)} rows, {len(self.ran) - len(polls)} other programs"
        )

    def ends(self) -> Iterator[str]:
        """Every program ends as it may, in silence if nothing was wrong, in one line a cause if something was."""
        for ran in self.ran:
            if ran.program in (STATUS, CHECK_SETUP):
                continue  # they print: see answers
            allowed = {0, *(code for event in ran.events for code in event.codes.get(ran.program, ()))}
            if ran.ended.code not in allowed | ({KILLED} if ran.is_killed else set()):
                yield f"{_name(ran)} ended with {ran.ended.code}, not one of {sorted(allowed)}: {ran.ended.stderr}"
            if ran.ended.stdout or (ran.ended.code == 0 and ran.ended.stderr):
                yield f"{_name(ran)} is no quiet success: {ran.ended.stdout}{ran.ended.stderr}"
            if ran.ended.code > 0 and not 0 < ran.ended.stderr.count("\n") <= 4:
                yield f"{_name(ran)} ended with {ran.ended.code} and says {ran.ended.stderr!r}"
        for sign in ("Traceback", "a defect of this program"):
            if sign in self.logs or any(sign in ran.ended.stderr for ran in self.ran):
                yield f"{sign} in a log or on stderr"

    def answers(self) -> Iterator[str]:
        """Who asks is told what goes wrong, with exit code 1, or that all is well, with 0."""
        for ran in self.ran:
            for event, question in self.rehearsal.questions(ran.tick.machine):
                if ran.program != question.program or (event.fills_disk and event not in ran.events):
                    continue
                said = " ".join(ran.ended.stdout.split())
                if ran.ended.code != (IN_PART if question.answer else WHOLE) or ran.ended.stderr:
                    yield f"{_name(ran)} ended with {ran.ended.code}: {ran.ended.stderr}{said}"
                yield from (
                    f"{_name(ran)} does not say {part!r}: {said}" for part in question.answer if part not in said
                )

    def coverage(self) -> Iterator[str]:
        """Every poll that was possible is acknowledged, and every one that was not is explained."""
        acknowledged = {row["time"] for row in self.polls}
        for ran in (ran for ran in self.ran if ran.program == POLL):
            # A poll takes the next second if the clock was set back and its own is taken.
            if any((ran.tick.machine + timedelta(seconds=late)).isoformat() in acknowledged for late in range(3)):
                continue
            if not any(event.loses_polls for event in ran.events) and not ran.is_killed:
                yield f"{_name(ran)} left no row in polls.csv: {ran.ended}"
            elif ran.ended.code != KILLED and not self._is_explained(ran):
                yield f"{_name(ran)} left no row in polls.csv, and no line in the log: {ran.ended}"

    def _is_explained(self, ran: Ran) -> bool:
        # On a full disk there is no log either: cron's mail is what is left.
        if any(event.fills_disk for event in ran.events):
            return bool(ran.ended.stderr)
        return any(f" {ran.pid} {level} " in self.logs for level in ("WARNING", "ERROR"))

    def rows(self) -> Iterator[str]:
        """No row is lost, none is doubled, none is torn: those of a poll are as many as it acknowledged."""
        for path in csv_files(self.home, "*/data/**/"):
            text = content(path)
            if text and not text.endswith(b"\n"):
                yield f"{path} ends in a torn line"
        counts: Counter[str] = Counter()
        for path in csv_files(self.scores / "sps_and_if"):
            rows = rows_of(path)
            counts.update(row["time"] for row in rows)
            keys = Counter((row["time"], row["region"], row["instance"]) for row in rows)
            yield from (f"{path.name}: {key} stands there {count} times" for key, count in keys.items() if count > 1)
            yield from (f"{path.name} holds a row of {row['time']}" for row in rows if row["time"][:10] != path.stem)
        for row in self.polls:
            if counts.pop(row["time"], 0) != int(row["rows"]):
                yield f"the poll of {row['time']} acknowledged {row['rows']} rows, and they are not there"
        yield from self._standing_rows()
        unsure = sum(ran.is_killed or any(event.loses_polls for event in ran.events) for ran in self.ran)
        if len(counts) > unsure:
            yield f"rows of polls that nobody acknowledged: {counts}"
        doubled = [time for time, count in Counter(row["time"] for row in self.polls).items() if count > 1]
        if doubled:
            yield f"polls acknowledged twice: {doubled}"

    def _standing_rows(self) -> Iterator[str]:
        rows = [row for path in csv_files(self.scores / "standing_scores") for row in rows_of(path)]
        keys = Counter((row["time"], row["name"], row["region"], row["az"]) for row in rows)
        yield from (f"standing {key} stands there {count} times" for key, count in keys.items() if count > 1)
        names = {line.partition(",")[0] for line in STANDING}
        found = {(row["time"], row["name"]) for row in rows}
        for row in self.polls:
            yield from (
                f"the poll of {row['time']} was acknowledged without {name!r}"
                for name in names
                if (row["time"], name) not in found
            )

    def nights(self) -> Iterator[str]:
        """Every day on which the night's work ran has its score, and the next day its plan."""
        for ran in (ran for ran in self.ran if ran.program == NIGHT):
            if any(not event.is_of_older_version for event in ran.events):
                continue
            day = ran.tick.machine.date()
            if not rows_of(self.scores / "score" / f"{day}.csv"):
                yield f"no score of {day}"
            if not rows_of(self.scores / "plan" / f"{day + timedelta(days=1)}.csv"):
                yield f"no plan for the day after {day}"

    def advisor(self) -> Iterator[str]:
        """The advisor's listing is stored when it changes, and only then."""
        last: set[tuple[str, ...]] = set()
        for path in csv_files(self.scores / "interruption_frequency"):
            listings: dict[str, list[tuple[str, ...]]] = defaultdict(list)
            for row in rows_of(path):
                listings[row["time"]].append((row["region"], row["instance"], row["if"], row["savings"]))
            for time, listing in listings.items():
                if len(set(listing)) != len(listing):
                    yield f"the listing of {time} has a row twice"
                if set(listing) == last:
                    yield f"the listing of {time} is the one before it"
                last = set(listing)

    def quota(self, queries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """AWS refuses nothing that we brought about ourselves."""
        for query in queries:
            at = datetime.fromisoformat(query["time"])
            if query["outcome"].startswith("MaxConfig") and not any(
                event.uses_up_quota for event in self.rehearsal.going_on(at)
            ):
                yield f"refused at {at.astimezone(self.rehearsal.zone)}: {query['instance_types']}"

    def money(self, truth: Mapping[str, Any], bill: Mapping[str, Any], daily_usd: float) -> Iterator[str]:
        """Nothing is left running, no day costs more than the budget, and what was spent is written down."""
        for name in ("open_requests", "living_instances", "coming_instances", "decoys_touched"):
            if truth[name]:
                yield f"{name}: {truth[name]}"
        created = {one["request_id"]: datetime.fromisoformat(one["created"]) for one in truth["spot_requests"]}
        by_day: Counter[str] = Counter()
        for one in bill["instances"]:
            by_day[str(created[one["request_id"]].astimezone(self.rehearsal.zone).date())] += one["usd"]
        yield from (f"{day} cost {usd:.4f} USD" for day, usd in by_day.items() if usd > daily_usd)
        written = sum(float(row["usd"]) for row in all_rows(self.launches / "spending"))
        if abs(written - bill["usd"]) > 0.1 * bill["usd"]:
            yield f"{written:.4f} USD are written down, and the bill is {bill['usd']:.4f} USD"

    def debris(self) -> Iterator[str]:
        """No half-written file and no held lock is left."""
        yield from (f"left over: {path}" for path in self.home.rglob("*.part"))
        for path in self.home.rglob("*.lock"):
            with path.open() as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    yield f"still held: {path}"


def _name(ran: Ran) -> str:
    wrong = ", ".join(event.name for event in ran.events) or "nothing wrong"
    return f"{ran.program} at {ran.tick.machine.isoformat()} ({wrong})"
