"""Every seeded defect shows itself, and the server without one keeps its whole contract."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

import pytest

from orderspec.contract.catalog import load
from orderspec.server.arrival import Arrival
from orderspec.server.engine import Engine, Surroundings
from orderspec.server.limits import Limits
from orderspec.server.provider import Fault
from orderspec.server.providers.square import BEHAVIOUR
from tests.server.providers.square_bench import (
    LOCATION,
    Json,
    Memory,
    line,
    money,
    numbered,
    off,
    on_line,
    percent,
    taxed_by,
)

_AUTHORIZED = "Bearer test-token"
_STRATA = {"structural", "validation", "robustness", "semantic", "stateful", "security"}
_STEAK: Json = {"quantity": "2", "catalog_object_id": "BEMYCSMIJL46OCDV4KYIKXIB"}

_FULL: Json = {
    "location_id": LOCATION,
    "reference_id": "r" * 40,
    "metadata": {"channel": "web"},
    "customer_id": None,
    "line_items": [
        line(1599, "12", name=" Steak \U0001f969", note="n" * 600, uid="a"),
        {
            **_STEAK,
            "applied_discounts": on_line("dollar"),
            "applied_taxes": taxed_by("own"),
            "modifiers": [{"base_price_money": money(50), "name": "Well"}],
        },
        line(700, name="Bread"),
        line(700, name="Bread"),
    ],
    "discounts": [
        percent("5", "labor"),
        percent("7.5", "member"),
        off(100, "dollar", scope="LINE_ITEM"),
    ],
    "taxes": [percent("9", "state"), percent("3.75", "city"), percent("2", "own")],
    "service_charges": [
        {"uid": "fee", "name": "Fee", "percentage": "10", "calculation_phase": "SUBTOTAL_PHASE"}
    ],
}


@dataclass
class Session:
    """A client of a server in the same process, and all that it was answered."""

    fault: Fault | None
    transcript: list[tuple[int, Any, Any]] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        minutes = count()

        def clock() -> str:
            return f"2024-05-01T00:{next(minutes):02d}:00.000Z"

        surroundings = Surroundings(numbered(), clock, strict_self_check=True)
        self.engine = Engine(
            _contract(), BEHAVIOUR, surroundings, fault=self.fault, limits=Limits()
        )

    def send(
        self, method: str, path: str, body: object = None, token: str | None = _AUTHORIZED
    ) -> Any:
        given = {"content-type": "application/json", "authorization": token}
        headers = tuple((name, value) for name, value in given.items() if value is not None)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        content = b"" if body is None else raw
        arrival = Arrival(method, path.encode(), b"", headers, content)
        reply = self.engine.answer(arrival, self.memory).reply
        self.transcript.append((reply.status, reply.body, dict(reply.headers)))
        return reply.body

    def create(self, changes: Json | None = None, **request: object) -> Any:
        order = {"location_id": LOCATION, "line_items": [line(500, uid="a")], **(changes or {})}
        return self.send("POST", "/v2/orders", {"order": order, **request})

    def read(self, order_id: str, token: str | None = _AUTHORIZED) -> None:
        self.send("GET", f"/v2/orders/{order_id}", token=token)

    def batch(self, ids: list[str], **request: object) -> None:
        self.send("POST", "/v2/orders/batch-retrieve", {"order_ids": ids, **request})


@cache
def _contract() -> Any:
    return load("square")


def _id(body: Any) -> str:
    order = body.get("order") if isinstance(body, dict) else None
    return order.get("id", "none") if isinstance(order, dict) else "none"


def _use(session: Session) -> None:
    """Do what clients do, right and wrong."""
    full = _id(session.send("POST", "/v2/orders", {"order": _FULL, "idempotency_key": "k"}))
    session.send("POST", "/v2/orders", {"order": _FULL, "idempotency_key": "k"})
    session.create(idempotency_key="k")
    elsewhere = _id(session.create({"location_id": "LREFERENCE002"}))
    yen = _id(session.create({"line_items": [line(915, currency="JPY")]}))
    for order_id in (full, full, yen, "nope"):
        session.read(order_id)
    session.batch([full, elsewhere])
    session.batch([full, elsewhere], location_id=LOCATION)
    session.batch([full, "nope"])
    session.batch(["nope"] * 101)
    session.read(_id(session.send("POST", "/v2/orders/calculate", {"order": _FULL})))
    for changes in (
        {"line_items": None},
        {"line_items": [line(500, uid="u" * 61)]},
        {"line_items": [line(500, name=5)]},
        {"line_items": [line(500, item_type="PET")]},
        {"line_items": [line(2**53 + 1)]},
        {"location_id": None},
        {"location_id": "ELSEWHERE"},
        {"line_items": [line(500, applied_discounts=on_line("gone"))]},
        {"line_items": [line(500, applied_taxes=taxed_by("gone"))]},
        {"line_items": [line(500, uid="a"), line(500, uid="a")]},
        {"line_items": [line(500), line(500, currency="EUR")]},
        {"line_items": [line(500, "1.5")]},
    ):
        session.create(changes)
    session.send("POST", "/v2/orders", b"{")
    session.send("POST", "/v2/orders", [])
    session.send("POST", "/v2/orders", b"[" * 50 + b"]" * 50)
    for token in (None, "Bearer other", "Bearer test-other"):
        session.send("POST", "/v2/orders", {"order": {"location_id": LOCATION}}, token)
        session.read(full, token)
        session.send("POST", "/v2/orders/batch-retrieve", {"order_ids": [full]}, token)
    for _ in range(5):
        session.create()


def _transcript(fault: Fault | None) -> list[tuple[int, Any, Any]]:
    session = Session(fault)
    _use(session)
    return session.transcript


@pytest.fixture(scope="module", name="faultless")
def _faultless() -> list[tuple[int, Any, Any]]:
    return _transcript(None)


def test_a_server_without_defect_answers_all_of_it_as_expected(
    faultless: list[tuple[int, Any, Any]],
) -> None:
    statuses = Counter(status for status, _, _ in faultless)
    assert statuses == {200: 18, 400: 14, 401: 9, 404: 3}


@pytest.mark.parametrize("fault", BEHAVIOUR.faults, ids=lambda fault: str(fault.name))
def test_a_defect_shows_itself(fault: Fault, faultless: list[tuple[int, Any, Any]]) -> None:
    assert _transcript(fault) != faultless


def test_defects_are_named_and_told_apart() -> None:
    names = [fault.name for fault in BEHAVIOUR.faults]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)
    assert {fault.stratum for fault in BEHAVIOUR.faults} == _STRATA
    assert all(fault.summary.endswith(".") for fault in BEHAVIOUR.faults)
    assert sum(bool(fault.rare) for fault in BEHAVIOUR.faults) >= 9
