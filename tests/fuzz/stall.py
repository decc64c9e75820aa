"""A second provider made up for tests: paths of several ids, keys in headers, changes, pages."""

import itertools
import re
from copy import deepcopy
from typing import Any
from urllib.parse import parse_qs, unquote

from orderspec.campaigns import CampaignReport
from orderspec.contract import catalog
from orderspec.contract.model import Contract, Operation
from orderspec.errors import ReadError
from orderspec.exchange import MISSING, Request
from orderspec.findings import Finding
from orderspec.fuzz.campaign import run
from orderspec.fuzz.settings import Settings
from orderspec.validation.exchanges import judge_request
from orderspec.validation.json_text import parse
from tests.fuzz.kiosk import UNHURRIED, answer, refused
from tests.fuzz.servers import Answer, Call, Serve, serving

KEY, TOKEN = "stall-Key-7", "stall-Secret-9"  # of the tests' own server
Entity = dict[str, Any]


def contract() -> Contract:
    """Load the stall's contract."""
    return catalog.load("stall")


class Stall:
    """A server that keeps the contract. Faults are subclasses that do one thing wrong."""

    tenant = "north"

    def __init__(self) -> None:
        """Start without orders."""
        self.orders: list[Entity] = []
        self.keys: dict[str, tuple[Any, Entity]] = {}
        self.numbers = itertools.count(1)

    def __call__(self, call: Call) -> Answer:
        """Answer a request."""
        if not self.admits(call):
            return refused(401, "who are you?")
        operation = operation_of(call)
        if operation is None:
            return refused(404, "nothing here")
        try:
            request = request_of(operation, call)
        except ReadError as problem:
            return refused(400, problem.message)
        if request.path_parameters["tenant"] != self.tenant:
            return refused(404, "no such tenant")
        trouble = self.trouble_with(operation, request)
        if trouble:
            return refused(400, trouble)
        return self.served(operation.id, request)

    def served(self, operation: str, request: Request) -> Answer:
        """Do what an operation does."""
        if operation in ("CreateOrder", "ListOrders"):
            return self.create(request) if operation == "CreateOrder" else self.list(request)
        order = self.order(request)
        if order is None:
            return refused(404, "no such order")
        match operation:
            case "ChangeOrder":
                return self.changed(order, request.body)
            case "ReplaceLines":
                return self.changed(order, {"lines": self.lines_of(request.body)})
            case "ChangeLine":
                return self.change_line(order, request)
        return answer(order)

    def admits(self, call: Call) -> bool:
        """Tell whether either secret is right."""
        keys = parse_qs(call.target.partition("?")[2]).get("stall_key")
        return keys == [KEY] or call.headers.get("authorization") == f"Bearer {TOKEN}"

    def trouble_with(self, operation: Operation, request: Request) -> str:
        """Hold a request to the contract; say what is wrong with it."""
        findings = judge_request(contract(), operation, request).findings
        return findings[0].message if findings else ""

    def new_id(self) -> Any:
        """Name something new."""
        return f"n{next(self.numbers)}"

    def create(self, request: Request) -> Answer:
        """Create an order, or give the one that the key stands for."""
        key = request.headers.get("idempotency-key")
        if key in self.keys:
            earlier, order = self.keys[key]
            return answer(order) if earlier == request.body else refused(409, "the key is taken")
        order = {**request.body, "id": self.new_id(), "state": "open"}
        order["lines"] = self.lines_of(request.body["lines"])
        self.orders.append(order)
        if key is not None:
            self.keys[key] = request.body, deepcopy(order)
        return answer(order, 201)

    def list(self, request: Request) -> Answer:
        """List the orders."""
        return answer(self.page(request))

    def page(self, request: Request) -> Entity:
        """List the orders, oldest first; with a limit, as many, and how to get on."""
        query = request.query
        wanted = query.get("state")
        found = [order for order in self.orders if wanted in (None, order["state"])]
        cursor = query.get("cursor", "0")
        start = int(cursor) if cursor.isdecimal() else len(found)
        end = start + int(query.get("limit", len(found)))
        return {"orders": found[start:end], **({"cursor": str(end)} if end < len(found) else {})}

    def change_line(self, order: Entity, request: Request) -> Answer:
        """Change a line of an order."""
        lines = deepcopy(order["lines"])
        wanted = [line for line in lines if str(line["id"]) == request.path_parameters["line_id"]]
        if not wanted:
            return refused(404, "no such line")
        wanted[0].update(request.body)
        return self.changed(order, {"lines": lines})

    def changed(self, order: Entity, change: Entity) -> Answer:
        """Change an order and give it."""
        order.update(change)
        return answer(order)

    def order(self, request: Request) -> Entity | None:
        """Find the order that a path leads to."""
        wanted = request.path_parameters["id"]
        return next((one for one in self.orders if str(one["id"]) == wanted), None)

    def lines_of(self, drafts: Any) -> Any:
        """Name the lines of an order."""
        return [{**draft, "id": self.new_id()} for draft in drafts]


def operation_of(call: Call) -> Operation | None:
    """Find the operation that a call is to."""
    path = call.target.partition("?")[0]
    return next(
        (
            operation
            for operation in contract().operations.values()
            if operation.method == call.method and re.fullmatch(pattern(operation), path)
        ),
        None,
    )


def pattern(operation: Operation) -> str:
    """Write the paths of an operation as a regular expression."""
    return re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", operation.path)


def request_of(operation: Operation, call: Call) -> Request:
    """Read a call; its body is exact.

    Raises:
        ReadError: the body is not JSON.
    """
    path, _, query = call.target.partition("?")
    found = re.fullmatch(pattern(operation), path)
    named = found.groupdict() if found else {}
    values = parse_qs(query, keep_blank_values=True)
    return Request(
        call.method,
        path,
        {name: unquote(value) for name, value in named.items()},
        {name: given[0] for name, given in values.items()},
        call.headers,
        parse(call.body) if operation.body and call.body else MISSING,
    )


def campaign(serve: Serve, **settings: Any) -> CampaignReport:
    """Run a short campaign against a server and give its report."""
    with serving(serve) as (url, _):
        return campaign_at(url, **settings)


def campaign_at(url: str, **settings: Any) -> CampaignReport:
    """Run a short campaign against a server that runs."""
    defaults = {
        "credentials": {"key": KEY, "bearer": TOKEN},
        "examples_exist": True,
        "max_time": UNHURRIED,
        "max_examples": 5,
    }
    return run(contract(), Settings(url, **{**defaults, **settings}), lambda _: None)


def findings(report: CampaignReport) -> dict[str, Finding]:
    """Give the findings by the clauses that they break, the provider's name apart."""
    return {
        clause.removeprefix("stall."): one
        for one in report.findings
        for clause in (one.clause, *one.also)
    }
