"""Why some faults survive: a file beside the contract, survivors.yaml."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from orderspec.contract import yaml_file
from orderspec.contract.model import Contract
from orderspec.errors import ContractError
from orderspec.score.mutants import Kind

FILE = "survivors.yaml"
_MEMBERS = {"operator", "at", "operation", "status", "because", "reason"}


class Because(StrEnum):
    """What it means that a fault survives.

    EQUIVALENT: the answer is another right one. SILENT: the documents do not say. UNSEEN: it is
    wrong, and nothing of the exchanges that are judged together shows it.
    """

    EQUIVALENT = "equivalent"
    SILENT = "silent"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why faults of some kinds survive.

    Attributes:
        operators: names of faults; ``*`` stands for anything.
        places: patterns of places, such as ``/items/*/price``; a ``*`` at the end takes in all that
            is below.
        because: whether they are right answers, the documents are silent, or nothing shows them.
        reason: in words.
        operations: ids of operations; none stands for all.
        status: the status as the contract has it; empty stands for all.
    """

    operators: tuple[str, ...]
    places: tuple[str, ...]
    because: Because
    reason: str
    operations: tuple[str, ...] = ()
    status: str = ""

    def covers(self, kind: Kind) -> bool:
        """Tell whether it speaks of a kind of fault."""
        return next(self.parts(kind), None) is not None

    def parts(self, kind: Kind) -> Iterator[tuple[str, str]]:
        """Give the operator and the place that speak of a kind of fault."""
        if self.operations and kind.operation not in self.operations:
            return
        if self.status and self.status != kind.status:
            return
        for operator in self.operators:
            for place in self.places:
                if fnmatchcase(kind.operator, operator) and fnmatchcase(kind.at, place):
                    yield operator, place


def load_reasons(contract: Contract, folder: Path, operators: frozenset[str]) -> tuple[Reason, ...]:
    """Read the reasons beside a contract; none where there is no file.

    Args:
        contract: the contract.
        folder: where it lives.
        operators: names of the faults that there are.

    Raises:
        ContractError: the file has another form, or names what is not there.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    content: Any = yaml_file.load(path)
    try:
        reasons = tuple(map(_reason, _list(content["survivors"])))
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        message = (
            "it holds `survivors:`, a list of {operator, at, operation, status, because, reason}; "
            f"{type(problem).__name__} {problem}"
        )
        raise ContractError(message, where=str(path)) from problem
    for reason in reasons:
        unknown = {*reason.operators} - operators - {"*"}
        unknown |= {*reason.operations} - contract.operations.keys()
        if unknown:
            message = f"there is no fault or operation {', '.join(sorted(unknown))}"
            raise ContractError(message, where=str(path))
    return reasons


def _reason(entry: dict[str, Any]) -> Reason:
    extra = entry.keys() - _MEMBERS
    if extra:
        message = f"no member of a reason: {', '.join(sorted(extra))}"
        raise ValueError(message)
    return Reason(
        _texts(entry["operator"]),
        _texts(entry["at"]),
        Because(entry["because"]),
        str(entry["reason"]),
        _texts(entry.get("operation", [])),
        str(entry.get("status", "")),
    )


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        message = f"no list: {type(value).__name__}"
        raise TypeError(message)
    return value


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(map(str, value))
