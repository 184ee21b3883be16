"""Join each probe with what was known when its request was made, never with what became known later."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from collect_launch_time.dataset.as_of import IF, SAVINGS, SPS, Knowledge
from collect_launch_time.dataset.recorded_probes import Probe
from data_files import instance_tables
from data_files.launches.training_table import TrainingRow


def join(probes: Iterable[tuple[float, Probe]], knowledge: Knowledge) -> Iterator[TrainingRow]:
    """Give the table's rows, one per probe and look; the probes must be ordered by the moment of their request."""
    for moment, probe in probes:
        knowledge.advance(moment)
        known = (*_of_request(moment, probe), *_of_market(moment, probe, knowledge))
        for look in probe.looks:
            yield TrainingRow._make((*known, *look))


def _of_request(moment: float, probe: Probe) -> tuple[Any, ...]:
    family, _, size = probe.instance.partition(".")
    utc = datetime.fromtimestamp(moment, UTC)
    return (
        probe.request_time,
        probe.region,
        probe.instance,
        family,
        size,
        instance_tables.family_arch().get(family),
        instance_tables.vcpus().get(probe.instance),
        probe.instance_count,
        utc.hour,
        utc.weekday(),
    )


def _of_market(moment: float, probe: Probe, knowledge: Knowledge) -> tuple[Any, ...]:
    score, frequency, savings = (
        knowledge.of(probe.region, probe.instance, quantity, moment) for quantity in (SPS, IF, SAVINGS)
    )
    return (
        score.value,
        _rounded(score.age_seconds),
        score.changes,
        frequency.value,
        _rounded(frequency.age_seconds),
        frequency.changes,
        savings.value,
    )


def _rounded(seconds: float | None) -> float | None:
    # To milliseconds, like all times in the files.
    return None if seconds is None else round(seconds, 3)
