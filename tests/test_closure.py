"""Nothing of a contract goes without a fixture: the walk finds work, and leaves nothing out."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

import pytest

from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.fixtures import links
from orderspec.rules import Outcome, Status
from orderspec.server import faults
from orderspec.validation.exchanges import judge_response
from orderspec.validation.plan import READ_ONLY, plan_of
from tests import fixture_files
from tests.fixture_files import (
    BROKEN_EXCHANGES,
    EXCHANGED,
    INVALID,
    PAIRS,
    VALID,
    Fixture,
    Pair,
    every_exchange,
    provider_of,
    read,
    request_bodies,
    response_bodies,
    schema_of,
    violations_in,
)

# Keywords that never fail themselves: what fails is a keyword inside them.
STRUCTURE = {
    "$ref", "additionalProperties", "allOf", "items", "prefixItems", "properties",
    "patternProperties", "if", "then", "else", "$defs", "dependentSchemas",
}  # fmt: skip
# Keywords that say something about a value, and bind it to nothing.
ANNOTATIONS = {"title", "description", "default", "examples", "writeOnly", "$comment", "$id"}
# Keywords whose value maps names to schemas, so that its members are no keywords.
MAPS = {"properties", "patternProperties", "$defs", "dependentSchemas"}
# Formats that JSON Schema knows; any other says something to readers only.
FORMATS = {"date", "date-time", "duration", "email", "ipv4", "ipv6", "time", "uri", "uuid"}

each_provider = pytest.mark.parametrize("provider", catalog.providers())


@lru_cache
def passed(provider: str) -> frozenset[str]:
    """Name every rule that a valid fixture of a provider exercises."""
    return frozenset(one.rule.id for one in _outcomes(provider) if one.status is Status.PASS)


def _outcomes(provider: str) -> Iterator[Outcome]:
    for path in VALID:
        if provider_of(path) == provider:
            yield from Fixture.load(path).judge().outcomes
    for contract, exchange in every_exchange(provider):
        yield from judge_response(contract, exchange).outcomes
    for path in PAIRS:
        if provider_of(path) == provider:
            yield from Pair.load(path).judge().outcomes


@lru_cache
def unkept(provider: str) -> frozenset[str]:
    """Name every rule that a valid fixture of a provider breaks: no document speaks of these."""
    return frozenset(one.rule.id for one in _outcomes(provider) if one.status is Status.FAIL)


@lru_cache
def broken(provider: str) -> frozenset[str]:
    """Name every rule and keyword that an invalid fixture of a provider says it breaks."""
    paths = (path for path in [*INVALID, *BROKEN_EXCHANGES] if provider_of(path) == provider)
    return frozenset(clause for path in paths for _, clause in violations_in(read(path)))


def unsure(contract: Contract) -> set[str]:
    return {rule.id for rule in contract.rules.values() if rule.refusal == "unsure"}


def binding_keywords(schema: Any) -> Iterator[str]:
    """Walk a schema for the keywords that a payload can break."""
    members = schema.items() if isinstance(schema, dict) else ()
    for keyword, value in members:
        if keyword in ANNOTATIONS or keyword.startswith("x-") or value is False:
            continue
        if keyword not in STRUCTURE and not (keyword == "format" and value not in FORMATS):
            yield keyword
        inside = (
            value.values() if keyword in MAPS else value if isinstance(value, list) else [value]
        )
        yield from chain.from_iterable(map(binding_keywords, inside))


def sends_read_only(contract: Contract) -> bool:
    """Tell whether a request leads to a read-only member: in an answer it cannot be broken."""
    plan = plan_of(contract)
    for reference in request_bodies(contract):
        plan.visit(reference, None)
        if READ_ONLY in plan.node(reference).reach:
            return True
    return False


def test_spec_fixtures_and_servers_have_the_same_providers() -> None:
    assert catalog.providers() == fixture_files.providers() == faults.names() != []


@each_provider
def test_the_walk_finds_fixtures_of_every_kind(provider: str) -> None:
    """A glob that matches nothing would let every other test pass."""
    for kind in (VALID, INVALID, EXCHANGED, PAIRS, BROKEN_EXCHANGES):
        assert any(provider_of(path) == provider for path in kind)


@each_provider
def test_every_json_file_is_of_some_kind(provider: str) -> None:
    found = {*VALID, *INVALID, *EXCHANGED, *PAIRS, *BROKEN_EXCHANGES}
    stray = set((fixture_files.FOLDER / provider).rglob("*")) - found
    assert [path for path in stray if not path.is_dir()] == []


@each_provider
def test_every_rule_is_kept_by_a_valid_fixture(provider: str) -> None:
    assert catalog.load(provider).rules.keys() - passed(provider) == set()


@each_provider
def test_every_rule_that_binds_is_broken_by_an_invalid_fixture(provider: str) -> None:
    contract = catalog.load(provider)
    assert contract.rules.keys() - unsure(contract) - broken(provider) == set()


@each_provider
def test_every_rule_that_is_unsure_is_broken_by_a_valid_fixture(provider: str) -> None:
    assert unkept(provider) == unsure(catalog.load(provider))


@each_provider
def test_every_keyword_is_broken_by_an_invalid_fixture(provider: str) -> None:
    contract = catalog.load(provider)
    schemas = contract.document["components"]["schemas"]
    used = set(chain.from_iterable(map(binding_keywords, schemas.values())))
    assert used
    unbroken = used - broken(provider)
    assert unbroken - (set() if sends_read_only(contract) else {READ_ONLY}) == set()


@each_provider
def test_every_body_has_valid_and_invalid_fixtures(provider: str) -> None:
    contract = catalog.load(provider)
    bodies = request_bodies(contract) | response_bodies(contract)
    titles = {title for title, reference in contract.schemas.items() if reference in bodies}
    for kind in (VALID, INVALID):
        shown = {schema_of(path) for path in kind if provider_of(path) == provider}
        assert titles - shown == set()


@each_provider
def test_every_folder_is_a_schema_of_the_contract(provider: str) -> None:
    assert set(fixture_files.schemas(provider)) <= catalog.load(provider).schemas.keys()


@each_provider
def test_every_operation_succeeds_in_an_exchange(provider: str) -> None:
    succeeded = {
        exchange.operation for _, exchange in every_exchange(provider) if exchange.response.ok
    }
    assert succeeded == catalog.load(provider).operations.keys()


@each_provider
def test_every_link_is_followed_by_a_pair(provider: str) -> None:
    followed = {read(path)["link"] for path in PAIRS if provider_of(path) == provider}
    assert followed == links(catalog.load(provider)).keys()
