"""The bodies of requests and answers as trees that open in place."""

from collections.abc import Mapping
from dataclasses import dataclass

from orderspec.docs.shapes import ANY, Shape

# Deeper than anybody opens; what stands below is linked to.
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Branch:
    """A member with what opens below it; `label` says which choice it is, if it is one."""

    shape: Shape
    below: "tuple[Branch, ...]" = ()
    label: str = ""

    @property
    def name(self) -> str:
        """What tells it from its neighbours."""
        return self.shape.name


class Trees:
    """Grows the trees of a page; a component opens once, and is linked to from then on."""

    def __init__(self, components: Mapping[str, Shape]) -> None:
        """Take the components by their ids in the page."""
        self._components = components
        self._opened: set[str] = set()

    def anew(self) -> "Trees":
        """Give trees in which nothing was opened yet: what goes wrong is read at each operation."""
        return Trees(self._components)

    def below(self, shape: Shape, level: int = 0) -> tuple[Branch, ...]:
        """Grow what opens below a shape: what a payload holds there, not what binds it besides."""
        if level > _DEEPEST:
            return ()
        found: dict[str, Branch] = {}
        for one in shape.members:
            if one.is_part:
                found[one.name] = Branch(one, self.below(one, level + 1))
        for some in shape.choices:
            for number, one in enumerate(some.shapes, 1):
                if some.keyword == "allOf":
                    found |= {
                        inner.name: inner
                        for inner in self.below(one, level + 1)
                        if inner.name not in found
                    }
                elif one.members or one.target or one.type != ANY:
                    found[one.anchor] = Branch(one, self.below(one, level + 1), f"choice {number}")
        return (*found.values(), *self._referred(shape, level))

    def _referred(self, shape: Shape, level: int) -> tuple[Branch, ...]:
        target = self._components.get(shape.target.anchor) if shape.target else None
        if target is None or target.anchor in self._opened:
            return ()
        self._opened.add(target.anchor)
        return self.below(target, level + 1)
