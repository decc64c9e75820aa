"""YAML as contracts use it: the types of JSON, no member twice, every place known."""

from pathlib import Path
from typing import Any

import pytest

from orderspec.contract import yaml_file
from orderspec.errors import ContractError


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "file.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "text,value",
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("2024-05-01", "2024-05-01"),
        ("12:30", "12:30"),
        ("007", "007"),
        ("0x1F", "0x1F"),
        ("~", "~"),
        (".inf", ".inf"),
        ("<<", "<<"),
        ("null", None),
        ("", None),
        ("true", True),
        ("-3", -3),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ('{"a": [1]}', {"a": [1]}),
        ("200: a", {"200": "a"}),
        ("null: a", {"null": "a"}),
    ],
)
def test_a_scalar_has_the_type_that_json_would_give_it(
    tmp_path: Path, text: str, value: Any
) -> None:
    found = yaml_file.load(written(tmp_path, text))
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    "text,place,says",
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", ":4:3", "'c' stands twice"),
        ("1: a\n'1': b\n", ":2:1", "'1' stands twice"),
        ("a: [1\nb: 2\n", ":2:2", "not YAML"),
        ("a: 1\n---\nb: 2\n", ":2:1", "not YAML"),
        ("a: !!python/name:os.system x\n", ":1:4", "not YAML"),
        ("a: &x [*x]\n", ":1:4", "not YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path, text: str, place: str, says: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ContractError, match=says) as caught:
        yaml_file.load(path)
    assert caught.value.where == f"{path}{place}"


@pytest.mark.parametrize(
    "content", [b"a: \xff\xfe", b"a: \x00", b"[" * 100_000, b"9" * 5000], ids=len
)
def test_bytes_that_cannot_be_read_end_in_an_error_of_ours(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ContractError, match="not YAML"):
        yaml_file.load(written(tmp_path, content))


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="No such file"):
        yaml_file.load(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    "steps,place",
    [
        ((), (1, 1)),
        (("a",), (1, 1)),
        (("b", "c"), (3, 3)),
        (("b", "c", "1"), (3, 10)),
        (("b", "c", "9"), (3, 3)),
        (("b", "none", "c"), (2, 1)),
    ],
)
def test_a_member_is_placed_at_its_name_and_an_element_at_its_start(
    tmp_path: Path, steps: tuple[str, ...], place: tuple[int, int]
) -> None:
    """What is not there is placed at the last step that is."""
    path = written(tmp_path, "a: 1\nb:\n  c: [ä, [x]]\n")
    assert yaml_file.Places(path).find(steps) == place


def test_an_empty_file_has_a_place(tmp_path: Path) -> None:
    assert yaml_file.Places(written(tmp_path, "")).find(("a",)) == (1, 1)


@pytest.mark.parametrize(
    "escaped,text",
    [
        (r'"\ud83e\uddfe"', "🧾"),
        (r'"\\ud83e\uddfe" # no', None),
        (r'"\\\ud83e\uddfe"', "\\🧾"),
    ],
)
def test_a_pair_of_escaped_surrogates_is_one_sign(
    tmp_path: Path, escaped: str, text: str | None
) -> None:
    if text is None:
        with pytest.raises(ContractError):
            yaml_file.load(written(tmp_path, escaped))
    else:
        assert yaml_file.load(written(tmp_path, escaped)) == text
