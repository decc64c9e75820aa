"""JSON Schema validators for places of a contract's document, built once each."""

from functools import cache, lru_cache
from typing import Any

import jsonschema_rs

from orderspec.contract.model import Contract
from orderspec.errors import ContractError


class Schemas:
    """The validators of one contract, by pointer."""

    def __init__(self, contract: Contract) -> None:
        """Keep the components: they're what every pointer resolves against."""
        self.document = contract.document
        self.validator = lru_cache(maxsize=None)(self._build)

    def _build(self, reference: str) -> Any:
        schema = {**_without_schema(self.document), "$ref": reference}
        try:
            return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as problem:
            message = f"not a JSON Schema 2020-12: {problem.message}"
            raise ContractError(message, where=reference) from problem

    def accepts(self, reference: str, value: Any) -> bool:
        """Tell whether a value is valid against the schema at a pointer."""
        return bool(self.validator(reference).is_valid(value))


def _without_schema(document: Any) -> dict[str, Any]:
    """Leave out the members of an OpenAPI document that JSON Schema would read as keywords."""
    return {name: item for name, item in document.items() if name in ("paths", "components")}


@cache
def schemas_of(contract: Contract) -> Schemas:
    """Give the validators of a contract; the same contract always has the same ones."""
    return Schemas(contract)
