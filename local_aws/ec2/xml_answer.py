"""Answers written fast: only the members that are present, straight to XML.

moto's serialiser looks for every member of AWS's model in every answer, which takes a millisecond an instance. A probe
that describes a thousand instances every three seconds would mostly wait for that.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from moto.core.responses import ActionContext, ActionResult
from moto.core.utils import get_service_model

from local_aws.ec2 import answer_check

_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"

_Writer = Callable[[Any, list[str]], None]


class XmlAnswer(ActionResult):
    """An answer in plain data, whose members must be in AWS's model."""

    def __init__(self, answer: dict[str, Any], *, strict: bool) -> None:
        # No result for moto's serialiser: execute_result writes the answer.
        super().__init__(None)
        self._answer = answer
        self._strict = strict

    def execute_result(self, context: ActionContext) -> Any:
        """Return the HTTP status, headers and body."""
        action = str(context.operation_model.name)
        if self._strict:
            answer_check.check("ec2", action, self._answer)
        return 200, {"Content-Type": "text/xml;charset=UTF-8"}, _as_xml(action, self._answer)


def _as_xml(action: str, answer: dict[str, Any]) -> str:
    """Return an answer in the XML that EC2 sends.

    Raises KeyError for a member that is not in AWS's model.
    """
    parts = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{action}Response xmlns="{_NAMESPACE}">']
    parts.append("<requestId>request-id</requestId>")
    _writer_of_answer(action)(answer, parts)
    parts.append(f"</{action}Response>")
    return "".join(parts)


@cache
def _writer_of_answer(action: str) -> _Writer:
    return _writer(get_service_model("ec2").operation_model(action).output_shape)


def _writer(shape: Any) -> _Writer:
    if shape.type_name == "structure":
        return _structure_writer(shape)
    if shape.type_name == "list":
        return _list_writer(_writer(shape.member))
    if shape.type_name == "timestamp":
        return _write_timestamp
    return _write_boolean if shape.type_name == "boolean" else _write_text


def _structure_writer(shape: Any) -> _Writer:
    members: dict[str, tuple[str, str, _Writer]] = {}  # filled at first use: the model is deep

    def write(value: dict[str, Any], parts: list[str]) -> None:
        for name, member in value.items():
            if name not in members:
                tag = shape.members[name].serialization.get("name", name)
                members[name] = f"<{tag}>", f"</{tag}>", _writer(shape.members[name])
            opening, closing, write_member = members[name]
            parts.append(opening)
            write_member(member, parts)
            parts.append(closing)

    return write


def _list_writer(write_item: _Writer) -> _Writer:
    def write(value: list[Any], parts: list[str]) -> None:
        for item in value:
            parts.append("<item>")
            write_item(item, parts)
            parts.append("</item>")

    return write


def _write_timestamp(value: datetime, parts: list[str]) -> None:
    parts.append(value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"))


def _write_boolean(value: bool, parts: list[str]) -> None:
    parts.append("true" if value else "false")


def _write_text(value: object, parts: list[str]) -> None:
    parts.append(escape(str(value)))
