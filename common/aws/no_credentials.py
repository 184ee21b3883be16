"""Why there are no AWS credentials, in one line for people; `aws_session` got none, or cannot renew them."""

import json
import os
import re
import subprocess

import botocore.exceptions as failures
import botocore.session

from common.redaction import without_secrets

HOLDS_STRAY_CHARACTER = "holds a blank, a line end, a quote or the like, that no key has: set it again without"
RENEWAL = "renewal"
"""The provider that a failed renewal of credentials is told as."""

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
_CRON = "; under cron, name it by its whole path"


def why_no_credentials(error: BaseException) -> str:
    """Say in one line why the chain gave no credentials, and what to do. Never quotes a value."""
    of_this = of_profile()
    said = without_secrets(" ".join(f"{error}".split()))[:300]
    match error:
        case failures.RefreshWithMFAUnsupportedError() | EOFError():
            return (
                "the AWS profile wants an MFA code, which nobody can type in here: use credentials without one"
                f" (an instance role, or a profile of its own){of_this}"
            )
        case failures.ClientError():
            code = str(error.response.get("Error", {}).get("Code") or "Unknown")
            call = f"sts:{error.operation_name}" if error.operation_name else "sts:AssumeRole"
            return f"AWS denies {call}, by which the credentials{of_this} are got ({code}: {_short(error)})"
        case failures.BotoCoreError():
            return _why_botocore_has_none(error, said, of_this)
        case subprocess.SubprocessError():
            return f"credential_process{of_this} failed ({type(error).__name__})"
        case json.JSONDecodeError():
            return f"credential_process{of_this} printed what is no JSON, so there are no AWS credentials"
        case TimeoutError():
            return f"no AWS credentials{of_this}: what the AWS configuration names does not answer ({error})"
        case OSError():
            named = f": {error.filename}" if error.filename else ""
            return (
                f"no AWS credentials{of_this}: {error.strerror or type(error).__name__}{named}"
                f" (credential_process or a token file){_CRON}"
            )
        case RuntimeError() if "still expired" in said:
            return f"no AWS credentials{of_this}: {named_sources()} gives expired ones: log in there again"
        case _:
            return (
                f"no AWS credentials{of_this}: {named_sources()} gives what is no credentials ({type(error).__name__})"
            )


def _why_botocore_has_none(error: failures.BotoCoreError, said: str, of_this: str) -> str:
    with_profile = f" --profile {_profile()}" if _profile() else ""
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
        case failures.MetadataRetrievalError():
            return f"the metadata service of this machine gives no credentials: has it a role? ({said})"
        case failures.CredentialRetrievalError() if error.kwargs.get("provider") == RENEWAL:
            return str(dict(error.kwargs).get("error_msg"))
        case failures.CredentialRetrievalError():
            said = _LOOKS_SECRET.sub("***", said)
            return f"no AWS credentials{of_this}: {said}{_CRON if 'custom-process' in said else ''}"
        case failures.PartialCredentialsError():
            return f"the AWS credentials{of_this} are not whole: {said}"
        case failures.ProfileNotFound() | failures.ConfigNotFound() | failures.ConfigParseError():
            return f"the AWS configuration cannot be used: {said}"
        case failures.NoRegionError():
            return f"no AWS credentials{of_this}: to get them takes a Region, set region in the profile ({said})"
        case failures.HTTPClientError() if "header value" in said.lower():
            return f"no AWS credentials{of_this}: what they are got with {HOLDS_STRAY_CHARACTER}"
        case _:
            return f"no AWS credentials{of_this}: {said}"


def of_profile() -> str:
    """Name the profile in use, to stand behind what is of it; nothing where none is named."""
    return f" of profile {_profile()}" if _profile() else ""


def _profile() -> str:
    return os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE") or ""


def named_sources() -> str:
    """Name what the AWS configuration gets credentials from: what can be named, of all that was tried."""
    try:
        configured = botocore.session.Session().get_scoped_config()
    except failures.BotoCoreError:
        configured = {}
    if any(name.startswith("sso_") for name in configured):
        return f"SSO (run aws sso login{f' --profile {_profile()}' if _profile() else ''})"
    named = [name for name in _SOURCES if name in configured or name in os.environ]
    return " or ".join(named) or "the metadata service of this machine"


def _short(error: failures.ClientError) -> str:
    message = " ".join(str(error.response.get("Error", {}).get("Message") or "no message").split())
    return without_secrets(message)[:200]
