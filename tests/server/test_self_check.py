"""The server holds itself to its contract, and a seeded fault does what it says."""

import logging

import pytest

from tests.server.toy_client import toy_client

BROKEN = {"name": "bear", "misbehave": "break-contract"}


def test_an_answer_that_breaks_the_contract_fails_a_test_with_the_clause() -> None:
    with (
        toy_client() as client,
        pytest.raises(AssertionError, match=r"CreateToy broke \S+/Toy at /id"),
    ):
        client.post("/toys", json=BROKEN)


def test_an_answer_that_breaks_the_contract_is_a_500_with_the_clause_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with toy_client(strict_self_check=False) as client, caplog.at_level(logging.ERROR):
        response = client.post("/toys", json=BROKEN)
        stored = client.get("/toys/broken")
    assert response.status_code == 500
    assert "/Toy at /id" in caplog.text
    assert "Toy at" not in response.text
    assert stored.status_code == 404


def test_a_refusal_by_the_handler_undoes_what_it_wrote() -> None:
    with toy_client() as client:
        refused = client.post("/toys", json={"name": "b", "key": "k", "misbehave": "refuse-late"})
        left = client.get("/toys").json()
        accepted = client.post("/toys", json={"name": "b", "key": "k"})
    assert (refused.status_code, accepted.status_code) == (400, 200)
    assert left == {"toys": []}


def test_a_fault_at_authenticated_opens_the_door() -> None:
    with toy_client(fault="open-door") as client:
        assert client.post("/toys", json={"name": "b"}, headers={"Authorization": "x"}).is_success


def test_a_fault_at_request_findings_lets_wrong_requests_in() -> None:
    with toy_client(fault="anything-goes") as client:
        assert client.post("/toys", json={"name": 7}).is_success


def test_a_fault_at_request_body_changes_what_the_handler_sees() -> None:
    with toy_client(fault="shouting") as client:
        assert client.post("/toys", json={"name": "bear"}).json()["toy"]["name"] == "BEAR"


def test_a_fault_at_reply_goes_out_unchecked() -> None:
    with toy_client(fault="wrong-type") as client:
        assert client.post("/toys", json={"name": "bear"}).json()["id"] == 7


def test_a_fault_may_answer_in_another_media_type() -> None:
    with toy_client(fault="html-errors") as client:
        response = client.post("/toys", json={})
    assert (response.text, response.headers["content-type"]) == ("<h1>Oh</h1>", "text/html")


def test_a_fault_that_crashes_is_a_500() -> None:
    with toy_client(fault="crash") as client:
        assert client.get("/toys").status_code == 500


def test_identifiers_and_time_can_be_given() -> None:
    with toy_client(
        ids=lambda length: "i" * length, clock=lambda: "2000-01-01T00:00:00.000Z"
    ) as client:
        toy = client.post("/toys", json={"name": "bear"}).json()
    assert (toy["id"], toy["made"]) == ("i" * 20, "2000-01-01T00:00:00.000Z")
