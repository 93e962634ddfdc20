from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from tests.trainer.teaching.patterns import write_patterns
from trainer import paths
from trainer.control import drain
from trainer.data.dataset import DataSet
from trainer.experiments.run import create_run
from trainer.experiments.taught_models import teach_kept
from trainer.models.metadata import read_model_info
from trainer.training.fit import fit

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def shown(tmp_path: Path) -> list[tuple[Path, str]]:
    stripes = write_patterns(tmp_path / "stripes", ("#2030d0", "#f0f0f0"), 4)
    others = write_patterns(tmp_path / "others", ("#101010", "#d020c0"), 4)
    return [(path, "Zebra fruit") for path in stripes] + [(path, "Candy") for path in others]


def chosen(window: MainWindow, qtbot: QtBot, row: int) -> None:
    window.show_page(3)
    library = window.models.library
    qtbot.waitUntil(lambda: library.list.count() > row)
    library.list.setCurrentRow(row)


def undo_buttons(window: MainWindow) -> list[QPushButton]:
    lessons = window.models.library.lessons
    return [
        button for button in lessons.findChildren(QPushButton) if button is not lessons.thorough
    ]


def test_each_lesson_is_listed_and_taken_back(
    window: MainWindow, qtbot: QtBot, shown: list[tuple[Path, str]]
) -> None:
    model = drain(teach_kept(paths.starter_model(), shown)).model
    chosen(window, qtbot, 1)
    library = window.models.library
    assert library._name.text() == "Starter model + Zebra fruit, Candy"
    assert library.lessons.isVisible()
    assert not library.lessons.thorough.isVisible()  # The starter's photos are not here.
    assert [each.accessibleName() for each in undo_buttons(window)] == [
        "Undo “Zebra fruit”",
        "Undo “Candy”",
    ]
    qtbot.mouseClick(undo_buttons(window)[0], LEFT)
    qtbot.waitUntil(lambda: library._name.text() == "Starter model + Candy")
    assert read_model_info(model).taught_kinds == ("Candy",)
    qtbot.waitUntil(lambda: len(undo_buttons(window)) == 1)
    qtbot.mouseClick(undo_buttons(window)[0], LEFT)
    qtbot.waitUntil(lambda: library.list.count() == 1)
    assert not library.lessons.isVisible()
    assert not model.exists()


def test_where_the_old_photos_are_there_all_can_be_trained_on(
    window: MainWindow, qtbot: QtBot, shown: list[tuple[Path, str]], demo_data: DataSet
) -> None:
    from trainer.config.recipe import Recipe

    recipe = Recipe(model="timm/test_resnet", weights="none", image_size=32, epochs=1)
    run = create_run(recipe.but(strategy="full"), demo_data.root)
    list(fit(run, demo_data))
    drain(teach_kept(run.model_file, shown, "cpu"))
    chosen(window, qtbot, 2)
    library = window.models.library
    qtbot.waitUntil(library.lessons.thorough.isVisible)
    qtbot.mouseClick(library.lessons.thorough, LEFT)
    train = window.train
    qtbot.waitUntil(lambda: train.isVisible() and train.data.data is not None)
    assert train.data.data is not None
    assert set(train.data.data.classes) == {*demo_data.classes, "Zebra fruit", "Candy"}
    assert train.form.recipe.model == "timm/test_resnet"
