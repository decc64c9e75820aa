"""The documents that a contract rests on, and the tables in them: sources.yaml."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from orderspec.contract.model import Source, Table
from orderspec.errors import ContractError

SOURCES = "sources.yaml"


def load_sources(folder: Path) -> Mapping[str, Source]:
    """Read the sources of the contract in a folder, in the order of the file.

    Raises:
        ContractError: the file is there and has another form.
    """
    return sources_in(read_sources(folder), folder)


def read_sources(folder: Path) -> Any:
    """Read the file of sources in a folder; None where there is none.

    Raises:
        ContractError: it is no YAML.
    """
    from orderspec.contract import yaml_file  # noqa: PLC0415 (what is kept needs no YAML)

    path = folder / SOURCES
    return yaml_file.load(path) if path.is_file() else None


def sources_in(content: Any, folder: Path) -> Mapping[str, Source]:
    """Make sources of what the file in a folder holds.

    Raises:
        ContractError: it has another form.
    """
    path = folder / SOURCES
    if content is None and not path.is_file():
        return {}
    try:
        return {name: _source(name, entry) for name, entry in content["sources"].items()}
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        message = "it maps `sources:` to id: {title, address, date, tables}"
        raise ContractError(message, where=str(path)) from problem


def printed_and_member(entry: Any) -> tuple[str, str]:
    """Read an element of a table's `members`: a name, or ``{name in the document: member}``.

    Raises:
        ValueError: it is neither.
    """
    match entry:
        case str():
            return entry, entry
        case dict() if len(entry) == 1 and all(isinstance(one, str) for one in entry.values()):
            return next(iter(entry.items()))
        case _:
            message = "neither a name nor a mapping of one name to another"
            raise ValueError(message)


def _source(name: str, entry: Mapping[str, Any]) -> Source:
    return Source(
        name,
        str(entry["title"]),
        str(entry.get("address", "")),
        str(entry.get("date", "")),
        tuple(_tables(entry.get("tables", {}))),
    )


def _tables(entries: Mapping[str, Any]) -> Iterator[Table]:
    for name, entry in entries.items():
        members = dict(map(printed_and_member, entry["members"]))
        yield Table(name, members, entry.get("schema", ""), entry.get("operation", ""))
