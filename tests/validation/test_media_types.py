"""An answer of a type that is documented beside JSON is left open to who asked for it."""

from typing import Any

import pytest

from orderspec.contract.build import build
from orderspec.exchange import Exchange, Request, Response
from orderspec.validation.exchanges import judge_response

TOKEN = {"content-type": "Application/JWT; charset=utf-8"}
SCHEMA = {"schema": {"type": "object", "required": ["id"]}}
RECEIPT = build(
    "till",
    {
        "paths": {
            "/receipts": {
                "get": {
                    "operationId": "GetReceipt",
                    "responses": {
                        "2XX": {
                            "description": "The receipt.",
                            "content": {"application/json": SCHEMA, "application/jwt": {}},
                        }
                    },
                }
            }
        }
    },
    {},
)


def messages(accept: str | None, headers: dict[str, str], **body: Any) -> list[str]:
    """Judge an answer to a request with an Accept header; without a body it is not JSON."""
    given = {} if accept is None else {"accept": accept}
    exchange = Exchange(
        "GetReceipt", Request("GET", "/receipts", headers=given), Response(200, headers, **body)
    )
    return [finding.message for finding in judge_response(RECEIPT, exchange).findings]


@pytest.mark.parametrize("accept", ["application/jwt", "text/html, application/JWT;q=0.9", "*/*"])
def test_a_token_is_no_finding_where_it_was_asked_for(accept: str) -> None:
    assert messages(accept, TOKEN) == []


@pytest.mark.parametrize("accept", [None, "application/json", "text/html"])
def test_a_token_is_a_finding_where_it_was_not_asked_for(accept: str | None) -> None:
    (message,) = messages(accept, TOKEN)
    assert "is not JSON" in message


def test_a_type_that_is_not_documented_is_a_finding() -> None:
    (message,) = messages("*/*", {"content-type": "text/html"})
    assert "is not JSON" in message


def test_json_is_held_to_its_schema_whatever_was_asked_for() -> None:
    (message,) = messages("application/jwt", {"content-type": "application/json"}, body={})
    assert message == "the member 'id' is missing"
