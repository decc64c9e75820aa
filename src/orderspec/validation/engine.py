"""One payload against one schema of a contract: keywords, rules, read-only, deprecated, unknown."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import getitem
from typing import Any

from orderspec import pointer
from orderspec.contract.build import RULES, evidence_at, may_be_refused
from orderspec.contract.model import Contract
from orderspec.errors import RuleError
from orderspec.findings import Evidence, Finding, Severity
from orderspec.rules import Outcome, Scope, Status, evaluate
from orderspec.rules.view import to_cel
from orderspec.validation.explain import SchemaError, explain, shown
from orderspec.validation.names import nearest
from orderspec.validation.plan import DEPRECATED, READ_ONLY, Site, plan_of
from orderspec.validation.schemas import schemas_of
from orderspec.validation.writable import known_members, writable


class Direction(StrEnum):
    """Who writes the payload: read-only members bind in requests only."""

    REQUEST = "request"
    RESPONSE = "response"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Options:
    """How strictly to judge.

    Attributes:
        strict: an unknown member is a finding.
        rules: evaluate the rules.
        direction: who writes the payload.
    """

    strict: bool = False
    rules: bool = True
    direction: Direction = Direction.EITHER


DEFAULT = Options()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of judging one payload: findings, and every outcome of every rule."""

    findings: tuple[Finding, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    def __add__(self, other: "Judgement") -> "Judgement":
        """Join two judgements."""
        return Judgement(self.findings + other.findings, self.outcomes + other.outcomes)


def judge(
    contract: Contract,
    reference: str,
    payload: Any,
    options: Options = DEFAULT,
    only: Container[str] | None = None,
) -> Judgement:
    """Judge a decoded JSON value.

    Args:
        contract: the contract.
        reference: JSON Pointer of the schema in the contract's document.
        payload: the value; numbers as int or Decimal where exactness matters.
        options: how strictly.
        only: the ids of the rules to evaluate, or None for all.

    Raises:
        RuleError: a rule's CEL fails on a payload of the right shape.
    """
    findings = list(schema_findings(contract, reference, payload))
    whole = not findings
    outcomes: list[Outcome] = []
    sites = plan_of(contract).visit(reference, payload, wanted_of(options))
    has_rules = options.rules and any(site.node.rules for site in sites)
    scope = Scope({})
    view: Any = _view(contract, reference, payload, options) if has_rules else None
    for site in sites:
        findings.extend(_member_findings(contract, site, options))
        if has_rules and site.node.rules and _is_seen(view, site):
            scope.start({"self": reduce(getitem, site.at, view)})
            base = pointer.join(site.at)
            for rule in site.node.rules:
                if only is not None and rule.id not in only:
                    continue
                for outcome in evaluate(rule, scope):
                    outcomes.append(outcome)
                    findings.extend(rule_findings(outcome, base, whole=whole))
    if options.strict:
        findings.extend(_unknown_members(contract, reference, payload))
    return Judgement(tuple(findings), tuple(outcomes))


def _view(contract: Contract, reference: str, payload: Any, options: Options) -> Any:
    """Give what rules see of a payload; what a request cannot set binds no rule on it."""
    if options.direction is Direction.REQUEST:
        return to_cel(writable(contract, reference, payload))
    return to_cel(payload)


def _is_seen(view: Any, site: Site) -> bool:
    """Tell whether rules see a site's value: a null counts as absent."""
    try:
        reduce(getitem, site.at, view)
    except LookupError:
        return False
    return True


def wanted_of(options: Options) -> frozenset[str]:
    """Name the marks of the plan that are looked for."""
    read_only = (READ_ONLY,) if options.direction is Direction.REQUEST else ()
    rules = (RULES,) if options.rules else ()
    return frozenset({DEPRECATED, *read_only, *rules})


def schema_findings(contract: Contract, reference: str, payload: Any) -> Iterator[Finding]:
    """Judge by JSON Schema alone."""
    validator = schemas_of(contract).validator(reference)
    if validator.is_valid(payload):
        return
    for error in explain(validator.iter_errors(payload), contract.document, payload):
        yield _schema_finding(contract, error)


def left_open(contract: Contract, reference: str, payload: Any) -> list[Finding]:
    """Find what is wrong by JSON Schema in a request, and need not be refused for all that."""
    validator = schemas_of(contract).validator(reference)
    errors = explain(validator.iter_errors(payload), contract.document, payload)
    return [
        _schema_finding(contract, error)
        for error in errors
        if may_be_refused(contract.document, reference, error.evaluation_path)
    ]


def rule_findings(outcome: Outcome, base: str, *, whole: bool) -> Iterator[Finding]:
    """Turn a failed outcome into a finding, unless no document speaks of what it is about.

    Args:
        outcome: what came of one evaluation.
        base: pointer of the value that the rule stands on.
        whole: whether the payload's shape is right: only then is a CEL failure the rule's fault.

    Raises:
        RuleError: the rule's CEL failed on a payload of the right shape.
    """
    rule = outcome.rule
    if rule.refusal == "unsure":
        return
    if outcome.status is Status.BROKEN and whole:
        message = f"rule {rule.id} cannot be evaluated: {outcome.detail}"
        raise RuleError(message, "Mend its CEL, or limit it by `when`.", where=rule.where)
    if outcome.status is not Status.FAIL:
        return
    yield Finding(
        severity=rule.evidence.severity if rule.evidence else Severity.ERROR,
        clause=rule.id,
        message=_rule_message(outcome),
        at=base + outcome.at,
        expected=outcome.expected,
        got=outcome.got,
        evidence=rule.evidence,
        where=rule.where,
        workings=outcome.workings or None,
    )


def _rule_message(outcome: Outcome) -> str:
    if outcome.got is None:
        return outcome.rule.message
    expected, got = _told(outcome.expected), _told(outcome.got)
    if expected == got:
        got = f"the text {shown(outcome.got)}"
    return f"{outcome.rule.message}: expected {expected}, got {got}"


def _told(value: Any) -> str:
    return value if isinstance(value, str) else shown(value)


def _schema_finding(contract: Contract, error: SchemaError) -> Finding:
    evidence = evidence_at(contract.document, error.schema_path[:-1])
    return Finding(
        severity=evidence.severity if evidence else Severity.ERROR,
        clause=schema_clause(contract, error.schema_path),
        message=error.message,
        at=pointer.join(error.at),
        keyword=error.keyword,
        expected=error.expected,
        got=error.got,
        evidence=evidence,
        where=pointer.join(error.schema_path),
    )


def schema_clause(contract: Contract, path: Iterable[str]) -> str:
    """Name the clause of a place in the document: the provider and the schema's title."""
    steps = tuple(path)
    if steps[:2] == ("components", "schemas"):
        return f"{contract.name}/{steps[2]}"
    return f"{contract.name}{pointer.join(steps[:-1])}"


def _member_findings(contract: Contract, site: Site, options: Options) -> Iterator[Finding]:
    schema = site.node.schema
    if not site.at:
        return
    if schema.get("deprecated") is True:
        yield _member_finding(contract, site, "deprecated", "is deprecated")
    if schema.get("readOnly") is True and options.direction is Direction.REQUEST:
        words = "is the server's to set: a request leaves it out"
        yield _member_finding(contract, site, "readOnly", words)


def _member_finding(contract: Contract, site: Site, keyword: str, words: str) -> Finding:
    return Finding(
        Severity.WARNING,
        schema_clause(contract, pointer.parse(site.node.reference)),
        f"{site.at[-1]!r} {words}",
        pointer.join(site.at),
        keyword,
        expected="to be left out",
        got=shown(site.value),
        evidence=_evidence(contract, site),
    )


def _evidence(contract: Contract, site: Site) -> Evidence | None:
    return evidence_at(contract.document, pointer.parse(site.node.reference))


def _unknown_members(contract: Contract, reference: str, payload: Any) -> Iterator[Finding]:
    sites = plan_of(contract).visit(reference, payload)
    known = known_members(sites)
    owners = {site.at: site for site in sites if {"properties", "title"} & site.node.schema.keys()}
    values = {site.at: site.value for site in sites if site.at in known}
    for at, value in values.items():
        owner = owners[at]
        for name in sorted(value.keys() - known[at]):
            near = nearest(name, known[at] - value.keys())
            yield Finding(
                Severity.ERROR,
                schema_clause(contract, pointer.parse(owner.node.reference)),
                f"unknown member {name!r}" + (f": did you mean {near!r}?" if near else ""),
                pointer.join((*at, name)),
                "additionalProperties",
                expected="no member that the contract does not name",
                got=shown(value[name]),
                evidence=_evidence(contract, owner),
            )
