"""A HOME in which collecting goes well at NOW, to spoil one thing of; everything in it is in UTC."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from analysis.health.figures import Health, HealthSettings, health
from data_files.launches import journal, spending
from data_files.launches.journal import Entry
from data_files.launches.spending import SpendingRow
from data_files.market import configurations, mailed, polled, polls, scores, spot_prices
from data_files.market.configurations import ConfigurationUse
from data_files.market.polled import OK, PolledRow
from data_files.market.polls import PollRow
from data_files.market.scores import Score
from data_files.market.spot_prices import PriceChange
from tests.time_zone import in_zone

NOW = datetime(2026, 3, 3, 12, 3, tzinfo=UTC)
SETTINGS = HealthSettings(50, "us-east-1", 5.0, 600)
PAIRS = [("eu-west-1", "m5.large"), ("us-east-1", "m5.large"), ("us-east-1", "c5.large")]
SLOT = timedelta(minutes=10)


def judged(home: Path, now: datetime = NOW) -> Health:
    with in_zone("UTC"):
        return health(home, now, SETTINGS)


def write_healthy(
    home: Path,
    days: int = 2,
    is_done: Callable[[datetime], bool] = lambda _: True,
    outcome: Callable[[datetime, int], str] = lambda *_: OK,
    refused: int | None = 0,
) -> Path:
    """Write polls of some days and of today until NOW, with what else is left by a collection that goes well.

    is_done says of a poll whether it was done, outcome what became of a score at a poll by the number of its pair.
    """
    first = datetime.combine(NOW.date() - timedelta(days=days), datetime.min.time(), UTC)
    times = [first + SLOT * number for number in range(days * 144 + 73)]
    done = [time for time in times if is_done(time)]
    polls.FILE.append(polls.FILE.path(home), [PollRow(time, 2, 0, 3, 1.5, refused, 0) for time in done])
    for day in sorted({time.date() for time in done}):
        of_day = [time for time in done if time.date() == day]
        rows = [row for time in of_day for row in _rows(time, outcome)]
        polled.FILES.append(polled.FILES.path(home, day), rows)
        uses = [ConfigurationUse(time, "us-east-1", "m5.large", ("eu-west-1", "us-east-1"), 10) for time in of_day]
        configurations.FILES.append(configurations.FILES.path(home, day), uses)
        if day < NOW.date():
            scores.FILES.replace(scores.FILES.path(home, day), [Score("us-east-1", "m5.large", 1.0, 0.0, 1 / 3)])
    change = PriceChange(NOW - timedelta(minutes=50), "us-east-1", "use1-az1", "m5.large", 0.05)
    spot_prices.append_changes(home, [change])
    return home


def _rows(time: datetime, outcome: Callable[[datetime, int], str]) -> list[PolledRow]:
    outcomes = [outcome(time, number) for number in range(len(PAIRS))]
    return [
        PolledRow(time, *pair, 3 if word == OK else None, 1, word, 10)
        for pair, word in zip(PAIRS, outcomes, strict=True)
    ]


def begin_probe(home: Path, at: datetime) -> Entry:
    """Write what a probe leaves whose run dies at once."""
    entry = Entry(journal.new_token(), "us-east-1", "m5.large", 2, at)
    journal.write(home, journal.INTENDED, entry, at)
    return entry


def spend(home: Path, at: datetime, usd: float, volumes_usd: float = 0.0) -> None:
    row = SpendingRow(at, "us-east-1", "m5.large", 2, 60.0, usd, volumes_usd, 0.0)
    spending.FILES.append(spending.FILES.path(home, at.date()), [row])


def leave_letter(home: Path, day: date) -> str:
    """Lay out a report that no server has taken, and give its Message-ID."""
    message_id = f"<{day}.1@spot-collector.invalid>"
    path = home / mailed.UNSENT / f"{day}.eml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(f"Subject: Spot\r\nMessage-ID: {message_id}\r\n\r\nMessage-ID: <of a body>\r\n".encode())
    return message_id
