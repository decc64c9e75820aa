"""How deep a text nests, measured before anything recurses into it."""

import re
from array import array
from itertools import accumulate

from orderspec.validation.flaws import MAX_DEPTH

_STRUCTURE = b'"[]{}'
_NOT_STRUCTURE = bytes(byte for byte in range(256) if byte not in _STRUCTURE)
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
_STEPS_AT_ONCE = 1 << 16
_STRING = re.compile(rb'"[^"]*"?')


def is_too_deep(text: str) -> bool:
    """Tell in linear time whether a text goes beyond `MAX_DEPTH`.

    The answer is exact for the part of the text that is JSON; after a flaw it may be wrong.
    """
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    unescaped = text.encode().replace(b"\\\\", b"").replace(b'\\"', b"")
    # Most strings hold no bracket: two quotes are left of them, which are quick to take out.
    structure = unescaped.translate(None, _NOT_STRUCTURE).replace(b'""', b"")
    steps = _STRING.sub(b"", structure).translate(_STEPS)
    depth = 0
    for start in range(0, len(steps), _STEPS_AT_ONCE):
        depths = list(accumulate(array("b", steps[start : start + _STEPS_AT_ONCE]), initial=depth))
        if max(depths) > MAX_DEPTH:
            return True
        depth = depths[-1]
    return False
