"""The one place where AWS credentials are got: once, at the start, with one line for people about whatever goes wrong.

The chain is botocore's (profiles, AWS_ variables, SSO, credential_process, web identity, roles to assume, the metadata
service of an instance or container). Its failures have many types, some of them not botocore's own; each means that
there are no credentials, and only a person can mend it.
"""

from __future__ import annotations

import functools
import getpass
import logging
import os
import re
import ssl
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import botocore.exceptions as failures
import botocore.session

from common.aws.no_credentials import HOLDS_STRAY_CHARACTER, RENEWAL, named_sources, of_profile, why_no_credentials
from common.errors import Refusal
from common.redaction import keep_secret
from common.side_by_side import in_time

log = logging.getLogger(__name__)

# An instance's metadata service is slow at the first try now and then; botocore asks once, for a second.
_METADATA_ATTEMPTS = 4
_METADATA_SECONDS = 2
# A log-in service or a credential_process that hangs must not hold up the run; a person may type in a code meanwhile.
_CHAIN_SECONDS = 90

# A value copied with its line end, with a blank, or with its quotes; no header may hold the first two.
_NOT_IN_A_KEY = re.compile(r"[^\x21-\x7e]|[\"']")


@functools.cache
def aws_session() -> botocore.session.Session:
    """Give the session that all clients are made from. Raises Refusal with one line that says what to do.

    botocore's own: to load boto3 around it takes 27 ms of CPU more, at each start of each program.
    """
    try:
        session, frozen = in_time(_CHAIN_SECONDS, _go_through_the_chain)
    except Refusal:
        raise
    except Exception as error:
        raise Refusal(why_no_credentials(error)) from error
    parts = {
        "access key id": frozen.access_key,
        "secret access key": frozen.secret_key,
        "session token": frozen.token,
    }
    keep_secret(*(str(value) for value in parts.values() if value))
    for what, value in parts.items():
        if not isinstance(value, str | None) or (not value and what != "session token"):
            raise Refusal(
                f"the AWS {what}{of_profile()} is no text, or empty: {named_sources()} gives what is no credentials"
            )
        if value and _NOT_IN_A_KEY.search(value):
            raise Refusal(f"the AWS {what} {HOLDS_STRAY_CHARACTER}")
    return session


def renew_at_next_call() -> None:
    """Let the next call get the credentials anew, where the chain can: AWS says that they ended before their time.

    botocore gives those of an instance's role more time than AWS does. Without new ones the old ones are kept.
    """
    credentials: Any = aws_session().get_credentials()
    if getattr(credentials, "_expiry_time", None) is None:
        return
    # Near enough for an attempt, and too far for botocore to raise what comes of it.
    seconds = (credentials._advisory_refresh_timeout + credentials._mandatory_refresh_timeout) / 2
    soon = credentials._time_fetcher() + timedelta(seconds=seconds)
    credentials._expiry_time = min(credentials._expiry_time, soon)


def _go_through_the_chain() -> tuple[botocore.session.Session, Any]:
    session = botocore.session.Session()
    _refuse_unusable_certificates(session)
    _be_patient_with_metadata(session)
    _ask_for_codes_only_at_a_terminal(session)
    credentials = session.get_credentials()
    if credentials is None:
        raise Refusal(
            "no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this"
            " machine a role (if it has one: its metadata service gave none, asked several times)"
        )
    _guard_renewal(credentials)
    return session, credentials.get_frozen_credentials()


def _refuse_unusable_certificates(session: botocore.session.Session) -> None:
    # botocore would say, ten attempts later, that AWS cannot be reached.
    path = session.get_config_variable("ca_bundle")
    if not path:
        return
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:  # ssl.SSLError is one
        raise Refusal(
            f"AWS_CA_BUNDLE (ca_bundle in AWS's configuration file) names {path}, which is no readable file of"
            f" certificates: {error.strerror or error}"
        ) from error


def _be_patient_with_metadata(session: botocore.session.Session) -> None:
    for name, variable, value in (
        ("metadata_service_num_attempts", "AWS_METADATA_SERVICE_NUM_ATTEMPTS", _METADATA_ATTEMPTS),
        ("metadata_service_timeout", "AWS_METADATA_SERVICE_TIMEOUT", _METADATA_SECONDS),
    ):
        if variable not in os.environ:
            session.set_config_variable(name, value)


def _ask_for_codes_only_at_a_terminal(session: botocore.session.Session) -> None:
    def ask(prompt: str) -> str:
        if not (sys.stdin and sys.stdin.isatty()):
            raise failures.RefreshWithMFAUnsupportedError
        return getpass.getpass(prompt)

    session.get_component("credential_provider").get_provider("assume-role")._prompter = ask


def _guard_renewal(credentials: Any) -> None:
    """Let a renewal in the middle of a run fail as botocore's own errors do, whatever the chain raises then."""
    renew: Callable[[], Any] | None = getattr(credentials, "_refresh_using", None)
    if renew is None:
        return

    def guarded() -> Any:
        try:
            renewed = renew()
        except (failures.BotoCoreError, failures.ClientError) as error:
            log.warning("the credentials cannot be renewed: %s", why_no_credentials(error))
            raise
        except Exception as error:
            raise failures.CredentialRetrievalError(provider=RENEWAL, error_msg=why_no_credentials(error)) from error
        if isinstance(renewed, dict):
            if not renewed.get("access_key"):  # a metadata service that stumbles; those at hand may do for a while
                raise failures.CredentialRetrievalError(
                    provider=RENEWAL, error_msg=f"no new AWS credentials: {named_sources()} gives none now"
                )
            keep_secret(*(str(renewed.get(name) or "") for name in ("access_key", "secret_key", "token")))
        return renewed

    credentials._refresh_using = guarded
