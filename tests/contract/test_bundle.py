"""Many files become one document, whose references stay inside it."""

import json
from pathlib import Path

import pytest

from orderspec import pointer
from orderspec.contract import catalog
from orderspec.contract.bundle import FILE_KEYWORD, bundle, pascal_case, published
from orderspec.contract.lint.files import mappings, references
from orderspec.errors import ContractError
from tests.contract.conftest import Copy

OPENAPI, ORDER, MONEY = "openapi.yaml", "schemas/order.yaml", "schemas/money.yaml"


def test_every_file_becomes_a_component_named_by_its_title(acme: Copy) -> None:
    schemas = bundle(acme.description)["components"]["schemas"]
    assert list(schemas) == ["Money", "Order", "Refusal"]


def test_references_lead_to_components(acme: Copy) -> None:
    document = bundle(acme.description)
    items = document["components"]["schemas"]["Order"]["properties"]["lines"]["items"]
    assert items == {"$ref": "#/components/schemas/Money"}


def test_a_component_remembers_its_file_until_it_is_published(acme: Copy) -> None:
    document = bundle(acme.description)
    money = document["components"]["schemas"]["Money"]
    assert money[FILE_KEYWORD] == str((acme.folder / MONEY).resolve())
    assert FILE_KEYWORD not in json.dumps(published(document))


def test_a_reference_to_a_place_in_another_file_keeps_its_place(acme: Copy) -> None:
    acme.change(OPENAPI, "$ref: schemas/refusal.yaml", "$ref: schemas/order.yaml#/properties/id")
    refused = bundle(acme.description)["components"]["responses"]["Refused"]
    reference = refused["content"]["application/json"]["schema"]["$ref"]
    assert reference == "#/components/schemas/Order/properties/id"


def test_a_reference_within_a_file_stays_in_its_component(acme: Copy) -> None:
    acme.change(ORDER, "    $ref: money.yaml\n  lines", "    $ref: '#/properties/key'\n  lines")
    order = bundle(acme.description)["components"]["schemas"]["Order"]
    assert order["properties"]["total"]["$ref"] == "#/components/schemas/Order/properties/key"


def test_a_schema_may_refer_to_itself(acme: Copy) -> None:
    acme.change(ORDER, "    $ref: money.yaml\n  lines", "    $ref: order.yaml\n  lines")
    order = bundle(acme.description)["components"]["schemas"]["Order"]
    assert order["properties"]["total"]["$ref"] == "#/components/schemas/Order"


def test_two_files_of_one_title_get_two_names(acme: Copy) -> None:
    acme.change(MONEY, "title: Money", "title: Order")
    assert list(bundle(acme.description)["components"]["schemas"]) == ["Order", "Order2", "Refusal"]


def test_a_component_of_the_description_itself_keeps_its_name(acme: Copy) -> None:
    acme.change(OPENAPI, "components:\n", "components:\n  schemas:\n    Order: {type: string}\n")
    schemas = bundle(acme.description)["components"]["schemas"]
    assert schemas["Order"] == {"type": "string"}
    assert schemas["Order2"]["title"] == "Order"


@pytest.mark.parametrize(
    "reference,says",
    [
        ("schemas/none.yaml", "no such file"),
        ("https://acme.example/x.yaml", "only files beside"),
        ("'#/components/none'", "leads nowhere"),
    ],
)
def test_a_reference_that_leads_nowhere_is_an_error(acme: Copy, reference: str, says: str) -> None:
    acme.change(OPENAPI, "$ref: schemas/refusal.yaml", f"$ref: {reference}")
    with pytest.raises(ContractError, match=says):
        bundle(acme.description)


@pytest.mark.parametrize("components", ["[1]", "{schemas: [1]}", "text"])
def test_components_of_another_type_are_an_error(acme: Copy, components: str) -> None:
    acme.write(OPENAPI, f"openapi: 3.1.0\ncomponents: {components}\n")
    with pytest.raises(ContractError, match="are mappings"):
        bundle(acme.description)


@pytest.mark.parametrize(
    "stem,name",
    [("order", "Order"), ("order-line-item", "OrderLineItem"), ("v2_order", "V2Order")],
)
def test_a_file_name_in_pascal_case(stem: str, name: str) -> None:
    assert pascal_case(stem) == name


@pytest.mark.parametrize("name", catalog.providers())
def test_the_bundle_of_every_contract_is_closed(name: str) -> None:
    """Every reference is inside; no schema sets an identity that would move it outside."""
    document = catalog.load(name).document
    found = [reference for _, reference in references(document)]
    assert found
    for reference in found:
        assert reference.startswith("#/")
        pointer.follow(document, pointer.parse(reference))
    assert not [at for at, members in mappings(document) if isinstance(members.get("$id"), str)]


ITEM = {"get": {"operationId": "GetThing", "responses": {"200": {"description": "It."}}}}
DESCRIPTION = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}


def test_operations_of_a_path_may_stand_among_the_components(tmp_path: Path) -> None:
    whole = {
        **DESCRIPTION,
        "paths": {"/things": {"$ref": "#/components/pathItems/Thing", "summary": "Things"}},
        "components": {"pathItems": {"Thing": ITEM}},
    }
    (tmp_path / "openapi.json").write_text(json.dumps(whole), "utf-8")
    assert bundle(tmp_path / "openapi.json")["paths"]["/things"] == {**ITEM, "summary": "Things"}


def test_operations_of_a_path_may_stand_in_a_file_with_references_of_its_own(
    tmp_path: Path,
) -> None:
    answer = {
        "description": "It.",
        "content": {"application/json": {"schema": {"$ref": "it.json"}}},
    }
    item = {"get": {"operationId": "GetThing", "responses": {"200": answer}}}
    (tmp_path / "paths").mkdir()
    (tmp_path / "paths" / "things.json").write_text(json.dumps({"one": item}), "utf-8")
    (tmp_path / "paths" / "it.json").write_text('{"title": "It", "type": "object"}', "utf-8")
    whole = {**DESCRIPTION, "paths": {"/things": {"$ref": "paths/things.json#/one"}}}
    (tmp_path / "openapi.json").write_text(json.dumps(whole), "utf-8")
    contract = catalog.load(str(tmp_path / "openapi.json"))
    assert contract.operations["GetThing"].responses["200"].schema == "#/components/schemas/It"


@pytest.mark.parametrize(
    "reference",
    [
        "#/components/pathItems/None",
        "none.yaml",
        "https://a.example/b.yaml",
        "#/info/title",
        "#/components/pathItems/Again",
    ],
)
def test_operations_that_are_nowhere_are_an_error(tmp_path: Path, reference: str) -> None:
    again = {"pathItems": {"Again": {"$ref": "#/components/pathItems/Again"}}}
    whole = {**DESCRIPTION, "paths": {"/things": {"$ref": reference}}, "components": again}
    (tmp_path / "openapi.json").write_text(json.dumps(whole), "utf-8")
    with pytest.raises(ContractError, match=r"no such file|leads nowhere|leads to no operations"):
        bundle(tmp_path / "openapi.json")
