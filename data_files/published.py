"""What of the collected files may be published, and as what: a table that is to join them is one line here.

Left out whole: the journal and the selections (ids of requests and instances), the configurations (an account's use of
its quota), standing queries and their scores (named in the user's own words), mails, notices, and init_score.csv
(derived from SpotLake's data, which has a licence of its own).
"""

from dataclasses import dataclass
from typing import Any

from data_files.cells import DATE
from data_files.csv_table import Column, DatedFiles, SingleFile
from data_files.launches import instances, looks, probes, refused_pairs, spending
from data_files.market import advisor, plans, polled, polls, scores, spot_prices

FILE_DATE = Column(
    "date",
    DATE,
    "the local date of the collecting machine, by which days are planned and scored; times are in UTC",
    is_needed=True,
)
"""Stands before the columns of each collected table: a plan or a score says nowhere else which day it is of."""


@dataclass(frozen=True)
class PublishedTable:
    """A collected table as it is published."""

    name: str
    row: str
    """What one row is."""
    files: DatedFiles[Any] | SingleFile[Any]
    withheld: tuple[Column, ...] = ()
    """Columns that name what belongs to an account, or hold words of AWS's that may."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Give the columns of the files that are published."""
        return tuple(column for column in self.files.columns if column not in self.withheld)


PUBLISHED = (
    PublishedTable("polled_scores", "a planned (Region, instance type) pair at a poll", polled.FILES),
    PublishedTable("interruption_frequency", "a pair in the advisor's listing, whenever that changed", advisor.FILES),
    PublishedTable("daily_scores", "a pair's changes on a day", scores.FILES),
    PublishedTable("plans", "a placement-score query of a day's plan", plans.FILES),
    PublishedTable("polls", "a poll", polls.FILE),
    PublishedTable("spot_prices", "a change of a spot price, by zone", spot_prices.FILES),
    PublishedTable(
        "prices_fetched", "a pair, and up to when its changes are all in `spot_prices`", spot_prices.FETCHED
    ),
    PublishedTable("looks", "a launch-time probe at a look", looks.FILES),
    PublishedTable("probes", "a launch-time probe that has ended", probes.FILES),
    PublishedTable(
        "instances",
        "a spot request of a probe",
        instances.FILES,
        (instances.REQUEST_ID, instances.INSTANCE_ID, instances.REASON),
    ),
    PublishedTable("spending", "what a probe cost", spending.FILES),
    PublishedTable(
        "refused_pairs",
        "a pair, or a Region, where AWS can never grant this account a request",
        refused_pairs.FILES,
        (refused_pairs.REASON,),
    ),
)


def name_of(files: DatedFiles[Any] | SingleFile[Any]) -> str:
    """Give the name under which a table is published. Raises StopIteration for one that is not."""
    return next(table.name for table in PUBLISHED if table.files == files)
