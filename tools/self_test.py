"""``python tools/self_test.py DIST``: the packaged program proves itself where no Python is about.

It is copied out of the repository, and started with nothing of this environment.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def executable_in(dist: Path) -> Path:
    """The program that PyInstaller has made.

    Raises:
        FileNotFoundError: there is none.
    """
    places = (
        dist / "Fruitgui.app" / "Contents" / "MacOS" / "fruitgui",
        dist / "fruitgui" / "fruitgui.exe",
        dist / "fruitgui" / "fruitgui",
    )
    for place in places:
        if place.is_file():
            return place
    raise FileNotFoundError(f"There is no program in {dist}: make package")


def main() -> int:
    dist = Path(sys.argv[1])
    program = executable_in(dist)
    # The folder to copy: Fruitgui.app, or fruitgui.
    folder = dist / program.relative_to(dist).parts[0]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        copy = Path(name) / folder.name
        shutil.copytree(folder, copy, symlinks=True)
        kept = ("SYSTEMROOT", "TEMP", "TMP", "USERPROFILE", "TMPDIR")
        return subprocess.run(
            [copy / program.relative_to(folder), "--self-test"],
            cwd=name,
            env={key: os.environ[key] for key in kept if key in os.environ}
            | {"HOME": name, "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"},
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
