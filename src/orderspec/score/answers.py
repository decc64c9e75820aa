"""The faults of whole answers: their status, their type, and answers to something else."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from orderspec.contract.model import Contract
from orderspec.exchange import MISSING, Response
from orderspec.score.recording import Judged, Recording

ANSWER_FAULTS = (
    "status-broken",
    "status-refused",
    "status-success",
    "status-alike",
    "content-type",
    "no-body",
    "cut-short",
    "other-answer",
    "stale-read",
)
"""Names of the faults of whole answers."""

_CREATED, _OK, _REFUSED, _NOT_FOUND, _BROKEN = 201, 200, 400, 404, 500


class Answers:
    """Gives wrong answers of a recording in the place of right ones."""

    def __init__(self, contract: Contract, recording: Recording) -> None:
        """Gather the answers that were given to the same request, and to the same operation."""
        self._recording = recording
        self._safe = {one.id for one in contract.operations.values() if one.method == "GET"}
        self._by_operation: dict[str, list[int]] = defaultdict(list)
        self._by_request: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, judged in enumerate(recording.exchanges):
            if judged.exchange.response.ok and judged.exchange.response.body is not MISSING:
                self._by_operation[judged.exchange.operation].append(number)
                self._by_request[_asked(judged)].append(number)

    def faults(self, number: int) -> Iterator[tuple[str, Response]]:
        """Give the name of each fault of an answer, and the wrong answer."""
        exchange = self._recording.exchanges[number].exchange
        response = exchange.response
        yield "status-broken", replace(response, status=_BROKEN)
        if response.ok:
            yield "status-refused", replace(response, status=_REFUSED)
            other = _CREATED if response.status == _OK else _OK
            yield "status-alike", replace(response, status=other)
        else:
            yield "status-success", replace(response, status=_OK)
            other = _NOT_FOUND if response.status == _REFUSED else _REFUSED
            yield "status-alike", replace(response, status=other)
        if response.body is not MISSING:
            headers = {**response.headers, "content-type": "text/html"}
            yield "content-type", replace(response, headers=headers)
            yield "no-body", replace(response, body=MISSING, problem="", raw=b"")
            cut = response.raw[:-1]
            problem = "the text ends too early"
            yield "cut-short", replace(response, body=MISSING, problem=problem, raw=cut)
        yield from self._mistaken(number)

    def _mistaken(self, number: int) -> Iterator[tuple[str, Response]]:
        """Answer with what was an answer to something else, or to the same before a change."""
        judged = self._recording.exchanges[number]
        if not judged.exchange.response.ok:
            return
        for name, numbers in (
            ("other-answer", self._by_operation[judged.exchange.operation]),
            ("stale-read", self._earlier(number, judged)),
        ):
            wrong = self._unlike(judged, numbers, number)
            if wrong is not None:
                yield name, wrong

    def _earlier(self, number: int, judged: Judged) -> list[int]:
        if judged.exchange.operation not in self._safe:
            return []
        return [one for one in self._by_request[_asked(judged)] if one < number]

    def _unlike(self, judged: Judged, numbers: list[int], number: int) -> Response | None:
        """Choose the nearest answer before this one, else after it, whose body is another."""
        body = judged.exchange.response.body
        for other in sorted(numbers, key=lambda one: (one >= number, abs(one - number))):
            response = self._recording.exchanges[other].exchange.response
            if response.body != body:
                return replace(judged.exchange.response, body=response.body, raw=response.raw)
        return None


def _asked(judged: Judged) -> tuple[str, str]:
    request = judged.exchange.request
    return request.path, repr(sorted(request.query.items()))
