"""PyInstaller's recipe, evaluated as other systems would, without packaging anything."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from trainer.inference.openvino_import import openvino
from trainer.runtime.accelerators import torch_has_cuda

# Once it is imported, it asks no more which system this is.
assert openvino
ROOT = Path(__file__).parents[1]
NEEDED = [
    "torch/lib/libtorch_cpu.so",
    "torch\\lib\\torch_cpu.dll",
    "openvino/libs/libopenvino.so.2641",
    "cv2/cv2.abi3.so",
    "PySide6/Qt/translations/qtbase_ko.qm",
]
UNNEEDED = ["PySide6/Qt/translations/qtbase_de.qm", "torch/include/ATen.h", "torch/lib/torch.lib"]


def evaluated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, flavour: str = ""
) -> SimpleNamespace:
    """What the recipe makes on *system*, one of :data:`sys.platform`'s."""
    # It starts a process for each package, to import it.
    monkeypatch.setattr("PyInstaller.utils.hooks.collect_submodules", lambda name: [name])
    made: dict[str, Any] = {}
    files = [(name, name, "BINARY") for name in [*NEEDED, *UNNEEDED]]

    def analyse(scripts: object, **choices: Any) -> SimpleNamespace:
        made["choices"] = choices
        return SimpleNamespace(pure=[], scripts=scripts, binaries=list(files), datas=[])

    def collect(executable: object, binaries: list[tuple[str, ...]], *others: object, **_: object):
        made["collected"] = {name for name, *_ in binaries}
        return SimpleNamespace(name=str(tmp_path / "dist"))

    monkeypatch.setattr(sys, "platform", system)
    own = "gpu" if torch_has_cuda() else "cpu"
    monkeypatch.setenv("FRUITGUI_FLAVOUR", flavour or own)
    monkeypatch.syspath_prepend(str(tmp_path))  # As the recipe does; so it is taken back.
    # The packager's own names; licences are collected into this folder.
    names = {
        "SPECPATH": str(tmp_path),
        "Analysis": analyse,
        "PYZ": lambda *_: None,
        "EXE": lambda *_, **choices: made.setdefault("executable", choices),
        "COLLECT": collect,
        "BUNDLE": lambda *_, **choices: made.setdefault("bundle", choices),
    }
    exec(compile((ROOT / "build.spec").read_text(encoding="utf-8"), "build.spec", "exec"), names)
    return SimpleNamespace(**made)


@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_it_takes_what_is_needed_and_leaves_the_rest(
    system: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = evaluated(monkeypatch, tmp_path, system)
    assert made.collected == set(NEEDED)
    libraries = [Path(source).name for source, _ in made.choices["binaries"]]
    assert any("_cpu_plugin" in name for name in libraries)
    assert made.executable["icon"].endswith("app.ico" if system == "win32" else "app.png")
    assert hasattr(made, "bundle") == (system == "darwin")


def test_macos_is_told_what_the_camera_is_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle = evaluated(monkeypatch, tmp_path, "darwin").bundle
    assert "camera" in bundle["info_plist"]["NSCameraUsageDescription"]
    assert bundle["info_plist"]["LSMinimumSystemVersion"] >= "14"
    assert bundle["version"]


def test_the_flavour_is_that_of_the_torch_that_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wrong = "cpu" if torch_has_cuda() else "gpu"
    with pytest.raises(SystemExit, match=f"not for the {wrong} flavour"):
        evaluated(monkeypatch, tmp_path, "linux", wrong)


def test_an_unknown_flavour_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="“tpu”"):
        evaluated(monkeypatch, tmp_path, "linux", "tpu")
