"""A provider made up for the engine's tests: `python -m tests.server.toy DATABASE` serves it."""

import sys
import time
from dataclasses import replace
from pathlib import Path

from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.server.app import DEFAULT_LIMITS, create_app
from orderspec.server.limits import Limits
from orderspec.server.listening import address_of, listen, serve
from orderspec.server.provider import Behaviour, Call, Fault, Refusal, Reply
from orderspec.server.store import Store

HERE = Path(__file__).parent
BEARER = {"Authorization": "Bearer toy-token"}


def contract() -> Contract:
    """Load the toy contract."""
    return catalog.load(str(HERE / "toy_openapi.yaml"))


def refuse(refusal: Refusal) -> Reply:
    body = {"trouble": refusal.trouble.value, "detail": refusal.detail}
    return Reply(refusal.status, body)


def create(call: Call) -> Reply:
    toy = call.request.body
    match toy.get("misbehave"):
        case "crash":
            raise RuntimeError("/a/secret/path")
        case "break-contract":
            call.transaction.insert_order("broken", {"id": "broken", "toy": toy})
            return Reply(200, {"id": 7, "toy": toy})
        case "dawdle":
            call.transaction.insert_order("late", {"id": "late", "toy": toy})
            time.sleep(1)
        case "refuse-late":
            call.transaction.claim(call.operation, toy["key"], "refused")
            call.transaction.insert_order("refused", {"id": "refused", "toy": toy})
            return Reply(400, {"trouble": "invalid"})
    key = toy.get("key")
    if key is not None:
        earlier = call.transaction.claim(call.operation, key, toy["name"])
        if earlier is not None and earlier.fingerprint != toy["name"]:
            return Reply(409, {"trouble": "key taken"})
        if earlier is not None:
            return earlier.reply
    document = {"id": call.new_id(20), "toy": toy, "made": call.now}
    call.transaction.insert_order(document["id"], document)
    reply = Reply(200, document)
    if key is not None:
        call.transaction.answer(call.operation, key, reply)
    return reply


def retrieve(call: Call) -> Reply:
    found = call.transaction.order(call.request.path_parameters["toy_id"])
    return Reply(404, {"trouble": "no such toy"}) if found is None else Reply(200, found)


def replaced(call: Call) -> Reply:
    found = call.transaction.order(call.request.path_parameters["toy_id"])
    if found is None:
        return Reply(404, {"trouble": "no such toy"})
    document = {**found, "toy": call.request.body}
    call.transaction.replace_order(found["id"], document)
    return Reply(200, document)


def list_toys(call: Call) -> Reply:
    return Reply(200, {"toys": call.transaction.list_orders()})


def count(call: Call) -> Reply:
    return Reply(200, len(call.transaction.list_orders()))


FAULTS = (
    Fault("open-door", "security", "No token is asked for.", "authenticated", lambda *_: True),
    Fault("anything-goes", "validation", "Nothing is checked.", "request-findings", lambda *_: ()),
    Fault(
        "shouting",
        "semantic",
        "Names are stored in capitals.",
        "request-body",
        lambda body, _: {**body, "name": body["name"].upper()} if isinstance(body, dict) else body,
    ),
    Fault(
        "wrong-type",
        "structural",
        "An id is a number.",
        "reply",
        lambda reply, _: (
            replace(reply, body={**reply.body, "id": 7}) if reply.status == 200 else reply
        ),
    ),
    Fault(
        "html-errors",
        "structural",
        "Refusals are pages.",
        "reply",
        lambda reply, _: (
            reply
            if reply.status == 200
            else Reply(reply.status, "<h1>Oh</h1>", {"Content-Type": "text/html"})
        ),
    ),
    Fault("crash", "robustness", "Every answer crashes.", "reply", lambda *_: 1 / 0, rare="never"),
)

BEHAVIOUR = Behaviour(
    credentials={
        "bearer": "toy-token",
        "basic": "client:sécret",
        "token": "t0",
        "headerToken": "1",
    },
    handlers={
        "CreateToy": create,
        "ListToys": list_toys,
        "RetrieveToy": retrieve,
        "ReplaceToy": replaced,
        "CountToys": count,
    },
    refuse=refuse,
    faults=FAULTS,
    accepts={"headerToken": str.isdecimal},
)


def announce(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(database: str, seconds: float = DEFAULT_LIMITS.seconds) -> None:
    """Serve the toys at a free port."""
    limits = Limits(seconds=seconds, body_bytes=100_000)
    listener = listen("127.0.0.1", 0)
    store = Store(database)
    app = create_app({"": (contract(), BEHAVIOUR)}, store, limits=limits)
    line = f"Serving toys at {address_of(listener, '127.0.0.1')} (database: {store})"
    serve(app, listener, limits, lambda: announce(line))


if __name__ == "__main__":
    main(sys.argv[1], *(float(argument) for argument in sys.argv[2:]))
