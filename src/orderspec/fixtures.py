"""The fixtures of a contract, found by walking its folder: nothing lists a schema or a file.

Below ``fixtures/<provider>/``, what is valid has no finding, and what is invalid names its own:

    <Schema>/valid/*.json       a payload
    <Schema>/invalid/*.json     {violates: [{at, clause}], payload}
    exchanges/*.json            {operation, request, response}
    exchanges/links/*.json      {link: <operation>.<name>, first, next}: what followed a link;
                                `before`, a list of exchanges, is what the first one builds on
    exchanges/invalid/*.json    either of these two, with `violates`
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orderspec import exact_json
from orderspec.contract.catalog import fixtures_folder
from orderspec.contract.model import Contract, Link
from orderspec.errors import ReadError
from orderspec.exchange import MISSING, Exchange, Request, Response

EXCHANGES = "exchanges"


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong.

    Attributes:
        at: JSON Pointer in the payload, or in the body of the answer, of a pair the second one.
        clause: the keyword of a schema, or the id of another clause.
    """

    at: str
    clause: str


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload of one schema; `violates` is empty for a valid one."""

    path: Path
    schema: str
    body: Any
    violates: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """An exchange with a server; the path of its request is the operation's template."""

    path: Path
    exchange: Exchange
    violates: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """An exchange, and the one that followed a link of its answer; `before` came earlier."""

    path: Path
    link: Link
    first: Exchange
    following: Exchange
    violates: tuple[Violation, ...] = ()
    before: tuple[Exchange, ...] = ()


def folder_of(contract: Contract) -> Path:
    """Give the folder of a contract's fixtures; it need not be there."""
    return fixtures_folder() / contract.name


def payloads(contract: Contract) -> list[Payload]:
    """Read every payload.

    Raises:
        ReadError: a file is no fixture.
    """
    paths = sorted(folder_of(contract).glob("*/*valid/*.json"))
    return [_payload(path, read(path)) for path in paths if path.parts[-3] != EXCHANGES]


def exchanges(contract: Contract) -> list[Recorded | Pair]:
    """Read every exchange, and every pair of them.

    Raises:
        ReadError: a file is no fixture.
    """
    paths = sorted((folder_of(contract) / EXCHANGES).rglob("*.json"))
    return [recording_in(contract, path, read(path)) for path in paths]


def read(path: Path) -> Any:
    """Read a file of JSON; every number with a point is a Decimal.

    Raises:
        ReadError: it cannot be read, or is no JSON.
    """
    try:
        return exact_json.from_text(path.read_bytes())
    except OSError as problem:
        raise ReadError(f"cannot read it: {problem.strerror}", file=str(path)) from problem
    except ValueError as problem:
        raise ReadError(f"not JSON: {problem}", file=str(path)) from problem


def links(contract: Contract) -> dict[str, Link]:
    """Name the links of a contract as fixtures do: ``CreateOrder.retrieve``."""
    return {
        f"{operation.id}.{link.name}": link
        for operation in contract.operations.values()
        for link in operation.links
    }


def _payload(path: Path, content: Any) -> Payload:
    schema = path.parts[-3]
    if path.parent.name == "valid":
        return Payload(path, schema, content)
    try:
        return Payload(path, schema, content["payload"], _violations(content))
    except (KeyError, TypeError, AttributeError) as problem:
        raise _no_fixture(path, "{violates: [{at, clause}], payload}", problem) from problem


def recording_in(contract: Contract, path: Path, content: Any) -> Recorded | Pair:
    """Read the recorded form of an exchange or a pair; a body that is not there is MISSING.

    Raises:
        ReadError: the content has another form, or names no operation or link of the contract.
    """
    try:
        if "link" in content:
            return Pair(
                path,
                links(contract)[content["link"]],
                _exchange(contract, content["first"]),
                _exchange(contract, content["next"]),
                _violations(content),
                tuple(_exchange(contract, one) for one in content.get("before", ())),
            )
        return Recorded(path, _exchange(contract, content), _violations(content))
    except (KeyError, TypeError, AttributeError) as problem:
        forms = "{operation, request, response} or {link, first, next}"
        raise _no_fixture(path, forms, problem) from problem


def _exchange(contract: Contract, content: Mapping[str, Any]) -> Exchange:
    operation = contract.operations[content["operation"]]
    sent, got = content["request"], content["response"]
    return Exchange(
        operation.id,
        Request(
            method=operation.method,
            path=operation.path,
            path_parameters=sent.get("path", {}),
            query=sent.get("query", {}),
            headers=_lowered(sent.get("headers", {})),
            body=sent.get("body", MISSING),
        ),
        Response(
            status=got["status"],
            headers=_lowered(got.get("headers", {})),
            body=got.get("body", MISSING),
        ),
    )


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _violations(content: Mapping[str, Any]) -> tuple[Violation, ...]:
    return tuple(Violation(one["at"], one["clause"]) for one in content.get("violates", ()))


def _no_fixture(path: Path, form: str, problem: Exception) -> ReadError:
    detail = f"{type(problem).__name__} {problem}"
    return ReadError(f"not a fixture of this contract: {detail}", f"It is {form}.", file=str(path))
