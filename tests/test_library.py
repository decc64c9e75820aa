"""Payloads judged by services, in their own process."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import orderspec
from orderspec import ReadError, Severity, UsageError, Validator, validate
from orderspec.contract import catalog
from tests.fixture_files import INVALID, VALID, Fixture

ORDER = "square/CreateOrderResponse"
FIXTURES = [*VALID, *INVALID]


def named(path: Path) -> str:
    return f"{path.parents[2].name}/{path.parents[1].name}"


def nested(levels: int) -> Any:
    value: Any = {}
    for _ in range(levels):
        value = {"order": value}
    return value


def test_a_payload_without_faults_has_no_findings() -> None:
    assert validate(b'{"order": {"location_id": "L1"}}', ORDER) == []


def test_a_finding_has_its_place_in_bytes_and_text() -> None:
    text = '{\n  "order": {"location_id": 7}\n}'
    for payload in (text, text.encode(), bytearray(text.encode())):
        (found,) = validate(payload, ORDER)
        assert (found.at, found.line, found.column) == ("/order/location_id", 2, 28)
        assert (found.severity, found.expected, found.got) == (Severity.ERROR, "a string", "7")


def test_a_finding_of_a_parsed_payload_has_no_line() -> None:
    (found,) = validate({"order": {"location_id": 7}}, ORDER)
    assert (found.at, found.line, found.column) == ("/order/location_id", None, None)


@pytest.mark.parametrize("path", FIXTURES[::20], ids=named)
def test_bytes_text_and_parsed_payloads_are_judged_alike(path: Path) -> None:
    fixture = Fixture.load(path)
    validator = Validator(f"{fixture.contract.name}/{fixture.reference.rpartition('/')[2]}")
    text = orderspec_text(fixture.payload)
    by_text = validator.validate(text)
    # A text is read as JSON, so a payload that is a text itself comes as JSON only.
    parsed = text if isinstance(fixture.payload, str) else fixture.payload
    by_value = validator.validate(parsed)
    assert {(one.clause, one.at) for one in by_text} == {(one.clause, one.at) for one in by_value}
    assert validator.is_valid(text.encode()) == validator.is_valid(parsed)


def orderspec_text(payload: Any) -> str:
    from orderspec import exact_json  # noqa: PLC0415 (for what the kit writes itself)

    return exact_json.to_text(payload)


def test_strict_and_rules_are_chosen() -> None:
    unknown = b'{"order": {"location_id": "L1", "colour": "red"}}'
    assert validate(unknown, ORDER) == []
    assert [one.at for one in validate(unknown, ORDER, strict=True)] == ["/order/colour"]
    path = next(one for one in INVALID if "total" in one.stem and "square" in one.parts)
    payload = json.loads(path.read_bytes())["payload"]
    assert validate(payload, named(path))
    assert not [one for one in validate(payload, named(path), rules=False) if one.keyword is None]


def test_a_float_is_the_digits_that_it_prints() -> None:
    schema = {"type": "number", "multipleOf": 0.01}
    assert validate(19.99, written(schema)) == []


def written(schema: Any) -> str:
    path = Path("schema.json")
    path.write_text(json.dumps(schema), "utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_path_to_a_schema_stands_for_it() -> None:
    assert [one.keyword for one in validate(b'"a"', written({"type": "integer"}))] == ["type"]


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), Decimal("NaN"), date(2026, 1, 1), {1: 2}, {"order": {b"a": 1}}],
)
def test_what_json_has_not_is_told_and_no_finding(value: Any) -> None:
    with pytest.raises(ReadError, match="JSON has no such value"):
        validate(value, ORDER)


def test_what_nests_too_deeply_is_told() -> None:
    with pytest.raises(ReadError, match="nested"):
        validate(nested(100_000), ORDER)


def test_text_that_is_no_json_has_its_place() -> None:
    with pytest.raises(ReadError) as caught:
        validate('{"order": {"location_id": }}', ORDER)
    assert (caught.value.line, caught.value.column) == (1, 27)


@pytest.mark.parametrize("schema", ["square/Ordr", "squar/Order", "nothing.json"])
def test_a_schema_that_is_not_there_is_told_before_any_payload(schema: str) -> None:
    with pytest.raises(UsageError):
        Validator(schema)


def test_another_spec_tree_has_another_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    assert validate(b'{"order": {"location_id": "L1"}}', ORDER) == []
    here = Path(__file__).parent / "cli" / "spec"
    monkeypatch.setenv(catalog.SPEC_VARIABLE, str(here))
    with pytest.raises(UsageError):
        validate(b"{}", ORDER)


def test_one_validator_serves_many_threads() -> None:
    validator = Validator(ORDER)
    payloads = [json.loads(path.read_bytes()) for path in FIXTURES if named(path) == ORDER]
    bodies = [one["payload"] if "violates" in one else one for one in payloads] * 5
    alone = [validator.validate(body) for body in bodies]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(validator.validate, bodies)) == alone


def test_every_public_name_is_there_and_nothing_is_imported_before_it_is_asked_for() -> None:
    assert all(getattr(orderspec, name) is not None for name in orderspec.__all__)
    assert set(orderspec.__all__) <= set(dir(orderspec))
    with pytest.raises(AttributeError, match="nonsense"):
        orderspec.nonsense  # noqa: B018 (that it raises)
    told = "import sys, orderspec; print([n for n in sys.modules if n.startswith('orderspec.')])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
