"""Make one document of an OpenAPI description and the schema files that it refers to.

Every file becomes a component, named by its title; every `$ref` then points into the document.
Components carry no `$id`: it would change the base that their `#/components/…` refs resolve
against. The document and each component remember their file in `x-file`, so that a report can name
file and line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orderspec import pointer
from orderspec.contract import yaml_file
from orderspec.errors import ContractError

FILE_KEYWORD = "x-file"


def pascal_case(stem: str) -> str:
    """``order-line-item`` is ``OrderLineItem``."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", stem) if part)


@dataclass(slots=True)
class _Bundler:
    """The files met so far and the components that they became."""

    root: Path
    components: dict[str, Any]
    names: dict[Path, str] = field(default_factory=dict)

    def rewrite(self, value: Any, file: Path) -> Any:
        match value:
            case dict() if isinstance(value.get("$ref"), str):
                others = {name: item for name, item in value.items() if name != "$ref"}
                target = self.target(value["$ref"], file)
                return {"$ref": target, **self.rewrite(others, file)}
            case dict():
                return {name: self.rewrite(item, file) for name, item in value.items()}
            case list():
                return [self.rewrite(item, file) for item in value]
            case _:
                return value

    def target(self, reference: str, file: Path) -> str:
        """Translate a reference in `file` into a reference inside the document."""
        address, _, fragment = reference.partition("#")
        if not address:
            name = self.names.get(file)
            base = f"#/components/schemas/{name}" if name else "#"
            return base + fragment
        if "://" in address:
            message = f"refers to {reference!r}: only files beside the description are read"
            raise ContractError(message, where=str(file))
        path = (file.parent / address).resolve()
        if path == self.root:
            return f"#{fragment}"
        return f"#/components/schemas/{self.component(path, reference, file)}{fragment}"

    def component(self, path: Path, reference: str, referrer: Path) -> str:
        if path in self.names:
            return self.names[path]
        if not path.is_file():
            message = f"refers to {reference!r}, and there is no such file"
            raise ContractError(message, where=str(referrer))
        schema = yaml_file.load(path)
        if not isinstance(schema, dict):
            message = "a schema file holds one schema, a mapping"
            raise ContractError(message, where=str(path))
        name = self.free_name(str(schema.get("title") or pascal_case(path.stem)))
        self.names[path] = name
        self.components[name] = {}
        self.components[name].update(self.rewrite(schema, path))
        self.components[name][FILE_KEYWORD] = str(path)
        return name

    def path_item(self, item: Any) -> Any:
        """Put a path's operations where they are referred to: a description has them in place."""
        if not isinstance(item, dict) or not isinstance(item.get("$ref"), str):
            return item
        reference = item["$ref"]
        address, _, fragment = reference.partition("#")
        file = (self.root.parent / address).resolve() if address else self.root
        if "://" in address or not file.is_file():
            message = f"refers to {reference!r}, and there is no such file"
            raise ContractError(message, where=str(self.root))
        try:
            found = pointer.follow(yaml_file.load(file), pointer.parse(f"#{fragment}"))
        except KeyError:
            message = f"the reference {reference!r} leads nowhere"
            raise ContractError(message, where=str(self.root)) from None
        if not isinstance(found, dict) or "$ref" in found:
            message = f"the reference {reference!r} leads to no operations of a path"
            raise ContractError(message, where=str(self.root))
        others = {name: value for name, value in item.items() if name != "$ref"}
        return {**(self.rewrite(found, file) if file != self.root else found), **others}

    def free_name(self, title: str) -> str:
        name = pascal_case(title) or "Schema"
        number = 2
        free = name
        while free in self.components:
            free, number = f"{name}{number}", number + 1
        return free


def bundle(path: Path) -> dict[str, Any]:
    """Bundle the description in a file.

    Args:
        path: an OpenAPI 3.x description, YAML or JSON.

    Returns:
        The document; it and the components that come from files carry ``x-file``.

    Raises:
        ContractError: a file cannot be read, or a reference leads nowhere.
    """
    file = path.resolve()
    document = yaml_file.load(file)
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3."):
        message = "not an OpenAPI 3.x description"
        raise ContractError(message, "It starts with `openapi: 3.…`.", where=str(path))
    components: dict[str, Any] = {}
    bundler = _Bundler(file, components)
    components.update((name, {}) for name in _own_schemas(document, path))
    paths = document.get("paths")
    if isinstance(paths, dict):
        inlined = {name: bundler.path_item(item) for name, item in paths.items()}
        document = {**document, "paths": inlined}
    whole: dict[str, Any] = bundler.rewrite(document, file)
    components.update(_own_schemas(whole, path))
    for schema in sorted((file.parent / "schemas").glob("*.yaml")):
        bundler.component(schema.resolve(), schema.name, file)
    if components:
        whole.setdefault("components", {})["schemas"] = dict(sorted(components.items()))
    whole[FILE_KEYWORD] = str(file)
    _check_targets(whole, path)
    return whole


def _own_schemas(document: Mapping[str, Any], path: Path) -> dict[str, Any]:
    own: Any = document.get("components", {})
    schemas: Any = own.get("schemas", {}) if isinstance(own, dict) else None
    if not isinstance(schemas, dict):
        message = "`components` and `components.schemas` are mappings"
        raise ContractError(message, where=str(path))
    return schemas


def bundle_schema(path: Path) -> tuple[dict[str, Any], str]:
    """Bundle one JSON Schema file and those that it refers to, as a description without operations.

    Returns:
        The document, and the name of the file's schema among its components.

    Raises:
        ContractError: a file cannot be read, or a reference leads nowhere.
    """
    file = path.resolve()
    components: dict[str, Any] = {}
    # No description is at the root here: the folder stands for it, and nothing refers to a folder.
    name = _Bundler(file.parent, components).component(file, path.name, file)
    document = {
        "openapi": "3.1.0",
        "info": {"title": name, "version": "0"},
        "components": {"schemas": components},
    }
    _check_targets(document, path)
    return document, name


def published(document: Mapping[str, Any]) -> dict[str, Any]:
    """Give the document without what only this machine knows."""

    def clean(value: Any) -> Any:
        match value:
            case dict():
                return {name: clean(item) for name, item in value.items() if name != FILE_KEYWORD}
            case list():
                return [clean(item) for item in value]
            case _:
                return value

    cleaned: dict[str, Any] = clean(document)
    return cleaned


def _check_targets(document: Mapping[str, Any], path: Path) -> None:
    known: set[str] = set()
    todo: list[tuple[Any, str]] = [(document, "")]
    while todo:
        value, at = todo.pop()
        if isinstance(value, list):
            todo.extend((item, f"{at}/{index}") for index, item in enumerate(value))
        if not isinstance(value, dict):
            continue
        reference = value.get("$ref")
        if isinstance(reference, str) and reference not in known:
            try:
                pointer.follow(document, pointer.parse(reference))
            except KeyError:
                message = f"the reference {reference!r} at {at} leads nowhere"
                raise ContractError(message, where=str(path)) from None
            known.add(reference)
        todo.extend((item, f"{at}/{pointer.escape(name)}") for name, item in value.items())
