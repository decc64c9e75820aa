"""The order as JSON or as a compact JSON Web Token, as the client prefers.

Only who names application/jwt, and likes it more than JSON, gets a token. It is not signed: the
reference server vouches for nothing.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Any

from orderspec import exact_json
from orderspec.server.provider import Call, Reply

JWT = "application/jwt"
_JSON_RANGES = ("application/json", "application/*", "*/*")
_HEADER = {"alg": "none", "typ": "JWT"}


def reply(order: Any, call: Call) -> Reply:
    """Answer an order in the form that the client prefers."""
    if not call.at("prefers-token", prefers_token(call.request.headers.get("accept", ""))):
        return Reply(HTTPStatus.OK.value, order)
    headers = {"content-type": f"{JWT}; charset=utf-8"}
    return Reply(HTTPStatus.OK.value, written(order, call.now), headers)


def prefers_token(accept: str) -> bool:
    """Tell whether an Accept header likes application/jwt, by name, more than JSON."""
    liked = dict(_ranges(accept))
    as_json = next((liked[name] for name in _JSON_RANGES if name in liked), 0.0)
    return liked.get(JWT, 0.0) > as_json


def written(order: Any, now: str) -> str:
    """Write an order as an unsigned token."""
    issued = int(datetime.fromisoformat(now).timestamp())
    claims = {"iss": "orderspec", "aud": "public", "iat": issued, **order}
    return ".".join([_encoded(_HEADER), _encoded(claims), ""])


def _encoded(value: Any) -> str:
    return urlsafe_b64encode(exact_json.to_bytes(value)).decode("ascii").rstrip("=")


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.lower().split(","):
        name, *parameters = (word.strip() for word in part.split(";"))
        weights = [word.removeprefix("q=") for word in parameters if word.startswith("q=")]
        yield name, _weight(weights[0]) if weights else 1.0


def _weight(text: str) -> float:
    """Read a weight; what is none counts as no preference at all."""
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
