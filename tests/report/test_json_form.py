"""The JSON form holds what applies, with every number exact."""

import json
from dataclasses import fields
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderspec.findings import Finding, Severity, SpecPlace
from orderspec.report.json_form import dumps, finding_form, validation_form
from tests.report.material import DOUBTFUL, JUDGED, UNREADABLE, WRONG, tally_of

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_what_is_written_reads_back_the_same(value: object) -> None:
    text = dumps(value).encode("utf-8", "backslashreplace")
    assert json.loads(text, parse_float=Decimal) == value


@pytest.mark.parametrize(
    "value, text",
    [
        (2**64, "18446744073709551616"),
        (Decimal("19.990"), "19.990"),
        (Decimal("1E+400"), "1E+400"),
        (0.01, "0.01"),
        ([], "[]"),
        ({}, "{}"),
        ({"a": [1, {"b": None}]}, '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ]\n}'),
    ],
)
def test_the_text_is_exact_and_indented(value: object, text: str) -> None:
    assert dumps(value) == f"{text}\n"


@pytest.mark.parametrize("value", [Decimal("NaN"), float("inf"), {1, 2}])
def test_what_json_has_no_form_for_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        dumps(value)


def test_what_does_not_apply_is_absent() -> None:
    bare = Finding(Severity.WARNING, "shop/Order", "odd")
    assert finding_form(bare) == {
        "severity": "warning",
        "clause": "shop/Order",
        "at": "",
        "message": "odd",
    }


def test_every_attribute_of_a_finding_has_its_place_in_the_form() -> None:
    whole = Finding(
        **{
            **{field.name: 1 for field in fields(Finding)},  # type: ignore[arg-type]  # any value does
            "severity": Severity.ERROR,
            "evidence": WRONG.evidence,
            "spec": SpecPlace("a.yaml", 1, 1, ""),
        }
    )
    assert set(finding_form(whole)) == {field.name for field in fields(Finding)} - {
        "where",
        "excerpt",
    }


def test_evidence_has_its_note_where_there_is_one() -> None:
    assert finding_form(WRONG)["evidence"] == {"level": "stated", "source": "shop-reference"}
    assert finding_form(DOUBTFUL)["evidence"]["note"] == "Nothing says so."


def test_a_validation_counts_lists_and_names_what_could_not_be_read() -> None:
    form = validation_form(tally_of(JUDGED, UNREADABLE), detected=False)
    assert form["summary"] == {"documents": 3, "valid": 2, "errors": 2, "warnings": 1}
    assert len(form["findings"]) == 3
    assert form["unreadable"][1] == {"file": "gone.json", "message": "no such file or folder"}
    assert form["unreadable"][0].keys() == {"file", "line", "column", "message", "hint"}
    assert "detected" not in form


def test_a_schema_that_nobody_named_comes_with_its_reason() -> None:
    form = validation_form(tally_of(JUDGED, ()), detected=True)
    assert form["detected"][1] == {
        "file": JUDGED[1].file,
        "document": 3,
        "schema": "shop/Order",
        "reason": "it is the only one",
    }
