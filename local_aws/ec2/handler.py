"""What our own EC2 handlers share: the world, AWS's errors, filters and pages."""

import base64
import binascii
from collections.abc import Collection, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses._base_response import EC2BaseResponse

from local_aws.ec2.xml_answer import LeanAnswer
from local_aws.state.world import World, world_of


class Ec2Answer(EC2BaseResponse):
    """A request to EC2, and how it is answered."""

    @property
    def world(self) -> World:
        """The world that was asked."""
        return world_of(self.normalized_request.environ)

    def refuse(self, code: str, message: str) -> EC2ClientError:
        """Return the error to raise."""
        return EC2ClientError(code, message)

    def wanted(self, name: str, default: Any = None) -> Any:
        """Return a parameter, as botocore's model types it."""
        return self._get_param(name, default)

    def filters(self, known: Collection[str]) -> dict[str, list[str]]:
        """Return the filters asked for, by name; refuse any but the known ones."""
        filters = {name: list(values) for name, values in self._filters_from_querystring().items()}
        if unknown := sorted(set(filters) - set(known)):
            raise self.refuse("InvalidParameterValue", f"The filter '{unknown[0]}' is invalid")
        return filters

    def page(
        self, member: str, rows: Iterable[Any], *, smallest: int = 5, largest: int = 1000, default: int | None = None
    ) -> dict[str, Any]:
        """Return the answer with the page asked for by MaxResults and NextToken, and the next one's token.

        Rows past the page are not looked at.
        """
        size = self.wanted("MaxResults", default)
        if size is None:
            return {member: list(rows)}
        if not smallest <= size <= largest:
            raise self.refuse(
                "InvalidParameterValue",
                f"Value ( {size} ) for parameter maxResults is invalid. Expecting a value between "
                f"{smallest} and {largest}.",
            )
        start = self._start_of_page(self.wanted("NextToken"))
        found = list(islice(rows, start, start + size + 1))
        answer: dict[str, Any] = {member: found[:size]}
        if len(found) > size:
            answer["NextToken"] = _token(start + size)
        return answer

    def answer(self, answer: dict[str, Any]) -> ActionResult:
        """Return what a handler gives back: in strict worlds checked against AWS's service model."""
        return LeanAnswer(answer, strict=self.world.strict)

    def _start_of_page(self, token: str | None) -> int:
        if not token:
            return 0
        try:
            return int(base64.urlsafe_b64decode(token).decode().removeprefix("from "))
        except (binascii.Error, ValueError):
            raise self.refuse("InvalidNextToken", f"The token '{token}' is invalid.") from None


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"from {offset}".encode()).decode()


def matches(filters: Mapping[str, Sequence[str]], row: Mapping[str, Sequence[str] | str]) -> bool:
    """Say whether a row's values, by filter name, pass all filters; a filter's values may have * and ?."""
    for name, patterns in filters.items():
        value = row[name]
        values = [value] if isinstance(value, str) else value
        if not any(fnmatchcase(value, pattern) for value in values for pattern in patterns):
            return False
    return True
