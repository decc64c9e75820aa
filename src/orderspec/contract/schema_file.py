"""A schema that stands in a file of its own: JSON Schema, or an OpenAPI description's component."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderspec import pointer
from orderspec.contract import catalog, yaml_file
from orderspec.contract.build import build
from orderspec.contract.bundle import bundle_schema
from orderspec.contract.lint.vocabulary import STANDARD
from orderspec.contract.model import Contract
from orderspec.errors import ContractError, UsageError

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def load_schema(path: Path, fragment: str = "") -> tuple[Contract, str]:
    """Load one schema of a file.

    Args:
        path: JSON Schema 2020-12 or OpenAPI 3.x, in JSON or YAML.
        fragment: JSON Pointer into the file, as it is written after ``#``; empty is the whole file.

    Returns:
        A contract that holds the schema, and the schema's place in the contract's document.

    Raises:
        ContractError: the file is broken, or of another dialect.
        UsageError: nothing stands at the fragment, or a description is given without one.
    """
    content = yaml_file.load(path)
    if isinstance(content, dict) and "openapi" in content:
        contract = catalog.load(str(path))
        return contract, _place(contract, "#", fragment, path)
    if isinstance(content, dict) and content and not content.keys() & STANDARD:
        message = "it is no JSON Schema: it has none of type, properties, $ref and the like"
        raise ContractError(message, _other_kind(content), where=str(path))
    dialect = content.get("$schema", DIALECT) if isinstance(content, dict) else DIALECT
    if str(dialect).rstrip("#") != DIALECT:
        message = f"the schema is written for {dialect}, and only 2020-12 is read"
        raise ContractError(message, f"Rewrite it for {DIALECT}.", where=str(path))
    document, name = bundle_schema(path)
    contract = build(path.stem, document, {})
    return contract, _place(contract, contract.schemas[name], fragment, path)


def describes_api(path: Path) -> bool:
    """Tell whether a file is an OpenAPI description.

    Raises:
        ContractError: it is no YAML.
    """
    content = yaml_file.load(path)
    return isinstance(content, dict) and "openapi" in content


def _other_kind(content: Mapping[str, Any]) -> str:
    """Tell what a file is that is no schema, where that can be told."""
    if "swagger" in content:
        return "Swagger 2.0 is not read; convert it to OpenAPI 3."
    return "Give a JSON Schema, an OpenAPI 3.x file with #/components/schemas/NAME, or a name."


def _place(contract: Contract, base: str, fragment: str, path: Path) -> str:
    reference = base + fragment
    try:
        found = pointer.follow(contract.document, pointer.parse(reference))
    except KeyError:
        message = f"nothing stands at #{fragment} in {path}"
        raise UsageError(message, _components(contract, path)) from None
    if found is contract.document:
        message = f"{path} describes a whole API, not one schema"
        raise UsageError(message, _components(contract, path))
    return reference


def _components(contract: Contract, path: Path) -> str:
    if not contract.schemas:
        return "Name a JSON Pointer after #."
    return f"Try {path}#/components/schemas/{next(iter(contract.schemas))}."
