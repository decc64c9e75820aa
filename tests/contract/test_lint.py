"""Every check of lint, proved by breaking a contract that is clean."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from orderspec.contract import catalog
from orderspec.contract.lint import lint
from orderspec.errors import ContractError
from orderspec.findings import Severity
from orderspec.rules.lint import check_cel
from tests.contract.conftest import Copy

OPENAPI, SOURCES = "openapi.yaml", "sources.yaml"
ORDER, MONEY, REFUSAL = "schemas/order.yaml", "schemas/money.yaml", "schemas/refusal.yaml"


@dataclass(frozen=True, slots=True)
class Break:
    """One way to break the contract, and what lint must say of it.

    Attributes:
        what: the test's name.
        file: the file to change.
        old: the text to replace.
        new: the text that breaks it.
        clause: the check that must find it.
        at: the first words of the place that it must name; all of `new` where empty.
        says: words of the message or of what is expected.
        of: the file that the finding is in, where it is another one.
    """

    what: str
    file: str
    old: str
    new: str
    clause: str
    at: str = ""
    says: str = ""
    of: str = field(default="")


BREAKS = (
    Break("a-member-twice", ORDER, "type: object\n", "type: object\ntype: string\n", "yaml",
          "type: string\nrequired", "'type' stands twice"),
    Break("an-unclosed-list", ORDER, "[lines]", "[lines", "yaml", ":\n  id", "not YAML"),
    Break("a-misspelt-keyword", MONEY, "minimum:", "minimun:", "unknown-keyword",
          "minimun", "did you mean 'minimum'?"),
    Break("an-unknown-extension-in-a-schema", ORDER, "x-names", "x-nouns", "unknown-keyword"),
    Break("an-unknown-extension-of-an-operation", OPENAPI, "      operationId: CreateOrder\n",
          "      operationId: CreateOrder\n      x-nice: true\n", "unknown-keyword", "x-nice"),
    Break("rules-on-a-response", OPENAPI, "      description: The request was refused.\n",
          "      description: The request was refused.\n      x-rules: []\n",
          "misplaced-keyword", "x-rules: []"),
    Break("a-schema-keyword-on-a-parameter", OPENAPI, "          in: path\n",
          "          in: path\n          x-fresh: true\n", "misplaced-keyword", "x-fresh"),
    Break("an-unknown-format", ORDER, "format: date-time", "format: datetime", "unknown-format",
          "", "did you mean 'date-time'?"),
    Break("a-type-that-is-none", ORDER, "type: object", "type: objet", "metaschema"),
    Break("a-bound-that-is-no-number", MONEY, "minimum: -1000", "minimum: low", "metaschema"),
    Break("a-pattern-that-does-not-compile", ORDER, "    minLength: 1\n",
          "    minLength: 1\n    pattern: '('\n", "metaschema", "pattern"),
    Break("a-title-unlike-the-file", MONEY, "title: Money", "title: Cash", "title", "",
          "title: Money"),
    Break("no-title", MONEY, "title: Money\n", "", "title", "x-evidence"),
    Break("a-schema-that-nothing-refers-to", OPENAPI, "$ref: schemas/refusal.yaml",
          "$ref: schemas/order.yaml", "unreachable", "title", "Refusal", REFUSAL),
    Break("a-link-that-nothing-refers-to", OPENAPI,
          "          links:\n            retrieve:\n"
          "              $ref: '#/components/links/Retrieve'\n", "", "unreachable", "Retrieve:\n"),
    Break("a-reference-to-no-file", ORDER, "    $ref: money.yaml\n  lines",
          "    $ref: monney.yaml\n  lines", "reference", "$ref: monney", "names no file"),
    Break("a-reference-to-no-place", OPENAPI, "$ref: '#/components/responses/Refused'",
          "$ref: '#/components/responses/Refusd'", "reference", "", "there is no 'Refusd'"),
    Break("a-reference-to-another-host", OPENAPI, "$ref: schemas/refusal.yaml",
          "$ref: https://acme.example/refusal.yaml", "reference", "", "not relative"),
    Break("an-absolute-reference", OPENAPI, "$ref: schemas/refusal.yaml",
          "$ref: /schemas/refusal.yaml", "reference", "", "not relative"),
    Break("an-id", MONEY, "title: Money\n", "title: Money\n$id: money\n", "identity", "$id"),
    Break("a-file-of-the-bundle", MONEY, "title: Money\n", "title: Money\nx-file: a\n", "identity",
          "x-file"),
    Break("evidence-without-a-source", MONEY, "{source: acme-guide, level: shown}",
          "{level: shown}", "evidence-source", "x-evidence"),
    Break("evidence-from-an-unknown-source", MONEY, "source: acme-guide", "source: acme-gide",
          "evidence-source", "", "did you mean 'acme-guide'?"),
    Break("evidence-of-an-unknown-level", MONEY, "level: shown", "level: likely",
          "evidence-level"),
    Break("inferred-without-a-note", MONEY, "level: shown", "level: inferred", "evidence-note",
          "x-evidence"),
    Break("evidence-with-an-unknown-member", MONEY, "level: shown", "level: shown, page: 3",
          "evidence", "page"),
    Break("evidence-that-is-a-text", MONEY, "{source: acme-guide, level: shown}", "acme-guide",
          "evidence", "x-evidence"),
    Break("a-schema-file-without-evidence", MONEY,
          "x-evidence: {source: acme-guide, level: shown}\n", "", "no-evidence", "title"),
    Break("a-source-that-nothing-rests-on", OPENAPI, "; acme-forum asks for the same", "",
          "unused-source", "acme-forum", "", SOURCES),
    Break("a-source-without-a-title", SOURCES, "    title: A question about changed orders\n",
          "    date: '2024-05-02'\n", "sources", "acme-forum"),
    Break("a-table-of-an-unknown-schema", SOURCES, "schema: Order", "schema: Ordr", "table",
          "schema: Ordr", "did you mean 'Order'?"),
    Break("a-table-of-no-place-in-a-schema", SOURCES, "schema: Order",
          "schema: 'Order#/properties/buyer'", "table", "schema: 'Order", "there is no schema"),
    Break("a-table-of-an-unknown-operation", SOURCES, "operation: RetrieveOrder",
          "operation: RetriveOrder", "table", "operation: Retriv", "did you mean 'RetrieveOrder'?"),
    Break("a-table-of-nothing", SOURCES, "        schema: Order\n", "", "table", "Order:\n",
          "{schema: <Title>"),
    Break("a-table-of-a-schema-and-an-operation", SOURCES, "        schema: Order\n",
          "        schema: Order\n        operation: CreateOrder\n", "table", "Order:\n"),
    Break("a-table-without-members", SOURCES, "        members: [id]\n", "", "table",
          "Path of an order"),
    Break("an-empty-table", SOURCES, "members: [id]", "members: []", "table", "Path of an order"),
    Break("no-table-under-tables", SOURCES, "    title: A question about changed orders\n",
          "    title: A question about changed orders\n    tables: {}\n", "table", "tables: {}"),
    Break("a-table-with-a-member-that-the-schema-lacks", SOURCES, "total, lines", "totl, lines",
          "table", "totl", "did you mean 'total'?"),
    Break("a-table-with-a-parameter-that-the-operation-lacks", SOURCES, "members: [id]",
          "members: [ids]", "table", "ids]", "did you mean 'id'?"),
    Break("a-table-with-a-member-twice", SOURCES, "total, lines", "total, {sum: total}, lines",
          "table", "{sum", "'total' stands twice"),
    Break("a-table-with-a-printed-name-twice", SOURCES, "state, total", "state, {state: total}",
          "table", "{state", "'state' stands twice"),
    Break("a-table-with-a-member-of-two-names", SOURCES, "{placed (a time): placed_at}",
          "{placed: placed_at, at: placed_at}", "table", "{placed", "neither a name"),
    Break("a-rule-with-an-unknown-member", ORDER, "refusal: allowed", "refused: allowed", "rule"),
    Break("a-rule-without-a-message", ORDER,
          "    message: No line of an order is negative\n", "", "rule",
          "id: acme.order.free-lines", "no message"),
    Break("a-rule-whose-check-is-no-text", ORDER, "check: compare(line, 0) >= 0", "check: true",
          "rule"),
    Break("an-unknown-refusal", ORDER, "refusal: allowed", "refusal: maybe", "rule"),
    Break("an-unsure-rule-that-a-document-speaks-of", ORDER, "refusal: allowed",
          "refusal: unsure", "rule", "", "the rule is stated"),
    Break("an-unsure-rule-on-answers", OPENAPI, "- id: acme.retrieve-order.reads-back\n",
          "- id: acme.retrieve-order.reads-back\n          refusal: unsure\n", "rule",
          "refusal: unsure", "never be reported"),
    Break("a-reachable-that-is-no-boolean", ORDER, "refusal: allowed", "reachable: maybe", "rule"),
    Break("a-rule-id-in-capitals", OPENAPI, "id: acme.retrieve-order.reads-back",
          "id: acme.Retrieve.reads-back", "rule-id"),
    Break("a-rule-id-of-another-provider", ORDER, "id: acme.order.total", "id: acne.order.total",
          "rule-id", "", "acme.<noun>.<promise>"),
    Break("a-rule-id-without-a-noun", ORDER, "id: acme.order.total", "id: acme.total", "rule-id"),
    Break("a-rule-id-taken-twice", ORDER, "id: acme.order.free-lines", "id: acme.order.total",
          "rule-id", "id: acme.order.total\n    each", "taken already"),
    Break("cel-that-does-not-compile", ORDER, "check: compare(line, 0) >= 0",
          "check: compare(line, 0) >=", "rule-cel"),
    Break("a-when-that-does-not-compile", ORDER, "when: size(self.lines) > 0",
          "when: size(self.lines >", "rule-cel"),
    Break("an-unbound-variable", ORDER, "check: compare(line, 0) >= 0",
          "check: compare(lime, 0) >= 0", "rule-variable", "", "line, self"),
    Break("a-response-on-a-schema", ORDER, "when: size(self.lines) > 0",
          "when: has(response.body)", "rule-variable"),
    Break("a-self-on-an-operation", OPENAPI, "size(response.body.lines) ==", "size(self.lines) ==",
          "rule-variable", "check: size(self"),
    Break("a-request-on-a-link", OPENAPI, "echoes(first.response.body,", "echoes(request.body,",
          "rule-variable", "check: echoes(request", "first, next"),
    Break("an-unknown-function", ORDER, "check: compare(line, 0) >= 0",
          "check: compere(line, 0) >= 0", "rule-function", "", "did you mean 'compare'?"),
    Break("an-each-without-in", ORDER, "each: line in self.lines", "each: self.lines",
          "rule-each"),
    Break("an-each-over-what-is-not-bound", ORDER, "each: line in self.lines",
          "each: line in order.lines", "rule-each"),
    Break("an-each-that-hides-a-variable", ORDER, "each: line in self.lines",
          "each: self in self.lines", "rule-each"),
    Break("a-link-to-no-operation", OPENAPI, "      operationId: RetrieveOrder\n      parameters:\n"
          "        id:", "      operationId: RetriveOrder\n      parameters:\n        id:",
          "link-operation", "operationId: RetriveOrder", "did you mean 'RetrieveOrder'?"),
    Break("a-link-to-no-parameter", OPENAPI, "        id: $response.body#/id",
          "        ids: $response.body#/id", "link-parameter", "ids: $", "did you mean 'id'?"),
    Break("a-link-that-leaves-a-path-open", OPENAPI,
          "      parameters:\n        id: $response.body#/id\n", "", "link-parameter",
          "Retrieve:\n", "does not fill"),
    Break("a-link-with-a-body-for-a-get", OPENAPI, "        id: $response.body#/id\n",
          "        id: $response.body#/id\n      requestBody: $request.body\n", "link-body",
          "requestBody: $"),
    Break("a-runtime-expression-that-is-none", OPENAPI, "id: $response.body#/id",
          "id: $response.bodi#/id", "runtime-expression"),
    Break("an-embedded-expression-that-is-none", OPENAPI, "id: $response.body#/id",
          "id: 'x{$response.body/id}'", "runtime-expression"),
    Break("an-operation-without-an-id", OPENAPI, "      operationId: CreateOrder\n", "",
          "operation-id", "post:"),
    Break("an-operation-id-taken-twice", OPENAPI, "operationId: CreateOrder",
          "operationId: RetrieveOrder", "operation-id",
          "operationId: RetrieveOrder\n      parameters:\n        - name"),
    Break("a-path-parameter-undeclared", OPENAPI, "/orders/{id}", "/orders/{order}",
          "path-parameter", "parameters:\n        - name", "{order}"),
    Break("a-path-parameter-without-a-place", OPENAPI, "/orders/{id}", "/orders/one",
          "path-parameter", "parameters:\n        - name", "has no place"),
    Break("an-inline-request-body", OPENAPI, "              $ref: schemas/order.yaml\n"
          "      responses:\n        '201'", "              type: object\n"
          "      responses:\n        '201'", "inline-body", "schema:\n              type"),
    Break("an-inline-response-body", OPENAPI, "            $ref: schemas/refusal.yaml",
          "            type: object", "inline-body", "schema:\n            type: object"),
    Break("an-example-of-another-type", MONEY, "[150]", "['150']", "example", "'150'"),
    Break("an-example-of-another-format", ORDER, "'2024-05-01T12:00:00Z'", "'May 2024'", "example"),
    Break("an-example-of-a-parameter", OPENAPI, "examples: [o-1]", "examples: [17]", "example",
          "17"),
    Break("a-default-beside-the-enum", ORDER, "default: OPEN", "default: NEW", "example"),
    Break("an-enum-value-of-another-type", ORDER, "[OPEN, PAID]", "[OPEN, PAID, 3]", "enum-type",
          "3]"),
    Break("a-fresh-that-is-no-boolean", ORDER, "x-fresh: true", "x-fresh: often",
          "keyword-value"),
    Break("an-unknown-topic", ORDER, "x-fresh: true", "x-topics: {weather: fine}",
          "keyword-value", "weather"),
    Break("a-topic-without-words", ORDER, "x-fresh: true", "x-topics: {money: ' '}",
          "keyword-value", "money"),
    Break("topics-that-are-a-text", OPENAPI, "      operationId: CreateOrder\n",
          "      operationId: CreateOrder\n      x-topics: money\n", "keyword-value", "x-topics"),
    Break("a-name-that-is-empty", ORDER, "x-names: order", "x-names: ''", "keyword-value"),
    Break("a-refusal-that-is-not-allowed", ORDER, "x-fresh: true", "x-refusal: required",
          "keyword-value"),
    Break("a-required-member-that-is-misspelt", ORDER, "required: [lines]", "required: [linse]",
          "unknown-required", "linse", "did you mean 'lines'?"),
    Break("a-read-only-member-that-requests-need", ORDER, "required: [lines]",
          "required: [lines, id]", "required-read-only", "id]"),
    Break("an-unknown-member-of-an-operation", OPENAPI, "      operationId: CreateOrder\n",
          "      operationId: CreateOrder\n      sumary: Create\n", "openapi", "sumary"),
    Break("a-response-without-a-description", OPENAPI,
          "      description: The request was refused.\n", "", "openapi", "Refused:"),
)  # fmt: skip


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.what)
def test_a_break_is_found_at_its_place(acme: Copy, broken: Break) -> None:
    acme.change(broken.file, broken.old, broken.new)
    found = [
        finding
        for finding in acme.lint().findings
        if finding.clause == f"lint/{broken.clause}"
        and f"{finding.file}:{finding.line}:{finding.column}"
        == acme.place(broken.of or broken.file, broken.at or broken.new)
    ]
    assert found, acme.lint().findings
    assert found[0].severity is Severity.ERROR
    assert broken.says in f"{found[0].message} {found[0].expected}"


def test_the_small_contract_is_clean_before_it_is_broken(acme: Copy) -> None:
    report = acme.lint()
    assert not report.findings
    assert report.files == 5


@pytest.mark.parametrize("name", catalog.providers())
def test_every_contract_of_the_spec_tree_is_clean(name: str) -> None:
    description = catalog.spec_folder() / name / catalog.DESCRIPTION
    assert not lint(description, (check_cel,)).findings


def test_a_rule_that_no_document_speaks_of_may_be_unsure(acme: Copy) -> None:
    evidence = "{source: acme-guide, level: inferred, note: The guide shows none.}"
    acme.change(ORDER, "refusal: allowed", f"refusal: unsure\n    x-evidence: {evidence}")
    assert not acme.lint().findings


def test_a_schema_that_only_a_table_is_about_is_reached(acme: Copy) -> None:
    """A document may define what no operation sends, such as the result of an SDK's call."""
    acme.write(
        "schemas/result.yaml",
        "title: Result\nx-evidence: {source: acme-guide, level: stated}\n"
        "properties: {order: {$ref: order.yaml}}\n",
    )
    assert [finding.clause for finding in acme.lint().findings] == ["lint/unreachable"]
    table = "      Result: {schema: Result, members: [order]}\n"
    acme.change(SOURCES, "    tables:\n", f"    tables:\n{table}")
    assert not acme.lint().findings


def test_one_mistake_is_told_once(acme: Copy) -> None:
    """A schema that two operations reach is read twice and reported once."""
    acme.change(ORDER, "type: object", "type: objet")
    assert [finding.clause for finding in acme.lint().findings] == ["lint/metaschema"]


def test_a_mistake_in_a_file_is_placed_in_that_file_and_not_in_the_bundle(acme: Copy) -> None:
    acme.change(MONEY, "minimum:", "minimun:")
    (finding,) = acme.lint().findings
    assert finding.at == "/minimun"
    assert finding.file == str(acme.folder / MONEY)


def test_every_mistake_of_a_contract_is_told_in_one_run(acme: Copy) -> None:
    acme.change(MONEY, "minimum:", "minimun:")
    acme.change(ORDER, "format: date-time", "format: datetime")
    acme.change(OPENAPI, "operationId: CreateOrder", "operationId: RetrieveOrder")
    clauses = {finding.clause for finding in acme.lint().findings}
    assert {"lint/unknown-keyword", "lint/unknown-format", "lint/operation-id"} <= clauses


def test_findings_come_in_the_order_of_files_and_places(acme: Copy) -> None:
    acme.change(ORDER, "x-names", "x-nouns")
    acme.change(ORDER, "x-fresh: true", "x-frech: true")
    acme.change(MONEY, "minimum:", "minimun:")
    places = [(finding.file, finding.line) for finding in acme.lint().findings]
    assert len(places) == 3
    assert places == sorted(places, key=str)


def test_rules_that_are_no_list_are_told(acme: Copy) -> None:
    acme.change(REFUSAL, "type: object", "x-rules: none\ntype: object")
    assert [finding.message for finding in acme.lint().findings] == ["rules are a list"]


def test_the_name_of_a_macro_is_bound_inside_a_rule(acme: Copy) -> None:
    acme.change(ORDER, "compare(line, 0) >= 0", "self.lines.exists(one, compare(line, one) > 0)")
    assert not acme.lint().findings


def test_a_text_in_a_rule_that_looks_like_a_macro_binds_nothing(acme: Copy) -> None:
    acme.change(ORDER, "check: compare(line, 0) >= 0", "check: '\".map(one, two)\" == one'")
    assert [finding.clause for finding in acme.lint().findings] == ["lint/rule-variable"]


def test_a_contract_without_sources_is_told_so(acme: Copy) -> None:
    (acme.folder / SOURCES).unlink()
    assert "lint/sources" in {finding.clause for finding in acme.lint().findings}


def test_an_operation_without_evidence_above_it_is_told(acme: Copy) -> None:
    acme.change(OPENAPI, "x-evidence: {source: acme-guide, level: stated}\n", "")
    missing = [one.at for one in acme.lint().findings if one.clause == "lint/no-evidence"]
    assert "/paths/~1orders/post" in missing
    assert "/paths/~1orders/post/responses/201" in missing
    assert "/paths/~1orders/post/x-rules/0" in missing


FOREIGN: dict[str, Any] = {
    "valid": "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n",
    "misspelt": (
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"
        "components: {schemas: {A: {type: integer, minimun: 1, x-else: 2}}}\n"
    ),
    "older": (
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n"
        "components: {schemas: {A: {type: integer, nullable: true, minimum: 1,\n"
        "  exclusiveMinimum: true}}}\n"
    ),
    "invalid": "openapi: 3.1.0\ninfo: {title: T}\npaths: {}\n",
    "lists": "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: [1]\n",
    "deep": "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: [1]}}\n",
}


def foreign(folder: Path, name: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(FOREIGN[name], "utf-8")
    return path


@pytest.mark.parametrize("name", ["valid", "older"])
def test_a_description_from_elsewhere_needs_no_evidence(tmp_path: Path, name: str) -> None:
    assert not lint(foreign(tmp_path, name), (check_cel,)).findings


def test_an_unknown_keyword_from_elsewhere_is_a_warning(tmp_path: Path) -> None:
    (finding,) = lint(foreign(tmp_path, "misspelt")).findings
    assert finding.severity is Severity.WARNING
    assert (finding.got, finding.expected) == ("minimun", "did you mean 'minimum'?")


@pytest.mark.parametrize("name", ["invalid", "lists", "deep"])
def test_an_invalid_description_from_elsewhere_is_told(tmp_path: Path, name: str) -> None:
    found = lint(foreign(tmp_path, name)).findings
    assert {finding.clause for finding in found} == {"lint/openapi"}


@pytest.mark.parametrize("text", ["[]", "a: 1", "swagger: '2.0'", ""])
def test_what_is_no_openapi_3_description_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ContractError, match="not an OpenAPI 3"):
        lint(path)


def test_a_description_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="cannot read it"):
        lint(tmp_path / "openapi.yaml")
