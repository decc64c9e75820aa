"""Valid requests with texts and names that careless programs trip over."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from orderspec import exact_json
from orderspec.contract.model import Contract
from orderspec.fuzz.mutate import MARKED
from orderspec.fuzz.places import Place, get, places, put

TEXTS = ("\0", "\u202e\u0645\u0631\u062d\u0628\u0627", "'; --", "${7*7}", "\\", "\n\t\r")
_MARK = "half a pair stands here"
NAMES = ("__proto__", "constructor", "toString", "hasOwnProperty")


def curious_bodies(contract: Contract, reference: str, body: Any) -> Iterator[tuple[str, Any]]:
    """Put curious texts into one free text of a body, and curious names into one free map.

    Whether a server takes or refuses them is open; it must not fail on them.

    Yields:
        What is curious, in words, and the body.
    """
    all_places = places(contract, reference, body)
    text = next((place for place in all_places if _is_free_text(place)), None)
    if text is not None:
        for curious in TEXTS:
            changed = deepcopy(body)
            put(changed, text.at, curious)
            yield f"the text {curious!a}", changed
    free_map = next((place for place in all_places if _is_free_map(place)), None)
    if free_map is not None:
        for name in NAMES:
            changed = deepcopy(body)
            members = get(changed, free_map.at)
            members[name] = next(iter(members.values()))
            yield f"a member named {name!r}", changed


def half_a_pair(contract: Contract, reference: str, body: Any) -> bytes | None:
    """Write a body with half a surrogate pair as one free text; None where it has none.

    No decoded value can stand for it: UTF-8 has no form for half a pair.
    """
    text = next((one for one in places(contract, reference, body) if _is_free_text(one)), None)
    if text is None:
        return None
    changed = deepcopy(body)
    put(changed, text.at, _MARK)
    return exact_json.to_bytes(changed).replace(_MARK.encode(), b"\\ud800")


def _is_free_text(place: Place) -> bool:
    return isinstance(place.value, str) and not any(place.keyword(name) for name in MARKED)


def _is_free_map(place: Place) -> bool:
    is_map = isinstance(place.value, dict) and bool(place.at) and not place.properties()
    return is_map and bool(place.value)
