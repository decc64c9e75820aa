"""What mypyc compiles is what the sources say, and Python alone tells the same, only slower."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
HOOK = CONFIGURATION["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]
SOURCES = [ROOT / "src" / module for module in HOOK["modules"]]
HAS_COMPILER = (
    shutil.which("cc") is not None
    and Path(sysconfig.get_path("include"), "Python.h").exists()
    and not os.environ.get("ORDERSPEC_PURE")
)
JUDGE = """
from hashlib import sha256
from orderspec import Validator, exact_json
from orderspec.contract import catalog
from orderspec.fixtures import payloads
from orderspec.rules import quick_nodes

print(quick_nodes.__file__.endswith(".py"))
told, right = [], 0
for provider in catalog.providers():
    validators = {}
    for one in payloads(catalog.load(provider)):
        schema = f"{provider}/{one.schema}"
        if schema not in validators:
            validators[schema] = Validator(schema)
            validators[schema]._first_look.prepare()
        look, text = validators[schema]._first_look, exact_json.to_bytes(one.body)
        doubts, found = look.doubts(text), validators[schema].validate(text)
        for other in (doubts, look.doubts_value(one.body)):
            told.append((str(one), other.rules and sorted(other.rules), other.is_right))
        told.append(list(map(str, found)))
        right += doubts.is_right
print(len(told) // 3, right)
print(sha256(repr(told).encode()).hexdigest())
"""


def compiled(source: Path) -> list[Path]:
    return list(source.parent.glob(f"{source.stem}.*.so"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_compiled_module_is_of_its_source(source: Path) -> None:
    modules = compiled(source)
    assert modules or not HAS_COMPILER, "pip install -v tells why it was not compiled"
    for module in modules:
        assert module.stat().st_mtime >= source.stat().st_mtime, "make compiles it anew"


def judged(folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", JUDGE],
        env={"PYTHONPATH": str(folder), "ORDERSPEC_SPEC": str(ROOT / "spec")},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_python_alone_tells_what_the_compiled_modules_tell(tmp_path: Path) -> None:
    if not HAS_COMPILER:
        pytest.skip("nothing is compiled here: there is no C compiler")
    alone = tmp_path / "src"
    shutil.copytree(ROOT / "src", alone, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    (tmp_path / "spec").symlink_to(ROOT / "spec")
    is_python, *told = judged(alone)
    is_also_python, *told_by_compiled = judged(ROOT / "src")
    assert (is_python, is_also_python) == ("True", "False")
    assert told == told_by_compiled
    count, right, _ = told
    assert int(right) > int(count) // 5
