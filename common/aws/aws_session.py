"""The one place where AWS credentials are got: once, at the start, with one line for people about whatever goes wrong.

The chain is botocore's (profiles, AWS_ variables, SSO, credential_process, web identity, roles to assume, the metadata
service of an instance or container). Its failures have many types, some of them not botocore's own; each means that
there are no credentials, and only a person can mend it.
"""

from __future__ import annotations

import functools
import getpass
import json
import logging
import os
import re
import ssl
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import botocore.exceptions as failures
import botocore.session

from common.errors import Refusal
from common.redaction import keep_secret, without_secrets
from common.side_by_side import in_time

log = logging.getLogger(__name__)

# An instance's metadata service is slow at the first try now and then; botocore asks once, for a second.
_METADATA_ATTEMPTS = 4
_METADATA_SECONDS = 2
# A log-in service or a credential_process that hangs must not hold up the run; a person may type in a code meanwhile.
_CHAIN_SECONDS = 90

# A value copied with its line end, with a blank, or with its quotes; no header may hold the first two.
_NOT_IN_A_KEY = re.compile(r"[^\x21-\x7e]|[\"']")
_COPIED_WITH_IT = "holds a blank, a line end, a quote or the like, that no key has: set it again without"
# What another program, or a container's service, says of its failure may quote what it was to give.
_LOOKS_SECRET = re.compile(r"(?<![\w/+=])(?=[\w/+=]*\d)(?=[\w/+=]*[A-Z])[\w/+=]{20,}")
# By the profile's keys and the environment's variables.
_SOURCES = (
    "credential_process",
    "web_identity_token_file",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "source_profile",
    "credential_source",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
)
_RENEWAL = "renewal"
_CRON = "; under cron, name it by its whole path"


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
                f"the AWS {what}{_of(_profile())} is no text, or empty: {_named_sources()} gives what is no credentials"
            )
        if value and _NOT_IN_A_KEY.search(value):
            raise Refusal(f"the AWS {what} {_COPIED_WITH_IT}")
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


def why_no_credentials(error: BaseException) -> str:
    """Say in one line why the chain gave no credentials, and what to do. Never quotes a value."""
    profile = _profile()
    with_profile = f" --profile {profile}" if profile else ""
    said = without_secrets(" ".join(f"{error}".split()))[:300]
    match error:
        case failures.MissingDependencyException():
            # Not in requirements.txt: 13 MB, and 80 ms at each start of each program, for logins that cron cannot use.
            return (
                "these AWS credentials need botocore[crt]: .venv/bin/python -m pip install 'botocore[crt]'; those of"
                f" aws login end after 12 hours, so cron needs others ({said})"
            )
        case failures.SSOError() | failures.TokenRetrievalError() | failures.NoAuthTokenError():
            return f"not logged in to AWS by SSO, or no longer: run aws sso login{with_profile} ({said})"
        case failures.LoginError():
            return f"not logged in to AWS, or no longer: run aws login{with_profile} ({said})"
        case failures.RefreshWithMFAUnsupportedError() | EOFError():
            return (
                "the AWS profile wants an MFA code, which nobody can type in here: use credentials without one"
                f" (an instance role, or a profile of its own){_of(profile)}"
            )
        case failures.ClientError():
            code = str(error.response.get("Error", {}).get("Code") or "Unknown")
            call = f"sts:{error.operation_name}" if error.operation_name else "sts:AssumeRole"
            return f"AWS denies {call}, by which the credentials{_of(profile)} are got ({code}: {_short(error)})"
        case failures.MetadataRetrievalError():
            return f"the metadata service of this machine gives no credentials: has it a role? ({said})"
        case failures.CredentialRetrievalError() if error.kwargs.get("provider") == _RENEWAL:
            return str(dict(error.kwargs).get("error_msg"))
        case failures.CredentialRetrievalError():
            said = _LOOKS_SECRET.sub("***", said)
            return f"no AWS credentials{_of(profile)}: {said}{_CRON if 'custom-process' in said else ''}"
        case failures.PartialCredentialsError():
            return f"the AWS credentials{_of(profile)} are not whole: {said}"
        case failures.ProfileNotFound() | failures.ConfigNotFound() | failures.ConfigParseError():
            return f"the AWS configuration cannot be used: {said}"
        case failures.NoRegionError():
            return f"no AWS credentials{_of(profile)}: to get them takes a Region, set region in the profile ({said})"
        case failures.HTTPClientError() if "header value" in said.lower():
            return f"no AWS credentials{_of(profile)}: what they are got with {_COPIED_WITH_IT}"
        case failures.BotoCoreError():
            return f"no AWS credentials{_of(profile)}: {said}"
        case subprocess.SubprocessError():
            return f"credential_process{_of(profile)} failed ({type(error).__name__})"
        case json.JSONDecodeError():
            return f"credential_process{_of(profile)} printed what is no JSON, so there are no AWS credentials"
        case TimeoutError():
            return f"no AWS credentials{_of(profile)}: what the AWS configuration names does not answer ({error})"
        case OSError():
            named = f": {error.filename}" if error.filename else ""
            return (
                f"no AWS credentials{_of(profile)}: {error.strerror or type(error).__name__}{named}"
                f" (credential_process or a token file){_CRON}"
            )
        case RuntimeError() if "still expired" in said:
            return f"no AWS credentials{_of(profile)}: {_named_sources()} gives expired ones: log in there again"
        case _:
            return (
                f"no AWS credentials{_of(profile)}: {_named_sources()} gives what is no credentials"
                f" ({type(error).__name__})"
            )


def _profile() -> str:
    return os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE") or ""


def _named_sources() -> str:
    """Name what the AWS configuration gets credentials from: what can be named, of all that was tried."""
    try:
        configured = botocore.session.Session().get_scoped_config()
    except failures.BotoCoreError:
        configured = {}
    if any(name.startswith("sso_") for name in configured):
        return f"SSO (run aws sso login{f' --profile {_profile()}' if _profile() else ''})"
    named = [name for name in _SOURCES if name in configured or name in os.environ]
    return " or ".join(named) or "the metadata service of this machine"


def _of(profile: str) -> str:
    return f" of profile {profile}" if profile else ""


def _short(error: failures.ClientError) -> str:
    message = " ".join(str(error.response.get("Error", {}).get("Message") or "no message").split())
    return without_secrets(message)[:200]


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
            raise failures.CredentialRetrievalError(provider=_RENEWAL, error_msg=why_no_credentials(error)) from error
        if isinstance(renewed, dict):
            if not renewed.get("access_key"):  # a metadata service that stumbles; those at hand may do for a while
                raise failures.CredentialRetrievalError(
                    provider=_RENEWAL, error_msg=f"no new AWS credentials: {_named_sources()} gives none now"
                )
            keep_secret(*(str(renewed.get(name) or "") for name in ("access_key", "secret_key", "token")))
        return renewed

    credentials._refresh_using = guarded
