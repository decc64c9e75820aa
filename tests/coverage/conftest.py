"""A contract of an inn, with fixtures that show and break every member of its guide's tables."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orderspec.contract import catalog
from orderspec.contract.build import build
from orderspec.contract.bundle import bundle
from orderspec.contract.sources import load_sources
from orderspec.coverage import coverage
from orderspec.findings import Coverage, Row

GUIDE = {"source": "inn-guide", "level": "stated"}
TEXT = {"type": "string"}


def schema(title: str, properties: Any, **keywords: Any) -> Any:
    return {"title": title, "x-evidence": GUIDE, "properties": properties, **keywords}


def body(name: str) -> Any:
    content = {"application/json": {"schema": {"$ref": f"schemas/{name}.yaml"}}}
    return {"description": name, "content": content}


DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Inn", "version": "1"},
    "x-evidence": GUIDE,
    "security": [{"key": []}],
    "paths": {
        "/{house}/stays": {
            "parameters": [{"name": "house", "in": "path", "required": True, "schema": TEXT}],
            "post": {
                "operationId": "CreateStay",
                "parameters": [
                    {"name": "page", "in": "query", "schema": {"type": "integer"}},
                    {"name": "Trace", "in": "header", "schema": TEXT},
                ],
                "requestBody": body("stay"),
                "responses": {
                    "200": {
                        **body("stay"),
                        "links": {"again": {"operationId": "CreateStay", "x-rules": []}},
                    },
                    "4XX": {"description": "Refused."},
                },
            },
        }
    },
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "inn_key"}}
    },
}
STAY: dict[str, Any] = schema(
    "Stay",
    {
        "guest": TEXT,
        "nights": {"type": "integer"},
        "room": {"anyOf": [{"$ref": "room.yaml"}, {"type": "null"}]},
        "payment": {"oneOf": [{"$ref": "card.yaml"}, {"$ref": "cash.yaml"}]},
        "remarks": {},
    },
    type="object",
    required=["guest"],
)
ROOM = schema("Room", {"floor": {"type": "integer"}}, type="object")
CARD = schema("Card", {"amount": {"type": "integer"}, "number": TEXT}, required=["number"])
CASH = schema("Cash", {"amount": {"type": "integer"}, "coins": {}}, required=["coins"])

STAYS = {
    "guest": "Ada",
    "nights": 2,
    "room": {"floor": 1},
    "payment": {"number": "4111", "amount": 9},
    "remarks": "late",
}
EXCHANGE: dict[str, Any] = {
    "operation": "CreateStay",
    "request": {"path": {"house": "main"}, "query": {"page": "1"}, "headers": {"Trace": "t"}},
    "response": {"status": 200, "body": {"guest": "Ada"}},
}


@dataclass(frozen=True, slots=True)
class Inn:
    """The contract below `folder/spec` and its fixtures below `folder/fixtures`."""

    folder: Path

    def spec(self, name: str, value: Any) -> None:
        """Write a file of the contract; JSON is YAML."""
        self._write(self.folder / "spec" / "inn" / f"{name}.yaml", value)

    def fixture(self, name: str, value: Any) -> None:
        """Write a fixture, such as ``Stay/valid/alone``."""
        self._write(self.folder / "fixtures" / "inn" / f"{name}.json", value)

    def invalid(self, name: str, payload: Any, *violates: tuple[str, str]) -> None:
        """Write an invalid payload of a stay with what it violates: place and clause."""
        listed = [{"at": at, "clause": clause} for at, clause in violates]
        self.fixture(f"Stay/invalid/{name}", {"violates": listed, "payload": payload})

    def tables(self, **tables: Any) -> None:
        """Write the tables of the guide."""
        sources = {"inn-guide": {"title": "The guide", "tables": tables}}
        self.spec("sources", {"sources": sources})

    def coverage(self) -> Coverage:
        """Make the tables anew: the catalog would keep what it loaded first."""
        folder = self.folder / "spec" / "inn"
        document = bundle(folder / catalog.DESCRIPTION)
        return coverage(build("inn", document, load_sources(folder)))

    def row(self, member: str) -> Row:
        """Give the row of a member that stands in one table."""
        (found,) = (row for row in self.coverage().rows if row.member == member)
        return found

    def _write(self, path: Path, value: Any) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value), "utf-8")


def made(folder: Path) -> Inn:
    """Write the contract without tables, and one valid stay."""
    inn = Inn(folder)
    inn.spec("openapi", DESCRIPTION)
    for name, content in (("stay", STAY), ("room", ROOM), ("card", CARD), ("cash", CASH)):
        inn.spec(f"schemas/{name}", content)
    inn.tables()
    inn.fixture("Stay/valid/alone", STAYS)
    return inn


@pytest.fixture
def inn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inn:
    """Give the contract in a spec tree of its own."""
    monkeypatch.setenv(catalog.SPEC_VARIABLE, str(tmp_path / "spec"))
    return made(tmp_path)
