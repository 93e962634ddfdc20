"""Steps of every build: icons and translations become a module, and a wheel takes the assets.

``pip install`` runs them; an editable install reads the assets where they lie.
``python setup.py build_resources`` runs the first alone.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from setuptools import Command, setup
from setuptools.command.build import build

ROOT = Path(__file__).parent
COLLECTION = ROOT / "resources.qrc"
MODULE = ROOT / "fruitgui" / "resources_rc.py"
TRANSLATIONS = ROOT / "assets" / "translations"
ASSETS = ("produce_names.json", "report", "samples", "starter.*")
"""What the code reads of the assets; what is made of others lies in packages that it needs."""


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


class Step(Command):
    """A step of the build that makes files of its own."""

    user_options: ClassVar[list[tuple[str, str | None, str]]] = []
    # setuptools sets these on every step of a build.
    build_lib: str | None = None
    editable_mode = False

    def initialize_options(self) -> None:
        pass

    def finalize_options(self) -> None:
        self.set_undefined_options("build", ("build_lib", "build_lib"))

    def get_source_files(self) -> list[str]:
        return []  # MANIFEST.in names them.

    def get_outputs(self) -> list[str]:
        return []

    def get_output_mapping(self) -> dict[str, str]:
        return {}


class BuildResources(Step):
    """Compiles translations, then the resource collection that embeds them."""

    description = "compile icons and translations"

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


class BuildAssets(Step):
    """Copies the assets and the licence into the package, where it looks for them first."""

    description = "copy the assets that the code reads"

    def run(self) -> None:
        if not self.editable_mode:
            for source, target in self._copies():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)

    def _copies(self) -> Iterator[tuple[Path, Path]]:
        assert self.build_lib is not None
        package = Path(self.build_lib) / "trainer"
        yield ROOT / "LICENSE", package / "LICENSE"
        for place in (place for pattern in ASSETS for place in ROOT.glob(f"assets/{pattern}")):
            for source in place.rglob("*") if place.is_dir() else [place]:
                if source.is_file():
                    yield source, package / source.relative_to(ROOT)

    def get_outputs(self) -> list[str]:
        return [] if self.editable_mode else [str(target) for _, target in self._copies()]


class Build(build):
    # Resources before build_py, which collects the modules.
    sub_commands: ClassVar[list[Any]] = [
        ("build_resources", None),
        *build.sub_commands,
        ("build_assets", None),
    ]


setup(
    cmdclass={"build": Build, "build_resources": BuildResources, "build_assets": BuildAssets},
)
