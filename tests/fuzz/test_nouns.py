"""What requests refer to, and the names that people know it by."""

from typing import Any

from orderspec.contract.model import Contract
from orderspec.contract.nouns import examples_of, given_nouns, local_nouns, nouns, nouns_by_place
from tests.fuzz import stall
from tests.fuzz.kiosk import contract


def document(schemas: dict[str, Any]) -> Contract:
    return Contract("some", {"components": {"schemas": schemas}}, {}, {}, {}, {})


def test_the_nouns_of_a_contract_are_a_requests_or_the_servers() -> None:
    assert local_nouns(contract()) == {"line", "deal"}
    assert given_nouns(contract()) == {"order"}
    assert nouns(contract()) == {"shop", "order"}


def test_examples_are_of_what_no_request_makes() -> None:
    assert examples_of(contract()) == {"shop": ["S1", "S2"]}
    assert examples_of(stall.contract()) == {"tenant": ["north"]}


def test_members_and_parameters_lead_to_what_they_refer_to() -> None:
    assert nouns_by_place(contract()) == {"shop": {"shop"}, "id": {"order"}}
    assert nouns_by_place(stall.contract()) == {
        "tenant": {"tenant"},
        "id": {"order"},
        "line_id": {"line"},
        "cursor": {"cursor"},
    }


def test_references_and_lists_are_looked_through() -> None:
    some = document(
        {
            "Id": {"type": "string", "x-refers-to": "place"},
            "Body": {
                "properties": {
                    "place_id": {"$ref": "#/components/schemas/Id"},
                    "place_ids": {"items": {"$ref": "#/components/schemas/Id"}},
                    "round": {"$ref": "#/components/schemas/Body/properties/round"},
                    "free": {"type": "string"},
                    "any": True,
                }
            },
        }
    )
    assert nouns_by_place(some) == {"place_id": {"place"}, "place_ids": {"place"}}


def test_a_name_with_several_meanings_has_them_all() -> None:
    tags = {"properties": {"ref": {"x-refers-to": "tag"}}}
    shops = {"properties": {"ref": {"x-refers-to": "shop"}}}
    assert nouns_by_place(document({"A": tags, "B": shops})) == {"ref": {"tag", "shop"}}
