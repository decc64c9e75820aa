"""The model of a contract says what its document says."""

import pytest

from orderspec.contract import catalog
from orderspec.contract.build import evidence_at
from orderspec.contract.model import Contract
from orderspec.errors import ContractError
from orderspec.findings import ClauseKind, Level, Severity
from tests.contract.conftest import Copy

OPENAPI, ORDER = "openapi.yaml", "schemas/order.yaml"


def load(acme: Copy) -> Contract:
    return catalog.load(str(acme.description))


def test_an_operation_has_its_parameters_body_and_responses(acme: Copy) -> None:
    create, retrieve = load(acme).operations.values()
    assert (create.method, create.path, create.body_required) == ("POST", "/orders", True)
    assert create.body == "#/components/schemas/Order"
    assert [(one.name, one.location, one.required) for one in retrieve.parameters] == [
        ("id", "path", True)
    ]
    assert retrieve.body is None


def test_a_status_has_the_response_of_its_code_its_class_or_the_default(acme: Copy) -> None:
    acme.change(OPENAPI, "        default:\n", "        4xx:\n")
    create = load(acme).operations["CreateOrder"]
    created, refused = create.response_for(201), create.response_for(404)
    assert created
    assert created.schema == "#/components/schemas/Order"
    assert refused
    assert (refused.status, refused.schema) == ("4XX", "#/components/schemas/Refusal")
    assert create.response_for(500) is None


def test_a_referenced_response_may_have_words_beside_the_reference(acme: Copy) -> None:
    acme.change(
        OPENAPI,
        "          $ref: '#/components/responses/Refused'\n",
        "          description: Not made.\n          $ref: '#/components/responses/Refused'\n",
    )
    refused = load(acme).operations["CreateOrder"].response_for(500)
    assert refused
    assert refused.schema == "#/components/schemas/Refusal"


def test_an_inline_body_is_a_pointer_that_can_stand_in_a_reference(acme: Copy) -> None:
    old = "              $ref: schemas/order.yaml\ncomponents:"
    acme.change(OPENAPI, old, "              type: object\ncomponents:")
    found = load(acme).operations["RetrieveOrder"].response_for(200)
    assert found
    assert found.schema == (
        "#/paths/~1orders~1%7Bid%7D/get/responses/200/content/application~1json/schema"
    )


def test_a_link_leads_from_an_operation_to_another_with_rules_of_its_own(acme: Copy) -> None:
    (link,) = load(acme).operations["CreateOrder"].links
    assert (link.source, link.target) == ("CreateOrder", "RetrieveOrder")
    assert link.parameters == {"id": "$response.body#/id"}
    assert [rule.kind for rule in link.rules] == [ClauseKind.LINK]


def test_rules_are_found_wherever_they_stand(acme: Copy) -> None:
    assert set(load(acme).rules) == {
        "acme.create-order.keeps-lines",
        "acme.order.total",
        "acme.order.free-lines",
        "acme.retrieve-order.reads-back",
    }


def test_the_nearest_evidence_upwards_counts(acme: Copy) -> None:
    rules = load(acme).rules
    own, above = rules["acme.retrieve-order.reads-back"], rules["acme.order.total"]
    assert own.evidence
    assert (own.evidence.level, own.evidence.severity) == (Level.INFERRED, Severity.WARNING)
    assert above.evidence
    assert (above.evidence.level, above.evidence.severity) == (Level.STATED, Severity.ERROR)


def test_without_evidence_above_there_is_none() -> None:
    assert evidence_at({"a": {"b": 1}}, ("a", "b")) is None


@pytest.mark.parametrize(
    "file,old,new,says",
    [
        (ORDER, "id: acme.order.total", "id: acme.order.free-lines", "taken twice"),
        (ORDER, "    message: No line of an order is negative\n", "", "missing: 'message'"),
        (ORDER, "level: stated", "level: sure", "source and a level"),
        (OPENAPI, "      operationId: RetrieveOrder\n      parameters:\n        id:",
         "      operationId: None\n      parameters:\n        id:", "leads to no operation"),
        (OPENAPI, "      operationId: RetrieveOrder\n      parameters:\n        id:",
         "      x-after: nothing\n      operationId: RetrieveOrder\n      parameters:\n        id:",
         "comes after none"),
        (OPENAPI, "paths:\n", "security: [{key: []}]\npaths:\n", "unknown scheme 'key'"),
        (OPENAPI, "        - name: id\n", "        - nome: id\n", "orderspec lint"),
        (OPENAPI, "          $ref: '#/components/responses/Refused'",
         "          $ref: '#/paths/~1orders/post/responses/default'", "leads back to itself"),
    ],
)  # fmt: skip
def test_a_contract_that_is_not_whole_is_an_error(
    acme: Copy, file: str, old: str, new: str, says: str
) -> None:
    acme.change(file, old, new)
    with pytest.raises(ContractError, match=says):
        load(acme)


@pytest.mark.parametrize("name", catalog.providers())
def test_every_clause_of_every_contract_has_evidence_from_a_known_source(name: str) -> None:
    contract = catalog.load(name)
    assert contract.operations
    found = [rule.evidence for rule in contract.rules.values()]
    found += [operation.evidence for operation in contract.operations.values()]
    for evidence in found:
        assert evidence
        assert evidence.source in contract.sources
