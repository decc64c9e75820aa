"""What is linted: one description with its files, bundled, and ways to walk it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orderspec.contract.bundle import FILE_KEYWORD
from orderspec.contract.lint.findings import Flaw, Scribe
from orderspec.contract.lint.vocabulary import LIST, MAP, ONE
from orderspec.findings import Finding, Severity

Steps = tuple[str, ...]
SCHEMAS = ("components", "schemas")
_OPAQUE = frozenset({"example", "examples", "schema"})
_LINK_VALUES = frozenset({"parameters", "requestBody"})


@dataclass(frozen=True, slots=True)
class Subject:
    """One contract under lint.

    Attributes:
        name: the provider, or the stem of a description given by path.
        description: the OpenAPI file.
        house: whether it is a contract of a spec tree, bound by the rules of spec/README.md.
        bundled: the bundle as its version of OpenAPI has it.
        document: the bundle as OpenAPI 3.1; the same value where it is 3.1 already.
        sources: content of sources.yaml, or None where there is none.
        scribe: writes the findings.
    """

    name: str
    description: Path
    house: bool
    bundled: Mapping[str, Any]
    document: Mapping[str, Any]
    sources: Any
    scribe: Scribe

    @property
    def severity(self) -> Severity:
        """The weight of what a contract of ours must not do, and a foreign one may."""
        return Severity.ERROR if self.house else Severity.WARNING

    def finding(self, steps: Steps, flaw: Flaw) -> Finding:
        """Write a finding at a place of the bundle."""
        return self.scribe.finding(*self._origin(steps), flaw)

    def _origin(self, steps: Steps) -> tuple[Path, Steps]:
        if steps[:2] == SCHEMAS and len(steps) > len(SCHEMAS):
            component = self.document["components"]["schemas"].get(steps[2])
            if isinstance(component, dict) and FILE_KEYWORD in component:
                return Path(component[FILE_KEYWORD]), steps[3:]
        return self.description, steps

    def components(self) -> Iterator[tuple[Steps, Any]]:
        """Give every schema of the components."""
        for name, schema in self.document.get("components", {}).get("schemas", {}).items():
            yield (*SCHEMAS, name), schema

    def roots(self) -> Iterator[tuple[Steps, Any]]:
        """Give every schema that stands in no other one."""
        yield from self.components()
        for steps, members in self.objects():
            if "schema" in members:
                yield (*steps, "schema"), members["schema"]

    def schemas(self) -> Iterator[tuple[Steps, dict[str, Any]]]:
        """Give every schema with members, parents before children."""
        for steps, schema in self.roots():
            yield from below(steps, schema)

    def objects(self) -> Iterator[tuple[Steps, dict[str, Any]]]:
        """Give every mapping of the document that is neither in a schema nor in an example."""
        yield from _objects(self.document, ())

    def operations(self) -> Iterator[tuple[Steps, dict[str, Any]]]:
        """Give every operation."""
        for path, item in self.document.get("paths", {}).items():
            for method, operation in item.items():
                if method in METHODS and isinstance(operation, dict):
                    yield ("paths", path, method), operation

    def links(self) -> Iterator[tuple[Steps, dict[str, Any]]]:
        """Give every link that is spelled out, in components and in responses."""
        for steps, members in self.objects():
            for name, link in _mapping(members.get("links")).items():
                if isinstance(link, dict) and "$ref" not in link:
                    yield (*steps, "links", name), link

    def rule_holders(self) -> Iterator[tuple[Steps, tuple[str, ...], Any]]:
        """Give every `x-rules` that counts: its holder, the variables bound there, its value."""
        places = (
            (self.schemas(), ("self",)),
            (self.operations(), ("request", "response")),
            (self.links(), ("first", "next")),
        )
        for holders, variables in places:
            for steps, members in holders:
                if "x-rules" in members:
                    yield steps, variables, members["x-rules"]


METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


def below(steps: Steps, schema: Any) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """Give a schema and those inside it, as far as they have members, parents before children."""
    if not isinstance(schema, dict):
        return
    yield steps, schema
    for keyword, value in schema.items():
        at = (*steps, keyword)
        if keyword in ONE:
            yield from below(at, value)
        elif keyword in LIST and isinstance(value, list):
            for index, item in enumerate(value):
                yield from below((*at, str(index)), item)
        elif keyword in MAP:
            for name, item in _mapping(value).items():
                yield from below((*at, name), item)


def _objects(value: Any, steps: Steps) -> Iterator[tuple[Steps, dict[str, Any]]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _objects(item, (*steps, str(index)))
    if not isinstance(value, dict):
        return
    yield steps, value
    opaque = _OPAQUE | _LINK_VALUES if steps[-2:-1] == ("links",) else _OPAQUE
    for name, item in value.items():
        if name not in opaque and not name.startswith("x-") and (*steps, name) != SCHEMAS:
            yield from _objects(item, (*steps, name))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
