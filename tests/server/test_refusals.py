"""Requests are refused in one fixed order, and in the provider's words."""

import pytest
from httpx import Response

from orderspec.server.limits import Limits
from tests.server.toy_client import toy_client

WRONG_TOKEN = {"Authorization": "Bearer nonsense"}
XML = {"Content-Type": "application/xml"}


def told(response: Response) -> tuple[int, str]:
    return response.status_code, response.json()["trouble"]


def test_every_step_refuses_what_the_steps_before_it_let_pass() -> None:
    large = b'{"name": ' + b" " * 100 + b"7}"
    headers = {**WRONG_TOKEN, **XML}
    with toy_client(limits=Limits(body_bytes=50)) as client:
        seen = [
            told(client.request("BREW", "/elsewhere", content=large, headers=headers)),
            told(client.request("BREW", "/toys", content=large, headers=headers)),
            told(client.post("/toys", content=large, headers=headers)),
            told(client.post("/toys", content=large, headers=XML)),
            told(client.post("/toys", content=large)),
            told(client.post("/toys", content=b"{'name': 7}")),
            told(client.post("/toys", content=b'{"name": 7}')),
        ]
    assert seen == [
        (404, "no-such-path"),
        (405, "method-not-allowed"),
        (401, "unauthenticated"),
        (415, "unsupported-media-type"),
        (413, "too-large"),
        (400, "malformed"),
        (400, "invalid"),
    ]


def test_a_method_that_a_path_does_not_know_is_told_the_ones_it_knows() -> None:
    with toy_client() as client:
        response = client.delete("/toys")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_options_names_the_methods_without_a_body() -> None:
    with toy_client() as client:
        response = client.options("/toys/a")
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, PUT"


def test_head_is_get_without_the_body() -> None:
    with toy_client() as client:
        client.post("/toys", json={"name": "bear"})
        got, head = client.get("/toys"), client.head("/toys")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == got.headers


@pytest.mark.parametrize(
    "path",
    ["/", "", "//toys", "/toys/", "/toys/a/b", "/Toys", "/toys%2Fa", "/toys%0A", "/../toys/x/y"],
)
def test_a_path_beside_the_contract_is_not_found(path: str) -> None:
    with toy_client() as client:
        assert told(client.get(path)) == (404, "no-such-path")


@pytest.mark.parametrize("name", ["%00", "..%2F..%2Fetc", "%F0%9F%90%BB", "a%0Ab", "%2e%2e"])
def test_any_text_can_stand_in_a_path_parameter(name: str, database: str) -> None:
    with toy_client(database) as client:
        assert told(client.get(f"/toys/{name}")) == (404, "no such toy")


def test_a_path_parameter_that_is_not_utf8_is_malformed() -> None:
    with toy_client() as client:
        assert told(client.get("/toys/%FF")) == (400, "malformed")


def test_a_literal_path_goes_before_one_with_a_parameter() -> None:
    with toy_client() as client:
        assert client.get("/toys/count").json() == 0


def test_a_query_that_the_contract_does_not_know_is_ignored() -> None:
    with toy_client() as client:
        assert client.get("/toys/count?page=2&page=%00%FF&=").status_code == 200


def test_a_handler_that_crashes_tells_the_caller_nothing() -> None:
    with toy_client(strict_self_check=False) as client:
        response = client.post("/toys", json={"name": "bear", "misbehave": "crash"})
    assert told(response) == (500, "internal")
    assert "secret" not in response.text
    assert "Traceback" not in response.text


def test_a_target_or_headers_beyond_the_limit_are_refused_before_anything_else() -> None:
    limits = Limits(target_bytes=40, header_bytes=400)
    with toy_client(limits=limits) as client:
        assert told(client.get("/elsewhere/" + "x" * 40)) == (414, "too-large")
        assert told(client.get("/elsewhere", headers={"X": "y" * 400})) == (431, "too-large")


def test_an_answer_that_takes_too_long_is_given_up_and_leaves_nothing_behind() -> None:
    with toy_client(limits=Limits(seconds=0.2)) as client:
        slow = client.post("/toys", json={"name": "bear", "misbehave": "dawdle"})
    with toy_client(limits=Limits(seconds=5)) as client:
        assert told(slow) == (408, "timeout")
        assert client.get("/toys").json() == {"toys": []}
