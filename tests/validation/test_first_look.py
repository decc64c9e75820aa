"""A first look passes what the careful judgement finds nothing in, and doubts the rest."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from orderspec import exact_json
from orderspec.contract.catalog import load, providers
from orderspec.errors import ReadError
from orderspec.findings import Finding
from orderspec.validation.engine import Options
from orderspec.validation.first_look import ANYTHING, RIGHT, Doubts, FirstLook
from orderspec.validation.flaws import MAX_DEPTH
from orderspec.validation.json_text import parse
from orderspec.validation.target import Target, direction_of, find_target
from tests.fixture_files import INVALID, VALID, Fixture, name_of, provider_of

ORDER = "square/CreateOrderResponse"
JUNK: tuple[Any, ...] = (
    *(None, True, 0, -1, 1, 7.5, "", "x", "1", "0.5", [], {}, [None], {"uid": "x"}),
    *(2**63, 10**30, "2026-01-01T00:00:00Z", "USD", "FIXED_AMOUNT"),
)


@cache
def target_of(provider: str, reference: str) -> Target:
    contract = load(provider)
    return Target(contract, reference, direction_of(contract, reference))


@cache
def look_of(target_name: tuple[str, str], options: Options) -> FirstLook:
    target = target_of(*target_name)
    directed = replace(options, direction=target.direction)
    return FirstLook(target.contract, target.reference, directed, patience=0)


def passes(provider: str, reference: str, text: bytes, options: Options | None = None) -> bool:
    return look_of((provider, reference), options or Options()).doubts(text).is_right


def findings(provider: str, reference: str, text: bytes, options: Options) -> tuple[Finding, ...]:
    return target_of(provider, reference).judge(parse(text), options).findings


def has_findings(provider: str, reference: str, text: bytes, options: Options) -> bool:
    try:
        return bool(findings(provider, reference, text, options))
    except ReadError:
        return True


@pytest.mark.parametrize("path", VALID, ids=name_of)
def test_what_is_valid_passes(path: Path) -> None:
    fixture = Fixture.load(path)
    text = exact_json.to_bytes(fixture.payload)
    provider, reference = fixture.contract.name, fixture.reference
    is_clean = not has_findings(provider, reference, text, Options())
    is_carried = not re.search(rb"[0-9]{19}|[0-9.]{17}", text)
    assert passes(provider, reference, text) <= is_clean
    if is_clean and is_carried and b"null" not in text:
        assert passes(provider, reference, text)


@pytest.mark.parametrize("path", INVALID, ids=name_of)
def test_what_is_not_valid_is_doubted(path: Path) -> None:
    fixture = Fixture.load(path)
    text = exact_json.to_bytes(fixture.payload)
    assert not passes(fixture.contract.name, fixture.reference, text)


def changed(value: Any, choices: Random) -> Any:
    """Put something else into one or two places, or take them out."""
    copied = json.loads(json.dumps(value, default=float))
    for _ in range(choices.randint(1, 2)):
        places = list(holders(copied))
        if places:
            holder, step = choices.choice(places)
            if choices.random() < 0.3:
                del holder[step]
            elif type(holder[step]) is int and choices.random() < 0.5:
                holder[step] += choices.choice((-1, 1, 100))
            else:
                holder[step] = deepcopy(choices.choice(JUNK))
            if isinstance(holder, dict) and choices.random() < 0.2:
                holder["unknown"] = deepcopy(choices.choice(JUNK))
    return copied


def holders(value: Any) -> Iterator[tuple[Any, Any]]:
    steps: Any = value if isinstance(value, dict) else range(len(value))
    for step in steps:
        yield value, step
        if isinstance(value[step], dict | list):
            yield from holders(value[step])


@pytest.mark.parametrize("provider", providers())
@pytest.mark.parametrize(
    "options",
    [Options(), Options(rules=False), Options(strict=True)],
    ids=["rules", "shape", "strict"],
)
def test_no_changed_payload_passes_that_has_findings(provider: str, options: Options) -> None:
    choices = Random(7)  # noqa: S311 (no secret depends on it)
    fixtures = [Fixture.load(path) for path in VALID if provider_of(path) == provider]
    fixtures = [one for one in fixtures if isinstance(one.payload, dict | list)]
    passed = 0
    for _ in range(1000):
        fixture = choices.choice(fixtures)
        value = changed(fixture.payload, choices)
        text, first = json.dumps(value).encode(), look_of((provider, fixture.reference), options)
        for doubts in (first.doubts(text), first.doubts_value(value)):
            if doubts.rules is not None:
                passed += doubts.is_right
                found = findings(provider, fixture.reference, text, options)
                of_shape = {one.clause for one in found if one.keyword is not None}
                assert not (doubts.is_right and of_shape), text
                assert {one.clause for one in found} - of_shape <= doubts.rules, text
    assert passed > 20


@cache
def look(schema: str, *, rules: bool = True, strict: bool = False) -> FirstLook:
    target = find_target(schema)
    options = Options(strict=strict, rules=rules, direction=target.direction)
    return FirstLook(target.contract, target.reference, options, patience=0)


@pytest.mark.parametrize(
    "text",
    [
        b'{"order": {"location_id": "A", "location_id": "A"}}',
        b'{"order": {"location_id": "A", "location\\u005fid": "A"}}',
        b'{"order": {"location_id": "\\"", "x": 1, "x": 1}}',
        b'{"order": {"location_id": "A", "version": 1.0000000000000000001}}',
        b'{"order": {"location_id": "A", "x": 18446744073709551616}}',
        b'{"order": {"location_id": "A", "x": 1e-400}}',
        b'{"order": {"location_id": "A", "x": 1E-400}}',
        b'{"order": {"location_id": "A", "x": 1e999}}',
        b'{"order": {"location_id": "A", "x": NaN}}',
        b'{"order": {"location_id": "A", "x": "\\ud800"}}',
        b'{"order": {"location_id": "A\xff"}}',
        b'\xef\xbb\xbf{"order": {"location_id": "A"}}',
        b"",
        b"{",
        b'{"order": {"location_id": "A", "x": ' + b"[" * 1000 + b"]" * 1000 + b"}}",
        b'{"order": {"location_id": "A", "x": ' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}}",
    ],
    ids=lambda text: text.decode("latin-1")[:60],
)
def test_what_the_fast_parser_would_lose_is_doubted(text: bytes) -> None:
    assert look(ORDER).doubts(text) is ANYTHING
    assert look(ORDER).doubts(b'{"order": {"location_id": "A"}}').is_right


@pytest.mark.parametrize(
    "text",
    [
        b'{"order":{"location_id":"A"}}',
        b'{"order": {"location_id": "A"}}',
        b' {\n "order" : {"location_id" : "\\u0041\\"\\\\" } }\n',
        '{"order": {"location_id": "é"}}'.encode(),
        b'{"order": {"location_id": "1234567890123456789"}}',
        b'{"order": {"location_id": "a3e-4", "x": 1.50}}',
        b'{"order": {"location_id": "A", "note": null}}',
        b'{"order": {"location_id": "A", "x": '
        + b"[" * (MAX_DEPTH - 2)
        + b"]" * (MAX_DEPTH - 2)
        + b"}}",
    ],
    ids=lambda text: text.decode()[:60],
)
def test_however_it_is_written_what_is_right_passes(text: bytes) -> None:
    assert look(ORDER).doubts(text).is_right


def test_values_that_were_parsed_elsewhere_pass_only_if_they_are_json() -> None:
    look_at = look(ORDER)
    right: Any = {"order": {"location_id": "A"}}
    assert look_at.doubts_value(right).is_right
    for odd in (
        Decimal(1),
        (1,),
        {1: 2},
        float("nan"),
        b"x",
        object(),
        2**70,
        {"a", "b"},
        "\ud800",
        {"\udfff": 1},
    ):
        assert look_at.doubts_value({"order": {"location_id": "A", "x": odd}}) is ANYTHING


def test_deprecated_and_unknown_members_are_left_to_others(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"properties": {"old": {"deprecated": true}, "new": {"type": "string"}}}')
    assert look(str(schema)).doubts(b'{"new": "x", "other": 1}').is_right
    assert look(str(schema)).doubts(b'{"old": 1}') is ANYTHING
    assert look(str(schema), strict=True).doubts(b'{"new": "x"}').is_right
    assert look(str(schema), strict=True).doubts(b'{"new": "x", "other": 1}') == Doubts(frozenset())


STRICT = {
    "properties": {
        "named": {"type": "string"},
        "inner": {"$ref": "#/$defs/inner"},
        "list": {"items": {"$ref": "#/$defs/inner"}},
        "free": {"additionalProperties": {"$ref": "#/$defs/inner"}},
        "open": {},
        "empty": {"properties": {}},
        "odd": {
            "properties": {"": {"$ref": "#/$defs/inner"}},
            "additionalProperties": {"$ref": "#/$defs/inner"},
        },
        "chosen": {"anyOf": [{"properties": {"a": {}}}, {"type": "string"}]},
    },
    "allOf": [{"properties": {"more": {}}}],
    "$defs": {"inner": {"properties": {"a": {}}, "title": "Inner"}},
}


@pytest.mark.parametrize(
    "text, passes",
    [
        (
            b'{"named": "x", "more": 1, "inner": {"a": 1}, "list": [{"a": 1}], "open": {"z": 1}}',
            True,
        ),
        (b'{"free": {"x": {"a": 1}}, "chosen": "x"}', True),
        (b'{"nmaed": "x"}', False),
        (b'{"inner": {"b": 1}}', False),
        (b'{"list": [{"a": 1}, {"b": 1}]}', False),
        (b'{"free": {"x": {"b": 1}}}', False),
        (b'{"chosen": {"a": 1}}', False),
        (b'{"empty": {}}', True),
        (b'{"empty": {"z": 1}}', False),
        (b'{"odd": {"": {"a": 1}, "x": {"a": 1}}}', True),
        (b'{"odd": {"": {"a": 1}, "x": {"b": 1}}}', False),
    ],
)
def test_names_are_known_or_doubted(tmp_path: Path, text: bytes, passes: object) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(STRICT))
    target = find_target(str(schema))
    options = Options(strict=True, rules=False, direction=target.direction)
    looked = FirstLook(target.contract, target.reference, options, patience=0)
    assert (looked.doubts(text).is_right) is passes


def test_fractions_are_told_by_their_digits(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"properties": {"price": {"multipleOf": 0.01}}}')
    for price, is_right in (("19.99", True), ("0.30000000000000004", False)):
        text = f'{{"price":{price}}}'.encode()
        assert (look(str(schema)).doubts(text).is_right) is is_right


OWN = {
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "properties": {
                    "a": {"type": "number"},
                    "b": {"type": "number"},
                    "t": {"type": "string"},
                    "p": {"type": "string"},
                    "c": {"type": "boolean"},
                    "f": {"type": "array", "items": {"type": ["boolean", "null"]}},
                    "xs": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"ps": {"type": "array", "items": {"type": "integer"}}},
                        },
                    },
                },
            }
        }
    }
}


@pytest.mark.parametrize(
    "rule, text",
    [
        ({"check": "self.a / self.b > 3.2"}, b'{"a": 7.0, "b": 2.0}'),
        ({"check": "self.a + self.b == self.a"}, b'{"a": 1e17, "b": 1}'),
        ({"check": "self.a == self.b"}, b'{"a": 123456789012345678e1, "b": 123456789012345679e1}'),
        ({"check": "portable(self)"}, b'{"a": 1e17}'),
        (
            {"check": "self.ps.all(p, p > 0)", "each": "self in self.xs"},
            b'{"xs": [{"ps": [1]}, {"ps": [-1]}]}',
        ),
        (
            {"check": "size(self.ps) > 0 && size(self.ps) < 2", "each": "self in self.xs"},
            b'{"xs": [{"ps": [1]}, {"ps": [1, 2]}]}',
        ),
        (
            {"check": "self.t != (self.c ? percent(50, self.p) : 'none')"},
            b'{"t": "0.5", "p": "1", "c": true}',
        ),
        ({"check": "self.t != [percent(50, self.p)][0]"}, b'{"t": "0.5", "p": "1"}'),
        ({"check": "self.f.all(x, !x)"}, b'{"f": [null]}'),
        ({"check": "self.a > 0", "when": "self.b > 0 && self.t > 5"}, b'{"a": 1, "t": "x"}'),
    ],
    ids=str,
)
def test_rules_of_any_contract_are_told_or_doubted(
    tmp_path: Path, rule: dict[str, str], text: bytes
) -> None:
    document: Any = deepcopy(OWN)
    wanted = {"id": "thing.rule", "message": "It holds", **rule}
    document["components"]["schemas"]["Thing"]["x-rules"] = [wanted]
    file = tmp_path / "api.yaml"
    about = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {}}
    file.write_text(json.dumps({**about, **document}))
    target = find_target(f"{file}#/components/schemas/Thing")
    first = FirstLook(target.contract, target.reference, Options(), patience=0)
    assert not first.doubts(text).is_right
    assert first.doubts(b"{}").is_right


def test_whole_numbers_with_a_point_are_whole(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"properties": {"a": {"type": "integer", "multipleOf": 2}}}')
    for text, told in ((b'{"a": 4.0}', True), (b'{"a": 9007199254740993e0}', False)):
        assert (look(str(schema), rules=False).doubts(text).is_right) is told
        assert (look(str(schema)).doubts(text).is_right) is told


def test_the_first_payloads_are_left_to_others() -> None:
    target = find_target(ORDER)
    patient = FirstLook(target.contract, target.reference, Options(), patience=2)
    text = b'{"order": {"location_id": "A"}}'
    assert [patient.doubts(text) for _ in range(4)] == [ANYTHING, ANYTHING, RIGHT, RIGHT]


def test_the_rules_that_find_something_are_named() -> None:
    text = b'{"order": {"total_money": {"amount": 1, "currency": "USD"}, "location_id": "A"}}'
    assert look(ORDER).doubts(text) == Doubts(frozenset({"square.order.total"}))
    assert look(ORDER, rules=False).doubts(text).is_right


def test_of_a_wrong_shape_only_the_rules_that_find_something_are_named() -> None:
    text = b'{"order": {"total_money": {"amount": 1, "currency": "USD"}, "location_id": 7}}'
    assert look(ORDER).doubts(text) == Doubts(frozenset({"square.order.total"}))
    text = b'{"order": {"total_money": {"amount": "1", "currency": "USD"}, "location_id": "A"}}'
    assert look(ORDER).doubts(text) == Doubts(frozenset({"square.order.total"}))
    assert look(ORDER, rules=False).doubts(text) == Doubts(frozenset())


def test_a_rule_that_is_unsure_finds_nothing_whatever_becomes_of_it(tmp_path: Path) -> None:
    unsure = {"id": "thing.rule", "message": "x", "check": "self.t > 5", "refusal": "unsure"}
    document: Any = {**deepcopy(OWN), "openapi": "3.1.0", "info": {"title": "x", "version": "1"}}
    document["components"]["schemas"]["Thing"]["x-rules"] = [unsure]
    file = tmp_path / "api.yaml"
    file.write_text(json.dumps({**document, "paths": {}}))
    target = find_target(f"{file}#/components/schemas/Thing")
    assert target.judge({"t": "x"}, Options()).findings == ()
    assert FirstLook(target.contract, target.reference, Options(), 0).doubts(b'{"t":"x"}').is_right


def test_a_branch_that_null_fits_is_looked_at(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    branch = {"type": ["string", "null"], "deprecated": True}
    either = {"anyOf": [branch, {"type": "null"}]}
    schema.write_text(json.dumps({"properties": {"old": either}}))
    assert look(str(schema)).doubts(b"{}").is_right
    assert look(str(schema)).doubts(b'{"old": null}') is ANYTHING
    assert look(str(schema)).doubts(b'{"old": "x"}') is ANYTHING


def test_a_rule_too_deep_for_a_tree_is_left_to_others(tmp_path: Path) -> None:
    deep = {"id": "thing.deep", "message": "x", "check": "self.a" + " + 1" * 200 + " > 0"}
    document: Any = {**deepcopy(OWN), "openapi": "3.1.0", "info": {"title": "x", "version": "1"}}
    document["components"]["schemas"]["Thing"]["x-rules"] = [deep]
    file = tmp_path / "api.yaml"
    file.write_text(json.dumps({**document, "paths": {}}))
    assert look(f"{file}#/components/schemas/Thing").doubts(b'{"a": 1}') is ANYTHING


def test_what_stands_below_a_member_that_may_be_null_is_looked_at(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    part = '{"type": "object", "properties": {"old": {"deprecated": true}, "new": {}}}'
    schema.write_text(f'{{"properties": {{"part": {{"anyOf": [{part}, {{"type": "null"}}]}}}}}}')
    for strict in (False, True):
        look_at = look(str(schema), strict=strict)
        assert look_at.doubts(b'{"part": {"new": 1}}').is_right
        assert look_at.doubts(b'{"part": null}').is_right
        assert look_at.doubts(b'{"part": {"old": 1}}') is ANYTHING
        assert (look_at.doubts(b'{"part": {"other": 1}}').is_right) is not strict
