"""AWS's errors as HTTP answers, in the format of each service."""

import json
import uuid
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from local_aws.state.known_errors import KNOWN, Refusal

_JSON_SERVICES = {"ssm", "servicequotas"}


def error_response(service: str, code: str, message: str, status: int = 400) -> Response:
    """Return an HTTP answer that botocore parses as this error of this service."""
    request_id = str(uuid.uuid4())
    if service in _JSON_SERVICES:
        body = json.dumps({"__type": code, "message": message})
        content_type = "application/x-amz-json-1.1"
    elif service == "ec2":
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>'
            f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
            f"</Error></Errors><RequestID>{request_id}</RequestID></Response>"
        )
        content_type = "text/xml;charset=UTF-8"
    else:
        fault = "Sender" if status < 500 else "Receiver"
        body = (
            '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>'
            f"<Type>{fault}</Type><Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
            f"</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        content_type = "text/xml"
    response = Response(body, status=status, content_type=content_type)
    response.headers["x-amzn-RequestId"] = request_id
    response.headers["x-amzn-ErrorType"] = code
    return response


def refusal_response(service: str, refusal: Refusal) -> Response:
    """Return an HTTP answer that botocore parses as this error of AWS."""
    return error_response(service, refusal.code, refusal.message, refusal.status)


def throttled(service: str) -> Response:
    """Return this service's answer to a caller that sends too many requests."""
    if service == "ec2":
        return refusal_response(service, KNOWN["RequestLimitExceeded"])
    if service in _JSON_SERVICES:
        return error_response(service, "ThrottlingException", "Rate exceeded", 400)
    return error_response(service, "Throttling", "Rate exceeded", 400)
