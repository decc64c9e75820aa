"""A request taken apart, so that it can be written in any language; secrets are left out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin

from orderspec.contract.model import Contract, Operation, SecurityScheme
from orderspec.exchange import MISSING, Request

# What a shell needs itself.
_TAKEN = frozenset({"HOME", "IFS", "LANG", "PATH", "PWD", "SHELL", "TERM", "USER", "UID", "_"})
_NO_SERVER = "https://api.example"


@dataclass(frozen=True, slots=True)
class Secret:
    """What only the caller knows.

    Attributes:
        variable: of the environment, which holds it.
        before: what stands before it, such as ``Bearer``.
    """

    variable: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it leaves.

    Attributes:
        method: upper case.
        address: with the path, without a query; a path parameter without a value stays ``{name}``.
        query: names and values.
        headers: names and values, but for the type of the body, which is JSON.
        basic: the user and password of basic access, with a colon between them.
        body: decoded JSON, or MISSING.
    """

    method: str
    address: str
    query: tuple[tuple[str, str | Secret], ...] = ()
    headers: tuple[tuple[str, str | Secret], ...] = ()
    basic: Secret | None = None
    body: Any = MISSING


def sent(contract: Contract, operation: Operation, request: Request) -> Sent:
    """Take a request apart, to the contract's first server, by the operation's first access."""
    schemes = operation.security[0] if operation.security else ()
    given = {one.parameter.lower() for one in schemes if one.location == "header"}
    plain = (
        (name, value)
        for name, value in request.headers.items()
        if name.lower() not in {*given, "content-type"}
    )
    return Sent(
        method=operation.method,
        address=server_of(contract, operation) + _path(operation, request),
        query=(*_query(request.query), *_secrets(schemes, "query")),
        headers=(*_secrets(schemes, "header"), *plain),
        basic=next((_secret(one) for one in schemes if one.scheme == "basic"), None),
        body=request.body,
    )


def server_of(contract: Contract, operation: Operation) -> str:
    """Give the base address of an operation's first server, its variables at their defaults.

    A relative address stands below an example's.
    """
    item = contract.document["paths"][operation.path]
    holders = item[operation.method.lower()], item, contract.document
    servers: list[Any] = next((one["servers"] for one in holders if one.get("servers")), [{}])
    first = servers[0] if isinstance(servers[0], Mapping) else {}
    url = str(first.get("url", ""))
    for name, variable in first.get("variables", {}).items():
        url = url.replace(f"{{{name}}}", str(variable.get("default", f"{{{name}}}")))
    return urljoin(f"{_NO_SERVER}/", url).rstrip("/") if "://" not in url else url.rstrip("/")


def _path(operation: Operation, request: Request) -> str:
    path = operation.path
    for name, value in request.path_parameters.items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    return path


def _query(query: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in query.items():
        yield from ((name, str(one)) for one in (value if isinstance(value, list) else [value]))


def _secrets(schemes: tuple[SecurityScheme, ...], location: str) -> Iterator[tuple[str, Secret]]:
    for scheme in schemes:
        if scheme.type == "apiKey" and scheme.location == location:
            yield scheme.parameter, _secret(scheme)
        elif scheme.type == "apiKey" and scheme.location == "cookie" and location == "header":
            yield "Cookie", _secret(scheme, f"{scheme.parameter}=")
        elif scheme.type == "http" and scheme.scheme != "basic" and location == "header":
            yield "Authorization", _secret(scheme, f"{scheme.scheme.capitalize()} ")


def _secret(scheme: SecurityScheme, before: str = "") -> Secret:
    name = re.sub(r"[^A-Z0-9]", "_", scheme.name.upper())
    is_taken = name in _TAKEN or name[:1].isdigit()
    return Secret(f"API_{name}" if is_taken else name, before)
