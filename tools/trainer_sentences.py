"""Collects what trainer's errors and a recipe's choices say, for Qt Linguist.

Trainer knows no Qt, so lupdate finds no ``tr`` in it. ``python -m tools.trainer_sentences FILE``
writes a Python file in which it does; it is read by lupdate alone, and never run.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from trainer import errors
from trainer.config.recipe import HELPS, NAMES, RANGES

ROOT = Path(__file__).parents[1]
_RAISED = {name for name in vars(errors) if name.endswith("Error")} | {"CameraError", "cls"}
"""What is called with a template: the errors of trainer, of the window's cameras, and of a class
method."""


def sentences() -> list[str]:
    """The template of every error of ours that is made in the source, sorted."""
    return sorted(set(_templates()))


def _templates() -> Iterator[str]:
    for package in ("trainer", "fruitgui"):
        for source in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                    continue
                template = node.args[0] if node.args else None
                if node.func.id in _RAISED and isinstance(template, ast.Constant):
                    yield str(template.value)


def choices() -> list[str]:
    """What the choices of a recipe are called, and the meaning of those that have no keys, each of
    which has a meaning of its own in the window."""
    return [*NAMES.values(), *(HELPS[name] for name in (*RANGES, "balanced"))]


def main() -> None:
    texts = {"Trainer": sentences(), "Recipe": choices()}
    lines = (
        f"QT_TRANSLATE_NOOP({context!r}, {text!r})\n"
        for context in texts
        for text in texts[context]
    )
    Path(sys.argv[1]).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
