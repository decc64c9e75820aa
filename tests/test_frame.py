"""The frame holds: targets, versions, pins, ignores, a lean start."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import orderspec

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"cel", "jsonschema_rs", "schemathesis", "sqlalchemy", "starlette", "yaml"}


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def pins() -> dict[str, str]:
    """The constraints: canonical name to exact version."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def requirements() -> list[Requirement]:
    table = project()["project"]
    groups = [table["dependencies"], *table["optional-dependencies"].values()]
    return [Requirement(text) for group in groups for text in group]


def foreign_requirements() -> list[Requirement]:
    return [requirement for requirement in requirements() if requirement.name != "orderspec"]


def tracked_files() -> list[Path]:
    """The files that git tracks or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("this is not a git checkout")
    files = [ROOT / name for name in done.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def test_make_without_a_target_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    command = ["make", "--no-print-directory", "-C", str(ROOT)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert {"demo", "test", "help"} <= targets
    assert {line.split()[0] for line in listed.splitlines()} == targets


def test_every_target_that_makes_no_file_is_phony() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def test_the_build_takes_the_version_from_the_package() -> None:
    table = project()
    source = ROOT / table["tool"]["hatch"]["version"]["path"]
    assert "version" in table["project"]["dynamic"]
    assert Path(orderspec.__file__).resolve() == source
    assert re.fullmatch(r"\d+\.\d+\.\d+", orderspec.__version__)


def test_constraints_are_exact_versions_without_an_address() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = [line for line in lines if not line.startswith("#")]
    assert pinned
    for line in pinned:
        assert re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.]+", line), line


@pytest.mark.parametrize("requirement", foreign_requirements(), ids=lambda found: found.name)
def test_every_dependency_is_pinned_within_its_bounds(requirement: Requirement) -> None:
    version = pins().get(canonicalize_name(requirement.name))
    assert version, f"constraints.txt lacks {requirement.name}: run make constraints"
    assert requirement.specifier.contains(version)


def test_the_extra_all_holds_every_extra_that_a_user_can_ask_for() -> None:
    extras = project()["project"]["optional-dependencies"]
    (everything,) = (Requirement(text) for text in extras["all"])
    assert everything.extras == set(extras) - {"all", "dev"}


def test_every_ignored_lint_rule_states_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    lint = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.pydocstyle]")]
    ignores = [line for line in lint.splitlines() if re.match(r'\s+"[A-Z]+\d*",', line)]
    table = project()["tool"]["ruff"]["lint"]
    per_file = [code for codes in table["per-file-ignores"].values() for code in codes]
    assert len(ignores) == len(table["ignore"]) + len(per_file)
    for line in ignores:
        assert re.search(r'",\s+# \w.{9,}$', line), f"no reason: {line}"


def test_every_exception_from_the_linter_or_type_checker_in_code_states_its_reason() -> None:
    mark = re.compile(r"# (?:noqa|type: ignore)\b(?P<rest>.*)")
    reasoned = re.compile(r"(?:: [A-Z0-9, ]+|\[[a-z, -]+\]).*\w{2,} \w+")
    bare = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in tracked_files()
        if file.suffix == ".py" and file != Path(__file__)
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if (found := mark.search(line)) and not reasoned.match(found["rest"])
    ]
    assert not bare


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    machine = re.compile(r"(?<![\w./}-])/(?:home|root|Users|work)/\w")
    files = tracked_files()
    assert files
    named = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1)
        if machine.search(line)
    ]
    assert not named


def test_help_starts_without_loading_a_heavy_library() -> None:
    script = (
        "import sys; sys.argv = ['orderspec', '--help']\n"
        "from orderspec.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print('LOADED', *sorted(sys.modules))\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = done.stdout.splitlines()[-1].split()
    assert loaded[0] == "LOADED"
    assert {"orderspec", "click"} <= set(loaded)
    assert not HEAVY & set(loaded)


def test_importing_the_package_loads_nothing_but_the_standard_library() -> None:
    script = (
        "import sys; before = set(sys.modules)\nimport orderspec\nprint(*set(sys.modules) - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded <= {"orderspec", *sys.stdlib_module_names}
