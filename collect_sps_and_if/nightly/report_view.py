"""The facts of a day in the words, colours and short lists that the report's templates show. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from collect_sps_and_if.nightly.day_moves import Move, Moves
from collect_sps_and_if.nightly.heat_map import shade
from collect_sps_and_if.nightly.probe_results import ProbedPair
from collect_sps_and_if.nightly.report_facts import Facts
from collect_sps_and_if.nightly.standing_lines import standing_lines
from common.counted import counted
from data_files.cells import INTERRUPTION_RANGES
from data_files.instance_tables import DAYS_GOOD
from data_files.market.coverage import Coverage, Gap, Hour
from data_files.market.plans import SAMPLE, TOP
from data_files.market.polled import ABSENT, OK, OUTCOMES
from data_files.market.scores import Score

TOP_SCORES = 10
_GAPS = 5
_SCORE_MOVES = 8
_FREQUENCY_MOVES = 4
_LOGGED = 20

_FULL, _PART, _NONE, _NOT_DUE = "#3ebd93", "#f7c948", "#e66a6a", "#e4e7eb"


@dataclass(frozen=True)
class TopScore:
    """A row of the table of scores, in the colours of the heat map."""

    score: Score
    background: str
    ink: str


@dataclass(frozen=True)
class HourCell:
    """An hour of the strip that shows the polls of the day."""

    label: str
    title: str
    colour: str


@dataclass(frozen=True)
class ShownMove:
    """A move in words."""

    time: str
    instance: str
    region: str
    what: str
    before: str
    after: str
    is_better: bool


def subject(facts: Facts, needs: Sequence[str]) -> str:
    """Give the mail's subject: the date, and the polls done."""
    figure = f"{facts.coverage.done} of {facts.coverage.whole_day} polls"
    return f"Spot {facts.day.isoformat()}: {figure}{', needs a look' if needs else ''}"


def view(facts: Facts, needs: Sequence[str]) -> dict[str, Any]:
    """Give the templates their values."""
    top = top_scores(facts.scores)
    gaps = _gaps(facts)
    first = f"Most moved {top[0].score.instance} in {top[0].score.region}." if top else ""
    return {
        "facts": facts,
        "needs": needs,
        "preview": f"{gaps} {needs[0] if needs else 'Nothing needs you.'} {first}",
        "gaps": gaps,
        "hours": [_hour(hour) for hour in facts.coverage.hours],
        "answered": _answered(facts.outcomes),
        "outcomes": " · ".join(f"{outcome} {facts.outcomes[outcome]:,}" for outcome in OUTCOMES),
        "probes": _probes(facts),
        "quota": _quota(facts),
        "ami": _ami(facts.ami_days_left),
        "top": top,
        "moved": _moved(facts),
        "moves": _largest(facts.moves),
        "standing": standing_lines(facts.standing),
        "tomorrow": _tomorrow(facts),
        "carried": [planned for planned in facts.tomorrow if planned.origin == TOP],
        "sampled": [planned for planned in facts.tomorrow if planned.origin == SAMPLE],
        "probe_outcomes": _probe_outcomes(facts.probes.outcomes),
        "logged": [note for note in facts.logged if not note.is_error][:_LOGGED],
    }


def top_scores(scores: Sequence[Score]) -> list[TopScore]:
    """Give the highest scores, coloured by their share of the highest; none where nothing changed."""
    best = [score for score in scores[:TOP_SCORES] if score.score]
    return [TopScore(score, *shade(score.score / best[0].score)) for score in best]


def probes_of(pair: ProbedPair) -> str:
    """Say what the probes of a pair came to."""
    seconds = f" · median {pair.median_seconds:.0f} s to ready" if pair.median_seconds is not None else ""
    return f"{counted(pair.probes, 'probe')} · {pair.fulfilled} of {pair.asked} fulfilled, {pair.ready} ready{seconds}"


def _gaps(facts: Facts) -> str:
    said = [_missing(facts.coverage)]
    if facts.broken_off:
        said.append(f"{counted(facts.broken_off, 'poll')} broke off before all was saved.")
    if facts.queries_failed:
        said.append(f"{counted(facts.queries_failed, 'query', 'queries')} failed.")
    return " ".join(said)


def _missing(coverage: Coverage) -> str:
    if not coverage.gaps:
        return "None is missing." if coverage.due == coverage.whole_day else "None is missing so far."
    more = f" and {counted(len(coverage.gaps) - _GAPS, 'more gap')}" if len(coverage.gaps) > _GAPS else ""
    longest = sorted(sorted(coverage.gaps, key=lambda gap: -gap.polls)[:_GAPS], key=lambda gap: gap.first)
    return f"Missing: {', '.join(map(_gap, longest))}{more}."


def _gap(gap: Gap) -> str:
    if gap.polls == 1:
        return f"{gap.first:%H:%M}"
    return f"{gap.first:%H:%M}–{gap.last:%H:%M} ({gap.polls})"


def _hour(hour: Hour) -> HourCell:
    colour = _NOT_DUE if not hour.due else _FULL if hour.done == hour.due else _PART if hour.done else _NONE
    label = f"{hour.start:%H}" if hour.start.hour % 6 == 0 else ""
    return HourCell(label, f"{hour.start:%H:%M}: {hour.done} of {hour.due} polls", colour)


def _answered(outcomes: Mapping[str, int]) -> str:
    rows = sum(outcomes.values())
    per_mille = (outcomes[OK] + outcomes[ABSENT]) * 1000 // rows  # rounded down: 100 % is said of all only
    return f"{per_mille / 10:g} %"


def _probes(facts: Facts) -> str:
    not_counted = facts.probes.not_counted
    if not facts.probes.probes:
        return f"{counted(not_counted, 'probe')}, none told readiness" if not_counted else "none that day"
    ready, asked = (sum(getattr(pair, field) for pair in facts.probes.pairs) for field in ("ready", "asked"))
    more = f"; {not_counted} more told no readiness" if not_counted else ""
    return f"{counted(facts.probes.probes, 'probe')}, {ready} of {asked} instances ready{more}"


def _quota(facts: Facts) -> dict[str, str]:
    settings, used = facts.health.settings, facts.health.places_used
    if used is None:
        return {"figure": "unknown", "hint": "its record cannot be read"}
    count = used[settings.endpoint_region]
    free = max(0, settings.configuration_limit - count)
    return {"figure": f"{count} of {settings.configuration_limit}", "hint": f"{free} free"}


def _ami(days_left: int | None) -> dict[str, str]:
    if days_left is None:
        return {"figure": "empty", "hint": "nothing can be probed"}
    if days_left <= 0:
        return {"figure": "old", "hint": f"AMIs are deprecated after {DAYS_GOOD} days"}
    return {"figure": counted(days_left, "day"), "hint": "until its AMIs are deprecated"}


def _moved(facts: Facts) -> str:
    moves = facts.moves.placement_score
    frequencies = f"{counted(len(facts.moves.frequency), 'change')} of the interruption frequency"
    if not moves:
        return f"No placement score changed; {frequencies}."
    pairs = len({(move.region, move.instance) for move in moves})
    hour, most = Counter(move.time.replace(minute=0, second=0, microsecond=0) for move in moves).most_common(1)[0]
    return (
        f"{counted(len(moves), 'change')} of the placement score in {pairs} of {counted(len(facts.scores), 'pair')},"
        f" most from {hour:%H:%M} to {hour + timedelta(hours=1):%H:%M} ({most}); {frequencies}."
    )


def _largest(moves: Moves) -> list[ShownMove]:
    largest = sorted(moves.placement_score, key=lambda move: -move.size)[:_SCORE_MOVES]
    rarest = sorted(moves.frequency, key=lambda move: -move.size)[:_FREQUENCY_MOVES]
    shown = [(move.time, _score_move(move)) for move in largest]
    shown += [(move.time, _frequency_move(move)) for move in rarest]
    return [move for _, move in sorted(shown, key=lambda timed: timed[0])]


def _score_move(move: Move) -> ShownMove:
    values = str(move.before), str(move.after)
    return ShownMove(f"{move.time:%H:%M}", move.instance, move.region, "score", *values, move.after > move.before)


def _frequency_move(move: Move) -> ShownMove:
    values = INTERRUPTION_RANGES[move.before], INTERRUPTION_RANGES[move.after]
    return ShownMove(f"{move.time:%H:%M}", move.instance, move.region, "interrupted", *values, move.after < move.before)


def _tomorrow(facts: Facts) -> str:
    day = facts.day + timedelta(days=1)
    if not facts.tomorrow:
        return f"There is no plan for {day.isoformat()} yet."
    regions = sum(planned.regions for planned in facts.tomorrow)
    return (
        f"{counted(len(facts.tomorrow), 'instance type')}, {counted(regions, 'pair')} every ten minutes on"
        f" {day.isoformat()}. Beside each type: its number of Regions."
    )


def _probe_outcomes(outcomes: Mapping[str, int]) -> str:
    by_count = sorted(outcomes.items(), key=lambda item: (-item[1], item[0]))
    return f"Spot requests: {', '.join(f'{count} {outcome}' for outcome, count in by_count) or 'none ended yet'}."
