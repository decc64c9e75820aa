"""Connections: each access token is the key to one shop, and the orders of a shop are its own."""

import re
from typing import Any

from orderspec.server.provider import Call
from orderspec.server.uuids import uuid_of

ACCESS_TOKEN = "5f2d3c1b-8a47-4e69-b0d2-7c9e1f3a5b64"  # noqa: S105 (any other is accepted, too)
ORGANIZATION = "9b1c7e52-3f8d-4a06-8e2b-d4c5f6a7b8c9"
PLATFORM = "SHOPIFY"

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_access_token(value: str) -> bool:
    """Tell whether a value can be an access token: any UUID is the one of some shop."""
    return _UUID.fullmatch(value) is not None


def connection_of(call: Call) -> dict[str, Any]:
    """Give the connection that a request's access token stands for: always the same one."""
    token = str(call.request.query.get("access_token", "")).lower()
    return {
        "id": uuid_of(f"connection {token}"),
        "orgId": ORGANIZATION,
        "platform": PLATFORM,
    }
