"""Which of AWS's prices are changes that the files do not have yet. Pure."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from data_files.market.spot_prices import PriceChange

_PriceBefore = Callable[[PriceChange], float | None]
"""Gives the price that the files have for a change's zone and type just before it; None: they have none."""


def changes(
    points: Iterable[PriceChange], complete_until: datetime | None, price_before: _PriceBefore
) -> Iterator[PriceChange]:
    """Give the points, oldest first, at which a price differs from the one before: the first known price does too.

    The files have everything up to complete_until, so points up to there only tell what the price was. AWS lists a
    price anew, with a new time, though it has not changed: that is no change.
    """
    newest: dict[tuple[str, str], float | None] = {}
    for point in points:
        series = point.az, point.instance
        is_known = complete_until is not None and point.time <= complete_until
        if not is_known:
            before = newest[series] if series in newest else price_before(point)
            if point.usd != before:
                yield point
        newest[series] = point.usd
