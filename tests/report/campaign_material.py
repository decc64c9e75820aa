"""A campaign that found things, told by a server that would like to act in its report."""

from dataclasses import replace
from datetime import date

from orderspec.campaigns import CampaignReport, ClauseResult, LeftOut, Proof, Recorded
from orderspec.exchange import MISSING, Exchange, Request, Response
from orderspec.findings import (
    Clause,
    ClauseKind,
    Evidence,
    Finding,
    Level,
    Severity,
    SpecPlace,
    Verdict,
)

HOSTILE = "</style><script>alert(1)</script>\x1b[2J\u202e\udcff\"'&]]>"
TITLES = {"guide": "The Guide"}
PLACE = SpecPlace("spec/acme/schemas/order a.yaml", 12, 5, "/x-rules/0")

ORDER = {"id": "o-1", "lines": [{"price": 5}, {"price": 7}], "total": 13, "note": HOSTILE}
CREATED = Exchange(
    "CreateOrder",
    Request("POST", "/orders", headers={"idempotency-key": "k-1"}, body={"lines": [], "total": 1}),
    Response(200, {"content-type": "application/json"}, ORDER, raw=b'{"id":"o-1"}'),
)
READ = Exchange(
    "RetrieveOrder",
    Request("GET", "/orders/o-1", query={"fields": ["total", "a b"]}),
    Response(200, {"content-type": "text/html"}, MISSING, "it is no JSON", b"<b>\xff" + b"x" * 500),
)
SILENCE = Exchange(
    "CreateOrder", Request("POST", "/orders", body=MISSING, raw=b"{\xff"), Response(0)
)

TOTAL = Finding(
    Severity.ERROR,
    "acme.order.total",
    f"The total is the sum {HOSTILE}",
    at="/total",
    expected=12,
    got=13,
    evidence=Evidence("guide", Level.SHOWN, HOSTILE),
    operation="CreateOrder",
    curl=f"curl 'http://127.0.0.1' --data-raw '{HOSTILE}'",
    seed=7,
    count=3,
    spec=PLACE,
)
READS_BACK = Finding(
    Severity.ERROR,
    "acme.retrieve-order.reads-back",
    "An order reads back as it was created",
    expected=[1],
    got={"amount": 1},
    operation="RetrieveOrder",
    curl="curl " + "x" * 30_000,
)
REFUSES = Finding(
    Severity.WARNING,
    "acme.CreateOrder.refuses",
    "CreateOrder accepted a request that it must refuse: /total",
    at="/total",
    keyword="readOnly",
    evidence=Evidence("guide", Level.INFERRED, "Nothing says so."),
    operation="CreateOrder",
)
STRAY = Finding(Severity.ERROR, f"acme/{HOSTILE}", "no clause of the table", keyword="type")


def result(
    name: str, kind: ClauseKind, times: int = 1, broken: int = 0, operation: str = ""
) -> ClauseResult:
    """Make a row of the table of clauses."""
    status = "fail" if broken else "pass" if times else "not-exercised"
    evidence = Evidence("guide", Level.SHOWN, "It shows it.")
    clause = Clause(name, kind, f"{name} {HOSTILE}", evidence)
    return ClauseResult(clause, times, broken, status, "" if times else "it was never sent",
                        operation, PLACE)  # fmt: skip


REPORT = CampaignReport(
    provider="acme",
    url="http://127.0.0.1:1",
    seed=7,
    verdict=Verdict.VIOLATIONS,
    requests=12,
    responses={"2xx": 10, "4xx": 2},
    seconds=1.5,
    clauses=(
        result("acme.CreateOrder.accepts", ClauseKind.STATUS, 9, operation="CreateOrder"),
        result("acme.CreateOrder.refuses", ClauseKind.STATUS, 4, 1, "CreateOrder"),
        result("acme.CreateOrder.security", ClauseKind.SECURITY, 0, operation="CreateOrder"),
        result("acme.order.total", ClauseKind.RULE, 10, 3),
        result("acme.retrieve-order.reads-back", ClauseKind.LINK, 2, 2, "RetrieveOrder"),
    ),
    findings=(REFUSES, TOTAL, READS_BACK, STRAY),
    valid=10,
    accepted=9,
    proofs=(
        Proof((CREATED,), in_request=True, tried=3, shown=1),
        Proof((CREATED,), tried=1, shown=1),
        Proof((CREATED, READ), tried=1, shown=1),
        Proof((SILENCE,)),
    ),
    notes=(HOSTILE,),
    recorded=(
        Recorded(1, CREATED, 1_700_000_000.0, 0.25, "fixtures"),
        Recorded(2, READ, 1_700_000_001.0, 0.5, "fixtures"),
        Recorded(3, SILENCE, 1_700_000_002.0, 10.0, "probes"),
    ),
    known=(replace(TOTAL, clause="acme.known", message="known"),),
    left_out=(LeftOut("acme.old.*", "it is mended in May", date(2027, 5, 1), (STRAY,)),),
)


def large(findings: int) -> CampaignReport:
    """Make a report of many findings, each with large exchanges."""
    order = {"lines": [{"name": "n" * 300, "price": index} for index in range(500)], "total": 1}
    exchange = replace(
        CREATED,
        request=replace(CREATED.request, body=order),
        response=replace(CREATED.response, body=order, raw=b"x" * 100_000),
    )
    proof = Proof((exchange, exchange), tried=1, shown=1)
    finding = replace(TOTAL, at="/lines/250/price", curl="curl " + "x" * 3_900)
    return replace(REPORT, findings=(finding,) * findings, proofs=(proof,) * findings)
