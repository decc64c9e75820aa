"""The files of a contract, before they are bundled: they load, and their references lead there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orderspec import pointer
from orderspec.contract import yaml_file
from orderspec.contract.bundle import FILE_KEYWORD, pascal_case
from orderspec.contract.lint.findings import Flaw, Scribe, shown
from orderspec.errors import ContractError
from orderspec.findings import Finding, Severity

_PLACE = re.compile(r".*:(\d+):(\d+): (.*)", re.DOTALL)


def read_all(description: Path) -> tuple[dict[Path, Any], list[Finding]]:
    """Read a description, the schemas beside it, and every file that they refer to.

    Returns:
        What the files hold, and a finding for each one that is no YAML.

    Raises:
        ContractError: the description itself cannot be read.
    """
    folder = description.parent
    files: dict[Path, Any] = {}
    findings: list[Finding] = []
    todo = [description, *sorted((folder / "schemas").glob("*.yaml"))]
    sources = folder / "sources.yaml"
    todo.extend([sources] if sources.is_file() else [])
    met: set[Path] = set()
    while todo:
        file = todo.pop(0).resolve()
        if file in met or not (file == description or file.is_file()):
            continue
        met.add(file)
        try:
            files[file] = yaml_file.load(file)
        except ContractError as problem:
            if isinstance(problem.__cause__, OSError):
                raise
            findings.append(_unreadable(file, problem))
            continue
        for _, reference in references(files[file]):
            address = reference.partition("#")[0]
            if address and "://" not in address:
                todo.append(file.parent / address)
    return files, findings


def references(value: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give every `$ref` and where it stands."""
    for steps, members in mappings(value, at):
        if isinstance(members.get("$ref"), str):
            yield (*steps, "$ref"), members["$ref"]


def mappings(
    value: Any, at: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Give every mapping at or below a value and where it stands, in document order."""
    if isinstance(value, dict):
        yield at, value
        for name, item in value.items():
            yield from mappings(item, (*at, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from mappings(item, (*at, str(index)))


def check_references(files: dict[Path, Any], scribe: Scribe) -> Iterator[Finding]:
    """Every reference is relative and leads somewhere."""
    for file, content in files.items():
        for steps, reference in references(content):
            problem = _flaw(files, file, reference)
            if problem:
                yield scribe.finding(
                    file,
                    steps,
                    Flaw(
                        "reference",
                        f"the reference {reference!r} {problem}",
                        expected="a relative file, or a place in one, that exists",
                        got=reference,
                    ),
                )


def _flaw(files: dict[Path, Any], file: Path, reference: str) -> str:
    address, _, fragment = reference.partition("#")
    if "://" in address or address.startswith("/"):
        return "is not relative: only files beside the description are read"
    target = (file.parent / address).resolve() if address else file
    if target in files:
        return _flaw_of_fragment(files[target], fragment)
    return "" if target.is_file() else "names no file"


def _flaw_of_fragment(content: Any, fragment: str) -> str:
    if not isinstance(content, dict):
        return "names a file that holds no mapping"
    if fragment and not fragment.startswith("/"):
        return "has a fragment that is no JSON Pointer"
    try:
        pointer.follow(content, pointer.parse(f"#{fragment}"))
    except KeyError as missing:
        return f"leads nowhere: there is no {missing.args[0]!r}"
    return ""


def check_schema_files(files: dict[Path, Any], folder: Path, scribe: Scribe) -> Iterator[Finding]:
    """A schema file is named as its title, and its place is its only name."""
    for file, content in files.items():
        for steps, members in mappings(content):
            for keyword in ("$id", FILE_KEYWORD):
                if isinstance(members.get(keyword), str):
                    yield scribe.finding(
                        file,
                        (*steps, keyword),
                        Flaw(
                            "identity",
                            f"{keyword} in a source file: the bundle sets it",
                            expected=f"no {keyword}: a schema is named by its file",
                            got=members[keyword],
                        ),
                    )
        if file.parent == folder / "schemas" and isinstance(content, dict):
            title, name = content.get("title"), pascal_case(file.stem)
            if title != name:
                yield scribe.finding(
                    file,
                    ("title",),
                    Flaw(
                        "title",
                        f"the title is {title!r}" if title else "there is no title",
                        expected=f"title: {name}, the file's name in PascalCase",
                        got=title,
                    ),
                )


def _unreadable(file: Path, problem: ContractError) -> Finding:
    placed = _PLACE.fullmatch(problem.message)
    line, column, message = placed.groups() if placed else ("1", "1", problem.message)
    return Finding(
        Severity.ERROR,
        "lint/yaml",
        message.removeprefix(f"{file}: "),
        expected="YAML with the types of JSON and no member twice",
        file=shown(file),
        line=int(line),
        column=int(column),
    )
