import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import trainer

HEAVY = ("torch", "torchvision", "PySide6", "cv2")


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


def test_every_module_that_needs_torch_is_kept_from_the_window() -> None:
    """The contract of import-linter names them one by one."""
    root = Path(trainer.__path__[0])
    contracts = tomllib.loads((root.parent / "pyproject.toml").read_text(encoding="utf-8"))
    forbidden = {
        name
        for contract in contracts["tool"]["importlinter"]["contracts"]
        if "workers" in contract["name"] and contract["type"] == "forbidden"
        for name in contract["forbidden_modules"]
    }
    heavy = set()
    for file in root.rglob("*.py"):
        imported = {
            name.split(".")[0]
            for node in ast.parse(file.read_text(encoding="utf-8")).body
            for name in _imported(node)
        }
        if imported & {"torch", "torchvision"}:
            heavy.add(".".join(file.relative_to(root.parent).with_suffix("").parts))
    assert len(heavy) > 10
    assert heavy - forbidden == set()


def _imported(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
