"""Find the operation that a path means: literal templates before those with parameters."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from orderspec.contract.model import Operation

_PARAMETER = re.compile(r"\{([^{}]+)\}")


class UndecodablePathError(ValueError):
    """A path parameter is not UTF-8 once its percent escapes are resolved."""


@dataclass(frozen=True, slots=True)
class Route:
    """One path template and what can be done there.

    Attributes:
        operations: by method, upper case.
        names: the template's parameters, in order.
        segments: one pattern for each segment of the template.
    """

    operations: Mapping[str, Operation]
    names: tuple[str, ...]
    segments: tuple[re.Pattern[str], ...]

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods to name in ``Allow``; GET brings HEAD along, and OPTIONS is always there."""
        implied = {"OPTIONS"} | ({"HEAD"} if "GET" in self.operations else set())
        return tuple(sorted(self.operations.keys() | implied))

    def operation(self, method: str) -> Operation | None:
        """Find the operation for a method; HEAD is answered by GET's."""
        found = self.operations.get(method)
        return self.operations.get("GET") if found is None and method == "HEAD" else found


@dataclass(frozen=True, slots=True)
class Match:
    """A route and the values of its path parameters."""

    route: Route
    parameters: Mapping[str, str]


def routes(operations: Iterable[Operation]) -> tuple[Route, ...]:
    """Arrange operations by path, the more literal templates first, as OpenAPI has it."""
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    ordered = sorted(by_path, key=lambda path: ["{" in part for part in path.split("/")])
    return tuple(
        Route(
            by_path[path],
            tuple(_PARAMETER.findall(path)),
            tuple(_pattern(segment) for segment in path.split("/")),
        )
        for path in ordered
    )


def match(candidates: Iterable[Route], raw_path: bytes) -> Match | None:
    """Find the first route that a path fits.

    Args:
        candidates: the routes, in the order of `routes`.
        raw_path: percent-encoded, so that an escaped slash stays inside its segment.

    Raises:
        UndecodablePathError: the path fits a route, and a parameter in it is not UTF-8.
    """
    segments = [
        unquote_to_bytes(segment).decode("utf-8", errors="surrogateescape")
        for segment in raw_path.split(b"/")
    ]
    for route in candidates:
        values = _values(route, segments)
        if values is not None:
            if any("\udc80" <= character <= "\udcff" for value in values for character in value):
                raise UndecodablePathError
            return Match(route, dict(zip(route.names, values, strict=True)))
    return None


def _pattern(segment: str) -> re.Pattern[str]:
    literals = _PARAMETER.split(segment)[::2]
    return re.compile("(.+)".join(re.escape(literal) for literal in literals), re.DOTALL)


def _values(route: Route, segments: list[str]) -> list[str] | None:
    if len(segments) != len(route.segments):
        return None
    values: list[str] = []
    for pattern, segment in zip(route.segments, segments, strict=True):
        fit = pattern.fullmatch(segment)
        if fit is None:
            return None
        values.extend(fit.groups())
    return values
