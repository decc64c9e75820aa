"""Which members a rule is about: those that its expressions read."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orderspec.contract.build import RULES
from orderspec.contract.model import Contract, Rule
from orderspec.docs.calls import Call
from orderspec.docs.members import members_of
from orderspec.docs.shapes import Shape
from orderspec.rules.evaluate import EACH
from orderspec.rules.nodes import Conditional, Has, Index, Macro, Member, Name, Node
from orderspec.rules.syntax import parse
from orderspec.rules.tokens import UnsupportedError
from orderspec.rules.trees import children

# What so many members refer to is a value in parts, such as money: those members are meant.
_SHARED = 5
_OWNER = re.compile("[/~]")

Value = tuple[Shape, ...] | Mapping[str, "Value"]
Bound = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Reads:
    """Finds members by the names that rules read.

    Attributes:
        components: by their ids in the page.
        holders: every shape by its JSON Pointer in the bundle.
        shared: ids of components that many members refer to.
    """

    components: Mapping[str, Shape]
    holders: Mapping[str, Shape]
    shared: frozenset[str]

    @classmethod
    def of(cls, components: Mapping[str, Shape]) -> "Reads":
        """Prepare for the components of a page."""
        every = [shape for one in components.values() for shape in one.every()]
        referred = Counter(shape.target.anchor for shape in every if shape.target)
        shared = frozenset(
            name
            for name, number in referred.items()
            if number >= _SHARED and name in components and _is_value(components[name], components)
        )
        return cls(components, {shape.where: shape for shape in every}, shared)

    def all(self, contract: Contract, calls: Sequence[Call]) -> dict[str, tuple[str, ...]]:
        """Give for each rule of a contract the ids of the members that it reads."""
        by_id = {call.operation.id: call for call in calls}
        found = {rule.id: self._on_schema(rule) for rule in contract.rules.values()}
        for call in calls:
            exchange = _exchange(call)
            found |= {rule.id: self._of(rule, exchange) for rule in call.operation.rules}
            for link in call.operation.links:
                pair = {"first": exchange, "next": _exchange(by_id[link.target])}
                found |= {rule.id: self._of(rule, pair) for rule in link.rules}
        return found

    def _on_schema(self, rule: Rule) -> tuple[str, ...]:
        holder = self.holders.get(rule.where.partition(f"/{RULES}/")[0])
        return self._of(rule, {"self": (holder,)}) if holder else ()

    def _of(self, rule: Rule, bound: Bound) -> tuple[str, ...]:
        try:
            each = EACH.fullmatch(rule.each) if rule.each else None
            if each:
                bound = {**bound, each[1]: self._value(parse(each[2]), bound)}
            return tuple(dict.fromkeys(self._read(parse(rule.check), bound)))
        except UnsupportedError:
            return ()

    def _read(self, node: Node, bound: Bound) -> Iterator[str]:
        """Give what is read, the farthest members of each way only."""
        match node:
            case Member(operand, name) | Has(operand, name):
                own = [
                    shape.anchor
                    for shape in self._member(self._value(operand, bound), name)
                    if _OWNER.split(shape.anchor)[0] not in self.shared
                ]
                yield from own or self._read(operand, bound)
            case Macro(_, elements, variable, condition, result):
                inner = {**bound, variable: self._value(elements, bound)}
                parts = (part for part in (condition, result) if part is not None)
                found = [place for part in parts for place in self._read(part, inner)]
                yield from found or self._read(elements, bound)
            case _:
                for child in children(node):
                    yield from self._read(child, bound)

    def _value(self, node: Node, bound: Bound) -> Value:
        """Find the schemas that an expression can be of; a list is as its elements."""
        match node:
            case Name(name):
                return bound.get(name, ())
            case Member(operand, name):
                value = self._value(operand, bound)
                return (
                    value.get(name, ()) if isinstance(value, Mapping) else self._member(value, name)
                )
            case Index(operand, _) | Macro("filter", operand, _, _, _):
                return self._value(operand, bound)
            case Macro("map", elements, variable, _, result) if result is not None:
                return self._value(result, {**bound, variable: self._value(elements, bound)})
            case Conditional(_, then, other):
                either = self._value(then, bound), self._value(other, bound)
                return tuple(one for some in either if isinstance(some, tuple) for one in some)
        return ()

    def _member(self, value: Value, name: str) -> tuple[Shape, ...]:
        if isinstance(value, Mapping):
            return ()
        found = (one for shape in value for one in members_of(shape, self.components, set()))
        return tuple({one.anchor: one for one in found if one.name == name}.values())


def _is_value(component: Shape, components: Mapping[str, Shape]) -> bool:
    """Tell whether it is something plain, if in parts: neither objects nor lists are inside."""
    inside = (components.get(one.target.anchor) for one in component.members if one.target)
    return not any(one is None or one.members for one in inside)


def _exchange(call: Call) -> dict[str, Value]:
    sent = (call.body.shape,) if call.body and call.body.shape else ()
    answered = tuple(
        answer.body.shape
        for answer in call.answers
        if answer.status.startswith("2") and answer.body.shape
    )
    return {"request": {"body": sent}, "response": {"body": answered}}
