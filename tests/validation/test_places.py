"""However a payload is written, a finding points at the broken member's line and column."""

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orderspec import pointer
from orderspec.findings import Judged
from orderspec.validation.batches import BlockJudge
from orderspec.validation.engine import Options
from orderspec.validation.reader import Block
from tests.fixture_files import VALID, Fixture, provider_of, schema_of

BROKEN = {"broken": True}
SPACES = ["", "", " ", "\n", "  \n", "\t", "\r\n", " \n \n "]
FIXTURES = [path for path in VALID if path.stat().st_size < 3000]


@dataclass
class Writer:
    """Writes JSON with arbitrary spaces and escapes, and remembers where the broken member is."""

    data: st.DataObject
    lines: bool
    text: str = ""
    start: int = field(default=-1)

    def space(self) -> None:
        spaces = ["", " ", "\t"] if self.lines else SPACES
        self.text += self.data.draw(st.sampled_from(spaces))

    def write(self, value: Any) -> None:
        self.space()
        if value is BROKEN:
            self.start = len(self.text)
        if isinstance(value, dict):
            members = self.data.draw(st.permutations(list(value.items())))
            self.listed("{}", members)
        elif isinstance(value, list):
            self.listed("[]", [(None, item) for item in value])
        else:
            self.text += self.word(value)
        self.space()

    def listed(self, brackets: str, items: Any) -> None:
        self.text += brackets[0]
        for index, (name, item) in enumerate(items):
            if index:
                self.text += ","
            if name is not None:
                self.space()
                self.text += self.word(name)
                self.space()
                self.text += ":"
            self.write(item)
        self.text += brackets[1]

    def word(self, value: Any) -> str:
        is_plain = self.data.draw(st.booleans())
        return json.dumps(value, ensure_ascii=is_plain, default=float)


def members(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs: Any = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        pairs = enumerate(value)
    found = []
    for step, item in pairs:
        if isinstance(item, str):
            found.append((*at, step))
        found += members(item, (*at, step))
    return found


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.data())
def test_a_finding_points_at_what_is_broken(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(FIXTURES))
    payload = Fixture.load(path).payload
    places = members(payload)
    if not places:
        return
    *above, last = data.draw(st.sampled_from(places))
    holder = payload
    for step in above:
        holder = holder[step]
    holder[last] = BROKEN
    place = pointer.join((*above, last))
    are_lines = data.draw(st.booleans())
    writer = Writer(data, are_lines)
    writer.write(payload)
    before = data.draw(st.integers(0, 3)) if are_lines else 0
    block = Block("x", [*[b"{"] * before, writer.text.encode()], are_lines=are_lines)
    judge = BlockJudge(f"{provider_of(path)}/{schema_of(path)}", Options(rules=False))
    result = judge.judge(block).results[-1]
    assert isinstance(result, Judged)
    found = [one for one in result.findings if one.at == place]
    lead = writer.text[: writer.start]
    line = lead.count("\n") + 1 + before
    column = writer.start - (lead.rfind("\n") + 1) + 1
    assert all((one.line, one.column) == (line, column) for one in found), (place, writer.text)
    for one in found:
        assert one.excerpt is not None
        marked = one.excerpt.text[one.excerpt.start : one.excerpt.start + one.excerpt.length]
        assert marked == "{"


def test_most_broken_members_are_found() -> None:
    """The test above cannot pass by finding nothing."""
    found = 0
    for path in FIXTURES[::5]:
        payload = Fixture.load(path).payload
        for *above, last in members(payload)[:3]:
            holder = payload
            for step in above:
                holder = holder[step]
            kept, holder[last] = holder[last], BROKEN
            judge = BlockJudge(f"{provider_of(path)}/{schema_of(path)}", Options(rules=False))
            block = Block("x", [json.dumps(payload, default=float).encode()], are_lines=False)
            (result,) = judge.judge(block).results
            assert isinstance(result, Judged)
            found += bool(result.findings)
            holder[last] = kept
    assert found > 50


LONG = b'{"order": {"location_id": "' + b"x" * 300 + b'", "version": "' + b"y" * 200 + b'"}}'


def test_a_long_line_is_cut_around_the_spot() -> None:
    judge = BlockJudge("square/CreateOrderResponse", Options())
    (result,) = judge.judge(Block("x", [LONG], are_lines=False)).results
    assert isinstance(result, Judged)
    (found,) = result.findings
    assert found.excerpt is not None
    assert len(found.excerpt.text) <= 88
    start = found.excerpt.start
    assert found.excerpt.text[start - 11 : start + 3] == '"version": "yy'
    assert found.excerpt.length == 40
