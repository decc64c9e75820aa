"""Where a contract's own keywords apply in a payload: rules, read-only, deprecated, unknown.

A plan is a graph of nodes that mirrors the schemas, built from where payloads start and kept. It
follows `$ref`, `allOf` and the branches of `anyOf`, `oneOf` and `if` that the payload is valid
against, so a keyword counts exactly where its schema does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Final, NamedTuple

from orderspec import pointer
from orderspec.contract.build import RULES, rules_at
from orderspec.contract.model import Contract, Rule
from orderspec.errors import ContractError
from orderspec.validation.schemas import Schemas, schemas_of

Path = tuple[str | int, ...]
DEPRECATED, READ_ONLY, ANY = "deprecated", "readOnly", "any"
# Compiled functions that call each other have no other limit than the stack.
DEEPEST: Final = 4000
MARKS = frozenset({RULES, DEPRECATED, READ_ONLY, ANY})


class Site(NamedTuple):
    """One schema that applies to one place of a payload.

    Attributes:
        at: path in the payload.
        value: the value there.
        node: the schema.
    """

    at: Path
    value: Any
    node: "Node"


@dataclass(frozen=True, slots=True)
class Below:
    """The schemas that a schema leads to.

    Attributes:
        always: for the same value: `$ref` and `allOf`.
        choices: for the same value if it is valid against them: `anyOf` and `oneOf`.
        condition: `if`, with what holds beside it if it does, and what holds if not.
        members: `properties`.
        others: `additionalProperties`.
        first: `prefixItems`.
        elements: `items`.
    """

    always: tuple["Node", ...]
    choices: tuple["Node", ...]
    condition: tuple["Node", tuple["Node", ...], tuple["Node", ...]] | None
    members: dict[str, "Node"]
    others: "Node | None"
    first: tuple["Node", ...]
    elements: "Node | None"

    def beside(self) -> Iterator["Node"]:
        """Those for the same value."""
        yield from (*self.always, *self.choices)
        if self.condition:
            asked, then, other = self.condition
            yield from (asked, *then, *other)

    def nodes(self) -> Iterator["Node"]:
        """Every one of them."""
        yield from (*self.beside(), *self.members.values(), *self.first)
        yield from (node for node in (self.others, self.elements) if node)


@dataclass(frozen=True, slots=True)
class Ways:
    """Of the schemas in `Below`, those that a walk has to take; None where it stops."""

    always: tuple["Node", ...]
    choices: tuple["Node", ...]
    condition: tuple["Node", tuple["Node", ...], tuple["Node", ...]] | None
    members: dict[str, "Node | None"]
    others: "Node | None"
    first: tuple["Node | None", ...]
    elements: "Node | None"


def _ways(below: Below, wanted: frozenset[str]) -> Ways:
    def leads(node: "Node | None") -> "Node | None":
        return node if node is not None and not wanted.isdisjoint(node.reach) else None

    def leading(nodes: tuple["Node", ...]) -> tuple["Node", ...]:
        return tuple(node for node in nodes if leads(node))

    condition = None
    if below.condition:
        asked, then, other = below.condition
        then, other = leading(then), leading(other)
        condition = (asked, then, other) if then or other else None
    return Ways(
        always=leading(below.always),
        choices=leading(below.choices),
        condition=condition,
        members={name: leads(node) for name, node in below.members.items()},
        others=leads(below.others),
        first=tuple(leads(node) for node in below.first),
        elements=leads(below.elements),
    )


@dataclass(eq=False)
class Node:
    """One schema of the contract, with what the kit reads from it.

    Attributes:
        schema: the schema.
        reference: its JSON Pointer in the contract's document.
        rules: the rules that stand on it.
        marks: which of `MARKS` stand on it; ANY stands on every schema.
        reach: which of them stand on it or on a schema that it leads to.
    """

    schema: dict[str, Any]
    reference: str
    rules: tuple[Rule, ...]
    marks: frozenset[str]
    reach: set[str]
    _plan: "Plan" = field(repr=False)
    _ways: dict[frozenset[str], "Ways"] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def below(self) -> Below:
        """The schemas that this one leads to."""
        schema = self.schema
        return Below(
            always=(*self._referred(), *self._listed("allOf")),
            choices=(*self._listed("anyOf"), *self._listed("oneOf")),
            condition=self._condition(),
            members={
                name: self._child("properties", name) for name in schema.get("properties", {})
            },
            others=self._only_child("additionalProperties"),
            first=self._listed("prefixItems"),
            elements=self._only_child("items"),
        )

    def ways(self, wanted: frozenset[str]) -> "Ways":
        """The schemas below that lead to one with a mark that is wanted."""
        ways = self._ways.get(wanted)
        if ways is None:
            ways = self._ways[wanted] = _ways(self.below, wanted)
        return ways

    def accepts(self, value: Any) -> bool:
        """Tell whether a value is valid against the schema."""
        return self._plan.schemas.accepts(self.reference, value)

    def _condition(self) -> tuple["Node", tuple["Node", ...], tuple["Node", ...]] | None:
        if "if" not in self.schema:
            return None
        asked = self._child("if")
        then, other = (
            (self._child(keyword),) if keyword in self.schema else ()
            for keyword in ("then", "else")
        )
        return asked, (asked, *then), other

    def _referred(self) -> tuple["Node", ...]:
        reference = self.schema.get("$ref")
        return (self._plan.node(reference),) if isinstance(reference, str) else ()

    def _listed(self, keyword: str) -> tuple["Node", ...]:
        schemas = self.schema.get(keyword, ())
        return tuple(self._child(keyword, str(index)) for index in range(len(schemas)))

    def _only_child(self, keyword: str) -> "Node | None":
        return self._child(keyword) if isinstance(self.schema.get(keyword), dict) else None

    def _child(self, *steps: str) -> "Node":
        return self._plan.node(self.reference + pointer.join(steps))


class Plan:
    """The nodes of one contract."""

    def __init__(self, contract: Contract) -> None:
        """Start empty: nodes are made when their root is first visited."""
        self.schemas: Schemas = schemas_of(contract)
        self._document = contract.document
        self._nodes: dict[str, Node] = {}
        self._spread: set[str] = set()

    def node(self, reference: str) -> Node:
        """Give the node of the schema at a pointer."""
        node = self._nodes.get(reference)
        if node is None:
            node = self._nodes[reference] = self._made(reference)
        return node

    def _made(self, reference: str) -> Node:
        steps = pointer.parse(reference)
        schema = pointer.follow(self._document, steps)
        if not isinstance(schema, dict):
            schema = {}
        rules = rules_at(self._document, steps) if RULES in schema else ()
        marks = {ANY, *([RULES] if rules else ())}
        marks |= {mark for mark in (DEPRECATED, READ_ONLY) if schema.get(mark) is True}
        return Node(schema, reference, rules, frozenset(marks), marks, self)

    def visit(
        self,
        reference: str,
        value: Any,
        wanted: frozenset[str] = frozenset({ANY}),
        *,
        guess: bool = False,
    ) -> list[Site]:
        """Walk a payload along the schema at a pointer; parents come before children.

        Args:
            reference: JSON Pointer of the schema in the contract's document.
            value: the payload.
            wanted: which of `MARKS`: only sites with one of them are given, and the walk leaves
                out what leads to none.
            guess: where a value is valid against none of its choices, follow them all: one was
                meant.
        """
        walk = _Walk(wanted, guess, [])
        walk.visit((), value, self.root(reference))
        return walk.found

    def root(self, reference: str) -> Node:
        """Give the node of a schema that payloads start at, with its reach complete."""
        root = self.node(reference)
        if reference not in self._spread:
            reached = _spread_marks(root)
            _refuse_circles([self.node(one) for one in reached])
            self._spread |= reached
        return root


def _refuse_circles(nodes: list[Node]) -> None:
    """Hold schemas to say something: one that only refers to itself never does.

    Raises:
        ContractError: a schema leads to itself for the same value.
    """
    done: set[str] = set()
    for start in nodes:
        way, todo = dict[str, None](), [(start, False)]
        while todo:
            node, is_left = todo.pop()
            if is_left:
                way.pop(node.reference)
                done.add(node.reference)
            elif node.reference in way:
                message = "the schema refers to itself, in a circle"
                raise ContractError(
                    message, "Let one of them say what it is.", where=node.reference
                )
            elif node.reference not in done:
                way[node.reference] = None
                todo.append((node, True))
                todo += [(other, False) for other in node.below.beside()]


def _spread_marks(root: Node) -> set[str]:
    """Complete the reach of every schema from a root on; give their pointers."""
    nodes, leading = [root], {root.reference: list[Node]()}
    for node in nodes:
        for other in node.below.nodes():
            if other.reference not in leading:
                leading[other.reference] = []
                nodes.append(other)
            leading[other.reference].append(node)
    todo = [(node, mark) for node in nodes for mark in node.reach]
    while todo:
        node, mark = todo.pop()
        for other in leading[node.reference]:
            if mark not in other.reach:
                other.reach.add(mark)
                todo.append((other, mark))
    return set(leading)


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk along schemas: what it looks for, and what it found."""

    wanted: frozenset[str]
    guess: bool
    found: list[Site]

    def visit(self, at: Path, value: Any, node: Node, level: int = 0) -> None:
        """Visit a value by one schema, then all below it.

        Raises:
            ContractError: so many schemas lead to each other that the stack may not hold it.
        """
        if level > DEEPEST:
            message = f"schemas lead to each other more than {DEEPEST:,} times in one payload"
            raise ContractError(message, "Let a schema say what it is.", where=node.reference)
        if not self.wanted.isdisjoint(node.marks):
            self.found.append(Site(at, value, node))
        ways = node.ways(self.wanted)
        for other in ways.always:
            self.visit(at, value, other, level + 1)
        if ways.choices or ways.condition:
            for other in _chosen(ways, value, guess=self.guess):
                self.visit(at, value, other, level + 1)
        if isinstance(value, dict):
            self._visit_members(at, value, ways, level + 1)
        elif isinstance(value, list):
            self._visit_elements(at, value, ways, level + 1)

    def _visit_members(self, at: Path, value: dict[str, Any], ways: Ways, level: int) -> None:
        members, others = ways.members, ways.others
        for name, item in value.items():
            member = members.get(name, others)
            if member is not None:
                self.visit((*at, name), item, member, level)

    def _visit_elements(self, at: Path, value: list[Any], ways: Ways, level: int) -> None:
        first, elements = ways.first, ways.elements
        for index, item in enumerate(value):
            element = first[index] if index < len(first) else elements
            if element is not None:
                self.visit((*at, index), item, element, level)


def _chosen(ways: Ways, value: Any, *, guess: bool) -> Iterator[Node]:
    fitting = [node for node in ways.choices if node.accepts(value)]
    yield from ways.choices if guess and not fitting else fitting
    if ways.condition:
        asked, then, other = ways.condition
        yield from then if asked.accepts(value) else other


@cache
def plan_of(contract: Contract) -> Plan:
    """Give the plan of a contract; the same contract always has the same one."""
    return Plan(contract)
