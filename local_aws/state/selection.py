"""Which calls a rule of a test is for: by action, Region, instance type, and the ids that a call names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Self

from local_aws.state.call import Call

ANY = "*"
ADVISOR = "advisor"  # the action name of a download of the advisor file
METADATA = "metadata"  # the action name of a request to the instance metadata service
_NO_AWS_CALLS = (ADVISOR, METADATA)


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Calls that have all of these traits; each is a pattern, in which * stands for any text and [0-7] for a digit.

    `ids` are patterns for instance and spot request ids, of which a call must name one; or a number: then they become
    the first so many ids that a call names.
    """

    action: str = ANY  # "*": every AWS call (not the advisor file, nor the metadata service)
    region: str = ANY
    instance_type: str = ANY
    ids: Sequence[str] | int = ()

    def __post_init__(self) -> None:
        is_list = isinstance(self.ids, list | tuple) and all(isinstance(one, str) for one in self.ids)
        is_number = type(self.ids) is int and self.ids > 0
        if not is_list and not is_number:
            raise ValueError(f"ids are a list of texts or how many, not {self.ids!r}")

    def covers(self, call: Call) -> bool:
        """Return whether a call is among them."""
        if call.action in _NO_AWS_CALLS and self.action != call.action:
            return False
        return (
            fnmatchcase(call.action, self.action)
            and fnmatchcase(call.region, self.region)
            and (self.instance_type == ANY or _any_fits(call.instance_types, [self.instance_type]))
            and self._covers_ids(call)
        )

    def bound_to(self, call: Call) -> Self:
        """Return the same with the first ids that the call names, if it has a number in their place."""
        return replace(self, ids=call.ids[: self.ids]) if isinstance(self.ids, int) else self

    def first_id(self, call: Call) -> str:
        """Return the first id of the call that these ids are about; "" if the call names none."""
        return next((one for one in call.ids if not self.ids or self._is_about(one)), "")

    def _covers_ids(self, call: Call) -> bool:
        if isinstance(self.ids, int):
            return bool(call.ids) and not call.is_dry_run  # a DryRun may name ids that nobody has
        return not self.ids or any(map(self._is_about, call.ids))

    def _is_about(self, resource_id: str) -> bool:
        return not isinstance(self.ids, int) and _any_fits([resource_id], self.ids)


def _any_fits(texts: Iterable[str], patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(text, pattern) for text in texts for pattern in patterns)
