"""Client tokens: a call repeated with the same token does nothing again."""

from typing import Generic, TypeVar

from moto.ec2.exceptions import EC2ClientError

Result = TypeVar("Result")


class ClientTokens(Generic[Result]):
    """What the calls with a token made, so that it is made once."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[str, Result]] = {}

    def made_by(self, token: str, fingerprint: str) -> Result | None:
        """Return what the token's first call made, or nothing when this is the first.

        Raises EC2ClientError when the parameters' fingerprint is another than then.
        """
        if token not in self._made:
            return None
        first, result = self._made[token]
        if first != fingerprint:
            message = "The client token you have provided was used before, with other parameters."
            raise EC2ClientError("IdempotentParameterMismatch", message)
        return result

    def remember(self, token: str, fingerprint: str, result: Result) -> None:
        """Keep what a call made; one without a token is never repeated."""
        if token:
            self._made[token] = fingerprint, result
