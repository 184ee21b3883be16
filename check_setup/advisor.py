"""Whether the Spot Instance Advisor's file can be had, and still looks as we know it."""

from collections.abc import Iterator

import configs
from check_setup.finding import Finding, fine, to_do
from collect_sps_and_if.asking.advisor_answer import SenselessAdvice, read_answer
from collect_sps_and_if.asking.advisor_fetch import NotFetched, Validators, fetch_listing


def check_advisor() -> Iterator[Finding]:
    """Fetch the file once."""
    try:
        fetched = fetch_listing(configs.ADVISOR_URL, Validators())
        listing = read_answer(fetched.body if fetched else b"")
    except (NotFetched, SenselessAdvice) as reason:
        yield to_do("interruption frequency", f"{configs.ADVISOR_URL}: {reason}; check the network and ADVISOR_URL")
    else:
        yield fine("interruption frequency", f"the advisor lists {len(listing)} pairs")
