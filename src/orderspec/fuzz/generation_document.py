"""The document that requests are generated from: the contract's, cut to what a client may send."""

from collections.abc import Mapping
from typing import Any

from orderspec import pointer
from orderspec.contract.bundle import published
from orderspec.contract.model import Contract


def generation_document(contract: Contract) -> dict[str, Any]:
    """Give the document without read-only members, which are never sent, and without security.

    Credentials are not for generation: every request carries ours, and `probes` spoils them.
    """
    document = published(contract.document)
    for holder in (document, *document.get("paths", {}).values()):
        for place in (holder, *holder.values()):
            if isinstance(place, dict):
                place.pop("security", None)
    document.get("components", {}).pop("securitySchemes", None)
    _drop_read_only(document, contract.document)
    _spread_types(document)
    return document


def _spread_types(value: Any) -> None:
    """Write a list of types in a branch as `anyOf`: schemathesis cannot read it there."""
    members = value if isinstance(value, dict) else {}
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in members.get(keyword) or ():
            if isinstance(branch, dict) and isinstance(branch.get("type"), list):
                kinds = [{"type": kind} for kind in branch.pop("type")]
                branch["anyOf"] = branch.get("anyOf", kinds)
    for item in members.values() or (value if isinstance(value, list) else ()):
        _spread_types(item)


def _drop_read_only(value: Any, document: Mapping[str, Any]) -> None:
    if isinstance(value, list):
        for item in value:
            _drop_read_only(item, document)
    if not isinstance(value, dict):
        return
    properties = value.get("properties")
    if isinstance(properties, dict):
        read_only = {name for name in properties if _is_read_only(properties[name], document)}
        for name in read_only:
            del properties[name]
        if read_only and isinstance(value.get("required"), list):
            value["required"] = [name for name in value["required"] if name not in read_only]
    for item in value.values():
        _drop_read_only(item, document)


def _is_read_only(schema: Any, document: Mapping[str, Any]) -> bool:
    met: set[str] = set()
    while isinstance(schema, dict):
        if schema.get("readOnly") is True:
            return True
        reference = schema.get("$ref")
        if not isinstance(reference, str) or reference in met:
            return False
        met.add(reference)
        schema = pointer.follow(document, pointer.parse(reference))
    return False
