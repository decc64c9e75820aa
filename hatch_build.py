"""Compile what judges every payload, where there is a C compiler; else Python runs the same files.

`ORDERSPEC_PURE=1` leaves it out. An editable installation gets the compiled modules beside their
sources: after a change there, install again (`make` does).
"""

import os
import shutil
import sys
import sysconfig
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileHook(BuildHookInterface):  # type: ignore[type-arg] # hatchling does not export the type
    """Runs mypyc over the modules that pyproject.toml names."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and say where the wheel finds what was made."""
        source, is_editable = Path(self.root, "src"), version == "editable"
        if is_editable:
            for stale in source.rglob(f"*{sysconfig.get_config_var('EXT_SUFFIX')}"):
                stale.unlink()
        if os.environ.get("ORDERSPEC_PURE"):
            return
        target = source if is_editable else self._kept()
        made = _compiled(self.config["modules"], source, target)
        if made and not is_editable:
            build_data["pure_python"] = False
            build_data["infer_tag"] = True
            build_data["force_include"].update(
                {str(file): str(file.relative_to(target)) for file in made}
            )

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing but the wheel."""
        del version, build_data, artifact_path
        shutil.rmtree(self._kept(), ignore_errors=True)

    def _kept(self) -> Path:
        return Path(self.directory, "compiled")


def _compiled(modules: list[str], source: Path, target: Path) -> list[Path]:
    """Compile modules, and put them below a folder as they stand below their source."""
    with TemporaryDirectory() as name, chdir(source):
        built = Path(name, "built")
        options = [
            *("--config-file=", f"--cache-dir={name}/cache"),
            *("--ignore-missing-imports", "--follow-imports=silent"),
        ]
        try:
            from mypyc.build import mypycify  # noqa: PLC0415 (needed only to compile)
            from setuptools import Distribution  # noqa: PLC0415 (the same)

            extensions = mypycify(
                [*options, *modules],
                group_name="orderspec",
                target_dir=f"{name}/c",
                opt_level="3",
                debug_level="0",
            )
            command = Distribution({"ext_modules": extensions}).get_command_obj("build_ext")
            command.build_lib, command.build_temp = str(built), f"{name}/objects"
            command.ensure_finalized()
            command.run()
        except (Exception, SystemExit) as problem:  # noqa: BLE001 (slower is better than nothing)
            print(f"Nothing is compiled, Python runs the same: {problem}", file=sys.stderr)  # noqa: T201 (pip -v shows it)
            return []
        files = [file for file in built.rglob("*") if file.is_file()]
        made = [target / file.relative_to(built) for file in files]
        for file, place in zip(files, made, strict=True):
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
        return made
