"""Requests that break exactly one promise of the contract, so that a server must refuse them."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import Any

from orderspec import pointer
from orderspec.contract.model import Contract, Operation
from orderspec.exchange import MISSING, Request
from orderspec.findings import Finding, Level
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.nouns import REFERS_TO, local_nouns
from orderspec.fuzz.places import Place, drop, places, put
from orderspec.rules import Status
from orderspec.validation.engine import left_open
from orderspec.validation.exchanges import judge_request

_LARGEST = 5000
_LONG_NAME = 300


def refusals(contract: Contract, operation: Operation, request: Request) -> Iterator[Case]:
    """Break the body of a valid request in one place after the other.

    Only what a document states or shows is broken, and only so that no reading of the value can
    mend it: a number as text is left out, since a lenient server may read it.
    """
    if operation.body is None or request.body is MISSING:
        return
    for broken in (
        *_by_shape(contract, operation.body, request.body),
        *_by_rule(contract, operation.body, request.body),
    ):
        case = refusal(contract, operation, replace(request, body=broken))
        if case is not None:
            yield case


def refusal(contract: Contract, operation: Operation, request: Request) -> Case | None:
    """Make a case of a broken request, if a server must refuse it."""
    judgement = judge_request(contract, operation, request)
    reasons = [
        finding
        for finding in judgement.findings
        if finding.keyword not in ("readOnly", "deprecated")
    ]
    allowed = {
        outcome.rule.id
        for outcome in judgement.outcomes
        if outcome.status is Status.FAIL and outcome.rule.refusal == "allowed"
    }
    unchecked, absent = [], set()
    if operation.body and request.body is not MISSING:
        unchecked = left_open(contract, operation.body, request.body)
        absent = _left_out(contract, operation.body, request.body)
    binding = [
        reason
        for reason in reasons
        if not _is_open(reason, allowed) and reason not in unchecked and reason.at not in absent
    ]
    if not binding:
        return None
    reason = binding[0]
    return Case(
        operation=operation.id,
        request=request,
        intent=Intent.REFUSED,
        why=f"{reason.at or 'the body'}: {reason.message}",
        breaks=reason.keyword or reason.clause,
        at=reason.at,
        evidence=reason.evidence,
        others=len(binding) - 1,
    )


def promise(case: Case) -> tuple[str, str, str]:
    """Name what a refusal tests, so that it is tested once.

    Each missing member is a promise of its own, and so is each kind of value that is none (null
    is let through by who looks for members only). A request that breaks several promises tests
    none of them alone.
    """
    of_its_own = case.others or case.breaks in ("required", "type")
    return case.breaks, case.at, case.why if of_its_own else ""


def _is_open(reason: Finding, allowed: set[str]) -> bool:
    inferred = reason.evidence is not None and reason.evidence.level is Level.INFERRED
    return inferred or reason.clause in allowed


def _left_out(contract: Contract, reference: str, body: Any) -> set[str]:
    """Point to the nulls that many servers take for a member that was left out."""
    return {
        pointer.join((*place.at, name))
        for place in places(contract, reference, body)
        if isinstance(place.value, dict)
        for name, value in place.value.items()
        if value is None and name not in place.required()
    }


def _by_shape(contract: Contract, reference: str, body: Any) -> Iterator[Any]:
    yield from ([], {}, "text", 7)
    for place in _one_of_a_kind(contract, reference, body):
        for name in sorted(place.required()):
            if isinstance(place.value, dict) and name in place.value:
                yield _without(body, (*place.at, name))
                yield _with(body, (*place.at, name), None)
        for value in _unfit(place):
            yield _with(body, place.at, value)


def _one_of_a_kind(contract: Contract, reference: str, body: Any) -> list[Place]:
    kinds: dict[str, Place] = {}
    for place in places(contract, reference, body):
        if place.keyword("readOnly") is not True:
            kinds.setdefault(place.reference, place)
    return list(kinds.values())


def _unfit(place: Place) -> Iterator[Any]:
    """Give values that the place cannot hold, whoever reads them."""
    match place.value:
        case str():
            yield from _unfit_texts(place, place.value)
        case bool():
            yield "neither"
        case int() | Decimal():
            yield from ("twelve", {"unexpected": "object"})
            yield from _beyond_limits(place)
        case list() as elements:
            yield "not a list"
            least = place.keyword("minItems")
            if least:
                yield elements[: least - 1]
            most = place.keyword("maxItems")
            if most is not None and most <= _LARGEST and elements:
                yield (elements * (most + 1))[: most + 1]
        case dict():
            yield from ("not an object", ["not an object"])
            most = place.keyword("maxProperties")
            if most is not None and most <= _LARGEST and not place.properties():
                yield {f"key{number}": "value" for number in range(most + 1)}
            if place.keyword("propertyNames") is not None:
                yield {"two words": "value"}
                yield {"x" * _LONG_NAME: "value"}


def _beyond_limits(place: Place) -> Iterator[Any]:
    least, most = place.keyword("minimum"), place.keyword("maximum")
    if least is not None:
        yield least - 1
    if most is not None:
        yield most + 1


def _unfit_texts(place: Place, text: str) -> Iterator[Any]:
    longest = place.keyword("maxLength")
    yield {"unexpected": "object"}
    if longest is not None and longest <= _LARGEST:
        yield ("1" if text[:1].isdigit() else "x") * (longest + 1)
    if place.keyword("minLength"):
        yield ""
    if place.keyword("enum") is not None:
        yield "NO_SUCH_VALUE"
    if place.keyword("pattern") is not None:
        yield "two words"


def _by_rule(contract: Contract, reference: str, body: Any) -> Iterator[Any]:
    """Lead each kind of reference within the body to a name that is not there."""
    local = local_nouns(contract)
    for place in _one_of_a_kind(contract, reference, body):
        if place.keyword(REFERS_TO) in local and isinstance(place.value, str):
            yield _with(body, place.at, "no-such-name")


def _with(body: Any, at: Any, value: Any) -> Any:
    if not at:
        return value
    changed = deepcopy(body)
    put(changed, at, value)
    return changed


def _without(body: Any, at: Any) -> Any:
    changed = deepcopy(body)
    drop(changed, at)
    return changed
