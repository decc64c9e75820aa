"""The request of a finding: the smallest that shows it, sent again before it is reported."""

import re
from typing import Any

import pytest

from orderspec import exact_json
from orderspec.findings import Finding
from orderspec.fuzz.shrink import TRIES
from tests.fuzz.kiosk import Kiosk, answer, campaign, changing
from tests.fuzz.servers import Answer, Call, Serve


def wrong_if(**members: Any) -> Serve:
    """Make a kiosk that sums wrongly where an order has these members."""

    def change(order: dict[str, Any]) -> None:
        if members.items() <= order.items():
            order["total"] += 1

    return changing(change)


def body_of(finding: Finding) -> Any:
    found = re.search(r"--data-raw '(.*)'$", finding.curl or "")
    assert found is not None
    return exact_json.from_text(found[1])


def total_finding(serve: Serve) -> Finding:
    report, _ = campaign(serve, max_examples=20)
    return next(one for one in report.findings if one.clause == "kiosk.order.total")


def test_what_does_not_matter_is_gone() -> None:
    assert body_of(total_finding(wrong_if())) == {"order": {"lines": []}}


@pytest.mark.parametrize("member", [{"note": "Thanks"}, {"state": "OPEN"}])
def test_what_matters_stays(member: dict[str, Any]) -> None:
    assert body_of(total_finding(wrong_if(**member))) == {"order": {**member, "lines": []}}


def test_a_smaller_request_still_keeps_the_contract() -> None:
    """The fault needs a deal that a line names: neither can go without the other."""

    def change(order: dict[str, Any]) -> None:
        if any("deal" in line for line in order["lines"]):
            order["total"] += 1

    order = body_of(total_finding(changing(change)))["order"]
    assert order.keys() == {"lines", "deals"}
    assert {line.get("deal") for line in order["lines"]} == {order["deals"][0]["uid"]}


def test_a_long_list_becomes_as_short_as_shows_it() -> None:
    def change(order: dict[str, Any]) -> None:
        if len(order["lines"]) >= 3:
            order["total"] += 1

    order = body_of(total_finding(changing(change)))["order"]
    assert len(order["lines"]) == 3


def test_every_try_has_a_fresh_key() -> None:
    """Else it would be a replay, and a server that prices wrongly would look right."""
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        before = len(kiosk.orders)
        given = kiosk(call)
        order = exact_json.from_text(given.body)
        is_new = len(kiosk.orders) > before and b'"key"' in call.body
        return answer({**order, "total": order["total"] + 1}) if is_new else given

    found = total_finding(serve)
    assert "not again" not in found.message
    assert body_of(found).keys() == {"key", "order"}


def test_shrinking_ends() -> None:
    calls_of = [len(campaign(serve)[1]) for serve in (Kiosk(), wrong_if())]
    assert calls_of[1] < calls_of[0] + 12 * (TRIES + 1)


def test_a_request_that_is_wrong_on_purpose_is_sent_again_as_it_is() -> None:
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        given = kiosk(call)
        if call.method == "POST" and b'"percent":{"unexpected"' in call.body:
            return answer({"id": "1", "total": 0, "lines": []})
        return given

    report, _ = campaign(serve)
    [found] = report.findings
    assert found.clause == "kiosk.CreateOrder.refuses"
    assert body_of(found)["order"]["deals"][0]["percent"] == {"unexpected": "object"}
    assert "not again" not in found.message
