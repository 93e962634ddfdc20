import ast
import subprocess
import sys
from pathlib import Path

import pytest

import fruitgui
import trainer

HEAVY = ("torch", "torchvision", "timm", "PySide6", "cv2")


def loaded_after(statement: str) -> set[str]:
    """Which heavy packages a fresh interpreter has loaded after *statement*."""
    code = f"import sys\n{statement}\nprint(*(set({HEAVY!r}) & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "trainer.cli.main",
        "trainer.data.dataset",
        "trainer.experiments.model_library",
        "trainer.config.recipe",
        "trainer.experiments.run",
    ],
)
def test_what_a_window_needs_at_once_loads_no_torch(module: str) -> None:
    assert loaded_after(f"import {module}") == set()


def test_a_mistyped_command_is_answered_without_torch() -> None:
    statement = (
        "import contextlib\nfrom trainer.cli.main import main\n"
        "with contextlib.suppress(SystemExit): main(['--version'])\n"
        "assert main(['train', 'nowhere']) == 1\nprint()"
    )
    assert loaded_after(statement).isdisjoint(HEAVY)


def test_the_trainer_knows_no_qt() -> None:
    files = list(Path(trainer.__path__[0]).rglob("*.py"))
    assert len(files) > 20
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            roots = {name.split(".")[0] for name in names}
            assert roots.isdisjoint({"PySide6", "pyqtgraph", "fruitgui"}), file


def test_no_text_for_translators_hides_in_an_f_string() -> None:
    """There, lupdate finds none: it would stay English."""
    sources = sorted((Path(trainer.__file__).parents[1] / "fruitgui").rglob("*.py"))
    hidden = [
        f"{source.name}:{call.lineno}"
        for source in sources
        for string in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "tr"
    ]
    assert sources
    assert hidden == []


def test_the_whole_window_is_imported_without_torch() -> None:
    """Its threads and tasks import torch once they run, which for most users is never."""
    folder = Path(fruitgui.__path__[0])
    modules = {
        ".".join(("fruitgui", *file.relative_to(folder).with_suffix("").parts))
        for file in folder.rglob("*.py")
        if file.stem not in {"__init__", "__main__"}
    }
    assert len(modules) > 100
    loaded = loaded_after(f"import {', '.join(sorted(modules))}")
    assert loaded.isdisjoint({"torch", "torchvision", "timm"})
