"""Where to launch: all that was measured of the pairs, best first."""

from collections.abc import Collection, Mapping
from datetime import datetime

from analysis.advice.cheapest_zone import cheapest_prices
from analysis.advice.listing import newest_listing
from analysis.advice.newest_scores import RECENT, NewestPolled, newest_polled
from analysis.advice.pair_advice import PairAdvice
from analysis.advice.ranking import best_first
from analysis.advice.readiness import NEVER_PROBED, Readiness, measured_readiness
from analysis.reading import NotingReader
from analysis.standing.pair_standing import pair_standing
from data_files.market.advisor import AdvisedRow
from data_files.market.polled import Pair


def advise(
    reader: NotingReader,
    now: datetime,
    types: Collection[str] = (),
    regions: Collection[str] = (),
    measured: Mapping[Pair, Readiness] | None = None,
) -> list[PairAdvice]:
    """Give what the files say of pairs at a moment, best first; what was written later does not count.

    Without types: of all pairs polled in the 24 hours before. With types: of all of these that were ever polled, were
    probed in the last 14 days, or are listed by the advisor in a Region that is polled. regions: only those of these.
    measured: what measured_readiness gives of the same, if that is known.
    """
    polled = newest_polled(reader, now, types)
    readiness = measured_readiness(reader, now, types) if measured is None else measured
    listing = {(row.region, row.instance): row for row in newest_listing(reader, now)}
    pairs = polled.recent
    if types:
        nearby = set(regions) or polled.regions
        listed = {pair for pair in listing if pair[1] in types and (not nearby or pair[0] in nearby)}
        pairs = polled.named | set(readiness) | listed
    wanted = {pair for pair in pairs if not regions or pair[0] in regions}
    prices = cheapest_prices(reader, now, wanted)
    standing = pair_standing(reader, now, now - RECENT)
    return best_first(
        (
            PairAdvice(
                *pair,
                score=polled.scores.get(pair),
                interruption_frequency=_frequency(pair, polled, listing.get(pair)),
                savings=listing[pair].savings if pair in listing else None,
                price=prices.get(pair),
                readiness=readiness.get(pair, NEVER_PROBED),
                standing=standing.get(pair, ()),
            )
            for pair in wanted
        ),
        now,
    )


def _frequency(pair: Pair, polled: NewestPolled, listed: AdvisedRow | None) -> int | None:
    """Give the newest known one: of the polls, or of the advisor's listing."""
    seen = polled.frequencies.get(pair)
    if listed is None or listed.interruption_frequency is None or (seen and listed.time <= seen.time):
        return seen.index if seen else None
    return listed.interruption_frequency
