"""Bodies are read exactly, whatever they hold, or refused with a word on why."""

import json
from decimal import Decimal

import pytest

from orderspec import exact_json
from orderspec.server.limits import Limits
from tests.server.toy_client import toy_client


@pytest.mark.parametrize(
    "name", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.toy+json", ""]
)
def test_json_is_accepted_under_its_names_and_without_one(name: str) -> None:
    with toy_client() as client:
        headers = {"Content-Type": name} if name else {}
        response = client.post("/toys", content=b'{"name": "bear"}', headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Content-Type": "text/plain"}, {"Content-Encoding": "gzip"}, {"Content-Type": "json"}],
)
def test_another_media_type_or_a_coding_is_refused(headers: dict[str, str]) -> None:
    with toy_client() as client:
        response = client.post("/toys", content=b'{"name": "bear"}', headers=headers)
    assert response.status_code == 415


def test_numbers_and_member_order_come_back_as_they_were_sent(database: str) -> None:
    sent = (
        b'{"price":123456789012345678901234567890.10,"name":"b","z":18446744073709551616,"a":1E+2}'
    )
    with toy_client(database) as client:
        created = client.post("/toys", content=sent)
        stored = client.get(f"/toys/{created.json()['id']}")
    assert sent in created.content
    assert sent in stored.content


def test_nul_and_characters_beyond_the_basic_plane_come_back(database: str) -> None:
    name = "\0 \N{BEAR FACE} \u2028"
    with toy_client(database) as client:
        created = client.post("/toys", json={"name": name, "key": name}).json()
        replayed = client.post("/toys", json={"name": name, "key": name}).json()
        stored = client.get(f"/toys/{created['id']}").json()
    assert created == replayed == stored
    assert stored["toy"]["name"] == name


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"name": "a", "name": "b"}',
        b'{"name": NaN}',
        b'\xef\xbb\xbf{"name": "a"}',
        b'{"name": "\xff"}',
        b'{"name": "\\ud83d"}',
        b"9" * 5000,
    ],
)
def test_what_is_not_json_is_malformed(body: bytes) -> None:
    with toy_client() as client:
        response = client.post("/toys", content=body)
    assert (response.status_code, response.json()["trouble"]) == (400, "malformed")


def test_nesting_is_bounded_and_brackets_in_strings_do_not_count() -> None:
    with toy_client(limits=Limits(depth=5)) as client:
        deep = client.post("/toys", content=b'{"name": "a", "x": [[[[[]]]]]}')
        as_deep_as_allowed = client.post("/toys", content=b'{"name": "a", "x": [[[[]]]]}')
        in_text = client.post("/toys", json={"name": '"\\[[[[[[[[[['})
    assert deep.json()["trouble"] == "too-deep"
    assert (as_deep_as_allowed.status_code, in_text.status_code) == (200, 200)


@pytest.mark.parametrize("body", [b"[" * 1_000_000, b'\\"[' * 300_000, b'"' + b'\\"[' * 300_000])
def test_hostile_nesting_is_refused_without_recursion(body: bytes) -> None:
    with toy_client() as client:
        assert client.post("/toys", content=body).status_code == 400


def test_an_operation_without_a_body_ignores_one() -> None:
    with toy_client() as client:
        response = client.request("GET", "/toys", content=b"nonsense")
    assert response.status_code == 200


def test_exact_json_writes_what_the_standard_library_reads() -> None:
    value = {"a": [None, True, False, -0, 2**70, '\x1f"\\é'], "": {}, "b": []}
    assert json.loads(exact_json.to_bytes(value)) == value
    assert json.loads(exact_json.to_ascii(value)) == value


def test_a_lone_surrogate_goes_out_as_the_escape_it_came_in_as() -> None:
    assert exact_json.to_bytes("\ud83d") == b'"\\ud83d"'


@pytest.mark.parametrize("value", [float("nan"), Decimal("Infinity"), object(), {1, 2}])
def test_exact_json_refuses_what_json_cannot_say(value: object) -> None:
    with pytest.raises(TypeError):
        exact_json.to_bytes([value])
