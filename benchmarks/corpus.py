"""Square responses as JSON Lines: every valid fixture in turn, and some that are not valid."""

from pathlib import Path

from orderspec import exact_json
from orderspec.contract import catalog
from orderspec.fixtures import payloads

SCHEMA = "square/CreateOrderResponse"
_ID = "made-for-measuring"
# One of fifty is invalid, each of another fixture.
_EVERY = 50


def write(path: Path, lines: int) -> int:
    """Write a corpus; every order has an id of its own.

    Args:
        path: the file.
        lines: how many.

    Returns:
        How many of the lines are not valid.
    """
    provider, schema = SCHEMA.split("/")
    right: list[bytes] = []
    wrong: list[bytes] = []
    for one in payloads(catalog.load(provider)):
        if one.schema == schema:
            if isinstance(one.body, dict) and isinstance(one.body.get("order"), dict):
                one.body["order"]["reference_id"] = _ID
            (wrong if one.violates else right).append(exact_json.to_bytes(one.body))
    invalid = 0
    with path.open("wb") as file:
        for number in range(lines):
            is_wrong = number % _EVERY == _EVERY - 1
            texts = wrong if is_wrong else right
            text = texts[(invalid if is_wrong else number) % len(texts)]
            file.write(text.replace(_ID.encode(), b"order-%09d" % number) + b"\n")
            invalid += is_wrong
    return invalid
