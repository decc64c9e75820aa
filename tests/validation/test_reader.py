"""Files, folders and standard input become documents; what cannot be read stops nothing else."""

import gzip
import io
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from orderspec.errors import ReadError
from orderspec.validation.positions import Place
from orderspec.validation.reader import Document
from tests.validation.reading import read


def _all(*paths: str | Path, stdin: bytes = b"") -> list[Document | ReadError]:
    return list(read(paths, io.BytesIO(stdin)))


def _values(results: Iterable[Document | ReadError]) -> list[object]:
    return [result.value if isinstance(result, Document) else "refused" for result in results]


def _failure(*paths: str | Path, stdin: bytes = b"") -> ReadError:
    (result,) = _all(*paths, stdin=stdin)
    assert isinstance(result, ReadError)
    return result


def test_a_json_file_is_one_document_named_as_given(tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text('{\n "a": 1}')
    (document,) = _all(file)
    assert isinstance(document, Document)
    assert (document.file, document.value, document.number) == (str(file), {"a": 1}, None)
    assert document.locate(["/a"])["/a"].value == Place(2, 7)


@pytest.mark.parametrize("name", ["orders.jsonl", "orders.ndjson", "ORDERS.JSONL"])
def test_json_lines_are_one_document_a_line(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b'{"a": 1}\r\n\n[NaN]\n{"a": 2}')
    first, second, third = _all(file)
    assert isinstance(first, Document)
    assert isinstance(second, ReadError)
    assert isinstance(third, Document)
    assert (first.line, first.number, first.value) == (1, 1, {"a": 1})
    assert (second.line, second.column) == (3, 2)
    assert (third.line, third.number, third.value) == (4, 3, {"a": 2})
    assert third.locate(["/a"])["/a"].value == Place(4, 7)
    assert third.locate(["/a"])["/a"].name == Place(4, 2)


def test_json_lines_are_read_one_line_at_a_time() -> None:
    """The pipe holds one line and stays open: asking for more than that would wait for ever."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", 0) as stdin, os.fdopen(writing, "wb", 0) as pipe:
        pipe.write(b"1\n2\n")
        documents = read(["-"], stdin)
        assert _values([next(documents), next(documents)]) == [1, 2]
        pipe.write(b"3\n")
        assert _values([next(documents)]) == [3]


@pytest.mark.parametrize("name, count", [("order.json.gz", 1), ("orders.jsonl.gz", 2)])
def test_gzip_is_read_by_its_name(tmp_path: Path, name: str, count: int) -> None:
    file = tmp_path / name
    file.write_bytes(gzip.compress(b"{}\n" * count))
    assert _values(_all(file)) == [{}] * count


def test_a_folder_is_searched_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.json", "a/z.jsonl", "a/deep/y.ndjson", "c.json.gz", "notes.txt"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(gzip.compress(b"{}") if name.endswith(".gz") else b"{}")
    names = [Path(result.file).relative_to(tmp_path).as_posix() for result in _all(tmp_path)]
    assert names == ["a/deep/y.ndjson", "a/z.jsonl", "b.json", "c.json.gz"]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.json").write_text("1")
    (tmp_path / ".b.json").write_text("2")
    (tmp_path / "c.json").write_text("3")
    assert _values(_all(tmp_path)) == [3]


def test_a_folder_that_links_to_itself_is_walked_once(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("1")
    (tmp_path / "again").symlink_to(tmp_path)
    assert _values(_all(tmp_path)) == [1]


def test_a_folder_without_json_is_a_failure_that_says_what_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("{}")
    error = _failure(tmp_path)
    assert error.message == "the folder holds no JSON"
    assert ".json, .jsonl, .ndjson" in error.hint
    assert error.file == str(tmp_path)


def _missing(folder: Path) -> Path:
    return folder / "missing.json"


def _dangling_link(folder: Path) -> Path:
    link = folder / "link.json"
    link.symlink_to(folder / "gone")
    return link


def _link_to_itself(folder: Path) -> Path:
    link = folder / "loop.json"
    link.symlink_to(link)
    return link


def _name_with_a_zero_byte(folder: Path) -> Path:
    return folder / "a\0.json"


def _endless_name(folder: Path) -> Path:
    return folder / ("a" * 5000)


def _below_a_file(folder: Path) -> Path:
    (folder / "file").touch()
    return folder / "file" / "a.json"


def _empty(folder: Path) -> Path:
    file = folder / "empty.json"
    file.touch()
    return file


def _empty_lines(folder: Path) -> Path:
    file = folder / "empty.jsonl"
    file.write_text("\n\n")
    return file


def _not_gzip(folder: Path) -> Path:
    file = folder / "plain.json.gz"
    file.write_text("{}")
    return file


def _cut_gzip(folder: Path) -> Path:
    file = folder / "cut.json.gz"
    file.write_bytes(gzip.compress(b"{}")[:-9])
    return file


def _damaged_gzip(folder: Path) -> Path:
    file = folder / "damaged.json.gz"
    data = bytearray(gzip.compress(str(list(range(2000))).encode()))
    data[10:40] = b"\xff" * 30
    file.write_bytes(data)
    return file


def _byte_order_mark(folder: Path) -> Path:
    file = folder / "bom.jsonl"
    file.write_bytes(b"\xef\xbb\xbf{}")
    return file


@pytest.mark.parametrize(
    "make",
    [
        _missing,
        _dangling_link,
        _link_to_itself,
        _name_with_a_zero_byte,
        _endless_name,
        _below_a_file,
        _empty,
        _empty_lines,
        _not_gzip,
        _cut_gzip,
        _damaged_gzip,
        _byte_order_mark,
    ],
)
def test_what_cannot_be_read_is_named_and_the_others_are_still_read(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    bad = make(tmp_path)
    good = tmp_path / "good.json"
    good.write_text("1")
    before, failure, after = _all(good, bad, good)
    assert _values([before, after]) == [1, 1]
    assert isinstance(failure, ReadError)
    assert failure.file == str(bad)
    assert failure.message


def test_lines_before_the_damage_of_an_archive_are_still_read(tmp_path: Path) -> None:
    file = tmp_path / "cut.jsonl.gz"
    file.write_bytes(gzip.compress(b"1\n2\n")[:-4])
    assert _values(_all(file)) == [1, 2, "refused"]


@pytest.mark.parametrize(
    "data, values",
    [
        (b'{"a": 1}', [{"a": 1}]),
        (b'{"a": 1}\n\n', [{"a": 1}]),
        (b'{\n"a": 1\n}', [{"a": 1}]),
        (b'\n{"a": 1}\n\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        (b"1\n[\n2", [1, "refused", 2]),
        (b"", ["refused"]),
        (b"\n\n", ["refused"]),
    ],
)
def test_standard_input_is_json_lines_if_its_first_line_is_whole(
    data: bytes, values: list[object]
) -> None:
    results = _all("-", stdin=data)
    assert _values(results) == values
    assert {result.file for result in results} == {"-"}


def test_lines_of_standard_input_keep_their_numbers() -> None:
    first, second = _all("-", stdin=b"\n1\n\n2")
    assert (first.line, second.line) == (2, 4)


def test_a_file_of_another_name_is_read_like_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "orders.txt"
    file.write_text("1\n2\n")
    assert _values(_all(file)) == [1, 2]


def test_a_failure_keeps_no_text_alive(tmp_path: Path) -> None:
    """A long run collects failures; a traceback would hold every text that it refused."""
    file = tmp_path / "bad.json"
    file.write_text("[NaN]")
    assert _failure(file).__traceback__ is None
