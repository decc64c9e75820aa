"""A schema error is told as the person meant it: the intended branch, the nearest name."""

from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest

from orderspec.validation.explain import SchemaError, explain

ITEM = {
    "title": "Item",
    "type": "object",
    "required": ["name", "price"],
    "properties": {"name": {"type": "string"}, "price": {"type": "number"}},
}
CARD = {
    "type": "object",
    "required": ["kind", "number"],
    "properties": {"kind": {"const": "card"}, "number": {"type": "string", "maxLength": 4}},
}
CASH = {
    "type": "object",
    "required": ["kind", "given"],
    "properties": {"kind": {"const": "cash"}, "given": {"type": "integer"}},
}


def explained(schema: dict[str, Any], payload: Any) -> list[SchemaError]:
    """Explain what a validator says of a payload."""
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return explain(validator.iter_errors(payload), schema, payload)


def test_the_branch_of_the_payloads_type_is_the_intended_one() -> None:
    """A number, an item or a list of items: a broken item is told as a broken item."""
    schema = {"anyOf": [{"type": "number"}, ITEM, {"type": "array", "items": ITEM}]}
    (error,) = explained(schema, {"name": "Tea"})
    assert (error.keyword, error.at) == ("required", ())
    assert "'price' is missing" in error.message
    (error,) = explained(schema, [{"name": "Tea", "price": "2"}])
    assert (error.keyword, error.at) == ("type", (0, "price"))


def test_a_constant_tells_which_branch_was_meant() -> None:
    """The payment that says `cash` is judged as cash, however many members it lacks."""
    (error,) = explained({"oneOf": [CARD, CASH]}, {"kind": "cash", "given": "5"})
    assert (error.keyword, error.at) == ("type", ("given",))


def test_a_null_branch_never_hides_the_error_of_the_other() -> None:
    """An object that may be null is judged as the object that it is."""
    schema = {"properties": {"card": {"anyOf": [CARD, {"type": "null"}]}}}
    (error,) = explained(schema, {"card": {"kind": "card", "number": "12345"}})
    assert (error.keyword, error.at) == ("maxLength", ("card", "number"))
    assert error.got == "5 characters"


def test_branches_that_only_require_are_told_as_a_choice() -> None:
    """Neither of two members is there: both are named, as what they are, a choice."""
    schema = {"type": "object", "oneOf": [{"required": ["order"]}, {"required": ["errors"]}]}
    (error,) = explained(schema, {})
    assert error.expected == "exactly one of 'order', 'errors'"
    (error,) = explained(schema, {"order": 1, "errors": 2})
    assert "more than one" in error.message


def test_a_misspelt_member_is_pointed_at() -> None:
    """The nearest name that is there is offered."""
    (error,) = explained(ITEM, {"name": "Tea", "prize": 2})
    assert "did you mean 'price'" in error.message


def test_a_name_is_pointed_at_wherever_the_requirement_stands() -> None:
    """A member that the schema knows under its own name is no misspelling of another one."""
    names: dict[str, Any] = {"properties": {"type": {}, "typo": {}}}
    schema = {"$defs": {"Names": names}, "$ref": "#/$defs/Names", "allOf": [{"required": ["type"]}]}
    (error,) = explained({"allOf": [names, {"required": ["type"]}]}, {"typo": 1})
    assert error.message == "the member 'type' is missing"
    (error,) = explained(schema, {"Type": 1})
    assert error.message == "the member 'type' is missing; 'Type' is there: did you mean 'type'?"


def test_a_misspelt_choice_is_pointed_at() -> None:
    """One of several members must be there, and one is, nearly."""
    several = {"anyOf": [{"required": ["primary"]}, {"required": ["billing"]}]}
    schema = {"properties": {"primary": {}, "billing": {}}, **several}
    (error,) = explained(schema, {"biling": 1})
    assert error.message == (
        "expected one of 'primary', 'billing', got only 'biling'; "
        "'biling' is there: did you mean 'billing'?"
    )


def test_an_unknown_member_of_a_closed_object_is_told_with_what_it_may_mean() -> None:
    """The other members that are wrong are named, too."""
    schema = {"properties": {"price": {}}, "additionalProperties": False}
    (error,) = explained(schema, {"prize": 1, "z": 2})
    assert error.message == "unknown member 'prize', 'z': did you mean 'price'?"


def test_the_branch_that_knows_the_members_is_the_intended_one() -> None:
    """A broken address is told as an address, not as a list of addresses that lacks some."""
    address = {
        "type": "object",
        "required": ["street", "city"],
        "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
    }
    addresses = {"properties": {"home": address}, "anyOf": [{"required": ["home"]}]}
    schema = {"$defs": {"Address": address}, "anyOf": [{"$ref": "#/$defs/Address"}, addresses]}
    (error,) = explained(schema, {"street": "Main"})
    assert error.message == "the member 'city' is missing"
    (error,) = explained(schema, {"home": {"street": "Main"}})
    assert (error.at, error.message) == (("home",), "the member 'city' is missing")


def test_a_member_whose_name_is_a_number_is_not_an_index() -> None:
    """Validators write it as an index; the payload tells what it is."""
    schema = {"additionalProperties": {"type": "string"}}
    (error,) = explained(schema, {"0": 1})
    assert error.at == ("0",)


@pytest.mark.parametrize(
    "schema, payload, expected, got",
    [
        ({"type": ["string", "null"]}, 1, "a string or null", "1"),
        ({"enum": ["a", None]}, "b", 'one of "a", null', '"b"'),
        ({"multipleOf": 0.01}, Decimal("19.995"), "a multiple of 0.01", "19.995"),
        ({"maximum": 5}, 2**64, "at most 5", "18446744073709551616"),
        ({"minItems": 1}, [], "at least 1 element", "0 elements"),
        ({"uniqueItems": True}, [1, 1], "no element twice", "[1,1]"),
        ({"const": 1}, 2, "1", "2"),
        ({"format": "date-time"}, "today", "a text in the format date-time", '"today"'),
    ],
)
def test_expected_and_got_are_told_in_short_words(
    schema: dict[str, Any], payload: Any, expected: str, got: str
) -> None:
    """Each keyword has its words; values are JSON, with every digit."""
    (error,) = explained(schema, payload)
    assert (error.expected, error.got) == (expected, got)


def test_a_long_value_is_cut_to_a_short_line() -> None:
    """A message never carries a whole payload."""
    (error,) = explained({"type": "integer"}, {"text": "x" * 1000})
    assert len(error.got) <= 60
    assert error.got.endswith("…")
