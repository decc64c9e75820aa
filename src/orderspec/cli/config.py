"""Settings of campaigns in a file: orderspec.toml."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from orderspec.campaigns import LeftOut
from orderspec.cli.config_keys import LEFT_OUT, OPTIONS, TABLES, Kind, is_table, is_text
from orderspec.cli.fuzz_options import CONFIG, rate_of
from orderspec.cli.toml_places import line_of
from orderspec.contract import catalog
from orderspec.errors import ReadError, UsageError

_AT = re.compile(r" \(at line (?P<line>\d+), column (?P<column>\d+)\)$")
_SECTION = "fuzz"
_PATHS = ("baseline", "report")


@dataclass(frozen=True, slots=True)
class Given:
    """Something that a file says by name, and where it says it, for messages."""

    name: str
    value: str
    where: str


@dataclass(frozen=True, slots=True)
class Config:
    """What a file says of one provider's campaigns.

    Attributes:
        file: the file, or None where there is none.
        options: option to value, as `Choices` has them.
        credentials: security schemes, each with the environment variable that holds its secret.
        values: what exists on the server.
        left_out: clauses to leave out, and where each is named.
    """

    file: Path | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    credentials: tuple[Given, ...] = ()
    values: tuple[Given, ...] = ()
    left_out: tuple[tuple[LeftOut, str], ...] = ()


def read_config(chosen: Path | None, provider: str) -> Config:
    """Read the settings of a provider's campaigns; its own section goes before the common one.

    Args:
        chosen: the file, or None for the one of the working directory, which need not be there.
        provider: the provider, as the command line names it.

    Raises:
        UsageError: there is no such file.
        ReadError: the file is no TOML, or holds what no campaign understands; the line is named.
    """
    file = chosen or Path(CONFIG)
    if not file.is_file():
        if chosen is None:
            return Config()
        message = f"there is no file {chosen}"
        raise UsageError(message, "--config takes a file with a section [fuzz].")
    reader = _Reader(file, _text(file))
    return reader.config(provider)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as problem:
        message = f"the text is not UTF-8: byte {problem.start} cannot be read"
        raise ReadError(message, "TOML is UTF-8.", file=str(file)) from None


class _Reader:
    """Reads one file; whatever is wrong in it is told with its line."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._text = text
        try:
            self._document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            at = _AT.search(str(problem))
            line, column = (int(at["line"]), int(at["column"])) if at else (None, None)
            message = f"this is no TOML: {_AT.sub('', str(problem))}"
            raise ReadError(message, file=str(file), line=line, column=column) from None

    def config(self, provider: str) -> Config:
        for name in self._document:
            if name != _SECTION:
                raise self._unknown((name,), (_SECTION,), "section")
        common = self._document.get(_SECTION, {})
        self._check((_SECTION,), common, Kind("a section [fuzz]", is_table))
        sections: list[tuple[tuple[str, ...], Mapping[str, Any]]] = [((_SECTION,), common)]
        for name, value in common.items():
            if name in OPTIONS or name in TABLES:
                continue
            path = (_SECTION, name)
            if not is_table(value) or not self._is_provider(name):
                raise self._unknown(path, [*OPTIONS, *TABLES, *catalog.providers()], "key")
            for key in value:
                if key not in OPTIONS and key not in TABLES:
                    raise self._unknown((*path, key), [*OPTIONS, *TABLES], "key")
            self._check_all(path, value)
            if name == provider:
                sections.append((path, value))
        self._check_all((_SECTION,), common)
        return self._joined(sections)

    def _is_provider(self, name: str) -> bool:
        """Tell whether a section is about a contract: a provider's, or one at a path."""
        return name in catalog.providers() or "/" in name or Path(name).suffix != ""

    def _check_all(self, path: tuple[str, ...], section: Mapping[str, Any]) -> None:
        for name, kind in {**OPTIONS, **TABLES}.items():
            if name in section:
                self._check((*path, name), section[name], kind)

    def _joined(self, sections: Sequence[tuple[tuple[str, ...], Mapping[str, Any]]]) -> Config:
        options: dict[str, Any] = {}
        credentials: dict[str, Given] = {}
        values: dict[str, list[Given]] = {}
        left_out: list[tuple[LeftOut, str]] = []
        for path, section in sections:
            options |= {name: section[name] for name in OPTIONS if name in section}
            credentials |= {one.name: one for one in self._credentials(path, section)}
            for name in section.get("values", {}):
                values[name] = list(self._values((*path, "values", name), section["values"][name]))
            left_out += self._left_out((*path, "leave_out"), section.get("leave_out", ()))
        for name in _PATHS:
            if name in options:
                options[name] = self._file.parent / options[name]
        if "rate" in options:
            options["rate"] = rate_of(str(options["rate"]))
        return Config(
            self._file,
            options,
            tuple(credentials.values()),
            tuple(one for given in values.values() for one in given),
            tuple(left_out),
        )

    def _credentials(self, path: tuple[str, ...], section: Mapping[str, Any]) -> Iterator[Given]:
        for name, value in section.get("credentials", {}).items():
            at = (*path, "credentials", name)
            if not (is_table(value) and list(value) == ["env"] and is_text(value["env"])):
                hint = "A secret does not belong into a file: keep it in an environment variable."
                raise self._wrong(at, '{ env = "NAME" }, the variable that holds it', hint)
            yield Given(name, value["env"], self._where(at))

    def _values(self, path: tuple[str, ...], value: Any) -> Iterator[Given]:
        listed = value if isinstance(value, list) else [value]
        if not listed or not all(is_text(one) for one in listed):
            raise self._wrong(path, 'a text, or a list of texts such as ["L1"]')
        for one in listed:
            yield Given(path[-1], one, self._where(path))

    def _left_out(
        self, path: tuple[str, ...], tables: Sequence[Mapping[str, Any]]
    ) -> Iterator[tuple[LeftOut, str]]:
        for number, table in enumerate(tables):
            at: tuple[str | int, ...] = (*path, number)
            for name in table:
                if name not in LEFT_OUT:
                    raise self._unknown((*at, name), LEFT_OUT, "key")
            for name, kind in LEFT_OUT.items():
                if name not in table:
                    raise self._wrong(at, f"the key {name}: {kind.words}")
                self._check((*at, name), table[name], kind)
            left_out = LeftOut(table["clause"], table["reason"], table["until"])
            yield left_out, self._where((*at, "clause"))

    def _check(self, path: Sequence[str | int], value: Any, kind: Kind) -> None:
        if not kind.fits(value):
            raise self._wrong(path, kind.words)

    def _wrong(self, path: Sequence[str | int], expected: str, hint: str = "") -> ReadError:
        """Say what was expected; what is there is not shown, since it may be a secret."""
        return self._error(path, f"{_named(path)}: expected {expected}", hint)

    def _unknown(self, path: Sequence[str | int], known: Collection[str], what: str) -> ReadError:
        near = get_close_matches(str(path[-1]), known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
        return self._error(path, f"{_named(path)}: there is no such {what}", hint)

    def _error(self, path: Sequence[str | int], message: str, hint: str) -> ReadError:
        line = line_of(self._text, path)
        return ReadError(message, hint, file=str(self._file), line=line)

    def _where(self, path: Sequence[str | int]) -> str:
        return f"{self._file}:{line_of(self._text, path)}: {_named(path)}"


def _named(path: Sequence[str | int]) -> str:
    """Write a path as TOML does; a list of tables is named without its number."""
    return ".".join(one for one in path if isinstance(one, str))
