"""Compiles what Qt embeds, as a step of every build: icons and translations into Python modules.

``pip install`` runs it, also for an editable install; ``python setup.py build_resources`` alone.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from setuptools import Command, setup
from setuptools.command.build import build

ROOT = Path(__file__).parent
COLLECTION = ROOT / "resources.qrc"
MODULE = ROOT / "fruitgui" / "resources_rc.py"
TRANSLATIONS = ROOT / "assets" / "translations"


def tool(name: str) -> str:
    """One of PySide6's tools, of the environment that builds.

    Raises:
        FileNotFoundError: PySide6 is not installed.
    """
    # pip's isolated builds have their tools on the PATH, not beside the interpreter.
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is missing: pip install PySide6-Essentials")
    return found


def is_stale(target: Path, sources: Iterable[Path]) -> bool:
    return not target.exists() or any(
        source.stat().st_mtime > target.stat().st_mtime for source in sources
    )


class BuildResources(Command):
    """Compiles translations, then the resource collection that embeds them."""

    description = "compile icons and translations"
    user_options: ClassVar[list[tuple[str, str | None, str]]] = []
    # setuptools sets these on every step of a build.
    build_lib: str | None = None
    editable_mode = False

    def initialize_options(self) -> None:
        pass

    def finalize_options(self) -> None:
        pass

    def run(self) -> None:
        for source in sorted(TRANSLATIONS.glob("*.ts")):
            target = source.with_suffix(".qm")
            if is_stale(target, [source]):
                subprocess.run(
                    [tool("pyside6-lrelease"), "-silent", str(source), "-qm", str(target)],
                    check=True,
                )
        embedded = [COLLECTION, *ROOT.glob("assets/icons/*.svg"), *TRANSLATIONS.glob("*.qm")]
        if is_stale(MODULE, embedded):
            subprocess.run([tool("pyside6-rcc"), str(COLLECTION), "-o", str(MODULE)], check=True)

    def get_source_files(self) -> list[str]:
        return [str(COLLECTION.relative_to(ROOT))]

    def get_outputs(self) -> list[str]:
        return []

    def get_output_mapping(self) -> dict[str, str]:
        return {}


class Build(build):
    # Before build_py, which collects the modules.
    sub_commands: ClassVar[list[Any]] = [("build_resources", None), *build.sub_commands]


setup(cmdclass={"build": Build, "build_resources": BuildResources})
