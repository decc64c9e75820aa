"""Lint: what a person got wrong in a contract, each with its place."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from orderspec.contract.bundle import bundle
from orderspec.contract.catalog import DESCRIPTION
from orderspec.contract.lint import files as source_files
from orderspec.contract.lint.evidence import check_evidence
from orderspec.contract.lint.findings import Scribe
from orderspec.contract.lint.keywords import check_extensions, check_schemas
from orderspec.contract.lint.links import check_links
from orderspec.contract.lint.openapi import check_openapi, check_reach
from orderspec.contract.lint.operations import check_operations
from orderspec.contract.lint.rules import check_rules
from orderspec.contract.lint.subject import Subject
from orderspec.contract.lint.tables import check_tables
from orderspec.contract.lint.values import check_values
from orderspec.contract.upgrade import upgrade
from orderspec.errors import ContractError
from orderspec.findings import Finding, Severity

Check = Callable[[Subject], Iterable[Finding]]

_CHECKS: tuple[Check, ...] = (
    check_schemas,
    check_extensions,
    check_values,
    check_operations,
    check_links,
    check_reach,
    check_rules,
    check_evidence,
    check_tables,
)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of linting one contract.

    Attributes:
        files: how many files were read.
        findings: what is wrong, by file and place.
    """

    files: int
    findings: tuple[Finding, ...]


def lint(description: Path, further: Iterable[Check] = ()) -> Report:
    """Lint one OpenAPI description and the files that it refers to.

    A description named ``openapi.yaml`` that has ``schemas`` or ``sources.yaml`` beside it is a
    contract of a spec tree; any other gets only the checks that make sense for every description.

    Args:
        description: the OpenAPI 3.x file.
        further: checks that `orderspec.contract` cannot know, such as those of the rules' CEL.

    Raises:
        ContractError: the description cannot be read, or is no OpenAPI 3.x description.
    """
    file = description.resolve()
    scribe = Scribe()
    contents, unreadable = source_files.read_all(file)
    house = _is_house(file)
    findings = [*unreadable, *source_files.check_references(contents, scribe)]
    if house:
        findings += source_files.check_schema_files(contents, file.parent, scribe)
    if not any(finding.clause in {"lint/yaml", "lint/reference"} for finding in findings):
        findings += _whole(file, contents, scribe, house=house, further=further)
    return Report(len(contents) + len(unreadable), tuple(sorted(_once(findings), key=_order)))


def _is_house(file: Path) -> bool:
    beside = (file.parent / "sources.yaml", file.parent / "schemas")
    return file.name == DESCRIPTION and any(path.exists() for path in beside)


def _whole(
    file: Path,
    contents: Mapping[Path, Any],
    scribe: Scribe,
    *,
    house: bool,
    further: Iterable[Check],
) -> list[Finding]:
    bundled = bundle(file)
    subject = Subject(
        name=file.parent.name if house else file.stem,
        description=file,
        house=house,
        bundled=bundled,
        document=upgrade(bundled),
        sources=contents.get(file.parent / "sources.yaml"),
        scribe=scribe,
    )
    malformed, placeless = check_openapi(subject)
    try:
        found = list(chain.from_iterable(check(subject) for check in (*_CHECKS, *further)))
    except (AttributeError, KeyError, TypeError) as problem:
        if malformed:
            return malformed
        message = f"the description is not whole: {type(problem).__name__} {problem}"
        raise ContractError(message, where=str(file)) from problem
    errors = any(finding.severity is Severity.ERROR for finding in (*malformed, *found))
    return found + malformed + ([] if errors else placeless)


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Leave out what was found twice, by two checks or through two references."""
    met: set[tuple[Any, ...]] = set()
    for finding in findings:
        key = (finding.file, finding.at, finding.clause, finding.message)
        if key not in met:
            met.add(key)
            yield finding


def _order(finding: Finding) -> tuple[Any, ...]:
    return finding.file or "", finding.line or 0, finding.column or 0, finding.clause
