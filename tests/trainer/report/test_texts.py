"""What a report says, in both languages."""

import ast
import dataclasses
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

import jinja2
from jinja2 import nodes

from tests.trainer.photos import make
from tests.trainer.report.reading import World, report
from trainer.config.recipe import NAMES, Recipe
from trainer.data.dataset import open_data_set
from trainer.experiments import comparison_table
from trainer.experiments.run_database import State
from trainer.report.recipe import OPTIONS
from trainer.report.sections import STATES
from trainer.report.texts import ClassNames, Texts, catalogue

ROOT = Path(__file__).parents[3]


def test_two_classes_of_one_name_are_told_apart() -> None:
    names = ClassNames(("Eggplant", "Aubergine", "Passion-Fruit", "나만의 것"), "ko")
    assert names.short("Eggplant") == "가지 (Eggplant)"
    assert names.short("Aubergine") == "가지 (Aubergine)"
    assert names.own("Aubergine") == ""
    assert names.full("Passion-Fruit") == "패션프루트 (Passion-Fruit)"
    assert names.full("나만의 것") == "나만의 것"
    assert ClassNames(("Passion-Fruit",), "en").full("Passion-Fruit") == "Passion fruit"


def _calls(source: Path, names: set[str]) -> Iterator[str]:
    """The first argument, where it is a text, of each call of such a name."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in names and isinstance(node.args[0].value, str):
                yield node.args[0].value


def _texts_used() -> Iterator[str]:
    yield from NAMES.values()
    # All that a data set may warn of.
    for name in ("left_out", "held_out", "class_matching", "labels/label_warnings"):
        yield from _calls(ROOT / "trainer" / "data" / f"{name}.py", {"DatasetError"})
    for source in sorted((ROOT / "trainer" / "report").glob("*.py")):
        yield from _calls(source, {"t", "text"})
    for template in sorted((ROOT / "assets" / "report").glob("*.html")):
        tree = jinja2.Environment().parse(template.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                assert isinstance(call.args[0], nodes.Const), template.name
                yield call.args[0].value


def test_the_korean_catalogue_is_complete() -> None:
    korean = catalogue()
    used = set(_texts_used())
    assert len(used) > 150
    assert used - korean.keys() == set(), "without Korean"
    assert korean.keys() - used == set(), "no longer used"
    for english, translated in korean.items():
        assert translated, english
        assert _places(english) == _places(translated), english


def _places(template: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_choice_of_a_recipe_has_its_words() -> None:
    assert list(NAMES) == [field.name for field in dataclasses.fields(Recipe)]
    for name, hint in get_type_hints(Recipe).items():
        if get_origin(hint) is Literal:
            assert set(OPTIONS[name]) == set(get_args(hint)), name
    assert OPTIONS["strategy"] == comparison_table.STRATEGY_TITLES
    assert set(STATES) == set(get_args(State))


def test_warnings_of_a_data_set_are_told_in_korean(tmp_path: Path) -> None:
    files = {"train/a": 6, "train/b": 6, "test/c": 1, "val/a": 1, "valid/b": 1, "train/one": 1}
    (tmp_path / "fruit" / "train" / "empty").mkdir(parents=True)
    data_set = open_data_set(make(tmp_path / "fruit", files))
    assert len(data_set.warnings) == 4
    texts = Texts("ko")
    for warning in data_set.warnings:
        assert re.search("[가-힣]", texts.error(warning)), str(warning)
        assert Texts("en").error(warning) == str(warning) or "training" in Texts("en").error(
            warning
        )


def test_korean_pages_speak_korean(world: World, tmp_path: Path) -> None:
    page = report(world.comparison.id, tmp_path / "a.html", "ko")
    english = [text for text in _texts_used() if len(text) > 12 and "{" not in text]
    korean = catalogue()
    for text in english:
        if korean[text] != text:
            assert text not in page.text, text
