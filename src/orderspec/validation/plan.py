"""Where a contract's own keywords apply in a payload: rules, read-only, deprecated, unknown.

A plan is a tree of nodes that mirrors the schema, built as far as payloads reach and kept. It
follows `$ref`, `allOf` and the branches of `anyOf`, `oneOf` and `if` that the payload is valid
against, so a keyword counts exactly where its schema does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from orderspec import pointer
from orderspec.contract.build import rules_at
from orderspec.contract.model import Contract, Rule
from orderspec.validation.schemas import Schemas, schemas_of


@dataclass(frozen=True, slots=True)
class Site:
    """One schema that applies to one place of a payload.

    Attributes:
        at: path in the payload.
        value: the value there.
        node: the schema.
    """

    at: tuple[str | int, ...]
    value: Any
    node: "Node"


@dataclass(slots=True)
class Node:
    """One schema of the contract, with what the kit reads from it."""

    schema: dict[str, Any]
    reference: str
    rules: tuple[Rule, ...]
    children: dict[str, "Node"] = field(default_factory=dict)


class Plan:
    """The nodes of one contract."""

    def __init__(self, contract: Contract) -> None:
        """Start empty: nodes are made when a payload first reaches them."""
        self._document = contract.document
        self._schemas: Schemas = schemas_of(contract)
        self.node = lru_cache(maxsize=None)(self._node)

    def _node(self, reference: str) -> Node:
        steps = pointer.parse(reference)
        schema = pointer.follow(self._document, steps)
        if not isinstance(schema, dict):
            schema = {}
        rules = rules_at(self._document, steps) if "x-rules" in schema else ()
        return Node(schema, reference, rules)

    def visit(self, reference: str, value: Any, at: tuple[str | int, ...] = ()) -> Iterator[Site]:
        """Walk a payload along the schema at a pointer; parents come before children."""
        node = self.node(reference)
        yield Site(at, value, node)
        schema = node.schema
        for branch in self._same_place(node, value):
            yield from self.visit(branch, value, at)
        if isinstance(value, dict):
            properties = schema.get("properties", {})
            for name in value.keys() & properties.keys():
                below = f"{reference}/properties/{pointer.escape(name)}"
                yield from self.visit(below, value[name], (*at, name))
            if isinstance(schema.get("additionalProperties"), dict):
                below = f"{reference}/additionalProperties"
                for name in sorted(value.keys() - properties.keys()):
                    yield from self.visit(below, value[name], (*at, name))
        elif isinstance(value, list):
            yield from self._elements(node, value, at)

    def _elements(self, node: Node, value: list[Any], at: tuple[str | int, ...]) -> Iterator[Site]:
        first = len(node.schema.get("prefixItems", ()))
        for index, element in enumerate(value):
            if index < first:
                below = f"{node.reference}/prefixItems/{index}"
            elif isinstance(node.schema.get("items"), dict):
                below = f"{node.reference}/items"
            else:
                return
            yield from self.visit(below, element, (*at, index))

    def _same_place(self, node: Node, value: Any) -> Iterator[str]:
        schema, reference = node.schema, node.reference
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for index in range(len(schema.get("allOf", ()))):
            yield f"{reference}/allOf/{index}"
        for keyword in ("anyOf", "oneOf"):
            for index in range(len(schema.get(keyword, ()))):
                branch = f"{reference}/{keyword}/{index}"
                if self._schemas.accepts(branch, value):
                    yield branch
        if "if" in schema:
            holds = self._schemas.accepts(f"{reference}/if", value)
            if holds:
                yield f"{reference}/if"
            branch = "then" if holds else "else"
            if branch in schema:
                yield f"{reference}/{branch}"


_KEPT: dict[int, tuple[Contract, Plan]] = {}


def plan_of(contract: Contract) -> Plan:
    """Give the plan of a contract; the same contract always has the same one."""
    kept = _KEPT.get(id(contract))
    if kept is None:
        kept = _KEPT[id(contract)] = (contract, Plan(contract))
    return kept[1]
