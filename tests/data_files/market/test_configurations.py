from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from data_files.market.configurations import FILES, ZONE_SCOPE, Configuration, Ledger, configuration, within_limit

NOON = datetime.fromisoformat("2026-03-02T12:00:00+01:00")
ONE = Configuration("m5.large", ("eu-west-1", "us-east-1"), 10)
TWO = Configuration("c5.large", ("us-east-1",), 10)


def test_a_configuration_occupies_its_place_until_a_day_after_its_last_use(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "us-east-1")
    ledger.record([ONE], NOON)
    ledger.record([ONE, TWO], NOON + timedelta(hours=10))
    ledger.record([TWO], NOON + timedelta(hours=20))
    assert set(ledger.last_uses(NOON + timedelta(hours=34))) == {ONE, TWO}
    assert set(ledger.last_uses(NOON + timedelta(hours=34, minutes=10))) == {TWO}
    assert set(ledger.last_uses(NOON + timedelta(hours=44, minutes=10))) == set()


def test_a_late_retry_of_the_last_poll_still_counts(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "us-east-1")
    ledger.record([ONE], NOON)
    assert set(ledger.last_uses(NOON + timedelta(hours=24, minutes=8))) == {ONE}


def test_counts_for_each_endpoint_region_on_its_own(tmp_path: Path) -> None:
    Ledger(tmp_path, "us-east-1").record([ONE], NOON)
    Ledger(tmp_path, "us-west-2").record([TWO], NOON)
    assert set(Ledger(tmp_path, "us-west-2").last_uses(NOON)) == {TWO}


def test_what_was_used_before_the_clock_was_set_back_counts(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "us-east-1")
    ledger.record([ONE], NOON + timedelta(hours=11, minutes=30))
    ledger.record([TWO], NOON + timedelta(hours=12, minutes=30))
    assert set(ledger.last_uses(NOON + timedelta(hours=11))) == {ONE, TWO}


def test_broken_rows_cost_only_themselves(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "us-east-1")
    ledger.record([ONE], NOON)
    path = FILES.path(tmp_path, NOON.date())
    with path.open("a") as file:
        file.write("noon,us-east-1,c5.large,us-east-1,10\n2026-03-02T12:00:00+01:00,us-east-1,c5.large,us-east-1,ten\n")
    ledger.record([TWO], NOON)
    assert set(ledger.last_uses(NOON)) == {ONE, TWO}


def test_what_occupies_a_place_may_be_repeated_and_others_only_while_places_last() -> None:
    three, four = (Configuration(f"r{number}.large", ("us-east-1",), 10) for number in (3, 4))
    assert within_limit([three, ONE, four], occupied=[ONE, TWO], limit=3) & {ONE, three, four} == {ONE, three}
    assert within_limit([three, ONE], occupied=[ONE, TWO], limit=1) & {ONE, three} == {ONE}


def test_uses_of_a_clock_that_was_behind_for_a_while_hold_their_places_for_longer(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "us-east-1")
    for time in ("23:40:00", "23:50:00"):
        ledger.record([ONE], datetime.fromisoformat(f"2026-03-29T{time}+02:00"))
    ledger.record([TWO], datetime.fromisoformat("2026-03-30T00:00:00+02:00"))
    midnight = datetime.fromisoformat("2026-03-31T00:00:00+02:00")
    assert set(ledger.last_uses(midnight)) == {TWO}
    # Now the clock is set back by an hour, and right again at noon: the last of these is at ten to one in truth.
    for minute in range(10, 60, 10):
        ledger.record([ONE], datetime.fromisoformat(f"2026-03-29T23:{minute}:01+02:00"))
    assert set(ledger.last_uses(midnight)) == {ONE, TWO}
    assert set(ledger.last_uses(midnight + timedelta(hours=1, minutes=10))) == {TWO}


def test_a_use_at_the_end_of_time_is_reckoned_with_and_does_not_end_the_reckoning(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "us-east-1")
    ledger.record([ONE], NOON)
    path = FILES.path(tmp_path, NOON.date())
    with path.open("a") as file:
        file.write("9999-12-31T23:59:59-14:00,us-east-1,r5.large,us-east-1,10\n")
    ledger.record([TWO], NOON)
    assert set(ledger.last_uses(NOON)) >= {ONE, TWO}


def test_zones_are_another_configuration_and_the_order_of_types_is_not(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "us-east-1")
    pool = configuration(["m5.large", "c5.large"], ["us-east-1", "eu-west-1"], 10)
    by_zone = configuration(["c5.large", "m5.large"], ["eu-west-1", "us-east-1"], 10, ZONE_SCOPE)
    ledger.record([pool, by_zone], NOON)
    assert set(ledger.last_uses(NOON)) == {pool, by_zone}
    assert pool == configuration(["c5.large", "m5.large"], ["eu-west-1", "us-east-1"], 10)


def test_a_file_of_an_earlier_version_is_of_regions_and_takes_zones_at_once(tmp_path: Path) -> None:
    path = FILES.path(tmp_path, NOON.date())
    path.parent.mkdir(parents=True)
    header = "time,endpoint_region,instance,regions,target_capacity"
    path.write_text(f"{header}\n2026-03-02T12:00:00+01:00,us-east-1,m5.large,eu-west-1 us-east-1,10\n")
    ledger, by_zone = Ledger(tmp_path, "us-east-1"), replace(ONE, scope=ZONE_SCOPE)
    assert set(ledger.last_uses(NOON)) == {ONE}
    ledger.record([by_zone], NOON)
    assert set(ledger.last_uses(NOON)) == {ONE, by_zone}
    assert path.read_text().startswith(f"{header},scope\n")
