"""Watching a Region: when it looks, when it hands a probe over to be ended, and which rows it writes."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.ending.end_probes import ProbeEnder
from collect_launch_time.run_context import RunContext
from collect_launch_time.state.probe import Probe
from collect_launch_time.state.readiness import Track
from collect_launch_time.watching.region_watch import RegionWatch
from data_files.launches.journal import Entry, new_token
from tests.collect_launch_time.fakes import (
    NEVER,
    REGION,
    START,
    TYPE,
    FakeClock,
    FakeEc2,
    probe_on,
    rows,
    run_on,
)  # fmt: skip

NOTICED = 0.25  # seconds within which a request to stop must be noticed


class RecordingEnder(ProbeEnder):
    """Ends nothing; records what was to be ended, and when."""

    def __init__(self, run: RunContext) -> None:
        super().__init__(run)
        self._clock = run.clock
        self.ends: list[tuple[float, list[Probe]]] = []
        self.early: list[tuple[float, list[str]]] = []

    def end(self, _ec2: RegionEc2, over: Sequence[Probe], ended: str) -> None:
        self.ends.append((self._clock.monotonic(), list(over)))
        for probe in over:
            probe.note_end(self._clock.now(), ended)

    @property
    def called(self) -> list[str]:
        """What the ends are called, in their order."""
        return [probe.end.ended for _, over in self.ends for probe in over if probe.end]

    def end_early(self, _probe: Probe, tracks: Sequence[Track]) -> None:
        self.early.append((self._clock.monotonic(), [track.request_id for track in tracks]))
        for track in tracks:
            track.is_early_end_running = True


class Region:
    """A Region that is watched in the test's own thread, after everything is arranged."""

    def __init__(self, home: Path, *, interval: float = 3.0, timeout: float = 600.0, until_fulfilled: bool = False):
        self.ec2 = FakeEc2(FakeClock())
        self.run = run_on(self.ec2, home, interval=interval, timeout=timeout, until_fulfilled=until_fulfilled)
        self.ender = RecordingEnder(self.run)
        self.works: list[Callable[[], None]] = []
        self.watch = RegionWatch(self.run, self.ec2, self.ender, lambda work, _: self.works.append(work))

    def probe(self, *fulfilled: float) -> Probe:
        """Add a probe whose instances are fulfilled at these moments and ready 20 seconds later."""
        ids = [f"sir-{len(self.ec2.spots) + number}" for number in range(1, len(fulfilled) + 1)]
        entry = Entry(new_token(), REGION, TYPE, len(ids), request_ids=tuple(ids))
        for request_id, moment in zip(ids, fulfilled, strict=True):
            self.ec2.add(request_id, token=entry.token, made=self.ec2.clock.monotonic(), fulfilled=moment)
        probe = probe_on(self.run, self.ec2, entry, ids)
        self.watch.add(probe)
        return probe

    def go_on(self) -> None:
        """Do what the watch's thread would do, to its end."""
        self.works.pop()()

    @property
    def looks(self) -> list[float]:
        return self.ec2.moments("look_at_requests")


def test_it_looks_on_a_fixed_schedule_however_long_a_look_takes(tmp_path: Path) -> None:
    region = Region(tmp_path)
    region.probe(100.0)
    region.ec2.seconds["look_at_requests"] = 1.3
    region.ec2.spots[0].failed = 10.0
    region.go_on()
    assert region.looks == [0.0, 3.0, 6.0, 9.0]
    assert region.watch.worst_lateness == 0.0


def test_a_look_longer_than_the_interval_replaces_the_looks_due_meanwhile_and_delays_no_other(tmp_path: Path) -> None:
    region = Region(tmp_path)
    region.probe(100.0)
    region.ec2.seconds["look_at_requests"] = 7.0
    region.ec2.spots[0].failed = 10.0
    region.go_on()
    assert region.looks == [0.0, 9.0]


def test_a_probe_is_handed_over_as_soon_as_its_last_instance_is_ready(tmp_path: Path) -> None:
    region = Region(tmp_path)
    quick, slow = region.probe(1.0, 2.0), region.probe(1.0, 11.0)
    region.go_on()
    assert region.ender.ends == [(24.0, [quick]), (33.0, [slow])]
    assert not region.watch.is_busy
    assert quick.counts.ready == slow.counts.ready == 2


@pytest.mark.parametrize(("interval", "last_look"), [(3.0, 600.0), (7.0, 595.0)])
def test_a_probe_that_is_not_decided_is_handed_over_at_its_timeout_neither_before_nor_after(
    tmp_path: Path, interval: float, last_look: float
) -> None:
    region = Region(tmp_path, interval=interval)
    probe = region.probe(NEVER)
    region.ec2.seconds["look_at_requests"] = 0.1
    region.go_on()
    [(moment, handed)] = region.ender.ends
    assert handed == [probe]
    assert moment == pytest.approx(600.0 if last_look < 600.0 else 600.1)
    assert region.looks[-1] == last_look
    assert region.ender.called == ["timeout"]


@pytest.mark.parametrize(
    ("fulfilled", "ready"), [(579.0, 1), (580.5, 0)], ids=["ready just before the last look", "after it"]
)
def test_an_instance_ready_at_the_last_look_before_the_timeout_counts(
    tmp_path: Path, fulfilled: float, ready: int
) -> None:
    region = Region(tmp_path, interval=599.5)
    probe = region.probe(fulfilled)
    region.go_on()
    assert probe.counts.ready == ready
    assert region.ender.ends == [(599.5 if ready else 600.0, [probe])]


def test_each_probe_has_its_own_timeout(tmp_path: Path) -> None:
    region = Region(tmp_path)
    first = region.probe(NEVER)
    second: list[Probe] = []

    def at_100() -> None:
        if region.ec2.clock.monotonic() >= 100 and not second:
            second.append(region.probe(NEVER))

    region.ec2.during["look_at_requests"] = at_100
    region.go_on()
    assert region.ender.ends == [(600.0, [first]), (702.0, second)]
    assert region.works == [], "one thread watches both"


def test_a_stop_asked_for_in_the_middle_of_a_look_ends_everything(tmp_path: Path) -> None:
    region = Region(tmp_path)
    probes = [region.probe(1.0), region.probe(NEVER)]

    def stop() -> None:
        region.run.stop.is_requested = True

    region.ec2.during["look_at_instances"] = stop
    region.go_on()
    [(moment, handed)] = region.ender.ends
    assert handed == probes
    assert moment == 3.0, "no look after the one in which it was requested"
    assert region.ender.called == ["stopped", "stopped"]
    assert probes[0].counts.running == 1, "that look still counts"
    assert len(rows(tmp_path, "")) == 4


def test_a_stop_asked_for_between_two_looks_is_noticed_within_a_quarter_of_a_second(tmp_path: Path) -> None:
    region = Region(tmp_path, interval=60.0)
    probe = region.probe(NEVER)
    sleep = region.ec2.clock.sleep

    def stop_at_10(seconds: float) -> None:
        sleep(seconds)
        region.run.stop.is_requested = region.ec2.clock.monotonic() >= 10

    object.__setattr__(region.ec2.clock, "sleep", stop_at_10)
    region.go_on()
    [(moment, handed)] = region.ender.ends
    assert handed == [probe]
    assert 10.0 <= moment <= 10.0 + NOTICED
    assert region.looks == [0.0]


def test_a_look_that_fails_writes_no_rows_and_changes_nothing_else(tmp_path: Path) -> None:
    region = Region(tmp_path)
    probe = region.probe(1.0)
    region.ec2.fail("look_at_requests", until=10.0)
    region.go_on()
    assert region.looks[:5] == [0.0, 3.0, 6.0, 9.0, 12.0]
    assert (region.watch.looks, region.watch.failed_looks) == (8, 4)
    written = [row["current_time"] for row in rows(tmp_path, "")]
    assert len(written) == 4
    assert probe.counts.ready == 1
    assert not region.run.problems


def test_a_probe_is_handed_over_at_its_timeout_even_if_no_look_ever_succeeds(tmp_path: Path) -> None:
    region = Region(tmp_path)
    probe = region.probe(1.0)
    region.ec2.fail("look_at_requests")
    region.go_on()
    assert region.ender.ends == [(600.0, [probe])]
    assert rows(tmp_path, "") == []


def test_the_row_of_a_look_goes_into_the_file_of_its_requests_day(tmp_path: Path) -> None:
    region = Region(tmp_path)
    today, yesterday = region.probe(1.0), region.probe(1.0)
    yesterday.selection = yesterday.selection._replace(request_time=today.requested - timedelta(days=1))
    region.go_on()
    folder = tmp_path / "collect_launch_time" / "data"
    names = sorted(path.name for path in folder.glob("*.csv"))
    assert names == [f"{probe.requested.date()}.csv" for probe in (yesterday, today)]
    written = rows(tmp_path, "")
    assert len(written) == 2 * region.watch.looks
    assert [row["ready_instances"] for row in written][-1] == "1"


def test_a_probe_added_later_is_looked_at_together_with_the_others(tmp_path: Path) -> None:
    region = Region(tmp_path)
    region.probe(1.0)
    late: list[Probe] = []

    def at_4() -> None:
        if region.ec2.clock.monotonic() >= 4 and not late:
            late.append(region.probe(5.0))

    region.ec2.during["look_at_requests"] = at_4
    region.go_on()
    assert region.looks == [0.0, 3.0, 6.0, 9.0, 12.0, 15.0, 18.0, 21.0, 24.0, 27.0]
    assert ["sir-1", "sir-2"] in region.ec2.asked("look_at_requests")


def test_after_its_last_probe_a_new_one_starts_a_new_thread_and_schedule(tmp_path: Path) -> None:
    region = Region(tmp_path)
    region.probe(1.0)
    region.go_on()
    region.ec2.clock.sleep(1.7)
    begun = region.ec2.clock.monotonic()
    second = region.probe(begun)
    assert region.watch.is_busy
    region.go_on()
    assert region.ender.ends[-1][1] == [second]
    assert begun in region.looks


def test_until_fulfilled_each_instance_is_ended_at_once_and_the_probe_when_all_are_fulfilled(tmp_path: Path) -> None:
    region = Region(tmp_path, until_fulfilled=True)
    probe = region.probe(1.0, 7.0, 13.0)
    region.go_on()
    assert region.ender.early == [(3.0, ["sir-1"]), (9.0, ["sir-2"])]
    assert region.ender.ends == [(15.0, [probe])]
    assert probe.counts.fulfilled == 3


def test_until_fulfilled_an_early_end_that_failed_is_tried_again_at_the_next_look(tmp_path: Path) -> None:
    region = Region(tmp_path, until_fulfilled=True)
    probe = region.probe(1.0, 7.0)
    first, _ = probe.tracks.values()
    region.ec2.during["look_at_requests"] = lambda: setattr(first, "is_early_end_running", False)
    region.go_on()
    assert region.ender.early == [(3.0, ["sir-1"]), (6.0, ["sir-1"])]


def test_a_defect_while_looking_is_named_and_hands_everything_over(tmp_path: Path) -> None:
    region = Region(tmp_path)
    probes = [region.probe(NEVER), region.probe(NEVER)]
    region.ec2.fail("look_at_requests", KeyError("oh"))
    region.go_on()
    assert region.ender.ends == [(0.0, probes)]
    assert region.ender.called == ["stopped", "stopped"]
    assert not region.watch.is_busy
    assert region.run.problems.lines() == ["a defect of this program: KeyError: 'oh'; the log has it"]


def test_without_a_thread_adding_a_probe_raises_and_nothing_is_watched(tmp_path: Path) -> None:
    region = Region(tmp_path)

    def no_thread(_work: Callable[[], None], _name: str) -> None:
        raise RuntimeError("can't start new thread")

    region.watch = RegionWatch(region.run, region.ec2, region.ender, no_thread)
    with pytest.raises(RuntimeError):
        region.probe(1.0)
    assert not region.watch.is_busy


def test_the_time_in_a_row_is_that_of_the_looks_answers(tmp_path: Path) -> None:
    region = Region(tmp_path)
    region.ec2.seconds["look_at_requests"] = 0.5
    region.probe(100.0)
    region.ec2.spots[0].failed = 1.0
    region.go_on()
    answered = [START + timedelta(seconds=moment + 0.5) for moment in region.looks]
    assert [row["current_time"] for row in rows(tmp_path, "")] == [
        moment.astimezone().isoformat(timespec="milliseconds") for moment in answered
    ]


def test_a_machine_that_sleeps_between_two_looks_makes_the_intervals_as_long_as_its_sleep(tmp_path: Path) -> None:
    region = Region(tmp_path, timeout=600.0)
    probe = region.probe(1.0, 1.0)

    def sleep_for_a_minute() -> None:
        region.ec2.during.clear()
        region.ec2.clock.sleep(60.0)  # in the middle of the first look

    region.ec2.during["look_at_requests"] = sleep_for_a_minute
    region.go_on()
    for track in probe.tracks.values():
        assert track.ready.last_no is not None
        assert track.ready.first_yes is not None
        truth = START + timedelta(seconds=1.0 + 20.0)
        assert track.ready.last_no <= truth <= track.ready.first_yes
        assert track.ready.first_yes == START + timedelta(seconds=60.0)
