"""The CEL that rules use, parsed into nodes.

Source: the grammar of the Common Expression Language's specification. What rules have no use for
(unsigned integers, bytes, raw and triple-quoted strings, messages, optionals, maps whose keys are
not texts) is not parsed, so `parse` accepts a part of what the CEL library accepts, and no more.
"""

from collections.abc import Callable
from functools import lru_cache

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
from orderspec.rules.tokens import CONSTANTS, END, Token, UnsupportedError, literal, tokens

RELATIONS = ("==", "!=", "<=", ">=", "<", ">", "in")
SUMS = ("+", "-")
PRODUCTS = ("*", "/", "%")
MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})
_LITERALS = ("int", "double", "text")
_KEYWORDS = frozenset({*CONSTANTS, "in"})
_RESERVED = frozenset(
    {
        *("as", "break", "const", "continue", "else", "for", "function", "if", "import", "let"),
        *("loop", "package", "namespace", "return", "var", "void", "while"),
    }
)
_TYPES = frozenset(
    {
        *("bool", "bytes", "double", "dyn", "int", "list", "map", "null_type", "string", "type"),
        *("uint", "duration", "timestamp"),
    }
)


@lru_cache(maxsize=4096)
def parse(source: str) -> Node:
    """Parse an expression.

    Raises:
        UnsupportedError: it is not in the subset; it may not be CEL at all.
    """
    try:
        return _Parser(list(tokens(source))).whole()
    except RecursionError as problem:
        message = "nested too deeply"
        raise UnsupportedError(message) from problem


class _Parser:
    """Recursive descent, one method for each level of precedence."""

    def __init__(self, words: list[Token]) -> None:
        self._words = [*words, END]
        self._place = 0

    def whole(self) -> Node:
        node = self._expression()
        if self._next != END:
            raise self._refused()
        return node

    def _expression(self) -> Node:
        condition = self._alternatives()
        if not self._take("?"):
            return condition
        then = self._alternatives()
        self._expect(":")
        return Conditional(condition, then, self._expression())

    def _alternatives(self) -> Node:
        return self._logical("||", self._conjunction)

    def _conjunction(self) -> Node:
        return self._logical("&&", self._relation)

    def _logical(self, operator: str, term: Callable[[], Node]) -> Node:
        terms = [term()]
        while self._take(operator):
            terms.append(term())
        return _balanced(operator, terms)

    def _relation(self) -> Node:
        return self._chain(RELATIONS, self._sum)

    def _sum(self) -> Node:
        return self._chain(SUMS, self._product)

    def _product(self) -> Node:
        return self._chain(PRODUCTS, self._unary)

    def _chain(self, operators: tuple[str, ...], operand: Callable[[], Node]) -> Node:
        node = operand()
        while self._next.kind in ("sign", "name") and self._next.text in operators:
            operator = self._advance().text
            node = Binary(operator, node, operand())
        return node

    def _unary(self) -> Node:
        operator = next((one for one in ("!", "-") if self._sees(one)), None)
        if operator is None:
            return self._member("")
        count = 0
        while self._take(operator):
            count += 1
        if (operator, count) == ("-", 1) and self._next.kind in ("int", "double"):
            return self._member("-")
        operand = self._member("")
        # The library takes a sign that stands twice for none, whatever it is put before.
        return Unary(operator, operand) if count % 2 else operand

    def _member(self, sign: str) -> Node:
        node = self._primary(sign)
        while True:
            if self._take("."):
                node = self._selected(node, self._name(_KEYWORDS))
            elif self._take("["):
                node = Index(node, self._expression())
                self._expect("]")
            else:
                return node

    def _selected(self, operand: Node, name: str) -> Node:
        if not self._take("("):
            return Member(operand, name)
        arguments = self._until(")")
        match name, arguments:
            case (("all" | "exists" | "exists_one" | "filter"), (Name(variable), condition)):
                return Macro(name, operand, variable, condition, None)
            case "map", (Name(variable), result):
                return Macro(name, operand, variable, None, result)
            case "map", (Name(variable), condition, result):
                return Macro(name, operand, variable, condition, result)
            case _ if name in MACROS:
                raise self._refused()
        return MethodCall(operand, name, arguments)

    def _primary(self, sign: str) -> Node:
        kind, text = self._next
        if kind in _LITERALS or text in CONSTANTS:
            self._advance()
            return Literal(literal(kind, sign + text))
        if kind == "name":
            return self._named()
        if self._take("("):
            node = self._expression()
            self._expect(")")
            return node
        if self._take("["):
            return ListOf(self._until("]"))
        if self._take("{"):
            return MapOf(self._entries())
        raise self._refused()

    def _named(self) -> Node:
        name = self._name(_KEYWORDS | _RESERVED | _TYPES)
        if not self._take("("):
            return Name(name)
        arguments = self._until(")")
        if name != "has":
            return Call(name, arguments)
        match arguments:
            case [Member(operand, member)]:
                return Has(operand, member)
        raise self._refused()

    def _until(self, end: str) -> tuple[Node, ...]:
        if self._take(end):
            return ()
        nodes = [self._expression()]
        while self._take(","):
            nodes.append(self._expression())
        self._expect(end)
        return tuple(nodes)

    def _entries(self) -> tuple[tuple[str, Node], ...]:
        entries: list[tuple[str, Node]] = []
        while not self._take("}"):
            if entries:
                self._expect(",")
            key = self._advance()
            if key.kind != "text":
                raise self._refused()
            self._expect(":")
            entries.append((str(literal(*key)), self._expression()))
        return tuple(entries)

    @property
    def _next(self) -> Token:
        return self._words[self._place]

    def _sees(self, sign: str) -> bool:
        return self._next == ("sign", sign)

    def _take(self, sign: str) -> bool:
        if not self._sees(sign):
            return False
        self._place += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise self._refused()

    def _name(self, refused: frozenset[str]) -> str:
        token = self._advance()
        if token.kind != "name" or token.text in refused:
            raise self._refused()
        return token.text

    def _advance(self) -> Token:
        token = self._next
        if token == END:
            raise self._refused()
        self._place += 1
        return token

    def _refused(self) -> UnsupportedError:
        return UnsupportedError(f"{self._next.text or 'the end'!r} is not expected here")


def _balanced(operator: str, terms: list[Node]) -> Node:
    """Nest terms as the library does: which of two errors comes out depends on it."""
    if len(terms) == 1:
        return terms[0]
    middle = (len(terms) + 1) // 2
    return Logical(
        operator, _balanced(operator, terms[:middle]), _balanced(operator, terms[middle:])
    )
