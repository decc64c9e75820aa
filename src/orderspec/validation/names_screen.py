"""A quick look at the names of members: surely the contract names them all, or a doubt.

It counts on what a schema says in any case, by `$ref` and `allOf`; below schemas that are chosen
from it doubts.
"""

from orderspec.contract.model import Contract
from orderspec.rules.quick import key
from orderspec.rules.tokens import UnsupportedError
from orderspec.validation.branches import certain, is_open
from orderspec.validation.plan import Node, plan_of
from orderspec.validation.quick_places import NamePlace
from orderspec.validation.screen import Screen


def names_screen_of(contract: Contract, reference: str) -> Screen:
    """Make the screen of a schema.

    Args:
        contract: the contract.
        reference: JSON Pointer of the schema in the contract's document.

    Returns:
        A screen for payloads that are valid by the schema.

    Raises:
        UnsupportedError: none can be made.
    """
    places: dict[frozenset[str], NamePlace] = {}
    todo: list[tuple[NamePlace, tuple[Node, ...]]] = []

    def place_of(nodes: list[Node]) -> NamePlace | None:
        """Give the place of what schemas say together; None where no names can stand."""
        every = certain(nodes)
        if not any("properties" in node.schema or any(node.below.nodes()) for node in every):
            return None
        known_as = frozenset(node.reference for node in every)
        if known_as not in places:
            places[known_as] = NamePlace()
            todo.append((places[known_as], every))
        return places[known_as]

    root = place_of([plan_of(contract).root(reference)])
    while todo:
        place, nodes = todo.pop()
        place.is_open = any(node.below.condition or is_open(node) for node in nodes)
        if not place.is_open:
            place.is_naming = _is_naming(nodes)
            place.known = frozenset(name for node in nodes for name in node.below.members)
            below = {name: place_of(_members(nodes, name)) for name in sorted(place.known)}
            place.members = [(key(name), one) for name, one in below.items() if one is not None]
            place.others = place_of([node.below.others for node in nodes if node.below.others])
            place.elements = place_of(
                [node.below.elements for node in nodes if node.below.elements]
            )
    return Screen(root or NamePlace(), chooses=False)


def _is_naming(nodes: tuple[Node, ...]) -> bool:
    """Tell whether the schemas name all members that there may be.

    Raises:
        UnsupportedError: they say of members or elements what is not read here.
    """
    schemas = [node.schema for node in nodes]
    for keyword in ("patternProperties", "prefixItems"):
        if any(keyword in schema for schema in schemas):
            raise UnsupportedError(keyword)
    is_free = any("additionalProperties" in schema for schema in schemas)
    return not is_free and any("properties" in schema for schema in schemas)


def _members(nodes: tuple[Node, ...], name: str) -> list[Node]:
    """Give the schemas of a member."""
    below = (node.below.members.get(name, node.below.others) for node in nodes)
    return [node for node in below if node]
