"""The functions that lint takes for CEL's own are those that the library has."""

import cel
import pytest

from orderspec.rules.lint import NATIVE

CALLS = {
    "size": "size('a')",
    "contains": "'a'.contains('a')",
    "startsWith": "'a'.startsWith('a')",
    "endsWith": "'a'.endsWith('a')",
    "matches": "'a'.matches('a')",
    "string": "string(1)",
    "bytes": "bytes('a')",
    "double": "double(1)",
    "int": "int('1')",
    "uint": "uint(1)",
    "type": "type(1)",
    "dyn": "dyn(1)",
    "timestamp": "timestamp('2020-01-01T00:00:00Z')",
    "duration": "duration('1s')",
} | {
    name: f"timestamp('2020-01-01T00:00:00Z').{name}()" for name in NATIVE if name.startswith("get")
}


@pytest.mark.parametrize("name", sorted(NATIVE))
def test_the_library_has_every_native_function(name: str) -> None:
    assert cel.compile(CALLS[name]).functions() == [name] or name in CALLS[name]
    cel.evaluate(CALLS[name], {})


@pytest.mark.parametrize("name", ["bool", "max", "min", "lowerAscii"])
def test_functions_of_the_optional_library_are_not_there(name: str) -> None:
    assert name not in NATIVE
    with pytest.raises(RuntimeError, match="Undefined"):
        cel.evaluate(f"{name}('a')", {})
