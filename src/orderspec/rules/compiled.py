"""An expression of CEL as a Python function: no copy of a payload, no call across languages.

The CEL library copies every variable for every execution and every member that it reads, which
costs seconds on an order of some hundred lines. What is compiled here gives the same values and
the same kinds of errors. Function by function:

- ``&&`` and ``||`` take an error on one side back if the other side decides. Where neither does,
  the error of the right side comes out, then that of the left.
- ``all`` and ``exists`` stop at the element that decides or fails, whatever comes after it.
- nothing but a bool is true or false.
"""

from collections.abc import Callable, Mapping
from typing import Any

from orderspec.rules.functions import NAMES
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
from orderspec.rules.operators import (
    BINARY,
    TEXT_METHODS,
    Operator,
    boolean,
    holder,
    indexed,
    invert,
    negate,
    no_member,
    size,
    walked,
)
from orderspec.rules.syntax import parse
from orderspec.rules.tokens import UnsupportedError

FAILURES = (KeyError, IndexError, TypeError, ValueError, RuntimeError, ArithmeticError)

Variables = Mapping[str, Any]
Functions = Mapping[str, Callable[..., Any]]
Evaluator = Callable[[Variables, Functions], Any]


def compiled(source: str) -> Evaluator:
    """Compile an expression.

    Args:
        source: CEL.

    Returns:
        A function of the variables, as `orderspec.rules.view.to_cel` makes them, and of the
        functions, as `orderspec.rules.functions.functions` binds them. It raises `FAILURES`:
        KeyError, with the name of the member, where a member is absent.

    Raises:
        UnsupportedError: the expression is outside the subset that can be compiled.
    """
    node = parse(source)
    try:
        return evaluator_of(node)
    except RecursionError as problem:
        message = "nested too deeply"
        raise UnsupportedError(message) from problem


def evaluator_of(node: Node) -> Evaluator:
    """Compile a tree; see `compiled`."""
    return _COMPILERS[type(node)](node)


def _literal(node: Literal) -> Evaluator:
    value = node.value
    return lambda _variables, _functions: value


def _name(node: Name) -> Evaluator:
    name = node.name

    def evaluate(variables: Variables, _functions: Functions) -> Any:
        try:
            return variables[name]
        except KeyError:
            message = f"there is no variable {name!r}"
            raise RuntimeError(message) from None

    return evaluate


def _member(node: Member) -> Evaluator:
    """Compile ``a.b.c`` as one function: most of what rules do is reading members."""
    names = [node.name]
    root = node.operand
    while isinstance(root, Member):
        names.insert(0, root.name)
        root = root.operand
    start = evaluator_of(root)

    def evaluate(variables: Variables, functions: Functions) -> Any:
        value, name = start(variables, functions), ""
        try:
            for name in names:
                value = value[name]
        except TypeError:
            raise no_member(value, name) from None
        return value

    return evaluate


def _has(node: Has) -> Evaluator:
    operand, name = evaluator_of(node.operand), node.name

    def evaluate(variables: Variables, functions: Functions) -> bool:
        value = operand(variables, functions)
        if type(value) is not dict:
            raise no_member(value, name)
        return name in value

    return evaluate


def _index(node: Index) -> Evaluator:
    operand, key = evaluator_of(node.operand), evaluator_of(node.key)

    def evaluate(variables: Variables, functions: Functions) -> Any:
        value = holder(operand(variables, functions))
        return indexed(value, key(variables, functions))

    return evaluate


def _list(node: ListOf) -> Evaluator:
    elements = _evaluators(node.elements)
    return lambda variables, functions: [one(variables, functions) for one in elements]


def _map(node: MapOf) -> Evaluator:
    entries = tuple((name, evaluator_of(value)) for name, value in node.entries)
    return lambda variables, functions: {
        name: value(variables, functions) for name, value in entries
    }


def _unary(node: Unary) -> Evaluator:
    return _applied(invert if node.operator == "!" else negate, node.operand)


def _binary(node: Binary) -> Evaluator:
    return _computed(BINARY[node.operator], node.left, node.right)


def _applied(compute: Callable[[Any], Any], node: Node) -> Evaluator:
    operand = evaluator_of(node)
    return lambda variables, functions: compute(operand(variables, functions))


def _computed(compute: Operator, one: Node, other: Node) -> Evaluator:
    left, right = evaluator_of(one), evaluator_of(other)
    return lambda variables, functions: compute(
        left(variables, functions), right(variables, functions)
    )


def _evaluators(nodes: tuple[Node, ...]) -> tuple[Evaluator, ...]:
    return tuple(map(evaluator_of, nodes))


def _logical(node: Logical) -> Evaluator:
    left, right, sign = evaluator_of(node.left), evaluator_of(node.right), node.operator
    decisive = sign == "||"

    def evaluate(variables: Variables, functions: Functions) -> bool:
        problem: Exception | None = None
        one: object = None
        try:
            one = left(variables, functions)
        except FAILURES as caught:
            problem = caught
        if one is decisive:
            return decisive
        other: object = right(variables, functions)
        if other is decisive:
            return decisive
        if problem is not None:
            raise problem
        boolean(sign, one)
        return boolean(sign, other)

    return evaluate


def _conditional(node: Conditional) -> Evaluator:
    condition, then = evaluator_of(node.condition), evaluator_of(node.then)
    other = evaluator_of(node.other)

    def evaluate(variables: Variables, functions: Functions) -> Any:
        chosen = then if boolean("?", condition(variables, functions)) else other
        return chosen(variables, functions)

    return evaluate


def _call(node: Call) -> Evaluator:
    name, arguments = node.function, _evaluators(node.arguments)
    if name == "size" and len(arguments) == 1:
        return _applied(size, node.arguments[0])
    if name not in NAMES:
        message = f"{name}() is the library's"
        raise UnsupportedError(message)

    def evaluate(variables: Variables, functions: Functions) -> Any:
        return functions[name](*[one(variables, functions) for one in arguments])

    return evaluate


def _method_call(node: MethodCall) -> Evaluator:
    match node.method, node.arguments:
        case "size", ():
            return _applied(size, node.target)
        case name, (argument,) if name in TEXT_METHODS:
            # The library evaluates what stands in the brackets first.
            compute = TEXT_METHODS[name]
            return _computed(lambda other, text: compute(text, other), argument, node.target)
    message = f".{node.method}() is the library's"
    raise UnsupportedError(message)


def _macro(node: Macro) -> Evaluator:
    elements = evaluator_of(node.elements)
    condition = evaluator_of(node.condition) if node.condition else None
    if condition is None or node.kind in ("filter", "map"):
        result = evaluator_of(node.result or Name(node.variable))
        return _mapped(elements, node.variable, condition, result)
    if node.kind == "exists_one":
        return _exists_one(elements, node.variable, condition)
    return _quantified(node.kind, elements, node.variable, condition)


def _quantified(kind: str, elements: Evaluator, name: str, condition: Evaluator) -> Evaluator:
    decisive = kind == "exists"

    def evaluate(variables: Variables, functions: Functions) -> bool:
        scope = dict(variables)
        for element in walked(kind, elements(variables, functions)):
            scope[name] = element
            if boolean(kind, condition(scope, functions)) is decisive:
                return decisive
        return not decisive

    return evaluate


def _exists_one(elements: Evaluator, name: str, condition: Evaluator) -> Evaluator:
    def evaluate(variables: Variables, functions: Functions) -> bool:
        scope, count = dict(variables), 0
        for element in walked("exists_one", elements(variables, functions)):
            scope[name] = element
            count += boolean("exists_one", condition(scope, functions))
        return count == 1

    return evaluate


def _mapped(
    elements: Evaluator, name: str, condition: Evaluator | None, result: Evaluator
) -> Evaluator:
    def evaluate(variables: Variables, functions: Functions) -> list[Any]:
        scope, found = dict(variables), []
        for element in walked("map", elements(variables, functions)):
            scope[name] = element
            if condition is None or boolean("filter", condition(scope, functions)):
                found.append(result(scope, functions))
        return found

    return evaluate


_COMPILERS: dict[type[Node], Callable[[Any], Evaluator]] = {
    Literal: _literal,
    Name: _name,
    Member: _member,
    Has: _has,
    Index: _index,
    ListOf: _list,
    MapOf: _map,
    Call: _call,
    MethodCall: _method_call,
    Macro: _macro,
    Unary: _unary,
    Binary: _binary,
    Logical: _logical,
    Conditional: _conditional,
}
