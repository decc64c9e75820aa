"""Every fixture is judged as its folder says, and is easy to read."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from orderspec.findings import Finding
from orderspec.validation.exchanges import judge_request, judge_response
from tests.fixture_files import (
    BROKEN_EXCHANGES,
    EXCHANGED,
    INVALID,
    PAIRS,
    VALID,
    Fixture,
    Pair,
    judge_invalid_exchange,
    load_exchange,
    name_of,
    read,
    violations,
    violations_in,
)

EVERY_FILE = [*VALID, *INVALID, *EXCHANGED, *PAIRS, *BROKEN_EXCHANGES]
KEBAB_CASE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
EMPTY_WORDS = {"should", "test", "valid", "invalid", "foo", "bar"}
LARGEST = 64 * 1024


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=name_of)


def canonical(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def objections(findings: Iterable[Finding]) -> list[Finding]:
    """Leave out that a member is deprecated: it may be sent, and `validate` only says so."""
    return [finding for finding in findings if finding.keyword != "deprecated"]


@each(VALID)
def test_a_valid_payload_has_no_finding(path: Path) -> None:
    assert objections(Fixture.load(path).judge().findings) == []


@each(INVALID)
def test_an_invalid_payload_breaks_exactly_what_it_says(path: Path) -> None:
    fixture = Fixture.load(path)
    assert violations(fixture.judge().findings) == fixture.violates


@each(EXCHANGED)
def test_an_exchange_keeps_the_contract(path: Path) -> None:
    """A request that was refused may break the contract; its refusal may not."""
    contract, exchange = load_exchange(path)
    assert judge_response(contract, exchange).findings == ()
    if exchange.response.ok:
        operation = contract.operations[exchange.operation]
        assert objections(judge_request(contract, operation, exchange.request).findings) == []


@each(PAIRS)
def test_a_pair_keeps_the_contract(path: Path) -> None:
    pair = Pair.load(path)
    assert pair.judge().findings == ()
    assert judge_response(pair.contract, pair.first).findings == ()
    assert judge_response(pair.contract, pair.following).findings == ()


@each(PAIRS)
def test_a_pair_follows_its_link(path: Path) -> None:
    pair = Pair.load(path)
    assert (pair.first.operation, pair.following.operation) == (pair.link.source, pair.link.target)


@each(BROKEN_EXCHANGES)
def test_an_invalid_exchange_breaks_exactly_what_it_says(path: Path) -> None:
    assert violations(judge_invalid_exchange(path).findings) == violations_in(read(path))


@each([path for path in BROKEN_EXCHANGES if "link" not in read(path)])
def test_the_request_of_an_invalid_exchange_is_valid(path: Path) -> None:
    """What is wrong is the answer; a refusal in a wrong form may answer any request."""
    contract, exchange = load_exchange(path)
    operation = contract.operations[exchange.operation]
    assert objections(judge_request(contract, operation, exchange.request).findings) == []


@each([*INVALID, *BROKEN_EXCHANGES])
def test_an_invalid_fixture_names_what_it_breaks_once(path: Path) -> None:
    listed = read(path)["violates"]
    assert listed
    assert len(listed) == len(violations_in({"violates": listed}))


@each(EVERY_FILE)
def test_a_fixture_is_named_by_what_it_shows(path: Path) -> None:
    assert KEBAB_CASE.fullmatch(path.stem)
    assert not EMPTY_WORDS & set(path.stem.split("-"))


@each(EVERY_FILE)
def test_a_fixture_is_small_and_written_in_one_form(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.encode()) <= LARGEST
    assert text == canonical(json.loads(text))


def test_no_two_fixtures_of_a_folder_hold_the_same() -> None:
    seen: dict[tuple[Path, str], Path] = {}
    for path in EVERY_FILE:
        content = (path.parent, canonical(json.loads(path.read_text("utf-8"))))
        assert content not in seen, f"{name_of(path)} repeats {name_of(seen[content])}"
        seen[content] = path
