"""Keeps what the Spot Instance Advisor publishes, whenever it changes, and gives what holds now."""

import hashlib
import json
import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from collect_sps_and_if.asking.advisor_answer import INDEXES, Advice, Listing, UnknownRanges, read_answer
from collect_sps_and_if.asking.advisor_fetch import Fetched, Validators, fetch_listing
from common.files import durable_file
from data_files.market import advisor
from data_files.market.advisor import AdvisedRow

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CurrentListing:
    """The listing that holds now; new is what the advisor sent, None if its last answer still holds."""

    listing: Listing
    new: Fetched | None


def ask_advisor(url: str, home: Path) -> CurrentListing:
    """Ask the advisor for its listing; an unchanged one costs a 304. Writes nothing.

    Raises NotFetched or SenselessAdvice if it cannot be had.
    """
    validators, listing = _remembered(home, url)
    fetched = fetch_listing(url, validators if listing else Validators())
    return CurrentListing(read_answer(fetched.body), fetched) if fetched else CurrentListing(listing, None)


def keep_listing(answer: CurrentListing, url: str, home: Path, now: datetime) -> None:
    """Store a listing that is not the one stored last; remember what the next GET is made with. Raises Unwritable."""
    if answer.new is None:
        return
    _, remembered = _remembered(home, url)
    if answer.listing != (remembered or _last_stored(home)):
        _store(home, answer.listing, now)
    _remember(home, url, answer.new, answer.listing)


def keep_refused(refused: UnknownRanges, home: Path, now: datetime) -> Path:
    """Keep a file whose scale is unknown, the first of a day, and give its path: some day a person may read it.

    Raises Unwritable.
    """
    path = home / advisor.FILES.folder / f"refused-{now:%Y-%m-%d}.json"
    if not path.exists():
        durable_file.replace(path, refused.body)
    return path


def _store(home: Path, listing: Listing, now: datetime) -> None:
    rows = [
        AdvisedRow(now, region, instance, advice.interruption_frequency, advice.savings)
        for (region, instance), advice in sorted(listing.items())
    ]
    advisor.FILES.append(advisor.FILES.path(home, now.date()), rows)
    log.info("the advisor published a new listing of %d pairs", len(listing))


def _remember(home: Path, url: str, fetched: Fetched, listing: Listing) -> None:
    # After the rows are on disk: a crash between the two makes the next poll ask and compare again, and lose nothing.
    pairs = [
        (region, instance, advice.interruption_frequency, advice.savings)
        for (region, instance), advice in listing.items()
    ]
    # Of its address only what tells it from another: it may hold a password.
    state = {"url": _digest(url), **asdict(fetched.validators), "pairs": pairs}
    durable_file.replace(_state(home), json.dumps(state))


def _remembered(home: Path, url: str) -> tuple[Validators, Listing]:
    try:
        state: dict[str, Any] = json.loads(_state(home).read_bytes())
        listing = dict(map(_advised_pair, state["pairs"]))
        if state["url"] != _digest(url):
            return Validators(), {}
        return Validators(str(state["etag"]), str(state["last_modified"])), listing
    except FileNotFoundError:
        return Validators(), {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        log.warning("%s cannot be read (%s): the advisor is asked for all of it", _state(home), error)
        return Validators(), {}


def _last_stored(home: Path) -> Listing:
    return {
        (row.region, row.instance): Advice(row.interruption_frequency, row.savings)
        for row in advisor.last_listing(home)
        if row.interruption_frequency is not None
    }


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def _state(home: Path) -> Path:
    """Give the file of what is remembered of the last answer, for the next conditional GET."""
    return home / advisor.FILES.folder / "latest.json"


def _advised_pair(pair: Any) -> tuple[tuple[str, str], Advice]:
    region, instance, index, savings = pair
    is_known = type(index) is int and index in INDEXES and (savings is None or type(savings) is int)
    if not (isinstance(region, str) and isinstance(instance, str) and is_known):
        raise ValueError(f"{pair!r:.200} is no advice on a pair")
    return (region, instance), Advice(index, savings)
