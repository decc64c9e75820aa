"""What goes over the wire, and what comes of servers that answer badly or not at all."""

import json
import time
from decimal import Decimal
from typing import Any

import pytest

from orderspec.errors import UsageError
from orderspec.exchange import MISSING, Exchange, Request
from orderspec.fuzz.access import NOBODY, Access
from orderspec.fuzz.transport import NoAnswerError, Transport, fill_path, target
from tests.fuzz.servers import Answer, Call, Drip, Drop, Hang, Serve, serving

PLAIN = Request("POST", "/orders", body={"a": 1})


def sent(request: Request, access: Access = NOBODY, base: str = "") -> Call:
    """Send a request, and give what arrived."""
    with serving(lambda _: Answer()) as (url, calls):
        Transport(url + base).send("Create", request, access, 5)
    return calls[0]


def answered(serve: Serve, seconds: float = 5) -> Exchange:
    """Send a request, and give what came of it."""
    with serving(serve) as (url, _):
        return Transport(url).send("Create", PLAIN, NOBODY, seconds)


@pytest.mark.parametrize(
    "body,text",
    [
        ({"price": Decimal("19.990")}, '{"price":19.990}'),
        ({"count": 2**70}, '{"count":1180591620717411303424}'),
        (Decimal("1E+400"), "1E+400"),
        ({"name": "é\U0001f969"}, '{"name":"é\U0001f969"}'),
        ({"half": "\ud800"}, '{"half":"\\ud800"}'),
        (None, "null"),
    ],
)
def test_a_body_goes_out_digit_by_digit(body: Any, text: str) -> None:
    call = sent(Request("POST", "/orders", body=body))
    assert call.body == text.encode()
    assert call.headers["content-type"] == "application/json"


def test_a_missing_body_is_none_at_all() -> None:
    call = sent(Request("GET", "/orders/1", body=MISSING))
    assert (call.body, "content-type" in call.headers) == (b"", False)


def test_raw_bytes_go_out_as_they_are() -> None:
    assert sent(Request("POST", "/", body={"a": 1}, raw=b'{"a":\xff')).body == b'{"a":\xff'


def test_a_header_of_a_request_replaces_the_usual_one() -> None:
    call = sent(Request("POST", "/", headers={"content-type": "text/plain"}, body=1))
    assert call.headers["content-type"] == "text/plain"


def test_credentials_travel_in_headers_and_in_the_query() -> None:
    access = Access({"Authorization": "Bearer x"}, {"token": "a&b"})
    call = sent(Request("GET", "/orders", query={"page": ["1", "2"]}), access)
    assert call.target == "/orders?page=1&page=2&token=a%26b"
    assert call.headers["authorization"] == "Bearer x"


def test_paths_stand_below_the_path_of_the_address() -> None:
    assert sent(Request("GET", "/orders"), base="/api/v1/").target == "/api/v1/orders"


@pytest.mark.parametrize("path", ["/orders/%2e%2e%2fetc", "/orders/a%00b", "/orders/%ff"])
def test_a_strange_path_arrives_as_it_is(path: str) -> None:
    assert sent(Request("GET", path)).target.lower() == path


def test_path_parameters_are_percent_encoded() -> None:
    assert fill_path("/orders/{id}", {"id": "a/b ü"}) == "/orders/a%2Fb%20%C3%BC"


def test_a_list_stands_in_the_query_once_for_each_value() -> None:
    assert target(Request("GET", "/o", query={"id": [1, 2]})) == "/o?id=1&id=2"


def test_an_answer_is_decoded_exactly() -> None:
    exchange = answered(lambda _: Answer(200, b'{"price":0.1000000000000000055}'))
    assert exchange.response.body == {"price": Decimal("0.1000000000000000055")}


@pytest.mark.parametrize("body", [b"<h1>Oh</h1>", b'{"a":', b"\xff\xfe", b'{"a":1,"a":2}'])
def test_what_is_not_json_is_kept_as_the_problem(body: bytes) -> None:
    response = answered(lambda _: Answer(200, body)).response
    assert (response.body, response.raw) == (MISSING, body)
    assert response.problem


def test_an_empty_answer_has_no_body_and_no_problem() -> None:
    response = answered(lambda _: Answer(204, b"")).response
    assert (response.status, response.body, response.problem) == (204, MISSING, "")


def test_redirects_are_not_followed() -> None:
    with serving(lambda _: Answer(302, b"", {"Location": "/elsewhere"})) as (url, calls):
        exchange = Transport(url).send("Create", PLAIN, NOBODY, 5)
    assert (exchange.response.status, len(calls)) == (302, 1)


def raising(kind: type[Exception]) -> Serve:
    """Make a server that answers every call by raising."""

    def serve(_: Call) -> Answer:
        raise kind

    return serve


@pytest.mark.parametrize("kind", [Hang, Drip])
def test_an_answer_that_does_not_end_is_no_answer(kind: type[Exception]) -> None:
    started = time.monotonic()
    with pytest.raises(NoAnswerError, match=r"no answer within 0\.3 s") as caught:
        answered(raising(kind), 0.3)
    assert caught.value.timed_out
    assert time.monotonic() - started < 3


def test_a_closed_connection_is_no_answer() -> None:
    with pytest.raises(NoAnswerError, match="the connection failed") as caught:
        answered(raising(Drop))
    assert not caught.value.timed_out


def test_nobody_at_the_address_is_no_answer() -> None:
    with serving(lambda _: Answer()) as (url, _):
        pass
    with pytest.raises(NoAnswerError, match="refused"):
        Transport(url).send("Create", PLAIN, NOBODY, 5)


def test_a_connection_that_was_closed_while_idle_is_opened_again() -> None:
    """The server drops the second request of the first connection."""
    broken: list[Call] = []

    def serve(call: Call) -> Answer:
        if len(calls) == 2 and not broken:
            broken.append(call)
            raise Drop
        return Answer(200, b"2")

    with serving(serve) as (url, calls):
        transport = Transport(url)
        for _ in range(2):
            answer = transport.send("Create", PLAIN, NOBODY, 5)
    assert (answer.response.body, len(broken), len(calls)) == (2, 1, 3)


@pytest.mark.parametrize(
    "url", ["", "localhost", "ftp://a", "http://", "http://[::1", "http://a:99999", "file:///etc"]
)
def test_an_address_of_no_http_server_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="address"):
        Transport(url)


def test_an_address_with_a_password_is_refused_since_reports_show_it() -> None:
    with pytest.raises(UsageError, match="--credential") as caught:
        Transport("http://me:pass@host")
    assert "pass@" not in str(caught.value)


def test_a_large_answer_is_cut_and_the_next_one_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orderspec.fuzz.transport.LARGEST_ANSWER", 100_000)
    large = json.dumps("x" * 300_000).encode()
    with serving(lambda _: Answer(200, large if len(calls) == 1 else b"1")) as (url, calls):
        transport = Transport(url)
        first = transport.send("Create", PLAIN, NOBODY, 5)
        second = transport.send("Create", PLAIN, NOBODY, 5)
    assert 100_000 <= len(first.response.raw) < len(large)
    assert first.response.problem
    assert second.response.body == 1
