"""What the CEL of rules says wrong before any payload: syntax, names, functions."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import cel

from orderspec.contract.lint import Subject
from orderspec.contract.lint.findings import Flaw
from orderspec.findings import Finding
from orderspec.rules.evaluate import EACH
from orderspec.rules.functions import NAMES

# What the CEL library knows without its optional, slower standard library.
_CONVERSIONS = frozenset(
    {"string", "bytes", "double", "int", "uint", "dyn", "type", "timestamp", "duration"}
)
_TEXTS = frozenset({"size", "contains", "startsWith", "endsWith", "matches"})
_TIMES = frozenset(
    {
        *("getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek"),
        *("getDayOfYear", "getHours", "getMinutes", "getSeconds", "getMilliseconds"),
    }
)
NATIVE = _CONVERSIONS | _TEXTS | _TIMES

_MACRO = re.compile(r"\.(?:all|exists|exists_one|filter|map)\(\s*([A-Za-z_]\w*)\s*,")
_QUOTED = re.compile(r"""(["'])(?:(?!\1)[^\\]|\\.)*\1""")


def check_cel(subject: Subject) -> Iterator[Finding]:
    """The CEL of every rule compiles and names what is bound there."""
    for holder, variables, entries in subject.rule_holders():
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                at = (*holder, "x-rules", str(index))
                yield from _rule(subject, at, entry, frozenset(variables))


def _rule(
    subject: Subject, at: tuple[str, ...], entry: dict[str, Any], bound: frozenset[str]
) -> Iterator[Finding]:
    each = entry.get("each")
    if isinstance(each, str):
        match = EACH.fullmatch(each)
        name, path = match.groups() if match else ("", "")
        if name in bound or path.partition(".")[0] not in bound:
            yield subject.finding(
                (*at, "each"),
                Flaw(
                    "rule-each",
                    f"each reads {each!r}",
                    expected=f"'name in path', where the path starts with {_listed(bound)}",
                    got=each,
                ),
            )
        bound |= {name}
    for member in ("when", "check"):
        if isinstance(entry.get(member), str):
            yield from _expression(subject, (*at, member), entry[member], bound)


def _expression(
    subject: Subject, at: tuple[str, ...], source: str, bound: frozenset[str]
) -> Iterator[Finding]:
    try:
        program = cel.compile(source)
    except ValueError as problem:
        yield subject.finding(
            at,
            Flaw(
                "rule-cel",
                f"not CEL: {' '.join(str(problem).split())}",
                expected="an expression of the Common Expression Language",
                got=source,
            ),
        )
        return
    local = frozenset(_MACRO.findall(_QUOTED.sub('""', source)))
    for name in sorted(set(program.variables()) - bound - local):
        yield subject.finding(
            at,
            Flaw(
                "rule-variable",
                f"nothing is bound to {name!r} here",
                expected=f"{_listed(bound)}, or the name of a macro's element",
                got=name,
            ),
        )
    known = NATIVE | NAMES
    for name in sorted(set(program.functions()) - known):
        if name.isidentifier() and not name.startswith("_"):
            near = get_close_matches(name, known, n=1)
            yield subject.finding(
                at,
                Flaw(
                    "rule-function",
                    f"there is no function {name!r}",
                    expected=f"did you mean {near[0]!r}?" if near else _listed(NAMES),
                    got=name,
                ),
            )


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
