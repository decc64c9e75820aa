"""What items cost, in decimals: nothing is ever rounded."""

from collections.abc import Iterator, Mapping
from decimal import Context, Decimal, localcontext
from typing import Any

Number = Decimal | int

# No source tells how large an amount may be. These bounds keep every sum within the digits below.
_LARGEST = 10**12
_MOST_DECIMALS = 12
_EXACT = Context(prec=100)


def listed(items: Any) -> list[dict[str, Any]]:
    """Give the items of an order as a list, however they were written."""
    match items:
        case list():
            return items
        case dict():
            return [items]
        case _:
            return [{"price": items}]


def unpriceable(items: Any) -> str:
    """Say why items cannot be priced; empty where they can."""
    for item in listed(items):
        if not all(map(_is_bounded, _numbers(item))):
            return f"Numbers go up to {_LARGEST}, with at most {_MOST_DECIMALS} decimals."
    return ""


def total(items: Any) -> Number:
    """Add up price less rebate plus VAT, times quantity; an item without a price costs nothing."""
    with localcontext(_EXACT):
        amounts: Iterator[Number] = map(_amount, listed(items))
        return sum(amounts, 0)


def _amount(item: Mapping[str, Any]) -> Number:
    unit: Number = item.get("price", 0) - item.get("rebate", 0) + item.get("vat", 0)
    quantity: Number = item.get("quantity", 1)
    return unit * quantity


def _numbers(item: Mapping[str, Any]) -> Iterator[Number]:
    yield from (item[name] for name in ("price", "rebate", "vat", "quantity") if name in item)


def _is_bounded(number: Number) -> bool:
    exponent = Decimal(number).as_tuple().exponent
    is_short = isinstance(exponent, int) and abs(exponent) <= _MOST_DECIMALS
    return is_short and -_LARGEST <= number <= _LARGEST
