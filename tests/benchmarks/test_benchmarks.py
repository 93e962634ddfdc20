import subprocess
import sys
from pathlib import Path

import pytest

import benchmarks

FOLDER = Path(benchmarks.__file__).parent


@pytest.mark.parametrize(
    "name", ["camera", "inspection_view", "many_photos", "near_unknowns", "soak", "teaching"]
)
def test_those_that_build_on_others_run_as_files_from_anywhere(name: str, tmp_path: Path) -> None:
    command = [sys.executable, str(FOLDER / f"{name}.py"), "--help"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert shown.stdout.startswith(f"usage: {name}.py")
