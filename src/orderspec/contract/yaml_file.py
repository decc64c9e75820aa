"""YAML as the contracts use it: JSON's types and nothing else, no member twice, places known."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from orderspec.errors import ContractError


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # C where built
    """A safe loader with the types of JSON: no dates, no yes and no."""


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
        return yaml.load(path.read_bytes(), _Loader)  # noqa: S506 (a safe loader, see above)
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


@cache
def _composed(path: Path) -> Any:
    return yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)


def place(path: Path, steps: tuple[str, ...]) -> tuple[int, int]:
    """Find line and column (1-based) of the value that the steps lead to, or of the last found."""
    node = _composed(path)
    for step in steps:
        found = _child(node, step)
        if found is None:
            break
        node = found
    return node.start_mark.line + 1, node.start_mark.column + 1


def _child(node: Any, step: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if str(key.value) == step), None)
    if isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
        return node.value[int(step)]
    return None
