"""Expressions of CEL → trees that evaluate themselves, see `orderspec.rules.quick_nodes`."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, singledispatchmethod
from typing import Any

import orjson

from orderspec.rules import quick_macros as macros
from orderspec.rules import quick_nodes as quick
from orderspec.rules import quick_operators as operators
from orderspec.rules.nodes import (
    Binary,
    Call,
    Conditional,
    Has,
    Index,
    ListOf,
    Literal,
    Logical,
    Macro,
    MapOf,
    Member,
    MethodCall,
    Name,
    Node,
    Unary,
)
from orderspec.rules.operators import BINARY, ORDERS, TEXT_METHODS, negate
from orderspec.rules.quick_functions import FUNCTIONS, AlikeValues
from orderspec.rules.tokens import UnsupportedError
from orderspec.rules.trees import chain, children, free_variables

SELF = "self"
Variables = Mapping[str, quick.Variable]


class TreeBuilder:
    """Makes the trees of one place: what several of them hold is computed once.

    Attributes:
        size: how many slots a frame of these trees has.
        own: `self` alone.
        variables: what is bound outside of macros: `self`, and the element of `each`.
    """

    def __init__(self, expressions: Iterable[Node]) -> None:
        """Start with `self` alone; `expressions` are all that will be built."""
        self.size = 1
        self._self = quick.Variable(0)
        self.own: Variables = {SELF: self._self}
        self.variables = self.own
        self._uses = Counter(part for node in expressions for part in _parts(node))
        self._of_self: dict[Node, quick.Shared] = {}
        self._of_element: dict[Node, quick.Shared] = {}
        # Asked for once: each time it costs more than most expressions do.
        self._made_by_kind: Callable[[Node, Variables], quick.Expression] = self._made

    def each(self, name: str) -> int:
        """Bind the element that rules are about, in place of the one before; give its slot."""
        variable = quick.Variable(self._slot())
        self.variables = {SELF: self._self, name: variable}
        self._of_element = {}
        return variable.slot

    def element_slots(self) -> list[int]:
        """List the slots of what is computed once for each element."""
        return [shared.slot for shared in self._of_element.values()]

    def _slot(self) -> int:
        slot, self.size = self.size, self.size + 1
        return slot

    def tree(self, node: Node, variables: Variables | None = None) -> quick.Expression:
        """Make the tree of an expression.

        Args:
            node: the expression.
            variables: what is bound where it stands, if macros bind more than is bound outside.

        Raises:
            UnsupportedError: it has a function that is the library's.
        """
        bound = variables or self.variables
        if self._uses[node] < 2:  # noqa: PLR2004 (by nobody else)
            return self._made_by_kind(node, bound)
        free = free_variables(node)
        if any(bound.get(name) is not self.variables.get(name) for name in free):
            return self._made_by_kind(node, bound)
        is_of_self = all(bound.get(name) is self._self for name in free)
        shared = self._of_self if is_of_self else self._of_element
        if node not in shared:
            expression = self._made_by_kind(node, bound)
            shared[node] = quick.Shared(self._slot(), expression)
        return shared[node]

    @singledispatchmethod
    def _made(self, node: Node, variables: Variables) -> quick.Expression:
        raise UnsupportedError(str((node, variables)))

    def _all(self, nodes: Iterable[Node], variables: Variables) -> list[quick.Expression]:
        return [self.tree(node, variables) for node in nodes]

    @_made.register
    def _literal(self, node: Literal, _: Variables) -> quick.Expression:
        return quick.Constant(node.value)

    @_made.register
    def _name(self, node: Name, variables: Variables) -> quick.Expression:
        if node.name not in variables:
            message = f"there is no variable {node.name!r}"
            raise UnsupportedError(message)
        return variables[node.name]

    @_made.register
    def _index(self, node: Index, variables: Variables) -> quick.Expression:
        return quick.Item(*self._all((node.operand, node.key), variables))

    @_made.register
    def _list(self, node: ListOf, variables: Variables) -> quick.Expression:
        return quick.MakeList(self._all(node.elements, variables))

    @_made.register
    def _map(self, node: MapOf, variables: Variables) -> quick.Expression:
        names = [name for name, _ in node.entries]
        return quick.MakeMap(names, self._all((value for _, value in node.entries), variables))

    @_made.register
    def _unary(self, node: Unary, variables: Variables) -> quick.Expression:
        operand = self.tree(node.operand, variables)
        return (
            operators.Not(operand)
            if node.operator == "!"
            else operators.CalledWithOne(negate, operand)
        )

    @_made.register
    def _binary(self, node: Binary, variables: Variables) -> quick.Expression:
        sign, texts = node.operator, _texts(node.right)
        if sign == "in" and texts:
            return operators.ContainedText(self.tree(node.left, variables), texts)
        left, right = self._all((node.left, node.right), variables)
        if sign in ("==", "!="):
            return operators.Equal(left, right, turned=sign == "!=")
        if sign == "in":
            return operators.Contained(left, right)
        make = operators.Ordered if sign in ORDERS else operators.Arithmetic
        return make(sign, left, right, BINARY[sign])

    @_made.register
    def _conditional(self, node: Conditional, variables: Variables) -> quick.Expression:
        return operators.Conditional(*self._all((node.condition, node.then, node.other), variables))

    @_made.register
    def _member(self, node: Member, variables: Variables) -> quick.Expression:
        names = [key(node.name)]
        root = node.operand
        while isinstance(root, Member):
            names.insert(0, key(root.name))
            root = root.operand
        start = self.tree(root, variables)
        if isinstance(start, quick.Variable):
            return quick.VariablePath(start, names)
        return quick.Path(start, names)

    @_made.register
    def _has(self, node: Has, variables: Variables) -> quick.Expression:
        return quick.HasMember(self.tree(node.operand, variables), key(node.name))

    @_made.register
    def _call(self, node: Call, variables: Variables) -> quick.Expression:
        match node:
            case Call(
                "alike", (Call("values", (value, Literal(str(name)), Literal(str(beside)))),)
            ):
                return AlikeValues(self.tree(value, variables), key(name), key(beside))
        arguments = self._all(node.arguments, variables)
        if node.function == "size" and len(arguments) == 1:
            return operators.Size(*arguments)
        if node.function not in FUNCTIONS:
            message = f"{node.function}() is the library's"
            raise UnsupportedError(message)
        return _called(FUNCTIONS[node.function], arguments)

    @_made.register
    def _method_call(self, node: MethodCall, variables: Variables) -> quick.Expression:
        target, *arguments = self._all((node.target, *node.arguments), variables)
        if node.method == "size" and not arguments:
            return operators.Size(target)
        if node.method not in TEXT_METHODS or len(arguments) != 1:
            message = f".{node.method}() is the library's"
            raise UnsupportedError(message)
        # As in the library, what stands in the brackets comes first.
        method = TEXT_METHODS[node.method]
        return _called(lambda other, text: method(text, other), [*arguments, target])

    @_made.register
    def _macro(self, node: Macro, variables: Variables) -> quick.Expression:
        elements = self.tree(node.elements, variables)
        # Lists below the innermost element are walked once in all; others once for each of it.
        innermost, variable = list(variables.items())[-1]
        is_within = variable is not self._self
        counts = is_within and innermost not in free_variables(node.elements)
        slot = self._slot()
        inner = {name: one for name, one in variables.items() if name != node.variable}
        inner[node.variable] = quick.Variable(slot)
        walk = macros.Walk(elements, slot, counts=counts)
        condition = self.tree(node.condition, inner) if node.condition else None
        if node.kind in ("filter", "map"):
            result = self.tree(node.result or Name(node.variable), inner)
            return macros.Mapped(walk, condition, result)
        if condition is None:
            message = f".{node.kind}() without a condition"
            raise UnsupportedError(message)
        if node.kind == "exists_one":
            return macros.ExistsOne(walk, condition)
        return macros.Quantified(walk, condition, decisive=node.kind == "exists")

    @_made.register
    def _logical(self, node: Logical, variables: Variables) -> quick.Expression:
        return operators.Chain(self._all(chain(node), variables), decisive=node.operator == "||")


@cache
def key(name: str) -> str:
    """Give a name as orjson does: what is one and the same text is found faster in its objects."""
    (own,) = orjson.loads(orjson.dumps({name: None}))
    return str(own)


def _called(function: Callable[..., object], arguments: list[quick.Expression]) -> quick.Expression:
    match arguments:
        case [one]:
            return operators.CalledWithOne(function, one)
        case [one, other]:
            return operators.CalledWithTwo(function, one, other)
    return operators.Called(function, arguments)


def _parts(node: Node) -> Iterator[Node]:
    """Give an expression and all below it, without names, literals, and ways to members."""
    if isinstance(node, Name | Literal):
        return
    yield node
    while isinstance(node, Member):
        node = node.operand
    for child in children(node):
        yield from _parts(child)


def _texts(node: Node) -> list[str]:
    """Read a list of nothing but texts; empty for anything else."""
    if not isinstance(node, ListOf):
        return []
    texts: list[Any] = [one.value for one in node.elements if isinstance(one, Literal)]
    is_plain = len(texts) == len(node.elements) and all(isinstance(one, str) for one in texts)
    return texts if is_plain else []
