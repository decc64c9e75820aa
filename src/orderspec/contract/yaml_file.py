"""YAML as the contracts use it: JSON's types and nothing else, no member twice, places known."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from orderspec.errors import ContractError

_DEEPEST = 150
# After an even number of backslashes.
_PAIR = re.compile(
    rb"(?<!\\)((?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # C where built
    """A safe loader with the types of JSON: no dates, no yes and no."""

    _depth = 0

    # Called around each node that is composed. The loader in C recurses without a bound of its own.
    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        del current_node, current_index
        self._depth += 1
        if self._depth > _DEEPEST:
            message = f"nested deeper than {_DEEPEST} levels"
            raise yaml.YAMLError(message)

    def ascend_resolver(self) -> None:
        self._depth -= 1


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _initials in (
    ("null", r"null|", ["n", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"-?(?:0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", list("-0123456789")),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _initials
    )


def _mapping(loader: Any, node: Any) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for key_node, value_node in node.value:
        name = str(key_node.value)
        if name in members:
            raise yaml.MarkedYAMLError(
                problem=f"the member {name!r} stands twice", problem_mark=key_node.start_mark
            )
        members[name] = loader.construct_object(value_node, deep=True)
    return members


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load(path: Path) -> Any:
    """Read a YAML or JSON file.

    Raises:
        ContractError: the file cannot be read or is not YAML; it names file, line and column.
    """
    try:
        return yaml.load(_joined(path.read_bytes()), _Loader)  # noqa: S506 (safe, see above)
    except OSError as problem:
        message = f"cannot read it: {problem.strerror}"
        raise ContractError(message, where=str(path)) from problem
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        message = f"not YAML: {problem.problem or problem.context}"
        raise ContractError(message, where=place) from problem
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        message = f"not YAML: {str(problem).splitlines()[0]}"
        raise ContractError(message, where=str(path)) from problem


def _joined(text: bytes) -> bytes:
    """Write pairs of escaped surrogates as what they stand for: JSON has them, YAML does not."""
    return _PAIR.sub(lambda found: found[1] + json.loads(b'"%s"' % found[2]).encode(), text)


class Places:
    """The places in one file, composed once: of members their names, of elements their start."""

    def __init__(self, path: Path) -> None:
        """Compose a file that `load` has read."""
        self._root = yaml.compose(path.read_bytes(), _Loader)

    def find(self, steps: Iterable[str]) -> tuple[int, int]:
        """Find line and column (1-based) of where the steps lead, or of the last step found."""
        node, mark = self._root, self._root.start_mark if self._root else None
        for step in steps:
            found = _child(node, step)
            if found is None:
                break
            mark, node = found
        return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _child(node: Any, step: str) -> tuple[Any, Any] | None:
    if isinstance(node, yaml.MappingNode):
        pairs = ((key.start_mark, value) for key, value in node.value if str(key.value) == step)
        return next(pairs, None)
    if isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
        return node.value[int(step)].start_mark, node.value[int(step)]
    return None
