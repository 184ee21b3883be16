"""What instances usually take is learned of families and Regions, and holds for pairs that were never probed."""

import pandas as pd
import pytest

from examples.readiness_curves import EVENTS, SECONDS
from examples.usual_seconds import usual_seconds

STEP = 15.0


def probes(*pairs: tuple[str, str, float], number: int = 20) -> pd.DataFrame:
    """Some probes of (Region, type) pairs, of which a single instance got ready in the step that ends at a second."""
    rows = [
        {"request_time": f"{region}{instance}{time}", "region": region, "instance": instance,
         "family": instance.partition(".")[0], "score": 3.0, SECONDS: second, EVENTS: float(second == ready)}
        for region, instance, ready in pairs
        for time in range(number)
        for second in (STEP, ready)
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"score": float})


KNOWN = probes(("a", "slow.large", 300.0), ("b", "fast.large", 150.0), ("a", "fast.large", 150.0))


def usual(known: pd.DataFrame, region: str, instance: str) -> float:
    return float(usual_seconds(known, probes((region, instance, 600.0), number=1), ["score"]).iloc[0])


def test_a_pair_that_was_never_probed_takes_what_its_family_took_elsewhere() -> None:
    slow, fast = usual(KNOWN, "b", "slow.xlarge"), usual(KNOWN, "b", "fast.xlarge")
    assert fast == pytest.approx(150, rel=0.15)
    assert slow > 1.4 * fast


def test_a_family_that_was_never_probed_takes_the_usual_time() -> None:
    assert usual(KNOWN, "c", "other.large") == pytest.approx(190, rel=0.15)


def test_a_single_slow_probe_tells_less_than_many() -> None:
    one, many = (
        pd.concat([KNOWN, probes(("c", "new.large", 450.0), number=number)], ignore_index=True) for number in (1, 20)
    )
    assert usual(KNOWN, "c", "new.large") < usual(one, "c", "new.large") < usual(many, "c", "new.large") < 460


def test_where_no_instance_ever_got_ready_nothing_is_learned() -> None:
    assert usual(KNOWN.assign(**{EVENTS: 0.0}), "a", "slow.large") == 0


def test_the_rows_of_a_probe_all_have_its_figure() -> None:
    table = probes(("a", "slow.large", 300.0), ("b", "fast.large", 150.0), number=2)
    found = usual_seconds(KNOWN, table, ["score"])
    assert found.index.equals(table.index)
    assert found.groupby(table["instance"]).nunique().tolist() == [1, 1]
