"""What a cart holds, and what of the old items can be put into one."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

Item = dict[str, Any]

_ITEM = ("configurationId", "count", "metadata")
_OLD_ITEM = {"id", "count", "metadata"}


def kept(sent: Iterable[Mapping[str, Any]]) -> list[Item]:
    """Keep of the items of a cart the members that a cart has."""
    return [{name: item[name] for name in _ITEM if name in item} for item in sent]


def converted(items: object) -> list[Item]:
    """Convert old items into those of a cart: all of them, or none where one has another form.

    Args:
        items: whatever was sent.
    """
    if not isinstance(items, list) or not all(map(_is_well_formed, items)):
        return []
    return [
        {("configurationId" if name == "id" else name): value for name, value in item.items()}
        for item in items
    ]


def _is_well_formed(item: object) -> bool:
    return (
        isinstance(item, dict)
        and item.keys() <= _OLD_ITEM
        and _is_uuid(item.get("id"))
        and _is_count(item.get("count"))
        and isinstance(item.get("metadata", {}), dict)
    )


def _is_uuid(value: object) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value.lower()
    except ValueError:
        return False


def _is_count(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and value >= 1
