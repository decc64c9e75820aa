"""What every order API has to settle, so that one can be laid beside another."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

KEYWORD = "x-topics"
TOPICS = {
    "create": "Creating an order",
    "identity": "What identifies it",
    "money": "Money",
    "quantities": "Quantities",
    "taxes": "Taxes",
    "discounts": "Discounts",
    "states": "States",
    "errors": "Errors",
    "retries": "Retries",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What a contract says of a topic: the words, and the steps to what they are about."""

    topic: str
    words: str
    steps: tuple[str, ...]


def remarks(node: Any, steps: tuple[str, ...] = ()) -> Iterator[Remark]:
    """Give every remark of a document, in the document's order."""
    if isinstance(node, dict):
        said = node.get(KEYWORD)
        if isinstance(said, dict):
            yield from (Remark(str(topic), str(words), steps) for topic, words in said.items())
        for name, inner in node.items():
            if name != KEYWORD:
                yield from remarks(inner, (*steps, str(name)))
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            yield from remarks(inner, (*steps, str(index)))
