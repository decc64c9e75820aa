"""Frames: requests without a body, whose parameters are right on this server."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from orderspec.contract.model import Contract, Operation, Parameter
from orderspec.contract.nouns import REFERS_TO
from orderspec.exchange import MISSING, Exchange, Request
from orderspec.fuzz.cases import request_to
from orderspec.fuzz.memory import Memory
from orderspec.fuzz.transport import written
from orderspec.fuzz.values import FRESH, Values
from orderspec.validation.parameters import fits

LOOKED_BACK = 50


class Frames:
    """Finds the parameters that a request to an operation goes with.

    What a path leads to has to exist, and its parts have to belong together: a line to its order.
    Links say so. Of what links lead to, the latest comes first that no request changed, and that
    is in a state in which the operation was accepted.
    """

    def __init__(self, contract: Contract, values: Values, memory: Memory) -> None:
        """Know nothing yet.

        Args:
            contract: the contract.
            values: what exists on the server.
            memory: what was created and followed.
        """
        self._contract = contract
        self._values = values
        self._memory = memory

    def frame(self, operation: Operation) -> Request | None:
        """Build a request with all parameters that it needs, and with fresh keys.

        Returns:
            None where nothing is known that a path could lead to.
        """
        base = self.base(operation)
        paths = {one.name for one in operation.parameters if one.location == "path"}
        return base if paths <= base.path_parameters.keys() else None

    def base(self, operation: Operation) -> Request:
        """Build the same without the path parameters that nothing is known for."""
        led = self._led_to(operation)
        parameters: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
        for parameter in operation.parameters:
            place = parameters.get(parameter.location)
            if place is None:
                continue
            if parameter.schema.get(FRESH) is True:
                place[parameter.name] = self._fresh(parameter)
            elif parameter.name in led:
                place[parameter.name] = led[parameter.name]
            elif parameter.required or _is_shown_header(parameter):
                value = self._choice(parameter)
                if value is not None:
                    place[parameter.name] = value
        return request_to(operation, MISSING, **_named(parameters))

    def renewed(self, operation: Operation, request: Request) -> Request:
        """Give the same request with fresh keys."""
        query = {**request.query, **self.new_keys(operation, "query", request.query)}
        headers = {**request.headers, **self.new_keys(operation, "header", request.headers)}
        body = request.body
        if operation.body is not None and body is not MISSING:
            body = self._values.refreshed(operation.body, body)
        return replace(request, query=query, headers=headers, body=body)

    def new_keys(
        self, operation: Operation, location: str, given: Mapping[str, Any]
    ) -> dict[str, str]:
        """Make keys in place of those that are given; one that is wrong on purpose stays wrong.

        Args:
            operation: the operation.
            location: query or header.
            given: the parameters there; names of headers are in lower case.
        """
        found = {}
        for parameter in operation.parameters:
            name = parameter.name.lower() if location == "header" else parameter.name
            is_key = parameter.location == location and parameter.schema.get(FRESH) is True
            if is_key and name in given and fits(self._contract, parameter.schema, given[name]):
                found[name] = self._fresh(parameter)
        return found

    def keyless(self, operation: Operation, request: Request) -> Request:
        """Give the same request without the fresh keys that it may leave out."""
        keys = {
            (one.location, one.name.lower() if one.location == "header" else one.name)
            for one in operation.parameters
            if one.schema.get(FRESH) is True and not one.required
        }
        query = {name: one for name, one in request.query.items() if ("query", name) not in keys}
        headers = {
            name: one for name, one in request.headers.items() if ("header", name) not in keys
        }
        body = request.body
        if operation.body is not None and body is not MISSING:
            body = self._values.keyless(operation.body, body)
        return replace(request, query=query, headers=headers, body=body)

    def choices(self, parameter: Parameter) -> list[Any]:
        """List values that a parameter may have: known ones, examples, all of an enumeration."""
        schema = parameter.schema
        known = self._values.known.get(str(schema.get(REFERS_TO)), [])
        found = [*reversed(known[-2:]), *schema.get("examples", ()), *schema.get("enum", ())]
        found += [schema[name] for name in ("const", "default", "minimum") if name in schema]
        found += [True, False] if schema.get("type") == "boolean" else []
        right = (value for value in found if fits(self._contract, schema, value))
        return list(dict.fromkeys(written(value) for value in right))

    def vouch(self, operation: Operation, request: Request) -> bool:
        """Tell whether every parameter outside the path has a value that is sure to be right.

        A schema of a parameter says little: a server may well refuse a page of -1, or a time
        before 1970. Nor does it have to overlook what the contract does not name.
        """
        given = {**request.query, **request.headers}
        named = {parameter.name for parameter in operation.parameters}
        return request.query.keys() <= named and all(
            str(given[name]) in self.choices(parameter)
            for parameter in operation.parameters
            if parameter.location != "path" and parameter.schema.get(FRESH) is not True
            for name in {parameter.name, parameter.name.lower()} & given.keys()
        )

    def _led_to(self, operation: Operation) -> Mapping[str, Any]:
        """Find where a link leads: to what may be changed, else where it led before."""
        paths = [one.name for one in operation.parameters if one.location == "path"]
        if not paths:
            return {}
        unchanged: Mapping[str, Any] | None = None
        aside = {id(exchange) for exchange in self._memory.aside}
        for exchange in self._memory.created[: -LOOKED_BACK - 1 : -1]:
            if id(exchange) in aside:
                continue
            for parameters in self._leads(operation, exchange):
                if self._memory.may_change(operation, parameters):
                    return parameters
                if unchanged is None and not self._memory.is_changed(operation, parameters):
                    unchanged = parameters
        latest = self._memory.accepted.get(operation.id)
        return unchanged or (latest.path_parameters if latest else {})

    def _leads(self, operation: Operation, exchange: Exchange) -> Iterator[Mapping[str, Any]]:
        source = self._contract.operations[exchange.operation]
        for link in source.links:
            if link.target == operation.id:
                path = self._memory.path(operation, link, exchange)
                is_proven = link.name in self._memory.proven[source.id]
                if path and (is_proven or self._memory.exist(operation, path)):
                    yield path

    def _fresh(self, parameter: Parameter) -> str:
        return self._values.fresh(parameter.schema.get("maxLength"), parameter.schema.get("format"))

    def _choice(self, parameter: Parameter) -> Any:
        """Choose a value that may be right, or None."""
        known = self.choices(parameter)
        if known:
            return known[0]
        guesses = (1, "a", self._values.fresh(form="uuid"), "2021-02-26", "2021-02-26T15:04:05Z")
        may_guess = parameter.location != "path" and REFERS_TO not in parameter.schema
        guessed = (guess for guess in guesses if fits(self._contract, parameter.schema, guess))
        return next((written(guess) for guess in guessed if may_guess), None)


def _is_shown_header(parameter: Parameter) -> bool:
    """Tell whether clients send a header although nothing says that a server asks for it."""
    return parameter.location == "header" and "examples" in parameter.schema


def _named(parameters: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        "path_parameters": parameters["path"],
        "query": parameters["query"],
        "headers": parameters["header"],
    }
