"""Exact money arithmetic: integers in minor units, exact fractions in between, half to even."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

INT64_MAX = 2**63 - 1


def rate(percentage: str) -> Fraction:
    """Turn a percentage such as ``"7.25"`` into the exact factor 0.0725."""
    return Fraction(percentage) / 100


def half_even(value: Fraction) -> int:
    """Round to a whole minor unit; a tie goes to the even neighbour."""
    return round(value)


def total(shares: Iterable[Fraction]) -> Fraction:
    """Add fractions without leaving exact arithmetic."""
    return sum(shares, Fraction(0))


def apportion(amount: int, quotas: Sequence[Fraction]) -> list[int]:
    """Split an amount into whole units that come as near to the quotas as their sum allows.

    Each part is its quota rounded down; what is left goes, one unit each, to the parts that
    lost most by that (the largest remainder), the earlier part first in a tie. A quota of zero
    gets nothing, and no part is a whole unit or more away from its quota.

    Args:
        amount: minor units to split: the sum of the quotas, rounded.
        quotas: the exact part of each bearer, none negative.

    Returns:
        One amount a quota, in their order; they add up to `amount`.
    """
    parts = [int(quota) for quota in quotas]
    losers_first = sorted(
        range(len(quotas)), key=lambda index: quotas[index] - parts[index], reverse=True
    )
    for index in losers_first[: amount - sum(parts)]:
        parts[index] += 1
    return parts
