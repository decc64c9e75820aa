"""The contract's own fixtures as bodies to send."""

from typing import Any

from orderspec import exact_json
from orderspec.contract.catalog import fixtures_folder
from orderspec.contract.model import Contract, Operation
from orderspec.fuzz.cases import body_title


def fixtures_of(contract: Contract, operation: Operation, kind: str = "valid") -> list[Any]:
    """Read the fixtures of an operation's request body, of the kind valid or invalid."""
    title = body_title(contract, operation)
    if title is None:
        return []
    folder = fixtures_folder() / contract.name / title / kind
    return [exact_json.from_text(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
