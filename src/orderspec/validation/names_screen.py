"""A quick look at the names of members: surely the contract names them all, or a doubt.

It counts on what a schema says in any case, by `$ref` and `allOf`; below schemas that are chosen
from it doubts. See `orderspec.validation.screen` for the form of what is written.
"""

from collections.abc import Iterator
from typing import Any

from orderspec.contract.model import Contract
from orderspec.rules.quick_functions import DoubtError
from orderspec.rules.tokens import UnsupportedError
from orderspec.validation.plan import plan_of
from orderspec.validation.screen import INDENT, Screen, executed
from orderspec.validation.shapes import SchemaShape, is_open


def names_screen_of(contract: Contract, reference: str) -> Screen:
    """Make the screen of a schema.

    Args:
        contract: the contract.
        reference: JSON Pointer of the schema in the contract's document.

    Returns:
        A screen for payloads that are valid by the schema.

    Raises:
        UnsupportedError: none can be written.
    """
    module = _Module()
    text = module.written(SchemaShape.of(plan_of(contract).root(reference)))
    looks = executed(text, module.names, f"names of {contract.name}{reference}")
    return Screen(looks, chooses=False)


class _Module:
    """The text of the functions of one schema and all that it leads to."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"DoubtError": DoubtError}
        self._functions: dict[frozenset[str], str] = {}
        self._todo: list[SchemaShape] = []

    def written(self, root: SchemaShape) -> str:
        """Write every function; `names` is what the text needs."""
        texts = [f"def start(value, doubts):\n{INDENT}{self._function(root)}(value)"]
        while self._todo:
            shape = self._todo.pop()
            lines = list(self._body(shape)) or ["pass"]
            head = f"def {self._function(shape)}(self):"
            texts.append("\n".join([head, *(INDENT + line for line in lines)]))
        return "\n\n".join(texts) + "\n"

    def _function(self, shape: SchemaShape) -> str:
        key = frozenset(node.reference for node in shape.nodes)
        if key not in self._functions:
            self._functions[key] = f"n{len(self._functions)}"
            self._todo.append(shape)
        return self._functions[key]

    def _body(self, shape: SchemaShape) -> Iterator[str]:
        schemas = [node.schema for node in shape.nodes]
        if any("patternProperties" in schema for schema in schemas):
            message = "patternProperties"
            raise UnsupportedError(message)
        if any(node.below.condition or is_open(node) for node in shape.nodes):
            yield "if type(self) is dict or type(self) is list:"
            yield f"{INDENT}raise DoubtError"
            return
        properties = sorted({name for one in schemas for name in one.get("properties", ())})
        is_free = any("additionalProperties" in schema for schema in schemas)
        is_naming = any("properties" in schema for schema in schemas)
        children = {name: self._child(shape.member(name)) for name in properties}
        other = self._child(shape.other()) if is_free else ""
        if is_naming or other:
            known = f"known{len(self.names)}"
            self.names[known] = frozenset(properties)
            yield "if type(self) is dict:"
            yield f"{INDENT}pass"
            if is_naming and not is_free:
                yield f"{INDENT}if not self.keys() <= {known}:"
                yield f"{INDENT * 2}raise DoubtError"
            for name, child in children.items():
                if child:
                    yield f"{INDENT}if {name!r} in self:"
                    yield f"{INDENT * 2}{child}(self[{name!r}])"
            if other:
                yield f"{INDENT}for name, value in self.items():"
                yield f"{INDENT * 2}if name not in {known}:"
                yield f"{INDENT * 3}{other}(value)"
        yield from self._elements(shape)

    def _elements(self, shape: SchemaShape) -> Iterator[str]:
        if any(node.below.first for node in shape.nodes):
            message = "prefixItems"
            raise UnsupportedError(message)
        child = self._child(shape.element())
        if child:
            yield "if type(self) is list:"
            yield f"{INDENT}for value in self:"
            yield f"{INDENT * 2}{child}(value)"

    def _child(self, shape: Any) -> str:
        """Name the function of what stands below; nothing where no names can stand."""
        if not isinstance(shape, SchemaShape):
            return ""
        leads = any("properties" in node.schema or any(node.below.nodes()) for node in shape.nodes)
        return self._function(shape) if leads else ""
