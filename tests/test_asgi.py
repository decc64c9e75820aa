"""Middleware reports what breaks a contract, or rejects it, and is never in the way."""

import asyncio
import logging
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request as Asked
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from orderspec import Severity, UsageError, asgi, exact_json
from orderspec.asgi import ContractMiddleware
from orderspec.contract.catalog import load
from orderspec.exchange import MISSING, Exchange, Request
from orderspec.validation.exchanges import judge_response
from tests.fixture_files import every_exchange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orderspec.findings import Finding

PROVIDER = "enad"


def right() -> tuple[Exchange, str]:
    contract = load(PROVIDER)
    for _, exchange in every_exchange(PROVIDER):
        operation = contract.operations[exchange.operation]
        is_right = exchange.response.ok and not judge_response(contract, exchange).findings
        if operation.method == "POST" and is_right and exchange.request.body is not MISSING:
            return exchange, re.sub(r"\{.*?\}", "any", operation.path)
    raise AssertionError


EXCHANGE, PATH = right()
READ = next(
    re.sub(r"\{.*?\}", "any", operation.path)
    for operation in load(PROVIDER).operations.values()
    if operation.method == "GET"
)
BODY = exact_json.to_bytes(EXCHANGE.request.body)
ANSWER = exact_json.to_bytes(EXCHANGE.response.body)
STATUS = EXCHANGE.response.status
WRONG = b'{"odd": []}'


class Service:
    """Answers everything at one path with one body; keeps what it was sent."""

    def __init__(self, answer: bytes = ANSWER, status: int = STATUS) -> None:
        self.answer, self.status = answer, status
        self.seen: list[bytes] = []
        self.reported: list[tuple[Request, Sequence[Finding]]] = []

    async def order(self, asked: Asked) -> Response:
        self.seen.append(await asked.body())
        return Response(self.answer, self.status, media_type="application/json")

    async def streamed(self, asked: Asked) -> Response:
        self.seen.append(await asked.body())
        parts = (self.answer[at : at + 7] for at in range(0, len(self.answer), 7))
        return StreamingResponse(parts, self.status, media_type="application/json")

    async def page(self, _: Asked) -> Response:
        return PlainTextResponse("page")

    def app(self, handler: str = "order", **settings: Any) -> Any:
        routes = [Route(PATH, getattr(self, handler), methods=["POST"]), Route("/page", self.page)]
        app = Starlette(routes=[Mount("/shop", routes=routes), *routes])
        settings.setdefault("report", lambda *found: self.reported.append(found))
        return ContractMiddleware(app, PROVIDER, **settings)


def ask(app: Any, body: bytes = BODY, path: str = PATH, method: str = "POST") -> httpx.Response:
    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            headers = {"content-type": "application/json"}
            return await client.request(method, path, content=body, headers=headers)

    return asyncio.run(sent())


@pytest.mark.parametrize("handler", ["order", "streamed"])
@pytest.mark.parametrize("action", ["report", "reject"])
def test_what_is_right_passes_untouched(action: str, handler: str) -> None:
    service = Service()
    response = ask(service.app(handler, action=action))
    assert (response.status_code, response.content) == (STATUS, ANSWER)
    assert (service.seen, service.reported) == ([BODY], [])


def test_wrong_requests_and_answers_are_reported_and_passed_on() -> None:
    service = Service(WRONG)
    response = ask(service.app(), b'{"odd": 1}')
    assert (response.status_code, response.content) == (STATUS, WRONG)
    ((request, findings),) = service.reported
    assert (request.method, request.path) == ("POST", PATH)
    assert {one.severity for one in findings} >= {Severity.ERROR}
    assert {one.operation for one in findings} == {EXCHANGE.operation}


def test_a_wrong_request_is_rejected_before_the_app_sees_it() -> None:
    service = Service()
    response = ask(service.app(action="reject"), b'{"odd": 1}')
    assert (response.status_code, service.seen) == (400, [])
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["title"] == "the request breaks the contract"
    assert {"clause", "at", "message"} == set(problem["findings"][0])
    assert len(service.reported) == 1


@pytest.mark.parametrize("handler", ["order", "streamed"])
def test_a_wrong_answer_is_replaced(handler: str) -> None:
    service = Service(WRONG)
    response = ask(service.app(handler, action="reject"))
    assert (response.status_code, service.seen) == (500, [BODY])
    assert response.json()["title"] == "the answer breaks the contract"


def test_a_refusal_of_a_wrong_request_is_no_error() -> None:
    refusal = next(
        exchange
        for _, exchange in every_exchange(PROVIDER)
        if exchange.operation == EXCHANGE.operation and exchange.response.status == 400
    )
    service = Service(exact_json.to_bytes(refusal.response.body), 400)
    assert ask(service.app(), b'{"odd": 1}').status_code == 400
    ((_, findings),) = service.reported
    assert {one.severity for one in findings} == {Severity.WARNING}


@pytest.mark.parametrize("path, method", [("/page", "GET"), ("/gone", "GET"), (PATH, "OPTIONS")])
def test_what_the_contract_does_not_describe_is_passed_on(path: str, method: str) -> None:
    service = Service()
    response = ask(service.app(action="reject"), b"", path, method)
    assert response.status_code in (200, 404, 405)
    assert service.reported == []


def test_a_service_may_be_mounted_anywhere() -> None:
    service = Service(WRONG)
    ask(service.app(), path=f"/shop{PATH}")
    assert len(service.reported) == 1


@pytest.mark.parametrize("most", [10, len(BODY)])
def test_long_bodies_are_passed_on_unjudged(most: int) -> None:
    service = Service(b'{"odd": "' + b"x" * 5000 + b'"}')
    response = ask(service.app(action="reject", most_bytes=most))
    assert (response.status_code, response.content) == (STATUS, service.answer)
    assert (service.seen, service.reported) == ([BODY], [])


def test_findings_are_logged_unless_something_else_is_wanted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING, "orderspec"):
        ask(Service(WRONG).app(report=None))
    assert "ERROR" in caplog.text
    assert f"POST {PATH}: " in caplog.text


def test_a_fault_of_the_kit_does_not_become_one_of_the_service(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError("a defect")

    monkeypatch.setattr(asgi, "exchange_findings", fail)
    monkeypatch.setattr(asgi, "request_findings", fail)
    service = Service()
    for action in ("report", "reject"):
        assert ask(service.app(action=action)).content == ANSWER
    assert "a defect" in caplog.text


def test_other_scopes_are_passed_on() -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del receive, send
        seen.append(scope["type"])

    wrapped: Any = ContractMiddleware(app, PROVIDER)
    asyncio.run(wrapped({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]


def test_starlette_takes_it_as_its_own() -> None:
    async def order(_: Asked) -> Response:
        return JSONResponse({"odd": []})

    app = Starlette(routes=[Route(PATH, order, methods=["POST"])])
    app.add_middleware(ContractMiddleware, contract=PROVIDER, action="reject")
    assert ask(app).status_code == 500


@pytest.mark.parametrize("settings", [{"contract": "nobody"}, {"action": "ignore"}])
def test_a_wrong_setting_is_told_at_once(settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        ContractMiddleware(Service().app(), **{"contract": PROVIDER, **settings})


@pytest.mark.parametrize("action", ["report", "reject"])
def test_an_answer_does_not_wait_for_what_the_app_does_afterwards(action: str) -> None:
    sent: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": STATUS, "headers": headers})
        await send({"type": "http.response.body", "body": ANSWER})
        assert sent == ["http.response.start", "http.response.body"]

    async def receive() -> Any:
        return {"type": "http.request", "body": BODY}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    scope = {"type": "http", "method": "POST", "path": PATH, "headers": [], "query_string": b""}
    settings: Any = {"action": action}
    wrapped: Any = ContractMiddleware(app, PROVIDER, **settings)
    asyncio.run(wrapped(scope, receive, send))
    assert len(sent) == 2


def test_what_is_encoded_is_passed_on_unjudged() -> None:
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        headers = [(b"content-type", b"application/json"), (b"content-encoding", b"gzip")]
        await send({"type": "http.response.start", "status": STATUS, "headers": headers})
        await send({"type": "http.response.body", "body": b"packed"})

    async def receive() -> Any:
        return {"type": "http.request", "body": b"packed"}

    async def send(message: Any) -> None:
        sent.append(message)

    reported: list[Any] = []
    wrapped: Any = ContractMiddleware(
        app, PROVIDER, action="reject", report=lambda *found: reported.append(found)
    )
    for headers in ([(b"content-encoding", b"gzip")], []):
        scope = {"type": "http", "method": "GET", "path": READ, "headers": headers}
        asyncio.run(wrapped(scope, receive, send))
    assert [message.get("body") for message in sent] == [None, b"packed"] * 2
    assert reported == []
