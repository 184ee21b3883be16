from collections.abc import Iterator
from pathlib import Path

import pytest

from local_aws.mail.certificate import Certificate
from tests import mail_server as moods
from tests.collect_sps_and_if.polling import MIDNIGHT, Polling
from tests.mail_server import Mailbox, mail_server
from tests.stand_in import StandIn


@pytest.fixture
def aws(aws: StandIn) -> StandIn:
    """A local AWS at midnight."""
    aws.control.set_clock(MIDNIGHT)
    return aws


@pytest.fixture
def polling(aws: StandIn, tmp_path: Path) -> Polling:
    return Polling(aws, tmp_path)


@pytest.fixture
def certificate(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    made = moods.good_certificate(tmp_path_factory.mktemp("certificate"))
    monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    return made


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(mailbox: Mailbox, certificate: Certificate) -> Iterator[int]:
    with mail_server(mailbox, certificate) as port:
        yield port
