"""What the EC2 calls share: the world, AWS's errors, filters and pages."""

import base64
import binascii
from collections.abc import Collection, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses._base_response import EC2BaseResponse

from local_aws.ec2.xml_answer import XmlAnswer
from local_aws.state.world import World, world_of

_OFFSET_WORD = "from"


class Ec2Handler(EC2BaseResponse):
    """One request to EC2; subclasses have a method for each call, named as moto expects."""

    @property
    def world(self) -> World:
        """The world the request was sent to."""
        return world_of(self.normalized_request.environ)

    def refuse(self, code: str, message: str) -> EC2ClientError:
        """Return AWS's error with this code, to be raised."""
        return EC2ClientError(code, message)

    def parameter(self, name: str, default: Any = None) -> Any:
        """Return a parameter of the call, with the type that botocore's model gives it."""
        return self._get_param(name, default)

    def filters(self, known: Collection[str]) -> dict[str, list[str]]:
        """Return the call's filters by name; raise AWS's error for any but the known ones."""
        filters = {name: list(values) for name, values in self._filters_from_querystring().items()}
        if unknown := sorted(set(filters) - set(known)):
            raise self.refuse("InvalidParameterValue", f"The filter '{unknown[0]}' is invalid")
        return filters

    def page(
        self, member: str, rows: Iterable[Any], *, smallest: int = 5, largest: int = 1000, default: int | None = None
    ) -> dict[str, Any]:
        """Return an answer with the page that MaxResults and NextToken ask for, and the next page's token.

        Without MaxResults the page has `default` rows (None: all); rows after the page are not computed.
        """
        size = self.parameter("MaxResults", default)
        if size is None:
            return {member: list(rows)}
        if not smallest <= size <= largest:
            raise self.refuse(
                "InvalidParameterValue",
                f"Value ( {size} ) for parameter maxResults is invalid. Expecting a value between "
                f"{smallest} and {largest}.",
            )
        start = self.number_in_token(_OFFSET_WORD)
        found = list(islice(rows, start, start + size + 1))
        answer: dict[str, Any] = {member: found[:size]}
        if len(found) > size:
            answer["NextToken"] = token(_OFFSET_WORD, start + size)
        return answer

    def answer(self, answer: dict[str, Any]) -> ActionResult:
        """Return what a call's method returns: an answer that a strict world checks against AWS's service model."""
        return XmlAnswer(answer, strict=self.world.strict)

    def number_in_token(self, word: str) -> int:
        """Return the number in NextToken, 0 without one; raise AWS's error unless `token` made it with this word."""
        given: str | None = self.parameter("NextToken")
        if not given:
            return 0
        try:
            return int(base64.urlsafe_b64decode(given).decode().removeprefix(f"{word} "))
        except (binascii.Error, ValueError):
            raise self.refuse("InvalidNextToken", f"The token '{given}' is invalid.") from None


def token(word: str, number: int) -> str:
    """Return a NextToken: a number, and a word that says what it counts."""
    return base64.urlsafe_b64encode(f"{word} {number}".encode()).decode()


def matches(filters: Mapping[str, Sequence[str]], row: Mapping[str, Sequence[str] | str]) -> bool:
    """Return whether a row's values, by filter name, pass all filters; the filters' values may contain * and ?."""
    for name, patterns in filters.items():
        value = row[name]
        values = [value] if isinstance(value, str) else value
        if not any(fnmatchcase(value, pattern) for value in values for pattern in patterns):
            return False
    return True
