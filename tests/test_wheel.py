"""What ``pip install`` makes of a clone works without it."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from trainer import paths

ROOT = Path(__file__).parents[1]
BUILT_FROM = (
    *("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "resources.qrc"),
    *("assets", "fruitgui", "trainer"),
)
MADE_BY_BUILDS = ("*.qm", "resources_rc.py", "engines", "pretrained", "__pycache__")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel of a fresh clone, and what it needs out of this one."""
    folder = tmp_path_factory.mktemp("wheel")
    clone, new = folder / "clone", folder / "environment"
    clone.mkdir()
    for name in BUILT_FROM:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns(*MADE_BY_BUILDS)
            shutil.copytree(ROOT / name, clone / name, ignore=ignored)
        else:
            shutil.copyfile(ROOT / name, clone / name)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-build-isolation", "--no-index"]
    made = subprocess.run(
        [*pip, "wheel", *options, "--wheel-dir", folder, clone],
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", new], check=True)
    subprocess.run([*pip, "--python", new, "install", "--no-deps", "--no-index", wheel], check=True)
    # The packages of this environment are seen, but not its link to this clone.
    (packages,) = new.rglob("site-packages")
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return new


def command(environment: Path, name: str) -> str:
    found = shutil.which(name, path=environment / ("Scripts" if os.name == "nt" else "bin"))
    assert found is not None
    return found


def test_the_trainer_predicts_outside_of_the_clone(environment: Path, tmp_path: Path) -> None:
    photo = paths.samples_folder() / "apple-1.jpg"
    done = subprocess.run(
        [command(environment, "fruitgui-trainer"), "predict", "--json", photo],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["label"] == "Apple"


def test_the_window_has_its_assets_icons_and_texts(environment: Path, tmp_path: Path) -> None:
    script = """
from fruitgui.app import create_application
from fruitgui.i18n.language import Translation
from fruitgui.icons import icon
from trainer import paths

app = create_application(["fruitgui"])
texts = Translation()
texts.install("ko")
assert not icon("open", "#000000").isNull()
print(paths.starter_model().is_file(), paths.licences().is_file())
print(len(list(paths.samples_folder().glob("*.jpg"))))
print(app.translate("ClassifyPage", "Choose photos…"))
"""
    done = subprocess.run(
        [command(environment, "python"), "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", "True", "12", "사진", "고르기…"]
