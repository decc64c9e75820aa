"""Every clause has a line that a person can edit, and no report tells how a machine is laid out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from orderspec import pointer
from orderspec.contract import catalog, yaml_file
from orderspec.contract.clauses import clauses
from orderspec.contract.model import Contract
from orderspec.contract.places import operation_of, place_of, pointer_of
from orderspec.findings import SpecPlace
from tests.contract.conftest import Copy


@pytest.fixture(params=catalog.providers())
def contract(request: pytest.FixtureRequest) -> Contract:
    return catalog.load(request.param)


def line_of(place: SpecPlace) -> str:
    """Read the text that stands at a place."""
    path = catalog.spec_folder().parent / place.file
    return path.read_text("utf-8").splitlines()[place.line - 1][place.column - 1 :]


def test_every_clause_of_a_campaign_has_a_place(contract: Contract) -> None:
    for identifier in clauses(contract):
        place = place_of(contract, identifier)
        assert place is not None
        assert place.file.startswith(f"spec/{contract.name}/")
        content = yaml_file.load(catalog.spec_folder().parent / place.file)
        pointer.follow(content, pointer.parse(place.pointer))


def test_a_rule_stands_where_its_id_is_written(contract: Contract) -> None:
    for identifier in contract.rules:
        place = place_of(contract, identifier)
        assert place is not None
        assert line_of(place) == f"- id: {identifier}" or line_of(place) == f"id: {identifier}"


def test_every_promise_of_an_operation_binds_it_alone(contract: Contract) -> None:
    for operation in contract.operations:
        assert operation_of(contract, f"{contract.name}.{operation}.accepts") == operation


def test_a_clause_between_exchanges_binds_what_the_link_leads_to(contract: Contract) -> None:
    for operation in contract.operations.values():
        for link in operation.links:
            bound = {operation_of(contract, rule.id) for rule in link.rules}
            assert bound <= {link.target, ""}


def test_a_rule_of_a_schema_binds_several(acme: Copy) -> None:
    contract = catalog.load(str(acme.description))
    of_schemas = [rule.id for rule in contract.rules.values() if "/schemas/" in rule.where]
    assert of_schemas
    assert {operation_of(contract, identifier) for identifier in of_schemas} == {""}


def test_that_an_answer_has_its_shape_stands_at_the_answer(acme: Copy) -> None:
    contract = catalog.load(str(acme.description))
    operation = next(iter(contract.operations.values()))
    status = next(iter(operation.responses))
    where = pointer_of(contract, f"acme.{operation.id}.response.{status}")
    assert where == pointer.join(
        ("paths", operation.path, operation.method.lower(), "responses", status)
    )


def test_a_keyword_stands_in_the_file_that_it_was_bundled_from(acme: Copy) -> None:
    contract = catalog.load(str(acme.description))
    place = place_of(contract, "acme/Money", "/components/schemas/Money/title")
    assert place is not None
    assert (place.file, place.pointer) == ("schemas/money.yaml", "/title")
    line = (acme.folder / "schemas/money.yaml").read_text("utf-8").splitlines()[place.line - 1]
    assert line.startswith("title:")


def test_a_description_outside_of_the_working_folder_is_named_without_its_path(
    acme: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = catalog.load(str(acme.description))
    operation = next(iter(contract.operations))
    outside = place_of(contract, f"acme.{operation}.status")
    monkeypatch.chdir(acme.folder.parent)
    inside = place_of(contract, f"acme.{operation}.status")
    assert outside is not None
    assert inside is not None
    assert (outside.file, inside.file) == ("openapi.yaml", "acme/openapi.yaml")


def test_what_the_contract_does_not_have_has_no_place(acme: Copy) -> None:
    contract = catalog.load(str(acme.description))
    assert place_of(contract, "acme.nothing.status") is None
    assert operation_of(contract, "acme.nothing.status") == ""


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("a: [", "utf-8")])
def test_a_file_that_is_gone_or_broken_since_costs_the_place_only(
    acme: Copy, spoil: Callable[[Path], object]
) -> None:
    contract = catalog.load(str(acme.description))
    spoil(acme.description)
    operation = next(iter(contract.operations))
    assert place_of(contract, f"acme.{operation}.status") is None
