"""Requests that break exactly one promise of the contract, so that a server must refuse them."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from orderspec import pointer
from orderspec.contract.model import Contract, Operation
from orderspec.contract.nouns import REFERS_TO, local_nouns
from orderspec.exchange import MISSING, Request
from orderspec.findings import Finding, Level
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.places import Path, Place, drop, places, put
from orderspec.rules import Status
from orderspec.rules.view import to_number
from orderspec.validation.engine import left_open
from orderspec.validation.exchanges import judge_request

_LARGEST = 5000
_LONG_NAME = 300
_TELLING = 60


@dataclass(frozen=True, slots=True)
class _Break:
    """What to do to one place of a body: put a value there, or leave the place out.

    Attributes:
        at: path of the place.
        schema: pointer of the schema there.
        value: what to put there; MISSING leaves it out.
    """

    at: Path
    schema: str
    value: Any = MISSING

    def done(self, body: Any) -> Any:
        """Give the body with it."""
        if not self.at:
            return self.value
        changed = deepcopy(body)
        if self.value is MISSING:
            drop(changed, self.at)
        else:
            put(changed, self.at, self.value)
        return changed

    @property
    def name(self) -> tuple[Path, str, str]:
        """What is the same for this and for the same done to another body."""
        return self.at, self.schema, repr(self.value)[:_TELLING]


def refusals(
    contract: Contract, operation: Operation, request: Request, tested: set[Any]
) -> Iterator[Case]:
    """Break the body of a valid request in one place after the other.

    Only what a document states or shows is broken, and only so that no reading of the value can
    mend it: a number as text is left out, since a lenient server may read it.

    Args:
        contract: the contract.
        operation: the operation.
        request: a request that the contract allows.
        tested: what was broken alone in other requests; it is left out, and gets what is new.
    """
    if operation.body is None or request.body is MISSING:
        return
    for one in (
        *_by_shape(contract, operation.body, request.body),
        *_by_rule(contract, operation.body, request.body),
    ):
        if one.name in tested:
            continue
        case = refusal(contract, operation, replace(request, body=one.done(request.body)))
        if case is not None:
            if not case.others:
                tested.add(one.name)
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
        if not (_is_open(reason, allowed) or _is_readable(contract, request.body, reason))
        and reason not in unchecked
        and reason.at not in absent
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
        where=reason.where,
        evidence=reason.evidence,
        others=len(binding) - 1,
    )


def promise(case: Case) -> tuple[str, str, str]:
    """Name what a refusal tests, so that it is tested once.

    Each missing member is a promise of its own, and so is each kind of value that is none (null
    is let through by who looks for members only). A request that breaks several promises tests
    none of them alone.
    """
    if case.others:
        return case.breaks, case.at, f"{case.why}, and {case.others} more"
    return case.breaks, case.at, case.why if case.breaks in ("required", "type") else ""


def _is_open(reason: Finding, allowed: set[str]) -> bool:
    inferred = reason.evidence is not None and reason.evidence.level is Level.INFERRED
    return inferred or reason.clause in allowed


def _is_readable(contract: Contract, body: Any, reason: Finding) -> bool:
    """Tell whether a lenient server may read a value of another type as one of the right type."""
    if reason.keyword != "type" or reason.where is None or body is MISSING:
        return False
    wanted = pointer.follow(contract.document, pointer.parse(reason.where))
    types = {wanted} if isinstance(wanted, str) else set(wanted)
    match pointer.follow(body, pointer.parse(reason.at)):
        case bool():
            return False
        case int() | Decimal():
            return "string" in types
        case str() as text:
            return bool(types & {"integer", "number"}) and to_number(text) is not None
        case _:
            return False


def _left_out(contract: Contract, reference: str, body: Any) -> set[str]:
    """Point to the nulls that many servers take for a member that was left out."""
    return {
        pointer.join((*place.at, name))
        for place in places(contract, reference, body)
        if isinstance(place.value, dict)
        for name, value in place.value.items()
        if value is None and name not in place.required()
    }


def _by_shape(contract: Contract, reference: str, body: Any) -> Iterator[_Break]:
    others: tuple[Any, ...] = ([], {}, "text", 7, None)
    yield from (_Break((), reference, other) for other in others)
    for place in _one_of_a_kind(contract, reference, body):
        for name in sorted(place.required()):
            if isinstance(place.value, dict) and name in place.value:
                yield _Break((*place.at, name), place.reference)
                yield _Break((*place.at, name), place.reference, None)
        for value in _unfit(place):
            yield _Break(place.at, place.reference, value)


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


def _by_rule(contract: Contract, reference: str, body: Any) -> Iterator[_Break]:
    """Lead each kind of reference within the body to a name that is not there."""
    local = local_nouns(contract)
    for place in _one_of_a_kind(contract, reference, body):
        if place.keyword(REFERS_TO) in local and isinstance(place.value, str):
            yield _Break(place.at, place.reference, "no-such-name")
