"""Hold our own answers against botocore's service model: a stand-in that answers wrongly teaches wrongly."""

import logging
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.model import Shape
from botocore.validate import ParamValidator
from moto.core.utils import get_service_model

log = logging.getLogger(__name__)


class WrongAnswer(Exception):
    """An answer of ours that AWS could not have given."""


def check(service: str, action: str, answer: dict[str, Any], *, strict: bool) -> None:
    """Log what is wrong with an answer, and raise WrongAnswer for it when strict."""
    faults = list(violations(_output_shape(service, action), answer))
    if faults:
        log.error("%s: our answer is none of AWS's: %s", action, "; ".join(faults))
        if strict:
            raise WrongAnswer(f"{action}: {'; '.join(faults)}")


def violations(shape: Shape | None, answer: Any) -> Iterator[str]:
    """Yield what in an answer is not as its shape has it: members, types, enumerated values."""
    if shape is None:
        if answer:
            yield "this action has no answer, and ours has one"
        return
    report = ParamValidator().validate(answer, shape)
    if report.has_errors():
        yield report.generate_report().replace("\n", ", ")
        return
    yield from _wrong_words(shape, answer, "")


def known_members(shape: Shape, value: Any) -> Any:
    """Return a value without the members its shape does not have."""
    if shape.type_name == "structure":
        return {
            name: known_members(shape.members[name], member) for name, member in value.items() if name in shape.members
        }
    if shape.type_name == "list":
        return [known_members(shape.member, item) for item in value]
    return value


def _wrong_words(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if shape.type_name == "structure":
        for name, member in value.items():
            yield from _wrong_words(shape.members[name], member, f"{path}.{name}")
    elif shape.type_name == "list":
        for place, item in enumerate(value):
            yield from _wrong_words(shape.member, item, f"{path}[{place}]")
    elif shape.type_name == "string" and shape.enum and value not in _words(shape):
        yield f"{path} is {value!r}, which is no {shape.name}"


def _words(shape: Shape) -> frozenset[str]:
    return _words_by_name(shape.name, tuple(shape.enum))


@cache
def _words_by_name(_: str, words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


@cache
def _output_shape(service: str, action: str) -> Shape | None:
    return get_service_model(service).operation_model(action).output_shape
