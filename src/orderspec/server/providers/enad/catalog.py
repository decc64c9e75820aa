"""What exists on this server before any order does: three products, in four variants."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

PRODUCTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "0d3f7d1e-6a55-4a6c-9d7e-2b1f4c8a9e01": {
            "product_name": "Rain jacket",
            "product_number": "P-1001",
            "short_description": "A light jacket that keeps the rain out.",
            "first_image_path": "/media/rain-jacket.jpg",
        },
        "7c9e6679-7425-40de-944b-e07fc1f90ae7": {
            "product_name": "Wool socks",
            "product_number": "P-1002",
            "short_description": "Socks for cold feet.",
            "first_image_path": "/media/wool-socks.jpg",
        },
        "e4eaaaf2-d142-41b3-b8f0-9f6a0d2b6c3d": {
            "product_name": "Thermos flask",
            "product_number": "P-1003",
            "short_description": "Half a litre, warm for a day.",
            "first_image_path": "/media/thermos-flask.jpg",
        },
    }
)

VARIANTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "1f0c6b5a-3a7e-4a3e-8c22-5b7f1d2e4a10": {
            "variant_name": "Small",
            "variant_number": "V-1",
        },
        "3d813cbb-47fb-42ba-91df-831e1593ac29": {
            "variant_name": "Medium",
            "variant_number": "V-2",
        },
        "9b2f3c6e-5f0d-4a8b-b7c1-0e6d5a4c3b2a": {
            "variant_name": "Large",
            "variant_number": "V-3",
        },
        "f47ac10b-58cc-4372-a567-0e02b2c3d479": {
            "variant_name": "Plain",
            "variant_number": "V-4",
        },
    }
)

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_SLUG = 63


def is_slug(text: str) -> bool:
    """Tell whether a text can name a team or an app; here, every one that can does."""
    return len(text) <= _LONGEST_SLUG and _SLUG.fullmatch(text) is not None


def unknown(lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say of each product and variant that lines name and nobody has that it does not exist.

    Any variant goes with any product: no document says that it must be one of the product's own.
    """
    return [
        f"There is no {noun} {line[f'{noun}_id']!r}."
        for line in lines
        for noun, known in (("product", PRODUCTS), ("variant", VARIANTS))
        if line[f"{noun}_id"] not in known
    ]


def known_of(line: Mapping[str, Any]) -> dict[str, str]:
    """Give what the catalog says of the product and the variant of a line, if it knows them."""
    return {**PRODUCTS.get(line["product_id"], {}), **VARIANTS.get(line["variant_id"], {})}
