"""What services call: judge payloads in their own process."""

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any

from orderspec import pointer
from orderspec.contract import catalog
from orderspec.errors import ReadError
from orderspec.findings import Finding, Severity
from orderspec.validation.engine import Options
from orderspec.validation.first_look import Doubts
from orderspec.validation.flaws import MAX_DEPTH
from orderspec.validation.json_text import decode, parse_text
from orderspec.validation.positions import locate_all
from orderspec.validation.target import find_target

_MOST_VALIDATORS = 64


class Validator:
    """Judges payloads by one schema: make it once, and use it from as many threads as you like.

    Example:
        >>> orders = Validator("square/CreateOrderResponse")
        >>> [finding.at for finding in orders.validate(b'{"order": {"location_id": 7}}')]
        ['/order/location_id']
    """

    def __init__(self, schema: str, *, strict: bool = False, rules: bool = True) -> None:
        """Load a contract and choose a schema of it.

        Args:
            schema: ``<provider>/<Schema>``, or a path to JSON Schema 2020-12 or to OpenAPI 3.x with
                ``#/components/schemas/<Schema>``.
            strict: a member that the contract does not name is an error.
            rules: evaluate the contract's rules, too.

        Raises:
            UsageError: there is no such provider, schema or file.
            ReadError: the file cannot be read.
            ContractError: the contract is broken.
        """
        self._target = find_target(schema)
        self._options = Options(strict=strict, rules=rules)
        self._first_look = self._target.first_look(self._options)

    @property
    def schema(self) -> str:
        """The name of the schema, ``<provider>/<Schema>``."""
        return self._target.name

    def validate(self, payload: Any) -> list[Finding]:
        """Judge a payload.

        Args:
            payload: JSON as bytes or text, or a value that was parsed already (of ``dict``,
                ``list``, ``str``, ``int``, ``float``, ``Decimal``, ``bool`` and ``None``). Bytes
                and text keep every digit of numbers, and their findings have line and column. A
                payload that is nothing but a text comes as JSON, in quotation marks.

        Returns:
            What is wrong, in the order of the places; nothing where all is right. Only findings of
            `Severity.ERROR` make a payload invalid.

        Raises:
            ReadError: bytes or text are no JSON (it has line and column), or a value is none that
                JSON has.
            RuleError: a rule of the contract fails on a payload of the right shape.
        """
        doubts = self._doubts(payload)
        if doubts.is_right:
            return []
        if isinstance(payload, bytes | bytearray | memoryview):
            payload = decode(bytes(payload))
        if isinstance(payload, str):
            return _placed(payload, self._judged(parse_text(payload), doubts))
        return self._judged(_exact(payload), doubts)

    def _doubts(self, payload: Any) -> Doubts:
        match payload:
            case bytes():
                return self._first_look.doubts(payload)
            case bytearray() | memoryview():
                return self._first_look.doubts(bytes(payload))
            case str():
                return self._first_look.doubts(payload.encode("utf-8", "surrogatepass"))
            case _:
                return self._first_look.doubts_value(payload)

    def is_valid(self, payload: Any) -> bool:
        """Tell whether a payload has no errors; see `validate`."""
        return not any(one.severity is Severity.ERROR for one in self.validate(payload))

    def _judged(self, value: Any, doubts: Doubts) -> list[Finding]:
        return list(self._target.judge(value, self._options, doubts.rules).findings)


def validate(
    payload: Any, schema: str, *, strict: bool = False, rules: bool = True
) -> list[Finding]:
    """Judge a payload by a schema; the validators of the latest schemas are kept.

    Args:
        payload: as in `Validator.validate`.
        schema: as in `Validator`.
        strict: a member that the contract does not name is an error.
        rules: evaluate the contract's rules, too.

    Returns:
        What is wrong; nothing where all is right.

    Raises:
        UsageError: there is no such provider, schema or file.
        ReadError: the payload is no JSON, or the schema's file cannot be read.
        ContractError: the contract is broken.
    """
    options = Options(strict=strict, rules=rules)
    return _kept(schema, str(catalog.spec_folder()), options).validate(payload)


@lru_cache(maxsize=_MOST_VALIDATORS)
def _kept(schema: str, spec: str, options: Options) -> Validator:
    del spec  # another tree has another contract of the same name
    return Validator(schema, strict=options.strict, rules=options.rules)


def _exact(value: Any, at: tuple[str | int, ...] = ()) -> Any:
    """Read a float as the digits that it prints: 19.99 is meant, not the double next to it.

    Raises:
        ReadError: JSON has no such value.
    """
    if len(at) > MAX_DEPTH:
        message = f"nested deeper than {MAX_DEPTH} levels"
        raise ReadError(message)
    match value:
        case None | str() | int():
            return value
        case float() | Decimal() if isfinite(value):
            return Decimal(repr(value)) if isinstance(value, float) else value
        case dict() if all(isinstance(name, str) for name in value):
            return {name: _exact(item, (*at, name)) for name, item in value.items()}
        case list() | tuple():
            return [_exact(item, (*at, index)) for index, item in enumerate(value)]
    where = f"at {pointer.join(at)}" if at else "the whole payload"
    kind = "names that are no text" if isinstance(value, dict) else f"{value!r:.60}"
    message = f"JSON has no such value: {kind}, {where}"
    raise ReadError(message, "Convert it to text or a number, as it is sent.")


def _placed(text: str, findings: list[Finding]) -> list[Finding]:
    if not findings:
        return findings
    positions = locate_all(text, {finding.at for finding in findings})
    placed = [
        replace(one, line=positions[one.at].value.line, column=positions[one.at].value.column)
        for one in findings
    ]
    return sorted(placed, key=lambda one: (one.line or 0, one.column or 0))
