"""A contract around a running service: middleware for Starlette, FastAPI and other ASGI apps."""

import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any, Literal

from orderspec import exact_json
from orderspec.contract.model import Operation
from orderspec.errors import UsageError
from orderspec.exchange import Exchange, Request
from orderspec.findings import Finding, Severity
from orderspec.validation.answers import response_of
from orderspec.validation.recordings import exchange_findings, request_findings
from orderspec.validation.target import find_contract
from orderspec.validation.traffic import Traffic, request_of

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Report = Callable[[Request, Sequence[Finding]], None]

_LOG = logging.getLogger("orderspec")
_MOST_BYTES = 1 << 20


class ContractMiddleware:
    """Checks the requests and answers of an app against a contract.

    Example:
        >>> app = ContractMiddleware(app, "openapi.yaml", action="reject")  # doctest: +SKIP
    """

    def __init__(
        self,
        app: App,
        contract: str,
        *,
        action: Literal["report", "reject"] = "report",
        report: Report | None = None,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        """Wrap an app.

        Args:
            app: the app.
            contract: a provider, or a path to OpenAPI 3.x.
            action: ``report`` changes nothing; ``reject`` answers 400 instead of passing on a
                request with errors, and 500 instead of an answer with errors.
            report: what is called with each request that there are findings about, or whose answer
                has them; a logger named ``orderspec`` gets them by default.
            most_bytes: longer bodies are passed on unjudged, as those are that are encoded.

        Raises:
            UsageError: there is no such contract, or no such action.
            ContractError: the contract is broken.
        """
        found = find_contract(contract)
        if found is None:
            message = f"there is no contract {contract!r}"
            raise UsageError(message, "Name a provider, or a path to an OpenAPI description.")
        if action not in ("report", "reject"):
            message = f"there is no action {action!r}"
            raise UsageError(message, "It is 'report' or 'reject'.")
        self._app = app
        self._contract = found
        self._traffic = Traffic([found], anywhere=True)
        self._rejects = action == "reject"
        self._report = report or _logged
        self._most_bytes = most_bytes

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve a request; whatever the contract does not describe is passed on."""
        path = scope.get("raw_path") or str(scope.get("path", "")).encode()
        found = (
            self._traffic.find(scope["method"], bytes(path).partition(b"?")[0])
            if scope["type"] == "http"
            else []
        )
        if not found:
            await self._app(scope, receive, send)
            return
        _, operation, parameters = found[0]
        headers = _headers(scope["headers"])
        received = await _received(receive, self._most_bytes)
        if received.raw is None or "content-encoding" in headers:
            await self._app(scope, received.again, send)
            return
        query = bytes(scope.get("query_string", b"")).decode("latin-1")
        target = f"{bytes(path).decode('latin-1')}?{query}"
        request = request_of(scope["method"], target, headers, received.raw, parameters)
        if self._rejects and await self._refused(operation, request, send):
            return

        async def ended(answer: _Answer) -> None:
            await self._answered(operation, request, answer)

        answer = _Answer(send, ended, self._most_bytes, holds=self._rejects)
        await self._app(scope, received.again, answer.send)

    async def _refused(self, operation: Operation, request: Request, send: Send) -> bool:
        findings = self._judged(lambda: request_findings(self._contract, operation, request))
        errors = [one for one in findings if one.severity is Severity.ERROR]
        if errors:
            self._report(request, findings)
            await _problem(send, 400, "the request breaks the contract", errors)
        return bool(errors)

    async def _answered(self, operation: Operation, request: Request, answer: "_Answer") -> None:
        response = response_of(answer.status, answer.headers, answer.raw)
        exchange = Exchange(operation.id, request, response)
        asked: list[Finding] = []
        answered: list[Finding] = []

        def judge() -> list[Finding]:
            found = exchange_findings(self._contract, exchange)
            asked.extend(found[0])
            answered.extend(found[1])
            return [*asked, *answered]

        findings = self._judged(judge)
        if findings:
            self._report(request, findings)
        if self._rejects and any(one.severity is Severity.ERROR for one in answered):
            await _problem(answer.real, 500, "the answer breaks the contract", answered)
        else:
            await answer.passed_on()

    def _judged(self, judge: Callable[[], list[Finding]]) -> list[Finding]:
        """Judge; a fault of the contract or of the kit must not become one of the service."""
        try:
            return judge()
        except Exception:  # noqa: BLE001 (it is logged, and the service goes on)
            _LOG.exception("not judged")
            return []


class _Received:
    """A request's body, read, and given to the app as if it came."""

    def __init__(self, messages: list[Message], raw: bytes | None, receive: Receive) -> None:
        self._messages, self.raw, self._receive = messages, raw, receive

    async def again(self) -> Message:
        return self._messages.pop(0) if self._messages else await self._receive()


async def _received(receive: Receive, most: int) -> _Received:
    messages: list[Message] = []
    size = 0
    while True:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if message["type"] != "http.request" or size > most:
            return _Received(messages, None, receive)
        if not message.get("more_body"):
            raw = b"".join(one.get("body", b"") for one in messages)
            return _Received(messages, raw, receive)


class _Answer:
    """An answer on its way: passed on as it comes, or held until it is judged."""

    def __init__(
        self,
        send: Send,
        ended: Callable[["_Answer"], Awaitable[None]],
        most: int,
        *,
        holds: bool,
    ) -> None:
        self.real, self._ended, self._most, self._holds = send, ended, most, holds
        self._held: list[Message] = []
        self._parts: list[bytes] = []
        self._size = 0
        self._is_judged = True
        self.raw = b""
        self.status = 0
        self.headers: Mapping[str, str] = {}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], _headers(message.get("headers", ()))
            self._is_judged = "content-encoding" not in self.headers
        elif message["type"] == "http.response.body":
            self._parts.append(message.get("body", b""))
            self._size += len(self._parts[-1])
            self._is_judged = self._is_judged and self._size <= self._most
        if not self._is_judged:
            self._parts.clear()
            await self.passed_on()
        if self._holds:
            self._held.append(message)
        else:
            await self.real(message)
        is_end = message["type"] == "http.response.body" and not message.get("more_body")
        if is_end and self._is_judged:
            self.raw = b"".join(self._parts)
            await self._ended(self)

    async def passed_on(self) -> None:
        """Pass on what was held, and whatever follows at once."""
        held, self._held, self._holds = self._held, [], False
        for message in held:
            await self.real(message)


def _headers(pairs: Any) -> dict[str, str]:
    return {
        bytes(name).decode("latin-1").lower(): bytes(value).decode("latin-1")
        for name, value in pairs
    }


async def _problem(send: Send, status: int, title: str, findings: Sequence[Finding]) -> None:
    """Answer with a problem (RFC 9457) that lists the findings."""
    listed = [{"clause": one.clause, "at": one.at, "message": one.message} for one in findings]
    form = {"title": title, "status": status, "findings": listed}
    body = exact_json.to_bytes(form)
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _logged(request: Request, findings: Sequence[Finding]) -> None:
    for one in findings:
        level = logging.ERROR if one.severity is Severity.ERROR else logging.WARNING
        _LOG.log(
            level,
            "%s %s: %s: %s [%s]",
            request.method,
            request.path,
            one.at or "/",
            one.message,
            one.clause,
        )
