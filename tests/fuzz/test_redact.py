"""A secret that a server sends back stands in no finding."""

import base64

from orderspec.findings import Finding, Severity
from orderspec.fuzz.redact import redacted

SECRET = "client:s3cret-of-mine"  # noqa: S105 (a secret of nobody)
ENCODED = base64.b64encode(SECRET.encode()).decode()


def test_the_secret_is_named_instead_of_shown() -> None:
    finding = Finding(
        Severity.ERROR,
        "acme.CreateOrder.response.4XX",
        f"expected an array, got 'bad token {SECRET}'",
        expected={"errors": [SECRET]},
        got=f"Basic {ENCODED}",
        curl=f"curl -H 'x: {SECRET}'",
    )
    told = repr(redacted(finding, {"basic": SECRET, "other": ""}))
    assert SECRET not in told
    assert ENCODED not in told
    assert told.count("{basic}") == 4


def test_a_secret_of_three_letters_leaves_words_alone() -> None:
    finding = Finding(Severity.ERROR, "acme.order.total", "the total is the sum")
    assert redacted(finding, {"bearer": "the"}) == finding
