"""Fetches the Spot Instance Advisor's file over HTTP: conditionally, within bounds of size and time."""

import logging
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests

from common.aws.no_connection import why_no_connection
from common.redaction import without_secrets
from common.side_by_side import in_time
from common.version import USER_AGENT

log = logging.getLogger(__name__)

# The file is about 1 MB; what is twenty times larger is something else.
_MOST_BYTES = 20_000_000
_CONNECT_AND_READ_SECONDS = (5, 20)
ATTEMPT_SECONDS = 60
FETCH_ATTEMPTS = 5
TOTAL_SECONDS = 240
# A bucket that moved redirects once, a company's own mirror perhaps once more.
MOST_REDIRECTS = 3
_PASSING = {429, 500, 502, 503, 504}


class NotFetched(Exception):
    """The advisor's file could not be had; the text says why."""


class _Passing(NotFetched):
    """What another attempt may mend."""


@dataclass(frozen=True)
class Validators:
    """What a conditional GET is made with; empty where the server gave none."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Fetched:
    """A new file, with what to ask with the next time."""

    body: bytes
    validators: Validators


def fetch_listing(url: str, last: Validators) -> Fetched | None:
    """Get the file if it changed since the last answer, else None. Passing faults are tried again.

    Raises NotFetched.
    """
    try:
        return _fetch_once(url, last)
    except _Passing as error:
        log.info("the advisor is asked again: %s", error)
    import tenacity  # costs a tenth of a second, which a poll seldom needs to spend

    again = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(_Passing),
        stop=tenacity.stop_after_attempt(FETCH_ATTEMPTS - 1)
        | tenacity.stop_after_delay(TOTAL_SECONDS - ATTEMPT_SECONDS),
        wait=tenacity.wait_random_exponential(multiplier=0.5, max=10),
        reraise=True,
    )
    return again(_fetch_once, url, last)


def _fetch_once(url: str, last: Validators) -> Fetched | None:
    try:
        return in_time(ATTEMPT_SECONDS, lambda: _ask(url, last))
    except TimeoutError as error:
        raise _Passing(f"its answer takes more than {ATTEMPT_SECONDS} s") from error


def _ask(url: str, last: Validators) -> Fetched | None:
    headers = {"Accept-Encoding": "gzip", "User-Agent": USER_AGENT}
    if last.etag:
        headers["If-None-Match"] = last.etag
    if last.last_modified:
        headers["If-Modified-Since"] = last.last_modified
    try:
        with (
            _Session() as session,
            session.get(url, headers=headers, timeout=_CONNECT_AND_READ_SECONDS, stream=True) as response,
        ):
            if response.status_code == 304 and headers.keys() & {"If-None-Match", "If-Modified-Since"}:
                return None
            _refuse_status(response.status_code)
            body = _bounded_body(response)
            validators = Validators(response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""))
            return Fetched(body, validators)
    except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
        raise _Passing(_reason(error)) from error
    except OSError as error:  # of requests, or that of a file of certificates which is not there
        raise NotFetched(_reason(error)) from error


class _Session(requests.Session):
    """Follows a few redirects, and none to another scheme: https must not end as http."""

    def __init__(self) -> None:
        super().__init__()
        self.max_redirects = MOST_REDIRECTS

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Give where an answer redirects to, None if it does not. Raises NotFetched."""
        location = super().get_redirect_target(resp)
        if location is not None:
            _refuse_another_scheme(resp.url, location)
        return location


def _refuse_another_scheme(url: str, location: str) -> None:
    there = without_secrets(location)[:200]
    try:
        scheme, new = urlsplit(url).scheme, urlsplit(urljoin(url, location)).scheme
    except ValueError as error:
        raise NotFetched(f"it redirects to what is no address: {there!r}") from error
    if new != scheme:
        raise NotFetched(f"it redirects from {scheme} to another scheme, which is not followed: {there!r}")


def _refuse_status(status: int) -> None:
    if status in _PASSING:
        raise _Passing(f"it answers with HTTP {status}")
    if status != 200:
        raise NotFetched(f"it answers with HTTP {status}")


def _bounded_body(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(1 << 16):
        body += chunk
        if len(body) > _MOST_BYTES:
            raise NotFetched(f"it answers with more than {_MOST_BYTES // 1_000_000} MB")
    return bytes(body)


def _reason(error: OSError) -> str:
    why = why_no_connection(error)
    return without_secrets(f"it cannot be reached: {why}" if why else f"{type(error).__name__}: {error}")[:300]
