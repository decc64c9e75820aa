"""An expression of CEL as the text of a Python expression, for values of known shape.

What is compiled in `orderspec.rules.compiled` can explain what it finds; this can only pass or
doubt, many times faster. It gives the value that CEL gives, or raises KeyError where CEL finds a
member absent, or raises something else where it cannot tell.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import singledispatchmethod

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
from orderspec.rules.operators import TEXT_METHODS
from orderspec.rules.quick_functions import FUNCTIONS
from orderspec.rules.quick_text import (
    ANY_LIST,
    ARRAY,
    BOOLEAN,
    EMPTY_LIST,
    INTEGER,
    OBJECT,
    STRING,
    UNKNOWN,
    Bound,
    Facts,
    Known,
    Text,
    all_there,
    boolean,
    called,
    computed,
    either,
    made,
)
from orderspec.rules.tokens import UnsupportedError
from orderspec.rules.trees import chain, free_variables, has_macro, sure_reads

_LITERALS = {bool: BOOLEAN, int: INTEGER, str: STRING}


@dataclass(frozen=True)
class Shared:
    """An expression of `self` alone, which several rules, or one for many elements, may hold.

    Attributes:
        name: the Python variable of its value.
        text: the expression.
    """

    name: str
    text: Text


class Writer:
    """Writes the expressions of one function; what several of them hold is computed once."""

    def __init__(self, uses: Mapping[str, int] | None = None, *, shares: bool = True) -> None:
        """Start with nothing shared.

        Args:
            uses: how often what can be shared is used, as another writer has counted.
            shares: whether to share, or to count, at all.
        """
        self.shared: dict[str, Shared] = {}
        self.uses: Counter[str] = Counter()
        self._counted = uses or {}
        self._needed: dict[str, Shared] = {}
        self._alone = Writer(shares=False) if shares else None
        # Asked for once: each time it costs more than most expressions do.
        self._written_by_kind: Callable[[Node, Bound], Text] = self._written

    def needed(self) -> list[Shared]:
        """List what was written since this was last asked for shares, each before its users."""
        needed, self._needed = list(self._needed.values()), {}
        return needed

    def write(self, node: Node, bound: Bound) -> Text:
        """Write an expression.

        Raises:
            UnsupportedError: it has a function that is the library's.
        """
        is_own = "self" in bound.names and bound.names["self"].source == "self"
        if self._alone is None or not is_own or not _is_shared(node):
            return self._written_by_kind(node, bound)
        alone = Bound({"self": bound.names["self"]})
        key = self._alone.write(node, alone).source
        # Each element of a list asks again.
        self.uses[key] += 1 + bool(bound.depth)
        if self._counted.get(key, 0) <= 1:
            return self._written_by_kind(node, bound)
        text = self._written_by_kind(node, alone)
        shared = self.shared.setdefault(key, Shared(f"s{len(self.shared)}", text))
        self._needed[shared.name] = shared
        source = f"given({shared.name})" if text.absent or text.doubtful else shared.name
        return replace(text, source=source)

    @singledispatchmethod
    def _written(self, node: Node, bound: Bound) -> Text:
        raise UnsupportedError(str((node, bound)))

    def _all(self, nodes: Iterable[Node], bound: Bound) -> list[Text]:
        return [self.write(node, bound) for node in nodes]

    @_written.register
    def _literal(self, node: Literal, _: Bound) -> Text:
        return Text(repr(node.value), _LITERALS.get(type(node.value), UNKNOWN))

    @_written.register
    def _name(self, node: Name, bound: Bound) -> Text:
        if node.name not in bound.names:
            message = f"there is no variable {node.name!r}"
            raise UnsupportedError(message)
        return bound.names[node.name]

    @_written.register
    def _index(self, node: Index, bound: Bound) -> Text:
        if isinstance(node.key, Literal) and isinstance(node.key.value, str):
            return self._member(Member(node.operand, node.key.value), bound)
        texts = self._all((node.operand, node.key), bound)
        return called("indexed", texts, texts[0].shape.element())

    @_written.register
    def _list(self, node: ListOf, bound: Bound) -> Text:
        texts = self._all(node.elements, bound)
        listed = ", ".join(text.source for text in texts)
        return made(f"[{listed}]", texts, ANY_LIST if texts else EMPTY_LIST)

    @_written.register
    def _map(self, node: MapOf, bound: Bound) -> Text:
        texts = self._all((value for _, value in node.entries), bound)
        pairs = zip(node.entries, texts, strict=True)
        listed = ", ".join(f"{name!r}: {text.source}" for (name, _), text in pairs)
        return made(f"{{{listed}}}", texts, Known(OBJECT))

    @_written.register
    def _unary(self, node: Unary, bound: Bound) -> Text:
        text = self.write(node.operand, bound)
        if node.operator == "!":
            return made(f"(not {boolean(text).source})", [text], BOOLEAN)
        return called("negate", [text])

    @_written.register
    def _binary(self, node: Binary, bound: Bound) -> Text:
        left, right = self._all((node.left, node.right), bound)
        return computed(node.operator, left, right, node.right)

    @_written.register
    def _conditional(self, node: Conditional, bound: Bound) -> Text:
        asked = boolean(self.write(node.condition, bound))
        then, other = (
            self.write(one, bound.knowing(self.facts(node.condition, bound, holds=holds)))
            for one, holds in ((node.then, True), (node.other, False))
        )
        source = f"({then.source} if {asked.source} else {other.source})"
        return made(source, [asked, then, other], either(then.shape, other.shape))

    @_written.register
    def _member(self, node: Member, bound: Bound) -> Text:
        holder, name = self.write(node.operand, bound), node.name
        is_there = (holder.source, name) in bound.facts or holder.shape.requires(name)
        return Text(
            f"{holder.source}[{name!r}]",
            holder.shape.member(name),
            absent=holder.absent or not is_there,
            doubtful=holder.doubtful or holder.kinds != OBJECT,
        )

    @_written.register
    def _has(self, node: Has, bound: Bound) -> Text:
        holder, name = self.write(node.operand, bound), node.name
        if holder.kinds == OBJECT:
            return made(f"({name!r} in {holder.source})", [holder], BOOLEAN)
        return called("has", [holder, Text(repr(name))], BOOLEAN)

    @_written.register
    def _call(self, node: Call, bound: Bound) -> Text:
        match node:
            case Call("alike", (Call("values", (_, Literal(), Literal()) as arguments),)):
                return called("alike_values", self._all(arguments, bound), BOOLEAN)
        name, texts = node.function, self._all(node.arguments, bound)
        if name == "size" and len(texts) == 1:
            return _size(texts)
        if name not in FUNCTIONS:
            message = f"{name}() is the library's"
            raise UnsupportedError(message)
        if name == "sum" and texts[0].shape.element().kinds == INTEGER.kinds:
            return called("plain_sum", texts, INTEGER)
        kind = FUNCTIONS[name].kind
        return called(name, texts, Known(frozenset({kind})) if kind else UNKNOWN)

    @_written.register
    def _method_call(self, node: MethodCall, bound: Bound) -> Text:
        texts = self._all((node.target, *node.arguments), bound)
        if node.method == "size" and len(texts) == 1:
            return _size(texts)
        if node.method not in TEXT_METHODS or len(node.arguments) != 1:
            message = f".{node.method}() is the library's"
            raise UnsupportedError(message)
        return called(f"text_{node.method}", texts, BOOLEAN)

    @_written.register
    def _macro(self, node: Macro, bound: Bound) -> Text:
        elements = self.write(node.elements, bound)
        is_crossing = bound.depth > 0 and bound.innermost not in free_variables(node.elements)
        is_plain = elements.kinds == ARRAY and not is_crossing
        walked = elements if is_plain else called("walked", [elements])
        element, inner = bound.element(node.variable, elements.shape.element())
        condition = boolean(self.write(node.condition, inner)) if node.condition else None
        loop = f"for {element} in {walked.source}"
        if node.kind in ("filter", "map"):
            known = self.facts(node.condition, inner, holds=True) if node.condition else Facts()
            result = self.write(node.result or Name(node.variable), inner.knowing(known))
            where = f" if {condition.source}" if condition else ""
            texts = [walked, result, *([condition] if condition else [])]
            return made(f"[{result.source} {loop}{where}]", texts, Known(ARRAY, result.shape))
        if condition is None:
            message = f".{node.kind}() without a condition"
            raise UnsupportedError(message)
        texts = [walked, condition]
        if node.kind == "exists_one":
            return made(f"([{condition.source} {loop}].count(True) == 1)", texts, BOOLEAN)
        if condition.absent or condition.doubtful:
            head = "all" if node.kind == "all" else "any"
            return made(f"{head}({condition.source} {loop})", texts, BOOLEAN)
        # Where nothing can fail, asking all elements is quicker than starting a generator.
        sought = "False not in" if node.kind == "all" else "True in"
        return made(f"({sought} [{condition.source} {loop}])", texts, BOOLEAN)

    @_written.register
    def _logical(self, node: Logical, bound: Bound) -> Text:
        """Write a chain of one operator: plainly if all that it reads is there."""
        sides, word = chain(node), "and" if node.operator == "&&" else "or"
        texts = self._sides(sides, bound, word)
        if not any(text.absent for text in texts[:-1]):
            return made(f"({f' {word} '.join(text.source for text in texts)})", texts, BOOLEAN)
        careful = self._carefully(sides, bound, word)
        there = self._sure_members(sides, bound)
        texts = self._sides(sides, bound.knowing(frozenset(there)), word)
        if any(text.absent for text in texts[:-1]):
            return careful
        plain = f" {word} ".join(text.source for text in texts)
        return replace(careful, source=f"(({plain}) if {all_there(there)} else {careful.source})")

    def _sides(self, sides: list[Node], known: Bound, word: str) -> list[Text]:
        """Write the sides of a chain, each knowing what those before it tell."""
        texts = []
        for side in sides:
            texts.append(boolean(self.write(side, known)))
            known = known.knowing(self.facts(side, known, holds=word == "and"))
        return texts

    def _sure_members(self, sides: list[Node], bound: Bound) -> list[tuple[str, str]]:
        """Name the members of objects that some expressions read in any case."""
        reads = dict.fromkeys(read for side in sides for read in sure_reads(side))
        holders = {variable: text for variable, text in bound.names.items() if text.kinds == OBJECT}
        return [
            (holders[variable].source, name)
            for variable, name in reads
            if variable in holders
            and (holders[variable].source, name) not in bound.facts
            and not holders[variable].shape.requires(name)
        ]

    def _carefully(self, sides: list[Node], bound: Bound, word: str) -> Text:
        """Write a chain whose left sides may fail: the right one is asked all the same."""
        text, *others = (boolean(self.write(side, bound)) for side in sides)
        name = "both" if word == "and" else "one_of"
        for other in others:
            source = f"{name}(lambda: {text.source}, lambda: {other.source})"
            text = made(source, [text, other], BOOLEAN)
        return text

    def facts(self, node: Node, bound: Bound, *, holds: bool = True) -> Facts:
        """Gather the members that are there if a condition holds, or if it does not."""
        match node:
            case Has(operand, name) if holds:
                return frozenset(self.way(Member(operand, name), bound))
            case Unary("!", operand):
                return self.facts(operand, bound, holds=not holds)
            case Logical(operator, left, right) if (operator == "&&") is holds:
                return self.facts(left, bound, holds=holds) | self.facts(right, bound, holds=holds)
        return frozenset()

    def way(self, node: Node, bound: Bound) -> list[tuple[str, str]]:
        """Name every member on the way to a member, each by the text of its object and its name."""
        way = []
        while isinstance(node, Member):
            way.append((self.write(node.operand, bound).source, node.name))
            node = node.operand
        return way[::-1]


def _is_shared(node: Node) -> bool:
    """Tell whether an expression walks a list, and reads nothing but `self`."""
    return (
        isinstance(node, Call | Logical | Macro | MethodCall)
        and has_macro(node)
        and free_variables(node) == {"self"}
    )


def _size(texts: list[Text]) -> Text:
    is_plain = texts[0].kinds in (ARRAY, OBJECT)
    return called("len" if is_plain else "size", texts, INTEGER)
