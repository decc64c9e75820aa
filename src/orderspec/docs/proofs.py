"""For each rule, a fixture that keeps it and one that breaks it, cut to what the rule reads."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache, reduce
from itertools import groupby
from operator import getitem, itemgetter
from pathlib import Path
from typing import Any

from orderspec import fixtures, pointer
from orderspec.contract.build import RULES
from orderspec.contract.model import Contract
from orderspec.docs.excerpt import excerpt, laid_out, members_of, words
from orderspec.exchange import Exchange, as_variables
from orderspec.fixtures import Pair, Payload, Recorded
from orderspec.rules import Outcome, Scope, Status, evaluate
from orderspec.validation.engine import Direction
from orderspec.validation.exchanges import judge_link, judge_response
from orderspec.validation.explain import shown
from orderspec.validation.plan import plan_of
from orderspec.validation.target import direction_of
from orderspec.validation.writable import writable

_SELF = "self"
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Proof:
    """What fixtures show of a rule.

    Attributes:
        kept: the file that keeps it, below the provider's fixtures; empty where none does.
        broken: the file that breaks it; empty where none does.
        at: JSON Pointer of where: in the payload that the rule stands on, or in the exchange.
        expected: what the rule asks for there; empty where it does not say.
        got: what is there instead.
        lines: what the rule reads of both files, as JSON with ellipses: a sign (``+`` for the file
            that keeps it, ``-`` for the one that breaks it, a blank for both) and the text.
    """

    kept: str
    broken: str
    at: str
    expected: str
    got: str
    lines: tuple[tuple[str, str], ...]

    @property
    def folder(self) -> str:
        """Give the folder that both files are in, with a slash; empty where it is not the same."""
        kept, broken = (name.partition("/")[0] for name in (self.kept, self.broken))
        return f"{kept}/" if kept == broken else ""

    @property
    def runs(self) -> list[tuple[str, list[str]]]:
        """Give the lines with the same sign that follow each other together."""
        return [
            (sign, [line for _, line in run])
            for sign, run in groupby(self.lines, key=itemgetter(0))
        ]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A rule, evaluated on a fixture."""

    path: Path
    variables: Mapping[str, Any]
    outcome: Outcome

    @property
    def way(self) -> tuple[str, ...]:
        """The steps to what the rule is about, from its variable on."""
        return (self.outcome.variable, *pointer.parse(self.outcome.at))


Fixture = Payload | Recorded | Pair


def proofs_of(contract: Contract, every: Iterable[Fixture]) -> dict[str, Proof]:
    """Find for each rule a small fixture that breaks it, and the one most like it that keeps it.

    Args:
        contract: the contract.
        every: its fixtures.

    Returns:
        By the rule's id; a rule that no fixture is about is left out.

    Raises:
        RuleError: a rule's CEL fails on a payload of the right shape.
    """
    kept: dict[str, _Shown] = {}
    broken: dict[str, _Shown] = {}
    for fixture in sorted(every, key=_worth):
        breaks = {violation.clause for violation in fixture.violates}
        for variables, outcome in _outcomes(contract, fixture):
            name, shown = outcome.rule.id, _Shown(fixture.path, variables, outcome)
            is_wrong = name in breaks or (not breaks and outcome.rule.refusal == "unsure")
            if is_wrong and outcome.status is Status.FAIL:
                broken.setdefault(name, shown)
            elif not breaks and outcome.status is Status.PASS:
                held = kept.setdefault(name, shown)
                if name in broken and _unlike(shown, broken[name]) < _unlike(held, broken[name]):
                    kept[name] = shown
    folder = fixtures.folder_of(contract)
    about = kept | broken
    return {name: _proof(kept.get(name), broken.get(name), about[name], folder) for name in about}


def _worth(fixture: Fixture) -> tuple[bool, int, int, Path]:
    """Rank fixtures: first those that break little, then the valid ones, small before large."""
    violated = len(fixture.violates)
    return (not violated, violated, fixture.path.stat().st_size, fixture.path)


def _unlike(kept: _Shown, broken: _Shown) -> int:
    """Count what differs: a fixture that breaks a rule is mostly one that keeps it, changed."""
    return len(_lines(kept.path) ^ _lines(broken.path))


@lru_cache(maxsize=4096)
def _lines(path: Path) -> frozenset[bytes]:
    return frozenset(line.strip(b" ,") for line in path.read_bytes().splitlines())


_Outcomes = Iterator[tuple[Mapping[str, Any], Outcome]]


def _outcomes(contract: Contract, fixture: Fixture) -> _Outcomes:
    match fixture:
        case Payload():
            yield from _on_schemas(contract, fixture)
        case Recorded():
            yield from _on_operation(contract, fixture.exchange)
        case Pair(first=first, following=following):
            yield from _on_operation(contract, first)
            yield from _on_operation(contract, following)
            variables = {"first": as_variables(first), "next": as_variables(following)}
            judged = judge_link(contract, fixture.link, first, following)
            yield from ((variables, outcome) for outcome in judged.outcomes)


def _on_operation(contract: Contract, exchange: Exchange) -> _Outcomes:
    rules = contract.operations[exchange.operation].rules
    variables = as_variables(exchange)
    for outcome in judge_response(contract, exchange).outcomes:
        if outcome.rule in rules:
            yield variables, outcome


def _on_schemas(contract: Contract, fixture: Payload) -> _Outcomes:
    reference = contract.schemas.get(fixture.schema)
    if reference is None:
        return
    is_request = direction_of(contract, reference) is Direction.REQUEST
    seen = writable(contract, reference, fixture.body) if is_request else fixture.body
    for site in plan_of(contract).visit(reference, fixture.body, frozenset({RULES})):
        try:
            variables = {_SELF: reduce(getitem, site.at, seen)}
        except LookupError:
            continue
        scope = Scope(variables)
        for rule in site.node.rules:
            yield from ((variables, outcome) for outcome in evaluate(rule, scope))


def _proof(kept: _Shown | None, broken: _Shown | None, about: _Shown, folder: Path) -> Proof:
    outcome, way = about.outcome, about.way
    return Proof(
        kept=_file(kept, folder),
        broken=_file(broken, folder),
        at=pointer.join(way[1:] if way[0] == _SELF else way) if broken else "",
        expected=_told(outcome.expected, unless=outcome.rule.message),
        got=_told(outcome.got),
        lines=tuple(_compared(_excerpt(kept, about), _excerpt(broken, about))),
    )


def _file(shown: _Shown | None, folder: Path) -> str:
    return shown.path.relative_to(folder).with_suffix("").as_posix() if shown else ""


def _excerpt(shown: _Shown | None, about: _Shown) -> list[str]:
    """Cut a fixture to what the rule reads, and to where the one that breaks it does so."""
    if shown is None:
        return []
    rule, way = about.outcome.rule, about.way
    read = (rule.check, rule.when, rule.each)
    names = words(*read).union(step for step in way if not step.isdigit())
    cut: Any = excerpt(dict(shown.variables), names, way)
    if shown.variables.keys() == {_SELF}:
        cut = excerpt(shown.variables[_SELF], names, way[1:], members_of(_SELF, *read))
    return laid_out(cut).split("\n")


def _compared(kept: list[str], broken: list[str]) -> Iterator[tuple[str, str]]:
    """Give the lines of both, woven together where they are much the same."""
    matcher = SequenceMatcher(None, kept, broken, autojunk=False)
    alike = matcher.ratio() > _ALIKE
    steps = [("replace", 0, len(kept), 0, len(broken))]
    for tag, a, b, c, d in matcher.get_opcodes() if alike else steps:
        if tag == "equal":
            yield from ((" ", line) for line in kept[a:b])
        else:
            yield from (("+", line) for line in kept[a:b])
            yield from (("-", line) for line in broken[c:d])


def _told(value: Any, unless: str = "") -> str:
    """Write what a finding says; a rule that has no more to say repeats its message."""
    if value is None or value == unless:
        return ""
    return value if isinstance(value, str) else shown(value)
