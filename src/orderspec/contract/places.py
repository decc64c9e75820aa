"""Where clauses stand: from an id, or a pointer in the bundle, to file, line and column."""

from functools import lru_cache
from pathlib import Path

import yaml

from orderspec import pointer
from orderspec.contract import catalog
from orderspec.contract.bundle import FILE_KEYWORD
from orderspec.contract.model import Contract, Operation
from orderspec.contract.yaml_file import Places
from orderspec.findings import SpecPlace

_SCHEMAS = ("components", "schemas")
_RESPONSE = "response."
_SECURITY = "security"


def place_of(contract: Contract, clause: str, where: str | None = None) -> SpecPlace | None:
    """Find a clause in the files that its contract is written in.

    Args:
        contract: the contract.
        clause: the clause's id.
        where: JSON Pointer of what was broken in the contract's document, where that is known more
            closely. Of one that leads on where the file ends, as it can once a description of
            OpenAPI 3.0 was translated, the last part that is there is told.

    Returns:
        None for a clause that the contract does not have, or a file that is gone or broken since.
    """
    where = where or pointer_of(contract, clause)
    if where is None:
        return None
    file, steps = _origin(contract, pointer.parse(where))
    if file is None:
        return None
    try:
        line, column = _places(file).find(steps)
    except (OSError, yaml.YAMLError):
        return None
    description = Path(contract.document.get(FILE_KEYWORD, file))
    return SpecPlace(_named(file, description.parent), line, column, pointer.join(steps))


def pointer_of(contract: Contract, clause: str) -> str | None:
    """Find a clause of a campaign in the contract's document, by its id.

    A rule stands where it is written; that an answer has its shape, at the answer; every other
    promise of an operation, at the operation.
    """
    if clause in contract.rules:
        return contract.rules[clause].where
    operation = _operation_named(contract, clause)
    if operation is None:
        return None
    steps = ("paths", operation.path, operation.method.lower())
    promise = clause.removeprefix(f"{contract.name}.{operation.id}.")
    responses = pointer.follow(contract.document, steps).get("responses", {})
    status = next(
        (one for one in responses if _RESPONSE + str(one).lower() == promise.lower()), None
    )
    if status is not None:
        return pointer.join((*steps, "responses", status))
    return pointer.join(steps)


def operation_of(contract: Contract, clause: str) -> str:
    """Name the operation that a clause binds, or give an empty text where it binds several.

    A clause between two exchanges binds the operation that the link leads to.
    """
    own = _operation_named(contract, clause)
    if own is not None:
        return own.id
    bound = set()
    for operation in contract.operations.values():
        if any(rule.id == clause for rule in operation.rules):
            bound.add(operation.id)
        for link in operation.links:
            if any(rule.id == clause for rule in link.rules):
                bound.add(link.target)
    return bound.pop() if len(bound) == 1 else ""


def _operation_named(contract: Contract, clause: str) -> Operation | None:
    """Find the operation whose promise a clause is; ids may hold dots, so the longest counts."""
    named = [
        operation
        for operation in contract.operations.values()
        if clause.startswith(f"{contract.name}.{operation.id}.")
    ]
    return max(named, key=lambda operation: len(operation.id), default=None)


def _origin(contract: Contract, steps: tuple[str, ...]) -> tuple[Path | None, tuple[str, ...]]:
    document = contract.document
    if steps[:2] == _SCHEMAS and len(steps) > len(_SCHEMAS):
        component = document["components"]["schemas"].get(steps[2])
        if isinstance(component, dict) and FILE_KEYWORD in component:
            return Path(component[FILE_KEYWORD]), steps[3:]
    file = document.get(FILE_KEYWORD)
    return (None if file is None else Path(file)), steps


@lru_cache(maxsize=256)
def _places(file: Path) -> Places:
    return Places(file)


def _named(file: Path, folder: Path) -> str:
    """Name a file as a person would look for it: no report shows how a machine is laid out."""
    tree, here = catalog.spec_folder().resolve(), Path.cwd()
    if file.is_relative_to(tree):
        return file.relative_to(tree.parent).as_posix()
    base = here if file.is_relative_to(here) else folder
    return file.relative_to(base).as_posix() if file.is_relative_to(base) else file.name
