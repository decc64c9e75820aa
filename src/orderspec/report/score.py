"""A contract's score for people and for machines."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from orderspec.report.console import BOLD, DIM, painted
from orderspec.report.text import printable
from orderspec.scores import Score, Share, Survivor

_WHOLE = "the whole answer"
_NO_REASON = "no reason is written down"
_FEWEST = 10


def score_text(score: Score, *, every: bool = False, colour: bool = False) -> str:
    """Write the shares, then what survived, grouped by why.

    Args:
        score: the score.
        every: name all members and survivors, not only the worst.
        colour: use the terminal's colours.
    """
    lines = [
        painted(_headline(score), BOLD, colour=colour),
        "",
        painted("By fault", BOLD, colour=colour),
        *_table(score.operators),
        "",
        painted("By member" if every else "By member, the worst", BOLD, colour=colour),
        *_table(_chosen(score.members, every=every)),
        "",
    ]
    for reason, survivors in _by_reason(score):
        title = f"{sum(one.count for one in survivors)} survive: {_why(survivors[0])}"
        lines.append(painted(printable(title), BOLD, colour=colour))
        shown = survivors if every or not reason else survivors[:_FEWEST]
        lines += _places(shown, colour=colour)
        lines += [f"  … {len(survivors) - len(shown)} more kinds"] if shown != survivors else []
        lines.append("")
    lines += [f"No survivor needs the reason for {printable(one)}" for one in score.unused]
    return "".join(f"{line}\n" for line in lines)


def score_form(score: Score) -> dict[str, Any]:
    """Give the JSON form."""
    return {
        "format": 1,
        "command": "score",
        "provider": score.provider,
        "mutants": score.total.mutants,
        "caught": score.total.caught,
        "equivalent": score.total.equivalent,
        "survivors": [_survivor_form(one) for one in score.survivors],
        "shares": {
            "operators": {name: _share_form(one) for name, one in score.operators.items()},
            "members": {name or _WHOLE: _share_form(one) for name, one in score.members.items()},
        },
        "unused": list(score.unused),
        "answers": score.answers,
        "seed": score.seed,
        "seconds": round(score.seconds, 1),
    }


def saved_form(score: Score) -> dict[str, Any]:
    """Give the JSON form of a score in short, to keep beside the contract."""
    return {
        "provider": score.provider,
        "seed": score.seed,
        "total": _numbers(score.total),
        "operators": {name: _numbers(one) for name, one in score.operators.items()},
        "members": {name: _numbers(one) for name, one in score.members.items()},
        "reasons": [
            [survivors[0].because, reason, sum(one.count for one in survivors)]
            for reason, survivors in _by_reason(score)
        ],
        "unused": list(score.unused),
    }


def _numbers(share: Share) -> list[int]:
    return [share.mutants, share.caught, share.equivalent]


def _headline(score: Score) -> str:
    total = score.total
    return (
        f"{score.provider}: {total.caught} of {total.wrong} wrong answers caught, "
        f"{total.percent} % ({total.equivalent} more are right answers too; "
        f"{score.answers} answers, seed {score.seed}, {score.seconds:.0f} s)"
    )


def _table(shares: Mapping[str, Share]) -> Iterator[str]:
    width = max((len(name or _WHOLE) for name in shares), default=0)
    for name, share in shares.items():
        if share.wrong:
            yield (
                f"  {printable(name or _WHOLE):{width}}  {share.percent:5} %"
                f"  {share.caught}/{share.wrong}"
            )


def _chosen(members: Mapping[str, Share], *, every: bool) -> Mapping[str, Share]:
    """Choose the members to show: all, or those of which most survive."""
    worst = sorted(members, key=lambda name: members[name].caught - members[name].wrong)
    holes = [name for name in worst if members[name].caught < members[name].wrong]
    return members if every else {name: members[name] for name in holes[: 2 * _FEWEST]}


def _by_reason(score: Score) -> Iterator[tuple[str, list[Survivor]]]:
    """Group survivors by reason: those without one first, then those that documents leave open."""
    ordered = sorted(
        score.survivors,
        key=lambda one: (one.because != "", one.because == "equivalent", one.reason),
    )
    for reason, survivors in groupby(ordered, key=lambda one: one.reason):
        yield reason, list(survivors)


def _why(survivor: Survivor) -> str:
    return f"{survivor.because}: {survivor.reason}" if survivor.reason else _NO_REASON


def _places(survivors: list[Survivor], *, colour: bool) -> Iterator[str]:
    """Write a line for each place, with the faults that survive there."""
    for (operation, status, at), found in groupby(
        survivors, key=lambda one: (one.operation, one.status, one.at)
    ):
        faults = ", ".join(
            f"{one.operator} {one.count}/{one.of}{' (warned)' if one.warned else ''}"
            for one in found
        )
        head = painted(f"{operation} {status}", DIM, colour=colour)
        yield f"  {head} {printable(at or _WHOLE)}: {faults}"


def _share_form(share: Share) -> dict[str, Any]:
    return {
        "mutants": share.mutants,
        "caught": share.caught,
        "equivalent": share.equivalent,
        "percent": share.percent,
    }


def _survivor_form(survivor: Survivor) -> dict[str, Any]:
    form = {
        "operator": survivor.operator,
        "at": survivor.at,
        "operation": survivor.operation,
        "reason": survivor.reason,
        "because": survivor.because or None,
        "status": survivor.status,
        "count": survivor.count,
        "of": survivor.of,
        "warned": survivor.warned or None,
    }
    return {name: value for name, value in form.items() if value is not None}
