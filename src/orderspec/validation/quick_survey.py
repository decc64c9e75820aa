"""What a parsed payload holds, told in one walk; mypyc compiles it."""

from math import isfinite
from typing import Final

from orderspec.rules.quick_nodes import DoubtError

_BEYOND: Final = 10**18
_JSON: Final = frozenset({bool, dict, float, int, list, str, type(None)})


class Survey:
    """What a payload holds, whose names are strings.

    Attributes:
        strings: how many strings there are, the names of members among them.
        has_fractions: whether a number is a double.
        has_whole_fractions: whether one of these is a whole number.
        has_nulls: whether there is null.
    """

    def __init__(self, deepest: int, *, is_foreign: bool) -> None:
        """Start with nothing.

        Args:
            deepest: what is nested further is doubted.
            is_foreign: whether values may be of types that no parser makes.
        """
        self.strings = 0
        self.has_fractions = False
        self.has_whole_fractions = False
        self.has_nulls = False
        self._deepest, self._is_foreign = deepest, is_foreign

    def take(self, value: object, depth: int = 0) -> None:
        """Walk a payload, or what stands below so many levels of it.

        Raises:
            DoubtError: it is nested too deeply, has numbers of more than eighteen digits, or what
                JSON does not have.
        """
        if self._is_foreign and type(value) not in _JSON:
            raise DoubtError
        if isinstance(value, str):
            self.strings += 1
        elif isinstance(value, dict):
            self._take_object(value, depth + 1)
        elif isinstance(value, list):
            self._take_list(value, depth + 1)
        elif value is None:
            self.has_nulls = True
        elif isinstance(value, float):
            self._take_fraction(value)
        elif isinstance(value, int):
            if not -_BEYOND < value < _BEYOND:
                raise DoubtError
        else:
            raise DoubtError

    def _take_object(self, value: dict[object, object], depth: int) -> None:
        if depth > self._deepest:
            raise DoubtError
        self.strings += len(value)
        for item in value.values():
            self.take(item, depth)

    def _take_list(self, value: list[object], depth: int) -> None:
        if depth > self._deepest:
            raise DoubtError
        for item in value:
            self.take(item, depth)

    def _take_fraction(self, value: float) -> None:
        if not isfinite(value):
            raise DoubtError
        self.has_fractions = True
        if value.is_integer():
            self.has_whole_fractions = True
