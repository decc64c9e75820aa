"""The members that a payload can have at a place: its own, and those of what it refers to."""

from collections.abc import Iterator, Mapping

from orderspec.docs.shapes import Shape

_ELEMENT = "[]"


def members_of(shape: Shape, components: Mapping[str, Shape], seen: set[str]) -> Iterator[Shape]:
    """Give what stands inside, through references, lists and choices, each component once.

    Args:
        shape: of an object, or of a list of objects.
        components: by their ids in the page.
        seen: ids of components that are left out; those met are added.
    """
    for one in shape.members:
        # In the id of a member such signs are escaped.
        if one.anchor.endswith(_ELEMENT):
            yield from members_of(one, components, seen)
        else:
            yield one
    for some in shape.choices:
        for one in some.shapes:
            yield from members_of(one, components, seen)
    target = components.get(shape.target.anchor) if shape.target else None
    if target is not None and target.anchor not in seen:
        seen.add(target.anchor)
        yield from members_of(target, components, seen)
