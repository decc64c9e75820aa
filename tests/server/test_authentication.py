"""Credentials are asked for as the contract's security says."""

from base64 import b64encode

import pytest
from httpx import Response

from tests.server.toy_client import toy_client


def basic(text: str) -> str:
    return f"Basic {b64encode(text.encode()).decode()}"


def create(*headers: tuple[str, str]) -> Response:
    with toy_client() as client:
        del client.headers["Authorization"]
        response: Response = client.post("/toys", json={"name": "bear"}, headers=list(headers))
    return response


def replace(query: str = "", **headers: str) -> int:
    with toy_client() as client:
        del client.headers["Authorization"]
        answer: Response = client.put(f"/toys/none{query}", json={"name": "b"}, headers=headers)
    return answer.status_code


@pytest.mark.parametrize("value", ["Bearer toy-token", "bearer toy-token", "BEARER  toy-token "])
def test_the_token_is_accepted_whatever_the_case_of_its_scheme(value: str) -> None:
    assert create(("Authorization", value)).status_code == 200


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        "Bearer ",
        "toy-token",
        "Bearer toy-tokens",
        "Bearer TOY-TOKEN",
        basic("toy-token"),
    ],
)
def test_any_other_value_is_refused_with_a_challenge(value: str) -> None:
    response = create(("Authorization", value))
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer realm=")


def test_no_credential_and_two_of_them_are_refused() -> None:
    right = ("Authorization", "Bearer toy-token")
    assert create().status_code == 401
    assert create(right, right).status_code == 401


def test_an_operation_without_security_is_open() -> None:
    with toy_client() as client:
        del client.headers["Authorization"]
        assert client.get("/toys").status_code == 200


def test_all_schemes_of_one_alternative_must_be_met() -> None:
    both = basic("client:sécret")
    assert replace("?access_token=t0", Authorization=both) == 404
    assert replace("", Authorization=both) == 401
    assert replace("?access_token=t0") == 401
    assert replace("?access_token=t0&access_token=t0", Authorization=both) == 401


def test_any_alternative_is_enough() -> None:
    assert replace(**{"X-Token": "1"}) == 404
    assert replace(**{"X-Token": "t0"}) == 401


def test_every_value_that_a_behaviour_accepts_opens_and_no_other() -> None:
    assert replace(**{"X-Token": "22"}) == 404
    assert replace(**{"X-Token": "2x"}) == 401
    assert replace(**{"X-Token": ""}) == 401


@pytest.mark.parametrize("value", ["Basic !!!", "Basic /w==", "Basic Y2xpZW50"])
def test_basic_credentials_that_do_not_decode_are_refused(value: str) -> None:
    assert replace("?access_token=t0", Authorization=value) == 401
