"""Word a refusal: no source documents a form, so it is a sentence in a plain JSON object."""

from http import HTTPStatus

from orderspec.server.provider import Refusal, Reply


def refuse(refusal: Refusal) -> Reply:
    """Word what the engine refuses."""
    return error(refusal.status, refusal.detail)


def error(status: int, message: str) -> Reply:
    """Word a refusal of our own."""
    return Reply(status, {"message": message})


def unknown_order(order_id: str) -> Reply:
    """Refuse an id that no order has."""
    return error(HTTPStatus.NOT_FOUND.value, f"There is no order {order_id!r}.")
