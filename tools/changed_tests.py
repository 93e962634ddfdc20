"""``python -m tools.changed_tests``: names the tests of what has changed since the last commit.

Tests mirror the source: those of ``trainer/data/splits.py`` are in
``tests/trainer/data/test_splits.py``, and where there is no such file, in all of its folder. Tests
of what builds on a changed file are not among them: ``make test`` runs those. Prints nothing where
nothing has changed that has tests.
"""

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]
_EVERYTHING = ("pyproject.toml", "constraints.txt", "setup.py", "resources.qrc")


def changed_files() -> list[str]:
    """The files that differ from the last commit, and new ones, as places in the repository."""
    commands = ("diff --name-only HEAD", "ls-files --others --exclude-standard")
    found: list[str] = []
    for command in commands:
        done = subprocess.run(
            ["git", *command.split()], cwd=ROOT, capture_output=True, text=True, check=True
        )
        found += done.stdout.splitlines()
    return found


def tests_of(changed: Iterable[str], root: Path = ROOT) -> list[str]:
    """Files and folders for pytest, sorted."""
    return sorted({place for file in changed for place in _tests_of(PurePosixPath(file), root)})


def _tests_of(file: PurePosixPath, root: Path) -> Iterator[str]:
    if str(file) in _EVERYTHING or file.parts[0] == "assets" or file.suffix == ".zip":
        yield "tests"
    elif file.parts[0] == "tests" and file.suffix == ".py":
        # What several tests share may break any of them.
        yield str(file if file.name.startswith("test_") else file.parent)
    elif file.suffix == ".py":
        mirrored = PurePosixPath("tests", *file.parts[:-1])
        own = mirrored / f"test_{file.stem}.py"
        while not (root / mirrored).is_dir():
            mirrored = mirrored.parent
        yield str(own if (root / own).is_file() else mirrored)


if __name__ == "__main__":
    for place in tests_of(changed_files()):
        if (ROOT / place).exists():
            print(place)
