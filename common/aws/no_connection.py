"""Why there was no connection, in a few words: botocore hides it, urllib3 and requests wrap it in what they tried."""

import re
import ssl
from collections.abc import Iterator

_OF_THE_PROXY = re.compile(r"Tunnel connection failed: (\d{3} [^'\")]+)")
_DEEPEST = 10


def why_no_connection(error: BaseException) -> str:
    """Give what the proxy, TLS or the operating system said beneath a failed connection; empty if none of them did."""
    for beneath in _chain(error):
        if isinstance(beneath, ssl.SSLCertVerificationError):
            return (
                f"its certificate is not trusted ({beneath.verify_message}); if a proxy of your network opens TLS, name"
                " the file of its certificate in AWS_CA_BUNDLE and REQUESTS_CA_BUNDLE"
            )
        if isinstance(beneath, OSError) and (answer := _OF_THE_PROXY.search(str(beneath))):
            wants_login = answer[1].startswith("407")
            return f"the proxy answers {answer[1]}" + (
                "; put the user and password that it wants before the host in HTTPS_PROXY" if wants_login else ""
            )
        if isinstance(beneath, OSError) and beneath.strerror:
            return str(beneath.strerror)
    return ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    for _ in range(_DEEPEST):
        if current is None:
            return
        yield current
        current = _beneath(current)


def _beneath(error: BaseException) -> BaseException | None:
    # botocore's, of a connection; requests'; urllib3's; Python's own.
    of_botocore = getattr(error, "kwargs", {}).get("error")
    of_requests = next(iter(error.args), None)
    for beneath in (
        of_botocore,
        getattr(error, "original_error", None),
        of_requests,
        error.__cause__,
        error.__context__,
    ):
        if isinstance(beneath, BaseException):
            return beneath
    return None
