"""Keeps what the Spot Instance Advisor publishes, whenever it changes, and gives what holds now."""

import json
import logging
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from collect_sps_and_if.advisor_answer import INDEXES, Advice, Listing, read_answer
from collect_sps_and_if.advisor_fetch import Fetched, Validators, fetch
from collect_sps_and_if.tables import INTERRUPTION_FREQUENCY, Tables
from common import csv_file, durable_file
from common.clock import iso
from common.dated_files import dated_files

log = logging.getLogger(__name__)

_FREQUENCY = re.compile(r"[0-4]")
_PERCENT = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class Answer:
    """The listing that holds now; new is what the advisor sent, None if its last answer still holds."""

    listing: Listing
    new: Fetched | None


def ask_advisor(url: str, tables: Tables) -> Answer:
    """Ask the advisor for its listing; an unchanged one costs a 304. Writes nothing.

    Raises NotFetched or SenselessAnswer if it cannot be had.
    """
    validators, listing = _remembered(tables, url)
    fetched = fetch(url, validators if listing else Validators())
    return Answer(read_answer(fetched.body), fetched) if fetched else Answer(listing, None)


def keep(answer: Answer, url: str, tables: Tables, now: datetime) -> None:
    """Store a listing that is not the one stored last; remember what the next GET is made with. Raises Unwritable."""
    if answer.new is None:
        return
    _, remembered = _remembered(tables, url)
    if answer.listing != (remembered or _last_stored(tables)):
        _store(tables, answer.listing, now)
    _remember(tables, url, answer.new, answer.listing)


def _store(tables: Tables, listing: Listing, now: datetime) -> None:
    rows = [
        (iso(now), region, instance, advice.interruption_frequency, advice.savings)
        for (region, instance), advice in sorted(listing.items())
    ]
    csv_file.append(tables.interruption_frequency(now.date()), INTERRUPTION_FREQUENCY, rows)
    log.info("the advisor published a new listing of %d pairs", len(listing))


def _remember(tables: Tables, url: str, fetched: Fetched, listing: Listing) -> None:
    # After the rows are on disk: a crash between the two makes the next poll ask and compare again, and lose nothing.
    pairs = [
        (region, instance, advice.interruption_frequency, advice.savings)
        for (region, instance), advice in listing.items()
    ]
    state = {"url": url, **asdict(fetched.validators), "pairs": pairs}
    durable_file.replace(tables.advisor_state, json.dumps(state))


def _remembered(tables: Tables, url: str) -> tuple[Validators, Listing]:
    try:
        state: dict[str, Any] = json.loads(tables.advisor_state.read_bytes())
        listing = dict(map(_advised_pair, state["pairs"]))
        if state["url"] != url:
            return Validators(), {}
        return Validators(str(state["etag"]), str(state["last_modified"])), listing
    except FileNotFoundError:
        return Validators(), {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        log.warning("%s cannot be read (%s): the advisor is asked for all of it", tables.advisor_state, error)
        return Validators(), {}


def _last_stored(tables: Tables) -> Listing:
    files = dated_files(tables.data / "interruption_frequency")
    last_time = ""
    listing: Listing = {}
    for row in csv_file.read(files[-1][1]) if files else ():
        if not set(INTERRUPTION_FREQUENCY) <= row.keys():
            return {}  # no listing of ours: what the advisor sent is stored, whatever stands there
        if row["time"] != last_time:
            last_time, listing = row["time"], {}
        if _FREQUENCY.fullmatch(row["if"]):
            savings = int(row["savings"]) if _PERCENT.fullmatch(row["savings"]) else None
            listing[row["region"], row["instance"]] = Advice(int(row["if"]), savings)
    return listing


def _advised_pair(pair: Any) -> tuple[tuple[str, str], Advice]:
    region, instance, index, savings = pair
    is_known = type(index) is int and index in INDEXES and (savings is None or type(savings) is int)
    if not (isinstance(region, str) and isinstance(instance, str) and is_known):
        raise ValueError(f"{pair!r:.200} is no advice on a pair")
    return (region, instance), Advice(index, savings)
