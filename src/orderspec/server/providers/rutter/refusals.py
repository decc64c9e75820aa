"""Word a refusal as the documented error: a type, a code, a message."""

from collections.abc import Mapping
from http import HTTPStatus

from orderspec.server.provider import Refusal, Reply, Trouble

REQUEST = "API_REQUEST_ERROR"
CONNECTION = "CONNECTION_ERROR"
PLATFORM = "PLATFORM_ERROR"

_TROUBLES: Mapping[Trouble, tuple[str, str]] = {
    Trouble.UNAUTHENTICATED: (CONNECTION, "INVALID_CREDENTIALS"),
    Trouble.NO_SUCH_PATH: (REQUEST, "NOT_FOUND"),
    Trouble.METHOD_NOT_ALLOWED: (REQUEST, "METHOD_NOT_ALLOWED"),
    Trouble.UNSUPPORTED_MEDIA_TYPE: (REQUEST, "UNSUPPORTED_MEDIA_TYPE"),
    Trouble.MALFORMED: (REQUEST, "MALFORMED_BODY"),
    Trouble.INVALID: (REQUEST, "INVALID_REQUEST"),
    Trouble.TOO_LARGE: (REQUEST, "REQUEST_TOO_LARGE"),
    Trouble.TOO_DEEP: (REQUEST, "MALFORMED_BODY"),
    Trouble.TIMEOUT: (REQUEST, "REQUEST_TIMEOUT"),
    Trouble.INTERNAL: ("INTERNAL_ERROR", "INTERNAL_SERVER_ERROR"),
}


def refuse(refusal: Refusal) -> Reply:
    """Word what the engine refuses."""
    kind, code = _TROUBLES[refusal.trouble]
    return error(refusal.status, code, refusal.detail, kind)


def no_such_order(order_id: str) -> Reply:
    """Refuse to speak of an order that the connection does not have."""
    return error(HTTPStatus.NOT_FOUND, "NOT_FOUND", f"There is no order {order_id!r}.")


def error(status: int, code: str, message: str, kind: str = REQUEST) -> Reply:
    """Word an error."""
    body = {"error_type": kind, "error_code": code, "error_message": message}
    return Reply(int(status), body)
