"""Findings for the reports to format, hostile ones among them."""

from collections.abc import Sequence

from orderspec.errors import ReadError
from orderspec.findings import Evidence, Finding, Judged, Level, Severity
from orderspec.report.tally import Tally

HOSTILE = "\x1b[2J\x00\r\n::error::]]>&<\"'%,:\u202e\udcff"

WRONG = Finding(
    Severity.ERROR,
    "shop/Order",
    "expected a string, got 7",
    at="/buyer",
    keyword="type",
    expected="a string",
    got="7",
    evidence=Evidence("shop-reference", Level.STATED),
    file="orders/a b.json",
    line=2,
    column=12,
)
DOUBTFUL = Finding(
    Severity.WARNING,
    "shop.order.total",
    f"The total is the sum {HOSTILE}",
    at=f"/{HOSTILE}",
    expected=HOSTILE,
    got=HOSTILE * 200,
    evidence=Evidence("shop-guide", Level.INFERRED, "Nothing says so."),
    file=f"orders/{HOSTILE}.json",
    line=1,
    column=1,
    document=3,
)
JUDGED = (
    Judged("orders/a b.json", None, "shop/Order", (WRONG, WRONG)),
    Judged(f"orders/{HOSTILE}.json", 3, "shop/Order", (DOUBTFUL,), "it is the only one"),
    Judged("fine.json", None, "shop/Order"),
)
UNREADABLE = (
    ReadError(f"the text {HOSTILE} is no JSON", f"Mend {HOSTILE}.", file=HOSTILE, line=1, column=4),
    ReadError("no such file or folder", file="gone.json"),
)


def tally_of(judged: Sequence[Judged], unreadable: Sequence[ReadError]) -> Tally:
    """Count documents that were all kept."""
    tally = Tally()
    tally.add([*judged, *unreadable], len(judged), ("", ""))
    return tally
