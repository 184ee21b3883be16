"""Injected faults: what happens to a request instead of, or around, its real answer."""

import json
import select
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from werkzeug.wrappers import Response

from local_aws.server.error_response import refusal_response, throttled
from local_aws.state.call import Call
from local_aws.state.faults import Fault
from local_aws.state.known_errors import KNOWN
from local_aws.state.world import world_of

_GARBAGE = b"\x00\xff<garbage>{]\x7f this is no AWS answer \xfe" * 40
_PAGE = "<html><head><title>Welcome</title></head><body>Log in to use this network.</body></html>\n"


class HangUp(ConnectionResetError):
    """Raised to have the connection reset, with a TCP RST, because of a fault of this kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"the fault {kind} resets this connection")
        self.kind = kind


def inject(
    faults: list[Fault],
    answer: Callable[[], Response],
    call: Call,
    environ: dict[str, Any],
) -> tuple[Response, str]:
    """Return the answer and its outcome: the fault's kind or error code, or what `_outcome_of` says of the real answer.

    Raises HangUp if the connection is to be reset.
    """
    for fault in faults:
        if fault.kind == "latency":
            time.sleep(fault.seconds)
            continue
        return _failed(fault, answer, call, environ), fault.code or fault.kind
    response = answer()
    return response, _outcome_of(response)


def _outcome_of(response: Response) -> str:
    """Return "ok", "not modified", or the error code in an answer."""
    if response.status_code == 304:
        return "not modified"
    if response.status_code < 400:
        return "ok"
    return response.headers.get("x-amzn-ErrorType") or _code_in(response) or str(response.status_code)


def _failed(fault: Fault, answer: Callable[[], Response], call: Call, environ: dict[str, Any]) -> Response:
    if fault.kind == "throttle":
        return throttled(call.service)
    if fault.kind == "server_error":
        return refusal_response(call.service, KNOWN["InternalError"])
    if fault.kind == "error":
        return _error(fault, call, environ)
    if fault.kind == "garbage":
        return Response(_GARBAGE, status=200, content_type="text/xml;charset=UTF-8")
    if fault.kind == "page":
        return Response(_PAGE, status=200, content_type="text/html")
    if fault.kind == "drip":
        return _dripping(answer(), fault.seconds)
    if fault.kind == "incomplete":
        return _without_member(answer(), fault.member)
    if fault.kind == "stall":
        _wait_for_hang_up(environ, fault.seconds)
    elif fault.kind == "lost_answer":
        answer()
    raise HangUp(fault.kind)


def _error(fault: Fault, call: Call, environ: dict[str, Any]) -> Response:
    response = refusal_response(call.service, fault.refusal(call))
    if fault.date_hours:
        date = world_of(environ).clock.now() + timedelta(hours=fault.date_hours)
        response.headers["Date"] = format_datetime(date, usegmt=True)
    return response


def _dripping(answer: Response, seconds: float) -> Response:
    """Return an answer that keeps its caller waiting, though no two of its bytes are far apart."""
    body = answer.get_data()

    def bytes_of_it() -> Iterator[bytes]:
        for number in range(len(body)):
            time.sleep(seconds)
            yield body[number : number + 1]

    answer.response = bytes_of_it()
    answer.headers["Content-Length"] = str(len(body))
    return answer


def _without_member(response: Response, number: int) -> Response:
    """Leave a member out of an answer's first item: an answer without a list is one item."""
    if response.status_code >= 400:
        return response
    if "json" in (response.mimetype or ""):
        answer = json.loads(response.get_data())
        item = next((value for value in answer.values() if isinstance(value, dict)), answer)
        for name in list(item)[number : number + 1]:
            del item[name]
        response.set_data(json.dumps(answer))
        return response
    root = ElementTree.fromstring(response.get_data())  # noqa: S314 - our own answer
    item = next((element for element in root.iter() if element.tag.rpartition("}")[2] == "item"), root)
    for child in list(item)[number : number + 1]:
        item.remove(child)
    response.set_data(ElementTree.tostring(root))
    return response


def _wait_for_hang_up(environ: dict[str, Any], seconds: float) -> None:
    """Wait this long (0: without end), or until the caller has closed the connection."""
    connection = environ.get("werkzeug.socket")
    if connection is None:
        time.sleep(seconds)
    else:
        # A waiting caller sends nothing, so the socket turns readable only when the caller closes it.
        select.select([connection], [], [], seconds or None)


def _code_in(response: Response) -> str:
    text = response.get_data(as_text=True)
    _, _, rest = text.partition("<Code>")
    return rest.partition("</Code>")[0]
