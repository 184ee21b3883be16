"""Check answers against botocore's service model: a wrong answer would let tests pass that should not."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.model import Shape
from botocore.validate import ParamValidator
from moto.core.utils import get_service_model

_NEVER_COMPLETE = "InstanceType"  # an enumeration that ends with botocore's release, while AWS and moto go on


class WrongAnswer(Exception):
    """This stand-in was about to give an answer that AWS could not have given."""


def check(service: str, action: str, answer: dict[str, Any]) -> None:
    """Raise WrongAnswer, with all that is wrong, for an answer that AWS could not give to this action."""
    errors = list(_errors(_output_shape(service, action), answer))
    if errors:
        raise WrongAnswer(f"{action}: {'; '.join(errors)}")


def _errors(shape: Shape | None, answer: Any) -> Iterator[str]:
    """Yield each difference of an answer from its shape: unknown members, wrong types, values not in an enumeration."""
    if shape is None:
        if answer:
            yield "AWS's answer to this action is empty"
        return
    report = ParamValidator().validate(answer, shape)
    if report.has_errors():
        yield report.generate_report().replace("\n", ", ")
        return
    yield from _wrong_values(shape, answer, "")


def known_members(shape: Any, value: Any) -> Any:
    """Return a value without the members its shape does not have."""
    if shape.type_name == "structure":
        return {
            name: known_members(shape.members[name], member) for name, member in value.items() if name in shape.members
        }
    if shape.type_name == "list":
        return [known_members(shape.member, item) for item in value]
    return value


def _wrong_values(shape: Any, value: Any, path: str) -> Iterator[str]:
    if shape.type_name == "structure":
        for name, member in value.items():
            yield from _wrong_values(shape.members[name], member, f"{path}.{name}")
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from _wrong_values(shape.member, item, f"{path}[{index}]")
    elif shape.type_name == "string" and shape.enum and value not in shape.enum and shape.name != _NEVER_COMPLETE:
        yield f"{path} is {value!r}, which is not a {shape.name}"


@cache
def _output_shape(service: str, action: str) -> Shape | None:
    shape: Shape | None = get_service_model(service).operation_model(action).output_shape
    return shape
