"""The role of the machine that a caller runs on: the credentials its metadata service has given out, and when they end.

They live by the real clock, as the caller's SDK reckons, whatever the market's clock says.
"""

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from local_aws.state import settings
from local_aws.state.call import Call

_RENEWED_BEFORE = timedelta(minutes=5)  # AWS has new credentials ready this long before the old ones end

_Validity = Literal["valid", "expired", "unknown"]


@dataclass(frozen=True)
class RoleSettings:
    """What a test may change about the role."""

    name: str | None = "collector"  # None: the machine has no role
    lifetime_seconds: float = 21600.0
    # EC2's code for credentials that have ended; people have seen both (aws/aws-sdk-go#253).
    expired_code: Literal["ExpiredToken", "RequestExpired"] = "ExpiredToken"


@dataclass(frozen=True)
class RoleCredentials:
    """Temporary credentials."""

    access_key: str
    secret_key: str
    token: str
    issued_at: datetime
    expires_at: datetime


class InstanceRole:
    """The role, its credentials, and the tokens by which the metadata service knows its callers."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.settings = RoleSettings()
        self._now = now
        self._lock = threading.Lock()
        self._issued: dict[str, RoleCredentials] = {}  # by access key id
        self._revoked: set[str] = set()  # access key ids that have ended before their time
        self._latest: RoleCredentials | None = None
        self._tokens: dict[str, datetime] = {}  # of the metadata service -> when it ends

    def change(self, changes: Mapping[str, Any]) -> None:
        """Change settings; credentials given out already keep their lifetime, but are given out no more.

        Raises ValueError for an unknown setting, or a value it cannot have.
        """
        with self._lock:
            self.settings = settings.changed(self.settings, changes)
            self._latest = None

    def expire(self) -> None:
        """End all credentials given out so far, although they say that they live on."""
        with self._lock:
            self._revoked |= set(self._issued)
            self._latest = None

    def new_token(self, seconds: int) -> str:
        """Return a new token of the metadata service."""
        token = secrets.token_urlsafe(40)
        with self._lock:
            self._tokens[token] = self._now() + timedelta(seconds=seconds)
        return token

    def knows_token(self, token: str) -> bool:
        """Return whether this token of the metadata service is in force."""
        with self._lock:
            return token in self._tokens and self._now() < self._tokens[token]

    def credentials(self) -> RoleCredentials:
        """Return the credentials that the metadata service gives out now: new ones when the old ones end soon."""
        with self._lock:
            now, lifetime = self._now(), timedelta(seconds=self.settings.lifetime_seconds)
            if self._latest is None or now >= self._latest.expires_at - min(_RENEWED_BEFORE, lifetime / 2):
                self._latest = RoleCredentials(
                    access_key="ASIA" + secrets.token_hex(8).upper(),
                    secret_key=secrets.token_urlsafe(30),
                    token=secrets.token_urlsafe(300),
                    issued_at=now,
                    expires_at=now + lifetime,
                )
                self._issued[self._latest.access_key] = self._latest
            return self._latest

    def validity(self, call: Call) -> _Validity:
        """Return what AWS makes of a call's credentials; those of no role are valid here."""
        with self._lock:
            issued = self._issued.get(call.access_key)
            if issued is None:
                return "valid"
            if call.session_token != issued.token:
                return "unknown"
            has_ended = call.access_key in self._revoked or self._now() >= issued.expires_at
            return "expired" if has_ended else "valid"
