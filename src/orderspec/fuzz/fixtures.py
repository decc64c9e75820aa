"""The contract's own fixtures as bodies to send."""

from functools import cache
from typing import Any

from orderspec.contract.model import Contract, Operation
from orderspec.fixtures import folder_of, read
from orderspec.fuzz.cases import body_title
from orderspec.rules import Status
from orderspec.validation.engine import Direction, Options, judge

_REQUEST = Options(direction=Direction.REQUEST)


def fixtures_of(contract: Contract, operation: Operation, kind: str = "valid") -> list[Any]:
    """Give the fixtures of an operation's request body; they are read once, and not to be changed.

    Args:
        contract: the contract.
        operation: the operation.
        kind: ``valid`` for those that a campaign counts on, ``unsure`` for the other valid ones
            (they break a rule that no document speaks of), or ``invalid``.
    """
    return list(_read(contract, operation.id, kind))


@cache
def _read(contract: Contract, name: str, kind: str) -> list[Any]:
    operation = contract.operations[name]
    title = body_title(contract, operation)
    if title is None or operation.body is None:
        return []
    folder = folder_of(contract) / title / ("invalid" if kind == "invalid" else "valid")
    found = [read(path) for path in sorted(folder.glob("*.json"))]
    if kind == "invalid":
        return found
    wanted = kind == "unsure"
    return [body for body in found if _is_unsure(contract, operation.body, body) is wanted]


def _is_unsure(contract: Contract, reference: str, body: Any) -> bool:
    return any(
        outcome.status is Status.FAIL and outcome.rule.refusal == "unsure"
        for outcome in judge(contract, reference, body, _REQUEST).outcomes
    )
