"""A database in memory, and short ways to call the operations."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from orderspec.exchange import MISSING, Request
from orderspec.server.provider import Call, Claim, Fault, Reply
from orderspec.server.providers.square import BEHAVIOUR

LOCATION = "057P5VYJ4A5X1"
Json = dict[str, Any]


@dataclass
class Memory:
    orders_by_id: dict[str, Json] = field(default_factory=dict)
    claims: dict[tuple[str, str], Claim] = field(default_factory=dict)

    def insert_order(
        self, order_id: str, document: Mapping[str, Any], aliases: Sequence[str] = ()
    ) -> None:
        assert order_id not in self.orders_by_id
        assert not aliases
        self.replace_order(order_id, document)

    def order(self, order_id: str) -> Json | None:
        return deepcopy(self.orders_by_id.get(order_id))

    def orders(self, order_ids: Sequence[str]) -> list[Json]:
        found = (self.order(order_id) for order_id in dict.fromkeys(order_ids))
        return [order for order in found if order is not None]

    def list_orders(self) -> list[Json]:
        return self.orders(list(self.orders_by_id))

    def replace_order(self, order_id: str, document: Mapping[str, Any]) -> None:
        self.orders_by_id[order_id] = deepcopy(dict(document))

    def claim(self, operation: str, key: str, fingerprint: str) -> Claim | None:
        earlier = self.claims.get((operation, key))
        if earlier is None:
            self.claims[operation, key] = Claim(fingerprint, Reply(500))
        return earlier

    def answer(self, operation: str, key: str, reply: Reply) -> None:
        kept = self.claims[operation, key]
        self.claims[operation, key] = Claim(kept.fingerprint, deepcopy(reply))


def numbered() -> Callable[[int], str]:
    """Make ids that count: the same calls get the same ids."""
    numbers = count(1)
    return lambda length: f"{next(numbers):0{length}d}"


@dataclass
class Bench:
    """One server: its database, its ids, its seeded defect."""

    fault: Fault | None = None
    memory: Memory = field(default_factory=Memory)
    new_id: Callable[[int], str] = field(default_factory=numbered)
    hour: int = 0

    def call(self, operation: str, body: object = MISSING, **path: str) -> Call:
        self.hour += 1
        now = f"2024-05-{self.hour // 24 + 1:02d}T{self.hour % 24:02d}:00:00.000Z"
        request = Request("POST", "/", path_parameters=path, body=body)
        return Call(operation, request, self.memory, now, self.new_id, self.fault)

    def ask(self, operation: str, body: object = MISSING, **path: str) -> Reply:
        return BEHAVIOUR.handlers[operation](self.call(operation, body, **path))

    def create(self, order: Json, key: str | None = None) -> Reply:
        body = {"order": {"location_id": LOCATION, **order}}
        return self.ask("CreateOrder", body if key is None else {**body, "idempotency_key": key})

    def created(self, order: Json, key: str | None = None) -> Json:
        reply = self.create(order, key)
        assert reply.status == 200, reply.body
        created: Json = reply.body["order"]
        return created

    def calculated(self, order: Json) -> Json:
        reply = self.ask("CalculateOrder", {"order": {"location_id": LOCATION, **order}})
        assert reply.status == 200, reply.body
        calculated: Json = reply.body["order"]
        return calculated


def money(amount: int, currency: str = "USD") -> Json:
    return {"amount": amount, "currency": currency}


def line(amount: int, quantity: str = "1", currency: str = "USD", **members: object) -> Json:
    """Give an ad hoc line of one price."""
    return {"quantity": quantity, "base_price_money": money(amount, currency), **members}


def percent(percentage: str, uid: str = "percent", **members: object) -> Json:
    """Give a discount or tax of a percentage."""
    return {"uid": uid, "percentage": percentage, **members}


def off(amount: int, uid: str = "off", currency: str = "USD", **members: object) -> Json:
    """Give a discount of an amount."""
    return {"uid": uid, "amount_money": money(amount, currency), **members}


def on_line(*uids: str) -> list[Json]:
    """Let a line name discounts."""
    return [{"discount_uid": uid} for uid in uids]


def taxed_by(*uids: str) -> list[Json]:
    """Let a line or charge name taxes."""
    return [{"tax_uid": uid} for uid in uids]


def amounts(members: Sequence[Json], name: str) -> list[int]:
    """Read one amount of each member."""
    return [member[name]["amount"] for member in members]


def codes(reply: Reply) -> list[str]:
    """Read the codes of the errors of a reply."""
    return [error["code"] for error in reply.body["errors"]]
