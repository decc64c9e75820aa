"""Recorded traffic, as browsers, proxies and campaigns write it (HAR 1.2) → exchanges."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from orderspec.contract.model import Contract, Operation
from orderspec.contract.routing import Route, UndecodablePathError, match, routes
from orderspec.errors import ReadError
from orderspec.exchange import MISSING, Exchange, Request, Response
from orderspec.validation.answers import response_of
from orderspec.validation.json_text import parse


@dataclass(frozen=True, slots=True)
class Entry:
    """A recorded exchange.

    Attributes:
        number: which entry, from 1.
        contract: the contract that has its operation.
        operation: the operation.
        exchange: the exchange.
        missing: why it cannot be judged, such as an answer that was not kept; or an empty text.
    """

    number: int
    contract: Contract
    operation: Operation
    exchange: Exchange
    missing: str = ""


class Traffic:
    """Finds the operations of recorded exchanges."""

    def __init__(self, contracts: Sequence[Contract], *, anywhere: bool) -> None:
        """Arrange the operations of some contracts.

        Args:
            contracts: the contracts.
            anywhere: whether a service may be mounted below any path; else at the root, or below
                the name of its contract.
        """
        self._routes = [(one, routes(one.operations.values())) for one in contracts]
        self._anywhere = anywhere

    def entries(self, recording: Any) -> Iterator[Entry | ReadError]:
        """Read a recording; entries of no operation, such as pages and pictures, are left out.

        Args:
            recording: what a HAR file holds.

        Yields:
            Entries; a `ReadError` (as a value, not raised) where several contracts have a path, and
            for an entry that has no form of HAR.

        Raises:
            ReadError: it is no HAR.
        """
        match recording:
            case {"log": {"entries": list(entries)}}:
                pass
            case _:
                message = "it is no HAR: log.entries is no list"
                raise ReadError(message, "Save it as HAR 1.2, with the contents of answers.")
        for number, entry in enumerate(entries, start=1):
            try:
                found = self._entry(number, entry)
            except (KeyError, TypeError, ValueError, AttributeError) as problem:
                message = f"entry {number} has no form of HAR: {type(problem).__name__} {problem}"
                yield ReadError(message)
                continue
            if found is not None:
                yield found

    def _entry(self, number: int, entry: Mapping[str, Any]) -> Entry | ReadError | None:
        asked, answered = entry["request"], entry["response"]
        address = urlsplit(asked["url"])
        found = self.find(str(asked["method"]), address.path.encode())
        if not found:
            return None
        names = {contract.name for contract, _, _ in found}
        if len(names) > 1:
            message = f"entry {number} may be of {' or '.join(sorted(names))}"
            return ReadError(message, "Choose one by -s PROVIDER.")
        contract, operation, parameters = found[0]
        text = (asked.get("postData") or {}).get("text") or ""
        target = f"{address.path}?{address.query}"
        method = str(asked["method"])
        request = request_of(method, target, _headers(asked), text.encode(), parameters)
        response, missing = _response(answered)
        exchange = Exchange(operation.id, request, response)
        return Entry(number, contract, operation, exchange, missing)

    def find(self, method: str, path: bytes) -> list[tuple[Contract, Operation, dict[str, str]]]:
        """Find the operations of a path, with its parameters.

        Args:
            method: in any case.
            path: percent-encoded. What stands before an operation's path is where a service is
                mounted.
        """
        parts = path.split(b"/")
        for start in range(1, len(parts)):
            before, rest = b"/".join(parts[1:start]), b"/" + b"/".join(parts[start:])
            found = [
                (contract, operation, parameters)
                for contract, known in self._routes
                if self._anywhere or before in (b"", contract.name.encode())
                for operation, parameters in _operations(known, method.upper(), rest)
            ]
            if found:
                return found
        return []


def _operations(
    known: tuple[Route, ...], method: str, path: bytes
) -> Iterator[tuple[Operation, dict[str, str]]]:
    try:
        fit = match(known, path)
    except UndecodablePathError:
        return
    operation = fit.route.operations.get(method) if fit else None
    if fit and operation:
        yield operation, dict(fit.parameters)


def request_of(
    method: str, target: str, headers: Mapping[str, str], raw: bytes, parameters: Mapping[str, str]
) -> Request:
    """Make a request of what was sent.

    Args:
        method: in any case.
        target: path and query, as sent.
        headers: names in any case.
        raw: the body; what is no JSON is kept as it is.
        parameters: those of the path.
    """
    path, _, query = target.partition("?")
    values: dict[str, Any] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values[name] = [*_listed(values[name]), value] if name in values else value
    body: Any = MISSING
    if raw:
        try:
            body = parse(raw)
        except ReadError:
            body = MISSING
    return Request(
        method=method.upper(),
        path=path,
        path_parameters=parameters,
        query=values,
        headers={name.lower(): value for name, value in headers.items()},
        body=body,
        raw=raw if raw and body is MISSING else None,
    )


def _response(form: Mapping[str, Any]) -> tuple[Response, str]:
    """Read an answer, and why it cannot be judged, if so."""
    status, content = int(form["status"]), form.get("content") or {}
    if not status:
        return Response(0), "there was no answer"
    text = content.get("text")
    size = int(content.get("size") or 0)
    if text is None and size > 0:
        return Response(status), "its body was not recorded: save the HAR with contents"
    try:
        is_encoded = content.get("encoding") == "base64"
        raw = (
            base64.b64decode(text or "", validate=True) if is_encoded else str(text or "").encode()
        )
    except binascii.Error:
        return Response(status), "its body is no base64"
    if str(content.get("comment", "")).startswith("cut: "):
        return Response(status), "only a part of its body was recorded"
    headers = _headers(form)
    kind = content.get("mimeType")
    if kind:
        headers.setdefault("content-type", str(kind))
    return response_of(status, headers, raw), ""


def _headers(form: Mapping[str, Any]) -> dict[str, str]:
    return {str(one["name"]).lower(): str(one["value"]) for one in form.get("headers") or ()}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
