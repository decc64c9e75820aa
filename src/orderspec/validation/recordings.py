"""Recorded exchanges, each against its operation: request, status, answer, and what joins them."""

from collections.abc import Iterator
from dataclasses import replace

from orderspec.contract.clauses import request_clause
from orderspec.contract.model import Contract, Operation
from orderspec.errors import ReadError
from orderspec.exchange import Exchange, Request
from orderspec.findings import Finding, Judged, Severity
from orderspec.validation.exchanges import judge_request, judge_response
from orderspec.validation.reader import Document
from orderspec.validation.traffic import Entry, Traffic


def judge_recording(document: Document, traffic: Traffic) -> Iterator[Judged | ReadError]:
    """Judge every exchange of a recording.

    A request that the server refused is only warned of: the refusal was right. Findings point into
    the body, and their line is that of the request or the answer.

    Yields:
        What came of each exchange, by the number of its entry; a `ReadError` (as a value, not
        raised) for what could not be judged, or for a recording without an operation's exchange.
    """
    found = [
        (entry, exchange_findings(entry.contract, entry.exchange))
        if isinstance(entry, Entry) and not entry.missing
        else (entry, ([], []))
        for entry in traffic.entries(document.value)
    ]
    places = document.locate(
        f"/log/entries/{entry.number - 1}/{part}"
        for entry, (asked, answered) in found
        if isinstance(entry, Entry)
        for part, findings in (("request", asked), ("response", answered))
        if findings
    )
    for entry, (asked, answered) in found:
        if isinstance(entry, ReadError):
            yield _error(document, entry.message, entry.hint)
        elif entry.missing:
            yield _error(document, f"entry {entry.number} cannot be judged: {entry.missing}", "")
        else:
            title = f"{entry.contract.name}/{entry.operation.id}"
            placed = tuple(
                replace(
                    one,
                    file=document.file,
                    line=place.line,
                    column=place.column,
                    document=entry.number,
                )
                for part, findings in (("request", asked), ("response", answered))
                for one in findings
                for place in (places[f"/log/entries/{entry.number - 1}/{part}"].value,)
            )
            yield Judged(document.file, entry.number, title, placed)
    if not found:
        message = "no entry is an exchange with an operation of a contract"
        yield _error(document, message, "Name the contract by -s PROVIDER, or by -s FILE.")


def exchange_findings(
    contract: Contract, exchange: Exchange
) -> tuple[list[Finding], list[Finding]]:
    """Judge an exchange: what is wrong with the request, and with the answer.

    A request that the server refused is only warned of: the refusal was right.
    """
    operation = contract.operations[exchange.operation]
    asked = request_findings(contract, operation, exchange.request)
    if exchange.response.is_refusal:
        asked = [replace(one, severity=Severity.WARNING) for one in asked]
    answered = judge_response(contract, exchange).findings
    return asked, [replace(one, operation=operation.id) for one in answered]


def request_findings(contract: Contract, operation: Operation, request: Request) -> list[Finding]:
    """Judge a request, whose body may be no JSON at all."""
    found: list[Finding] = []
    if request.raw is not None and operation.body is not None:
        found.append(
            Finding(
                Severity.ERROR,
                request_clause(contract, operation),
                "the body of the request is no JSON",
                keyword="type",
                expected="a JSON body",
                got="something else",
                evidence=operation.evidence,
            )
        )
        operation = replace(operation, body=None, body_required=False)
    found += judge_request(contract, operation, request).findings
    return [replace(one, operation=operation.id) for one in found]


def _error(document: Document, message: str, hint: str) -> ReadError:
    return ReadError(message, hint, file=document.file)
