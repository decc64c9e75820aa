"""Find contracts: the folders of the spec tree are the list, nothing else is."""

import os
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from orderspec.contract.build import build
from orderspec.contract.kept import bundled
from orderspec.contract.model import Contract
from orderspec.contract.sources import sources_in
from orderspec.contract.upgrade import upgrade
from orderspec.errors import ContractError, UsageError

DESCRIPTION = "openapi.yaml"
SPEC_VARIABLE = "ORDERSPEC_SPEC"
_PACKAGE = Path(__file__).resolve().parents[1]


def spec_folder() -> Path:
    """Find the spec tree: ``ORDERSPEC_SPEC``, else the wheel's, else the checkout's.

    Raises:
        UsageError: ORDERSPEC_SPEC names no folder.
    """
    chosen = os.environ.get(SPEC_VARIABLE)
    if chosen:
        if not Path(chosen).is_dir():
            message = f"{SPEC_VARIABLE} names {chosen!r}, and there is no such folder"
            raise UsageError(message, "Point it at a folder that holds <provider>/openapi.yaml.")
        return Path(chosen)
    carried = _PACKAGE / "data" / "spec"
    return carried if carried.is_dir() else _PACKAGE.parents[1] / "spec"


def fixtures_folder() -> Path:
    """Find the fixtures: they stand beside the spec tree."""
    return spec_folder().parent / "fixtures"


def providers() -> list[str]:
    """Name every provider that has a contract, in alphabetical order."""
    return sorted(path.parent.name for path in spec_folder().glob(f"*/{DESCRIPTION}"))


def load(name: str) -> Contract:
    """Load a contract by the provider's name, or by the path of an OpenAPI 3.x description.

    Raises:
        UsageError: there is neither such a provider nor such a file.
        ContractError: the contract is broken.
    """
    description = spec_folder() / name / DESCRIPTION
    if "/" not in name and os.sep not in name and description.is_file():
        return _load(description, name)
    path = Path(name)
    if path.is_file():
        return _load(path, path.resolve().parent.name if path.name == DESCRIPTION else path.stem)
    known = providers()
    near = get_close_matches(name, known, n=3, cutoff=0.4)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Known: {', '.join(known) or 'none'}."
    message = f"there is no contract named {name!r}, and no file of that name"
    raise UsageError(message, hint)


@lru_cache(maxsize=32)
def _load(description: Path, name: str) -> Contract:
    document, content = bundled(description)
    sources = sources_in(content, description.parent)
    try:
        return build(name, upgrade(document), sources)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        message = f"not a whole OpenAPI description: {type(problem).__name__} {problem}"
        hint = f"Run: orderspec lint {description}"
        raise ContractError(message, hint, where=str(description)) from problem
