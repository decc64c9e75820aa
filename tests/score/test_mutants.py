"""Mutants have one fault each, are spread over their kinds, and are the same for the same seed."""

from collections import Counter

from orderspec.exchange import MISSING
from orderspec.score.mutants import ALL_OPERATORS, Mutant, put, sample
from orderspec.score.recording import Recording
from tests.fuzz.kiosk import contract

# The kiosk has no boolean, time, decimal text that is no name, and changes nothing.
ABSENT = {"flip", "time-shift", "time-zone", "stale-read"}


def chosen(recording: Recording, most: int = 5000, seed: int = 1) -> list[Mutant]:
    return sample(contract(), recording, seed, most)


def by_operator(mutants: list[Mutant], operator: str, at: str) -> Mutant:
    return next(m for m in mutants if (m.kind.operator, m.kind.at) == (operator, at))


def test_a_value_is_put_in_place_without_a_change_to_the_right_answer() -> None:
    body = {"lines": [{"price": 1}, {"price": 2}], "note": "x"}
    changed = put(body, ("lines", 1, "price"), 3)
    assert changed == {"lines": [{"price": 1}, {"price": 3}], "note": "x"}
    assert body["lines"] == [{"price": 1}, {"price": 2}]


def test_every_fault_that_the_answers_give_reason_for_is_made(recording: Recording) -> None:
    made = {mutant.kind.operator for mutant in chosen(recording)}
    assert made == ALL_OPERATORS - ABSENT


def test_every_mutant_differs_from_the_right_answer(recording: Recording) -> None:
    for mutant in chosen(recording):
        right = recording.exchanges[mutant.exchange].exchange.response
        wrong = mutant.response
        assert (wrong.status, wrong.body, wrong.headers) != (
            right.status, right.body, right.headers,
        )  # fmt: skip


def test_places_are_told_without_indexes_and_members_by_their_schema(recording: Recording) -> None:
    kinds = {mutant.kind for mutant in chosen(recording)}
    assert ("/lines/*/price", "Line/price") in {(kind.at, kind.member) for kind in kinds}
    assert ("/trouble", "Refusal/trouble") in {(kind.at, kind.member) for kind in kinds}
    assert {kind.status for kind in kinds} == {"200", "4XX"}


def test_each_kind_gives_one_mutant_before_any_gives_two(recording: Recording) -> None:
    kinds = {mutant.kind for mutant in chosen(recording)}
    few = Counter(mutant.kind for mutant in chosen(recording, len(kinds)))
    assert set(few.values()) == {1}
    more = Counter(mutant.kind for mutant in chosen(recording, len(kinds) + 5))
    assert set(more) == kinds


def test_the_same_seed_makes_the_same_mutants_and_another_one_others(recording: Recording) -> None:
    assert chosen(recording, 200) == chosen(recording, 200)
    assert chosen(recording, 200) != chosen(recording, 200, seed=2)


def test_faults_of_whole_answers_keep_the_rest_of_it(recording: Recording) -> None:
    mutants = chosen(recording)
    refused = by_operator(mutants, "status-refused", "")
    right = recording.exchanges[refused.exchange].exchange.response
    assert (refused.response.status, refused.response.body) == (400, right.body)
    assert by_operator(mutants, "no-body", "").response.body is MISSING
    assert by_operator(mutants, "content-type", "").response.headers["content-type"] == "text/html"


def test_a_swap_changes_two_members_of_one_object(recording: Recording) -> None:
    swapped = by_operator(chosen(recording), "swap", "/lines/*/uid")
    right = recording.exchanges[swapped.exchange].exchange.response.body
    changed = [
        {name for name in old if old[name] != new[name]}
        for old, new in zip(right["lines"], swapped.response.body["lines"], strict=True)
    ]
    assert max(map(len, changed)) == 2
    assert sum(map(len, changed)) == 2
