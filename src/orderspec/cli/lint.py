"""`orderspec lint`: what is wrong in contracts, each problem with its file, line and column."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from orderspec.cli.failures import UNABLE, tell
from orderspec.cli.output import opened
from orderspec.contract import catalog
from orderspec.contract.lint import Report, lint
from orderspec.errors import ContractError, UsageError
from orderspec.findings import Finding, Severity
from orderspec.report.console import finding_text, takes_colour
from orderspec.report.json_form import dumps, finding_form
from orderspec.rules.lint import check_cel


@click.command("lint")
@click.argument("path", required=False)
@click.option(
    "--format", "form", default="text", show_default=True, type=click.Choice(("text", "json"))
)
def command(path: str | None, form: str) -> int:
    """Lint the contract at PATH: a provider's name, its folder, or any OpenAPI 3.x file.

    Without PATH, every contract of the spec tree. Exit codes: 0 clean, or warnings only, 1
    problems, 2 something could not be read.
    """
    reports, unreadable = _lint_all(_descriptions(path))
    findings = [finding for report in reports for finding in report.findings]
    summary = _summary(reports, findings)
    with opened(None, for_people=form == "text") as write:
        if form == "json":
            found = [finding_form(finding) for finding in findings]
            write(dumps({"format": 1, "command": "lint", "summary": summary, "findings": found}))
        else:
            colour = takes_colour(sys.stdout)
            write("".join(finding_text(finding, {}, colour=colour) for finding in findings))
            write(_last_line(summary))
    if unreadable:
        return UNABLE
    return 1 if summary["errors"] else 0


def _descriptions(path: str | None) -> Iterator[Path]:
    """Find the descriptions to lint; a folder without one is an error of its own later."""
    folder = catalog.spec_folder()
    if path is None:
        folders = sorted(entry for entry in folder.iterdir() if entry.is_dir())
        if not folders:
            message = f"there is no contract in {folder}"
            raise UsageError(message, "A contract is <provider>/openapi.yaml in there.")
        yield from (entry / catalog.DESCRIPTION for entry in folders)
    elif path in catalog.providers():
        yield folder / path / catalog.DESCRIPTION
    elif Path(path).is_dir():
        yield Path(path) / catalog.DESCRIPTION
    elif Path(path).is_file():
        yield Path(path)
    else:
        message = f"there is no contract, folder or file named {path!r}"
        known = ", ".join(catalog.providers()) or "none"
        raise UsageError(message, f"Contracts: {known}.")


def _lint_all(descriptions: Iterator[Path]) -> tuple[list[Report], int]:
    reports: list[Report] = []
    unreadable = 0
    for description in descriptions:
        try:
            reports.append(lint(description, (check_cel,)))
        except ContractError as problem:
            unreadable += 1
            tell(str(problem))
    return reports, unreadable


def _summary(reports: Sequence[Report], findings: Sequence[Finding]) -> dict[str, int]:
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    return {
        "files": sum(report.files for report in reports),
        "errors": errors,
        "warnings": len(findings) - errors,
    }


def _last_line(summary: Mapping[str, int]) -> str:
    files, errors, warnings = (
        f"{number} {noun.removesuffix('s') if number == 1 else noun}"
        for noun, number in summary.items()
    )
    return f"{files}: {errors}, {warnings}\n"
