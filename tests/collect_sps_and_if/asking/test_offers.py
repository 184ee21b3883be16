"""What is offered is asked within a time, whatever answers or does not."""

import re
import threading

import pytest

from collect_sps_and_if.asking import offers
from collect_sps_and_if.asking.offers import NoOffers, OfferedTypes
from common.aws.regions import Regions


@pytest.mark.parametrize("what", ["regions_to_ask", "_types_of"])
def test_what_hangs_is_no_answer_when_the_time_is_over(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(offers, "aws_client", lambda *_: None)
    monkeypatch.setattr(offers, "regions_to_ask", lambda *_: Regions(("us-east-1",), ()))
    monkeypatch.setattr(offers, what, lambda *_: never.wait())
    with pytest.raises(NoOffers, match="no answer within"):
        OfferedTypes("us-east-1", (), re.compile(".*"), seconds=0.2)()
    never.set()
