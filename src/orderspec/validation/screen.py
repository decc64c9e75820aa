"""A quick look at a payload for all but its shape: surely nothing to tell, or a doubt.

For each schema that leads to a keyword of the contract's own (rules, read-only, deprecated) there
is a place, made of the plan and the rules of the contract. A look passes where
`orderspec.validation.engine.judge` would find nothing, many times faster; where it doubts, that
one judges.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from orderspec.contract.model import Contract, Rule
from orderspec.rules.evaluate import EACH
from orderspec.rules.nodes import Node
from orderspec.rules.quick import TreeBuilder, key
from orderspec.rules.quick_nodes import Look
from orderspec.rules.syntax import parse
from orderspec.rules.tokens import UnsupportedError
from orderspec.rules.trees import chain
from orderspec.validation.branches import only_branches
from orderspec.validation.plan import DEPRECATED, READ_ONLY, Plan, plan_of
from orderspec.validation.plan import Node as SchemaNode
from orderspec.validation.quick_places import (
    Choice,
    ClausePlace,
    Condition,
    ElementRules,
    Place,
    QuickRule,
    RuleGroup,
)

_MOST_STEPS = 300_000


@dataclass(frozen=True, slots=True)
class Screen:
    """The quick look at payloads of one schema.

    Attributes:
        root: where payloads start.
        chooses: whether it asks which of several schemas a value is valid against.
    """

    root: Place
    chooses: bool

    def doubts(self, payload: Any) -> Sequence[str] | None:
        """Name the rules that may find something; None where anything may be found."""
        look = Look(_MOST_STEPS)
        try:
            self.root.look(payload, look)
        except Exception:  # noqa: BLE001 (whatever fails here is judged with care)
            return None
        return look.doubts


def screen_of(contract: Contract, reference: str, wanted: frozenset[str]) -> Screen | None:
    """Make the screen of a schema.

    Args:
        contract: the contract.
        reference: JSON Pointer of the schema in the contract's document.
        wanted: which marks of `plan` are looked at.

    Returns:
        A screen for payloads that have no number that a double does not carry; and no member that
        is null, if it looks at rules. None where there is nothing to look at.

    Raises:
        UnsupportedError: none can be made.
    """
    plan = plan_of(contract)
    root = plan.root(reference)
    if wanted.isdisjoint(root.reach):
        return None
    maker = _Maker(plan, wanted)
    return Screen(maker.made(root), maker.chooses)


class _Maker:
    """Makes the places of one schema and of all that it leads to."""

    def __init__(self, plan: Plan, wanted: frozenset[str]) -> None:
        self._plan = plan
        self._wanted = wanted
        self.chooses = False
        self._places: dict[str, ClausePlace] = {}
        self._todo: list[SchemaNode] = []

    def made(self, root: SchemaNode) -> ClausePlace:
        place = self._place(root)
        while self._todo:
            node = self._todo.pop()
            self._fill(self._places[node.reference], node)
        return place

    def _place(self, node: SchemaNode) -> ClausePlace:
        """Give the place of a schema; what only refers to another has that one's."""
        ways = node.ways(self._wanted)
        while (
            self._wanted.isdisjoint(node.marks)
            and len(ways.always) == 1
            and not (ways.choices or ways.condition or ways.members or ways.others)
            and not (ways.first or ways.elements)
        ):
            node = ways.always[0]
            ways = node.ways(self._wanted)
        if node.reference not in self._places:
            self._places[node.reference] = ClausePlace()
            self._todo.append(node)
        return self._places[node.reference]

    def _fill(self, place: ClausePlace, node: SchemaNode) -> None:
        ways = node.ways(self._wanted)
        if any(ways.first):
            message = "prefixItems"
            raise UnsupportedError(message)
        marks = self._wanted & node.marks
        place.is_marked = bool(marks & {DEPRECATED, READ_ONLY})
        if marks:
            rules = [rule for rule in node.rules if rule.refusal != "unsure"]
            place.groups, place.size = _groups(rules)
        place.always = self._all(ways.always)
        sure = {branch.reference for branch in only_branches(node)}
        place.choices = [
            Choice(
                self._acceptor(one, is_sure=one.reference in sure),
                self._place(one),
                is_sure=one.reference in sure,
            )
            for one in ways.choices
        ]
        if ways.condition:
            asked, then, other = ways.condition
            place.condition = Condition(self._acceptor(asked), self._all(then), self._all(other))
        place.members = [
            (key(name), self._place(child)) for name, child in ways.members.items() if child
        ]
        place.known = frozenset(ways.members)
        place.others = self._place(ways.others) if ways.others else None
        place.elements = self._place(ways.elements) if ways.elements else None

    def _all(self, nodes: Sequence[SchemaNode]) -> list[ClausePlace]:
        return [self._place(node) for node in nodes]

    def _acceptor(self, node: SchemaNode, *, is_sure: bool = False) -> Any:
        self.chooses = self.chooses or not is_sure
        return self._plan.schemas.validator(node.reference).is_valid


def _groups(rules: Sequence[Rule]) -> tuple[list[RuleGroup], int]:
    """Make the rules of a place, and tell how many slots they need."""
    parsed = [_Parsed.of(rule) for rule in rules]
    builder = TreeBuilder(node for rule in parsed for node in rule.expressions())
    groups = [RuleGroup([rule.built(builder) for rule in parsed if rule.elements is None])]
    for element, elements in dict.fromkeys((rule.element, rule.elements) for rule in parsed):
        if elements is not None:
            listed = builder.tree(elements, builder.own)
            slot = builder.each(element)
            asked = [
                rule for rule in parsed if (rule.element, rule.elements) == (element, elements)
            ]
            quick = [rule.built(builder) for rule in asked]
            groups.append(ElementRules(quick, listed, slot, builder.element_slots()))
    return groups, builder.size


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A rule, parsed.

    Attributes:
        clause: its id.
        conditions: what holds where it applies.
        check: what it asks.
        element: the name that `each` binds, or nothing.
        elements: the path that `each` walks, if it does.
    """

    clause: str
    conditions: tuple[Node, ...]
    check: Node
    element: str = ""
    elements: Node | None = None

    @classmethod
    def of(cls, rule: Rule) -> "_Parsed":
        conditions = tuple(chain(parse(rule.when), "&&")) if rule.when else ()
        if rule.each is None:
            return cls(rule.id, conditions, parse(rule.check))
        match = EACH.fullmatch(rule.each)
        if match is None:
            raise UnsupportedError(rule.each)
        element, path = match.groups()
        return cls(rule.id, conditions, parse(rule.check), element, parse(path))

    def expressions(self) -> Iterator[Node]:
        yield from (*self.conditions, self.check)
        if self.elements is not None:
            yield self.elements

    def built(self, builder: TreeBuilder) -> QuickRule:
        conditions = [builder.tree(one) for one in self.conditions]
        return QuickRule(self.clause, conditions, builder.tree(self.check))
