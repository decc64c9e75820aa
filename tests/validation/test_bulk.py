"""Many documents come back in their order, whoever judges them, and whatever happens to them."""

import gzip
import io
import json
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pytest
import zstandard

from orderspec.errors import ReadError
from orderspec.findings import Judged
from orderspec.interrupts import Interrupt
from orderspec.validation import batches, bulk, reader
from orderspec.validation.batches import Batch, BlockJudge
from orderspec.validation.bulk import Inputs, judge_all
from orderspec.validation.engine import Options
from orderspec.validation.reader import Block

ORDER = "square/CreateOrderResponse"
RIGHT = b'{"order": {"location_id": "A"}}'
WRONG = b'{"order": {"location_id": 7}}'
BROKEN = b'{"order": '
BOTH = pytest.mark.parametrize("workers", [1, 2])

Told = list[tuple[str, str, int | None, int | None]]


def batches_of(
    *paths: Path | str, workers: int = 1, stdin: bytes = b"", schema: str | None = ORDER
) -> list[Batch]:
    inputs = Inputs(paths, io.BytesIO(stdin))
    return list(judge_all(inputs, schema, Options(), workers))


def told(found: list[Batch]) -> Told:
    """What is told of every document that is not right: file, kind, line and number."""
    return [
        (Path(one.file or "").name, *_told(one))
        for batch in found
        for one in batch.results
        if isinstance(one, ReadError) or one.findings
    ]


def _told(result: Judged | ReadError) -> tuple[str, int | None, int | None]:
    if isinstance(result, ReadError):
        return "unreadable", result.line, None
    (finding,) = result.findings
    assert finding.document == result.number
    return "wrong", finding.line, result.number


def judged(found: list[Batch]) -> int:
    return sum(batch.judged for batch in found)


@pytest.fixture
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut files so small that every cut falls somewhere else in a line."""
    monkeypatch.setattr(bulk, "_RANGE", 47)
    monkeypatch.setattr(reader, "_BLOCK", 19)


@BOTH
@pytest.mark.usefixtures("_small_pieces")
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n\n"])
def test_lines_keep_their_numbers_however_a_file_is_cut(
    tmp_path: Path, workers: int, end: bytes
) -> None:
    lines = [RIGHT, b"", WRONG, RIGHT + b"\r", b"   ", BROKEN, WRONG, RIGHT, RIGHT, WRONG]
    file = tmp_path / "orders.jsonl"
    file.write_bytes(b"\n".join(lines) + end)
    found = batches_of(file, workers=workers)
    assert told(found) == [
        ("orders.jsonl", "wrong", 3, 2),
        ("orders.jsonl", "unreadable", 6, None),
        ("orders.jsonl", "wrong", 7, 5),
        ("orders.jsonl", "wrong", 10, 8),
    ]
    assert judged(found) == 7
    assert sum(batch.lines for batch in found) == len((b"\n".join(lines) + end).splitlines())


@BOTH
def test_sources_keep_their_order(tmp_path: Path, workers: int) -> None:
    for name in ("b.json", "a.json", "c.json"):
        (tmp_path / name).write_bytes(WRONG)
    (tmp_path / "z.jsonl").write_bytes(WRONG + b"\n" + WRONG)
    (tmp_path / "z.jsonl.gz").write_bytes(gzip.compress(RIGHT + b"\n" + WRONG))
    (tmp_path / "z.jsonl.zst").write_bytes(zstandard.compress(RIGHT + b"\n" + WRONG))
    found = batches_of(tmp_path / "gone", tmp_path, "-", workers=workers, stdin=WRONG)
    assert told(found) == [
        ("gone", "unreadable", None, None),
        ("a.json", "wrong", 1, None),
        ("b.json", "wrong", 1, None),
        ("c.json", "wrong", 1, None),
        ("z.jsonl", "wrong", 1, 1),
        ("z.jsonl", "wrong", 2, 2),
        ("z.jsonl.gz", "wrong", 2, 2),
        ("z.jsonl.zst", "wrong", 2, 2),
        ("-", "wrong", 1, None),
    ]
    assert judged(found) == 10


@BOTH
@pytest.mark.parametrize("name", ["none.jsonl", "blank.jsonl"])
def test_a_file_without_a_document_is_told(tmp_path: Path, workers: int, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"" if name == "none.jsonl" else b"\n\n \n")
    assert told(batches_of(file, workers=workers)) == [(name, "unreadable", 1, None)]


@BOTH
@pytest.mark.usefixtures("_small_pieces")
def test_a_line_that_is_too_long_is_told_and_the_others_are_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setattr(reader, "MOST_BYTES", 60)
    file = tmp_path / "orders.jsonl"
    long = b'{"order": {"location_id": "' + b"A" * 200 + b'"}}'
    file.write_bytes(b"\n".join([RIGHT, long, WRONG, long]))
    found = batches_of(file, workers=workers)
    assert told(found) == [
        ("orders.jsonl", "unreadable", 2, None),
        ("orders.jsonl", "wrong", 3, 3),
        ("orders.jsonl", "unreadable", 4, None),
    ]


def test_a_document_that_is_too_long_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MOST_BYTES", 20)
    file = tmp_path / "order.json"
    file.write_bytes(RIGHT)
    (found,) = batches_of(file)
    (error,) = found.results
    assert isinstance(error, ReadError)
    assert "is not read" in error.message


@pytest.mark.usefixtures("_small_pieces")
def test_a_process_that_dies_loses_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = batches.BlockJudge.judge

    def dying(judge: BlockJudge, block: Block) -> Batch:
        if any(text and b"DIE" in text for text in block.texts):
            os._exit(1)
        return real(judge, block)

    monkeypatch.setattr(batches.BlockJudge, "judge", dying)
    file = tmp_path / "orders.jsonl"
    lines = [WRONG, RIGHT, b'{"order": {"location_id": "DIE"}}', WRONG, RIGHT]
    file.write_bytes(b"\n".join(lines))
    found = batches_of(file, workers=2)
    assert told(found) == [
        ("orders.jsonl", "wrong", 1, 1),
        ("orders.jsonl", "unreadable", 3, None),
        ("orders.jsonl", "wrong", 4, 4),
    ]
    errors = [one for batch in found for one in batch.results if isinstance(one, ReadError)]
    assert "died" in errors[0].message


@BOTH
@pytest.mark.usefixtures("_small_pieces")
def test_an_interrupt_ends_it_with_what_was_judged(tmp_path: Path, workers: int) -> None:
    file = tmp_path / "orders.jsonl"
    file.write_bytes(b"\n".join([WRONG] * 400))
    interrupt = Interrupt()
    found: list[Batch] = []
    for batch in judge_all(Inputs((file,), io.BytesIO()), ORDER, Options(), workers, interrupt):
        found.append(batch)
        interrupt.is_wanted = True
    numbers = [number for _, _, _, number in told(found)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert 0 < len(numbers) < 100


def test_only_some_texts_are_held_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read and not yet told is bounded, however long the input is."""
    monkeypatch.setattr(reader, "_BLOCK", 4096)
    stream = Endless()
    found = judge_all(Inputs(("-",), cast("BinaryIO", stream)), ORDER, Options(), workers=2)
    for _ in range(20):
        next(found)
    assert stream.position < 60 * 4096
    cast("Generator[Batch]", found).close()


class Endless(io.BufferedIOBase):
    """Standard input that never ends."""

    position = 0

    def readline(self, size: int | None = -1) -> bytes:
        del size
        return RIGHT + b"\n"

    def read1(self, size: int = -1) -> bytes:
        self.position += size
        return (RIGHT + b"\n") * (size // len(RIGHT))


@pytest.mark.parametrize("name", ["orders.jsonl", "order.json"])
def test_a_file_that_is_named_twice_has_its_own_places_twice(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(WRONG)
    first, second = told(batches_of(tmp_path / name, tmp_path / name))
    assert first == second


def test_blank_lines_without_end_cost_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_BYTES", 100)
    found = batches_of("-", stdin=b"\n" * 100_000 + WRONG)
    assert told(found) == [("-", "wrong", 100_001, 1)]


def test_patterns_stand_for_files(tmp_path: Path) -> None:
    for name in ("in/a.json", "in/deep/b.json", "in/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(WRONG)
    names = [name for name, *_ in told(batches_of(f"{tmp_path}/in/**/*.json"))]
    assert names == ["a.json", "b.json"]
    ((_, kind, _, _),) = told(batches_of(f"{tmp_path}/in/*.jsonl"))
    assert kind == "unreadable"


def test_a_file_whose_name_is_a_pattern_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "[a].json").write_bytes(WRONG)
    assert told(batches_of(tmp_path / "[a].json")) == [("[a].json", "wrong", 1, None)]


ARCHIVES = {
    "cut": zstandard.compress(b"\n".join([WRONG] * 3))[:-4],
    "text": b"no archive",
    "damaged": zstandard.compress(b"\n".join([WRONG] * 3))[:20] + b"x" * 20,
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_damaged_archive_is_told(tmp_path: Path, name: str) -> None:
    file = tmp_path / "orders.jsonl.zst"
    file.write_bytes(ARCHIVES[name])
    assert told(batches_of(file))[-1] == ("orders.jsonl.zst", "unreadable", None, None)


def test_frames_of_an_archive_are_read_one_after_the_other(tmp_path: Path) -> None:
    file = tmp_path / "orders.jsonl.zst"
    frame = zstandard.compress((WRONG + b"\n") * 200)
    file.write_bytes(frame * 3)
    found = batches_of(file)
    assert judged(found) == 600
    assert told(found)[-1] == ("orders.jsonl.zst", "wrong", 600, 600)


def bombs() -> Iterator[tuple[str, bytes]]:
    nothing = b"\0" * (1 << 20)
    yield "bomb.json.gz", gzip.compress(nothing * 40)
    yield "bomb.json.zst", zstandard.compress(nothing * 40)


@pytest.mark.parametrize("name, data", [pytest.param(*one, id=one[0]) for one in bombs()])
def test_an_archive_that_expands_without_end_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes
) -> None:
    monkeypatch.setattr(reader, "MOST_BYTES", 1 << 20)
    file = tmp_path / name
    file.write_bytes(data)
    assert told(batches_of(file)) == [(name, "unreadable", None, None)]


def test_two_processes_judge_as_one_does(tmp_path: Path) -> None:
    """Enough documents for the screens to be written, with every kind of result among them."""
    lines = []
    for index in range(400):
        line = json.loads(RIGHT)
        line["order"]["version"] = index if index % 7 else str(index)
        lines.append(BROKEN if index % 31 == 5 else json.dumps(line).encode())
    file = tmp_path / "orders.jsonl"
    file.write_bytes(b"\n".join(lines))
    alone, together = batches_of(file), batches_of(file, workers=2)
    assert told(alone) == told(together)
    assert judged(alone) == judged(together)
    assert len(told(alone)) > 60
