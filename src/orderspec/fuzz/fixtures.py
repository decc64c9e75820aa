"""The contract's own fixtures as bodies to send."""

from typing import Any

from orderspec.contract.model import Contract, Operation
from orderspec.fixtures import folder_of, read
from orderspec.fuzz.cases import body_title


def fixtures_of(contract: Contract, operation: Operation, kind: str = "valid") -> list[Any]:
    """Read the fixtures of an operation's request body, of the kind valid or invalid."""
    title = body_title(contract, operation)
    if title is None:
        return []
    return [read(path) for path in sorted((folder_of(contract) / title / kind).glob("*.json"))]
