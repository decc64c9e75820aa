"""A quick look at a payload that is valid by its schema: surely nothing to tell, or a doubt.

For each schema that leads to a keyword of the contract's own (rules, read-only, deprecated) there
is a Python function, written from the plan and the rules of the contract. It passes where
`orderspec.validation.engine.judge` would find nothing, many times faster; where it doubts, that
one judges.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from orderspec.contract.model import Contract, Rule
from orderspec.rules import nodes as syntax
from orderspec.rules.evaluate import EACH
from orderspec.rules.quick import Shared, Writer
from orderspec.rules.quick_functions import LOOK, DoubtError
from orderspec.rules.quick_helpers import HELPERS
from orderspec.rules.quick_text import ARRAY, Bound, Text, all_there, boolean
from orderspec.rules.syntax import parse
from orderspec.rules.tokens import UnsupportedError
from orderspec.rules.trees import chain, sure_reads
from orderspec.validation.plan import DEPRECATED, READ_ONLY, Node, Plan, plan_of
from orderspec.validation.shapes import SchemaShape, only_branches

INDENT = "    "
_MOST_STEPS = 300_000


@dataclass(frozen=True, slots=True)
class Screen:
    """The quick look at payloads of one schema.

    Attributes:
        looks: adds the ids of rules that it doubts to a list; raises something where it cannot say.
        chooses: whether it asks which of several schemas a value is valid against.
    """

    looks: Callable[[Any, list[str]], None]
    chooses: bool

    def doubts(self, payload: Any, text: bytes = b"") -> Sequence[str] | None:
        """Name the rules that may find something; None where anything may be found.

        Args:
            payload: the value.
            text: the value as JSON without spaces, if it is at hand.
        """
        found: list[str] = []
        LOOK.left, LOOK.text = _MOST_STEPS, text
        try:
            self.looks(payload, found)
        except Exception:  # noqa: BLE001 (whatever fails here is judged with care)
            return None
        return found


def screen_of(contract: Contract, reference: str, wanted: frozenset[str]) -> Screen | None:
    """Make the screen of a schema.

    Args:
        contract: the contract.
        reference: JSON Pointer of the schema in the contract's document.
        wanted: which marks of `plan` are looked at.

    Returns:
        A screen for payloads that are valid by the schema, and have no number that a double does
        not carry; and no null, if it looks at rules. None where there is nothing to look at.

    Raises:
        UnsupportedError: none can be written.
    """
    plan = plan_of(contract)
    root = plan.root(reference)
    if wanted.isdisjoint(root.reach):
        return None
    module = _Module(plan, wanted)
    looks = executed(module.written(root), module.names, f"screen of {contract.name}{reference}")
    return Screen(looks, module.chooses)


def executed(text: str, names: dict[str, Any], title: str) -> Callable[[Any, list[str]], None]:
    """Make a function of the text of a module; it is the one that is called ``start``.

    Raises:
        UnsupportedError: it is too much for Python.
    """
    try:
        code = compile(text, f"<{title}>", "exec")
    except (SyntaxError, RecursionError, MemoryError) as problem:
        message = "too much for one function"
        raise UnsupportedError(message) from problem
    exec(code, names)  # noqa: S102 (our own text, made of what the contract says)
    found: Callable[[Any, list[str]], None] = names["start"]
    return found


class _Module:
    """The text of the functions of one schema and all that it leads to."""

    def __init__(self, plan: Plan, wanted: frozenset[str]) -> None:
        self._plan = plan
        self._wanted = wanted
        self._writer = Writer()
        self.names: dict[str, Any] = {**HELPERS, "DoubtError": DoubtError}
        self.chooses = False
        self._functions: dict[str, str] = {}
        self._todo: list[Node] = []
        self._numbers = count()

    def written(self, root: Node) -> str:
        """Write every function; `names` is what the text needs."""
        lines = [f"def start(value, doubts):\n{INDENT}{self._function(root)}(value, doubts)"]
        while self._todo:
            node = self._todo.pop()
            self._writer = Writer()
            list(self._body(node))
            self._writer = Writer(self._writer.uses)
            body = list(self._body(node)) or ["pass"]
            unset = [f"{shared.name} = UNSET" for shared in self._writer.shared.values()]
            head = f"def {self._functions[node.reference]}(self, doubts):"
            lines.append("\n".join([head, *(INDENT + line for line in [*unset, *body])]))
        return "\n\n".join(lines) + "\n"

    def _function(self, node: Node) -> str:
        """Name the function of a schema; what only refers to another has that one's."""
        ways = node.ways(self._wanted)
        while (
            self._wanted.isdisjoint(node.marks)
            and len(ways.always) == 1
            and not (ways.choices or ways.condition or ways.members or ways.others)
            and not (ways.first or ways.elements)
        ):
            node = ways.always[0]
            ways = node.ways(self._wanted)
        if node.reference not in self._functions:
            self._functions[node.reference] = f"n{len(self._functions)}"
            self._todo.append(node)
        return self._functions[node.reference]

    def _body(self, node: Node) -> Iterator[str]:
        if self._wanted & node.marks & {DEPRECATED, READ_ONLY}:
            yield "raise DoubtError"
            return
        shape = SchemaShape.of(node)
        if self._wanted & node.marks:
            bound = Bound({"self": Text("self", shape)})
            asked = [rule for rule in node.rules if rule.refusal != "unsure"]
            for each in dict.fromkeys(rule.each for rule in asked):
                yield from self._rules([rule for rule in asked if rule.each == each], bound)
        yield from self._same_value(node)
        yield from self._members(node, shape)
        yield from self._elements(node, shape)

    def _same_value(self, node: Node) -> Iterator[str]:
        ways = node.ways(self._wanted)
        for other in ways.always:
            yield f"{self._function(other)}(self, doubts)"
        sure = {branch.reference for branch in only_branches(node)}
        for choice in ways.choices:
            is_sure = choice.reference in sure
            yield "if self is not None:" if is_sure else f"if {self._acceptor(choice)}(self):"
            yield f"{INDENT}{self._function(choice)}(self, doubts)"
        if ways.condition:
            asked, then, other_nodes = ways.condition
            yield f"if {self._acceptor(asked)}(self):"
            yield from self._calls(then)
            yield "else:"
            yield from self._calls(other_nodes)

    def _calls(self, nodes: tuple[Node, ...]) -> Iterator[str]:
        yield f"{INDENT}pass"
        for node in nodes:
            yield f"{INDENT}{self._function(node)}(self, doubts)"

    def _acceptor(self, node: Node) -> str:
        self.chooses = True
        name = f"accepts{next(self._numbers)}"
        self.names[name] = self._plan.schemas.validator(node.reference).is_valid
        return name

    def _members(self, node: Node, shape: SchemaShape) -> Iterator[str]:
        ways = node.ways(self._wanted)
        named = {name: child for name, child in ways.members.items() if child}
        if not named and not ways.others:
            return
        indent = ""
        if shape.kinds != {"object"} or shape.may_be_null:
            yield "if type(self) is dict:"
            indent = INDENT
        for name, child in named.items():
            yield f"{indent}if {name!r} in self:"
            yield f"{indent}{INDENT}{self._function(child)}(self[{name!r}], doubts)"
        if ways.others:
            known = f"known{next(self._numbers)}"
            self.names[known] = frozenset(ways.members)
            yield f"{indent}for name, value in self.items():"
            yield f"{indent}{INDENT}if name not in {known}:"
            yield f"{indent}{INDENT * 2}{self._function(ways.others)}(value, doubts)"

    def _elements(self, node: Node, shape: SchemaShape) -> Iterator[str]:
        ways = node.ways(self._wanted)
        if any(ways.first):
            message = "prefixItems"
            raise UnsupportedError(message)
        if ways.elements:
            indent = ""
            if shape.kinds != {"array"} or shape.may_be_null:
                yield "if type(self) is list:"
                indent = INDENT
            start = f"[{len(ways.first)}:]" if ways.first else ""
            yield f"{indent}for value in self{start}:"
            yield f"{indent}{INDENT}{self._function(ways.elements)}(value, doubts)"

    def _rules(self, rules: list[Rule], bound: Bound) -> Iterator[str]:
        """Write the rules of the same elements, or of the value itself, one after the other."""
        each = rules[0].each
        if each is None:
            for rule in rules:
                yield from self._guarded(rule, bound)
            return
        match = EACH.fullmatch(each)
        if match is None:
            raise UnsupportedError(each)
        name, path = match.groups()
        read = parse(path)
        elements = self._writer.write(read, bound)
        element, inner = bound.element(name, elements.shape.element())
        yield from self._listed(read, elements, bound)
        yield f"for {element} in elements:"
        for rule in rules:
            yield from (INDENT + line for line in self._guarded(rule, inner))

    def _listed(self, path: syntax.Node, elements: Text, bound: Bound) -> Iterator[str]:
        """Write what gives the list at a path, or an empty one."""
        if elements.doubtful:
            yield "try:"
            yield f"{INDENT}elements = {elements.source}"
            yield "except (KeyError, TypeError):"
            yield f"{INDENT}elements = ()"
        else:
            asked = all_there(self._writer.way(path, bound))
            yield f"elements = {elements.source} if {asked or True} else ()"
        if elements.shape.kinds != ARRAY:
            yield "if type(elements) is not list:"
            yield f"{INDENT}elements = ()"

    def _guarded(self, rule: Rule, bound: Bound) -> Iterator[str]:
        """Write a rule; an absent member on its way means that it does not apply."""
        conditions = chain(parse(rule.when), "&&") if rule.when else []
        check = parse(rule.check)
        reads = dict.fromkeys(read for one in (*conditions, check) for read in sure_reads(one))
        guards = [
            (bound.names[variable].source, name)
            for variable, name in reads
            if variable in bound.names
            and bound.names[variable].kinds == {"object"}
            and not bound.names[variable].shape.requires(name)
        ]
        known = bound.knowing(frozenset(guards))
        texts = []
        for condition in conditions:
            texts.append(self._writer.write(condition, known))
            known = known.knowing(self._writer.facts(condition, known))
        asked = self._writer.needed()
        checked = self._writer.write(check, known)
        yield f"# {rule.id}"
        indent = ""
        if any(text.absent for text in (*texts, checked)):
            yield "try:"
            indent = INDENT
        body = [
            *_computed(self._writer.needed()),
            f"if {checked.source} is not True:",
            f"{INDENT}doubts.append({rule.id!r})",
        ]
        if texts:
            applies = " and ".join(boolean(text).source for text in texts)
            body = [*_computed(asked), f"if {applies}:", *(INDENT + line for line in body)]
        if guards:
            body = [f"if {all_there(guards)}:", *(INDENT + line for line in body)]
        yield from (indent + line for line in body)
        if indent:
            yield "except KeyError:"
            yield f"{INDENT}pass"


def _computed(needed: list[Shared]) -> Iterator[str]:
    for shared in needed:
        text = shared.text
        yield f"if {shared.name} is UNSET:"
        if not (text.absent or text.doubtful):
            yield f"{INDENT}{shared.name} = {text.source}"
            continue
        yield f"{INDENT}try:"
        yield f"{INDENT * 2}{shared.name} = {text.source}"
        yield f"{INDENT}except KeyError:"
        yield f"{INDENT * 2}{shared.name} = ABSENT"
        yield f"{INDENT}except Exception:"
        yield f"{INDENT * 2}{shared.name} = FAILED"
