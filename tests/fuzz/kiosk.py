"""A provider made up for the campaigns' tests: its contract, and a server that keeps it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from orderspec import exact_json
from orderspec.campaigns import CampaignReport
from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.errors import ReadError
from orderspec.exchange import Request
from orderspec.fuzz.campaign import run
from orderspec.fuzz.settings import Progress, Settings
from orderspec.validation.exchanges import judge_request
from orderspec.validation.json_text import parse
from tests.fuzz.servers import Answer, Call, Serve, serving

SPEC = Path(__file__).parent / "spec"
TOKEN = "kiosk-Secret-9"  # noqa: S105 (of the tests' own server)
UNHURRIED = 60.0
"""Seconds that no campaign of these tests comes near, however busy the machine is."""


def contract() -> Contract:
    """Load the kiosk's contract."""
    return catalog.load("kiosk")


def wanting_shops(folder: Path) -> Path:
    """Write the kiosk's contract so that every order names a shop; give its spec tree."""
    shutil.copytree(SPEC.parent, folder, ignore=lambda *_: ["plain.json", "__pycache__"])
    request = folder / "spec" / "kiosk" / "schemas" / "create-order-request.yaml"
    text = request.read_text("utf-8").replace("[order]", "[order, shop]")
    request.write_text(text, "utf-8")
    return folder / "spec"


def refusing(call: Call) -> Answer:
    """Know the caller, and refuse everything."""
    allowed = call.headers.get("authorization") == f"Bearer {TOKEN}"
    return refused(422 if allowed else 401, "no")


class Kiosk:
    """A server that keeps the contract; its ids are numbers, so it is the same every time."""

    def __init__(self) -> None:
        """Start without orders."""
        self.orders: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, tuple[Any, dict[str, Any]]] = {}

    def __call__(self, call: Call) -> Answer:
        """Answer a request."""
        path = call.target.partition("?")[0]
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            return refused(401, "who are you?")
        if call.method == "POST" and path == "/orders":
            return self.create(call)
        if call.method == "GET" and path.startswith("/orders/"):
            order = self.orders.get(path.removeprefix("/orders/"))
            return answer(order) if order else refused(404, "no such order")
        return refused(405 if path == "/orders" else 404, "nothing here")

    def create(self, call: Call) -> Answer:
        """Create an order, or give the one that the key stands for."""
        try:
            body: Any = parse(call.body)
        except ReadError as problem:
            return refused(400, problem.message)
        operation = contract().operations["CreateOrder"]
        request = Request("POST", "/orders", body=body)
        findings = judge_request(contract(), operation, request).findings
        if findings:
            return refused(400, findings[0].message)
        key = body.get("key")
        if key in self.keys:
            earlier, order = self.keys[key]
            return answer(order) if earlier == body else refused(409, "the key is taken")
        order = {**body["order"], "id": f"order-{len(self.orders) + 1}"}
        order["total"] = sum(line["price"] for line in order["lines"])
        self.orders[order["id"]] = order
        if key is not None:
            self.keys[key] = (body, order)
        return answer(order)


def answer(body: Any, status: int = 200) -> Answer:
    """Answer with JSON."""
    return Answer(status, exact_json.to_bytes(body))


def refused(status: int, trouble: str) -> Answer:
    """Refuse in the kiosk's form."""
    return answer({"trouble": trouble}, status)


def changing(change: Callable[[dict[str, Any]], object]) -> Serve:
    """Make a kiosk whose orders are changed on their way out."""
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        given = kiosk(call)
        if given.status != 200:
            return given
        order = json.loads(given.body)
        change(order)
        return answer(order)

    return serve


def campaign(
    serve: Serve, progress: Callable[[Progress], None] = lambda _: None, **settings: Any
) -> tuple[CampaignReport, list[Call]]:
    """Run a short campaign against a server; give its report and the requests that arrived."""
    defaults = {
        "credentials": {"bearer": TOKEN},
        "examples_exist": True,
        "max_time": UNHURRIED,
        "max_examples": 3,
    }
    with serving(serve) as (url, calls):
        report = run(contract(), Settings(url, **{**defaults, **settings}), progress)
    return report, calls
