"""A document's own example is right as it stands, and no amount in it can be another."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from orderspec import exact_json
from orderspec.contract import catalog
from orderspec.findings import Severity
from orderspec.validation.engine import judge

PATHS = sorted(catalog.fixtures_folder().glob("*/*Response/valid/document-example.json"))


def amounts(value: Any) -> Iterator[dict[str, Any]]:
    """Walk to every object that has an amount."""
    if isinstance(value, dict):
        if "amount" in value:
            yield value
        for item in value.values():
            yield from amounts(item)
    elif isinstance(value, list):
        for item in value:
            yield from amounts(item)


# Not every document reckons: some examples hold no amount, but plain numbers that nothing relates.
EXAMPLES = [path for path in PATHS if any(amounts(exact_json.from_text(path.read_bytes())))]


def test_there_is_an_example() -> None:
    assert EXAMPLES


@pytest.mark.parametrize("by", [1, -1])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.parts[-4]))
def test_each_amount_of_an_example_that_changes_breaks_a_rule(path: Any, by: int) -> None:
    contract = catalog.load(path.parts[-4])
    example = exact_json.from_text(path.read_bytes())
    number = sum(1 for _ in amounts(example))
    for index in range(number):
        changed = deepcopy(example)
        list(amounts(changed))[index]["amount"] += by
        found = judge(contract, contract.schemas[path.parts[-3]], changed).findings
        named = {one.clause for one in found if one.severity is Severity.ERROR}
        assert named & contract.rules.keys(), f"amount {index} by {by}"
