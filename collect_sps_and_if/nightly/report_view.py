"""The facts of a day in the words, colours and short lists that the report's templates show. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from analysis.health.night import DAYS_LOOKED_AT
from analysis.standing.standing_lines import standing_lines
from collect_sps_and_if.nightly.probe_results import ProbedPair
from collect_sps_and_if.nightly.report_facts import Facts
from collect_sps_and_if.nightly.wording.best_pairs import best_in_short, shown_pairs
from collect_sps_and_if.nightly.wording.short import first_clause, in_ranges
from collect_sps_and_if.nightly.wording.shown_moves import largest_moves, most_moved, moves_in_words
from common.counted import counted
from data_files.instance_tables import DAYS_GOOD
from data_files.market.coverage import Coverage, Gap, Hour
from data_files.market.plans import SAMPLE
from data_files.market.polled import ABSENT, OK, REFUSED, WAITING

_BEST = 5
_NEEDS = 4
_GAPS = 4
_PROBED = 3
_STANDING = 3
_LOGGED = 3

_FULL, _PART, _NONE, _NOT_DUE = "#3ebd93", "#f7c948", "#e66a6a", "#e4e7eb"


@dataclass(frozen=True)
class HourCell:
    """An hour of the strip that shows the polls of the day."""

    label: str
    title: str
    colour: str


def subject(facts: Facts, needs: Sequence[str]) -> str:
    """Give the mail's subject: the date, and the one thing that matters: what needs a person, else where to launch."""
    if needs:
        more = f" (and {len(needs) - 1} more)" if len(needs) > 1 else ""
        what = f"{first_clause(needs[0])}{more}"
    elif facts.best:
        what = f"best is {best_in_short(facts.best[0])}"
    else:
        what = _figure(facts)
    return f"Spot {facts.day.isoformat()}: {what}"


def view(facts: Facts, needs: Sequence[str]) -> dict[str, Any]:
    """Give the templates their values."""
    gaps = _gaps(facts)
    best = shown_pairs(facts.best, facts.now, _BEST)
    probed = facts.probes.pairs[:_PROBED]
    notes = [note for note in facts.logged if not note.is_error]
    return {
        "facts": facts,
        "all_needs": needs,
        "needs": needs[:_NEEDS],
        "more_needs": len(needs) - len(needs[:_NEEDS]),
        "preview": " ".join(
            [needs[0] if needs else "All is well.", *(f"{pair.instance} {pair.region}" for pair in best)]
        ),
        "best": best,
        "best_hint": _best_hint(facts),
        "moved": moves_in_words(facts),
        "strips": most_moved(facts),
        "hour_labels": [cell.label for cell in map(_hour, facts.coverage.hours)],
        "moves": largest_moves(facts.moves),
        "gaps": gaps,
        "past": _past(facts),
        "hours": [_hour(hour) for hour in facts.coverage.hours],
        "answered": _answered(facts.outcomes),
        "queries": _queries(facts),
        "probes": _probes(facts),
        "quota": _quota(facts),
        "ami": _ami(facts.ami_days_left),
        "standing": standing_lines(facts.standing)[:_STANDING],
        "more_standing": len(facts.standing[_STANDING:]),
        "tomorrow": _tomorrow(facts),
        "probed": probed,
        "more_probed": len(facts.probes.pairs) - len(probed),
        "probe_outcomes": _probe_outcomes(facts.probes.outcomes),
        "logged": notes[:_LOGGED],
        "more_logged": sum(note.count for note in notes[_LOGGED:]),
    }


def probes_of(pair: ProbedPair) -> str:
    """Say what the probes of a pair came to."""
    seconds = f" · median {pair.median_seconds:.0f} s to ready" if pair.median_seconds is not None else ""
    return f"{counted(pair.probes, 'probe')} · {pair.fulfilled} of {pair.asked} fulfilled, {pair.ready} ready{seconds}"


def _gaps(facts: Facts) -> str:
    said = [_missing(facts.coverage)]
    if facts.broken_off:
        said.append(f"{counted(facts.broken_off, 'poll')} broke off before all was saved.")
    return " ".join(said)


def _figure(facts: Facts) -> str:
    return f"{facts.coverage.done} of {facts.coverage.whole_day} polls"


def _best_hint(facts: Facts) -> str:
    if not facts.best:
        return "Nothing was polled in the last 24 hours."
    return (
        f"Best first, of {counted(len(facts.best), 'pair')} polled in 24 hours; placement score 1-10. All:"
        " python -m advise"
    )


def _past(facts: Facts) -> str:
    past, said = facts.past, []
    if past.caught_up:
        said.append(f"Scored and reported late: {in_ranges(past.caught_up)}.")
    if past.without_polls:
        said.append(f"No polls on {in_ranges(past.without_polls)}.")
    if past.in_part:
        parts = [f"{day} ({done} of {due})" for day, done, due in past.in_part]
        said.append(f"Polls of part of {', '.join(parts)}.")
    return f"Last {DAYS_LOOKED_AT} days: {' '.join(said)}" if said else ""


def _queries(facts: Facts) -> str:
    said = []
    if facts.queries_refused:
        said.append(f"AWS refused {counted(facts.queries_refused, 'query', 'queries')}")
    elif facts.outcomes[REFUSED]:
        said.append("AWS refused some")
    if facts.queries_failed:
        said.append(f"{counted(facts.queries_failed, 'query', 'queries')} failed")
    if waited := facts.outcomes[WAITING]:
        said.append(f"{counted(waited, 'score')} waited for a place of the quota")
    return "; ".join(said) or "none was refused, none failed"


def _missing(coverage: Coverage) -> str:
    if not coverage.due:
        return "None was due."
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
    if not rows:
        return "none asked"
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


def _tomorrow(facts: Facts) -> str:
    day = facts.day + timedelta(days=1)
    if not facts.tomorrow:
        return f"There is no plan for {day.isoformat()} yet."
    regions = sum(planned.regions for planned in facts.tomorrow)
    sampled = sum(planned.origin == SAMPLE for planned in facts.tomorrow)
    return (
        f"{counted(len(facts.tomorrow), 'instance type')}, {counted(regions, 'pair')} every ten minutes on"
        f" {day.isoformat()}; {sampled} of the types sampled at random."
    )


def _probe_outcomes(outcomes: Mapping[str, int]) -> str:
    by_count = sorted(outcomes.items(), key=lambda item: (-item[1], item[0]))
    return f"Spot requests: {', '.join(f'{count} {outcome}' for outcome, count in by_count) or 'none ended yet'}."
