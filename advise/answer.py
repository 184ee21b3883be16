"""What one call answers: the best pairs, and what was missing or could not be read."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from advise.document import advice_document
from advise.names import check_names
from advise.table import advice_table
from analysis.advice.pair_advice import PairAdvice
from analysis.advice.pairs import advise
from analysis.reading import NotingReader, Troubles
from common.counted import ago
from common.errors import Refusal
from common.exit_code import DONE, IN_PART
from common.run_log import tell_on_stderr
from common.terminal import print_result
from data_files.market import polls


def print_advice(
    home: Path, now: datetime, types: Sequence[str], regions: Sequence[str], count: int, *, as_json: bool
) -> int:
    """Print the best pairs at a moment, count at most, and give the exit code.

    Raises Refusal for names that nobody knows, and where there is nothing to go by.
    """
    reader = NotingReader(home, Troubles())
    pairs = advise(reader, now, types, regions)
    check_names(types, regions, pairs, reader, now)
    if as_json:
        print_result(advice_document(pairs[:count], now))
    elif pairs:
        print_result(advice_table(pairs[:count], len(pairs), now))
    if not pairs:
        raise Refusal(_what_is_missing(reader, now, types, regions))
    missing = [*reader.troubles.lines, *_without_data(types, pairs)]
    if missing:
        tell_on_stderr("; ".join(dict.fromkeys(missing)))
    return IN_PART if missing else DONE


def _without_data(types: Sequence[str], pairs: Sequence[PairAdvice]) -> list[str]:
    found = {pair.instance for pair in pairs}
    return [f"nothing was measured yet of {name}" for name in types if name not in found]


def _what_is_missing(reader: NotingReader, now: datetime, types: Sequence[str], regions: Sequence[str]) -> str:
    moments = [poll.time for poll in reader.rows(polls.FILE, polls.FILE.path(reader.home)) if poll.time <= now]
    where = f" in {' '.join(regions)}" if regions else ""
    if types:
        return f"nothing was measured yet of {' '.join(types)}{where}: WATCH_TYPES has types polled every day"
    if not moments:
        return f"no poll has left anything under {reader.home} yet: python -m collect_sps_and_if makes one"
    last = ago((now - max(moments)).total_seconds())
    return f"nothing was polled{where} in the last 24 hours, and the last poll was {last}: does cron run? name a TYPE"
