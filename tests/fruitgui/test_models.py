import shutil
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QFile, Qt
from pytestqt.qtbot import QtBot

from fruitgui.window import MainWindow
from tests.fruitgui.conftest import LONG, choose_file
from trainer import paths
from trainer.model import Classifier
from trainer.model_store import stored_models


def names(window: MainWindow) -> list[str]:
    list_ = window.models._list
    return [list_.item(row).text().splitlines()[0] for row in range(list_.count())]


def test_the_starter_is_there_and_in_use(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page(3)
    qtbot.waitUntil(lambda: "in use" in window.models._list.item(0).text(), timeout=LONG)
    assert names(window) == ["Starter model"]
    assert "Apple" in window.models._classes.text()
    assert not window.models._remove.isVisible()
    assert not window.models._use.isEnabled()


def test_a_model_is_imported_used_and_removed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "mine.safetensors"
    shutil.copyfile(paths.starter_model(), source)
    choose_file(monkeypatch, source)
    window.show_page(3)
    qtbot.mouseClick(window.models._import, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.models._list.count() == 2, timeout=LONG)
    copy = paths.models_folder() / "mine.safetensors"
    assert copy.is_file()

    qtbot.mouseClick(window.models._use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window._settings.model_in_use == copy, timeout=LONG)

    # The system's trash is not for tests to fill.
    monkeypatch.setattr(QFile, "moveToTrash", lambda name: Path(name).unlink() is None)
    (model,) = [m for m in stored_models() if m.path == copy]
    window.models.remove(model)
    qtbot.waitUntil(lambda: window._settings.model_in_use is None, timeout=LONG)
    assert names(window) == ["Starter model"]


def test_bare_weights_take_their_classes_from_a_data_set(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, demo_folder: Path
) -> None:
    source = tmp_path / "best_model.pth"
    torch.save(Classifier("mobilenet_v2", classes=3).network.state_dict(), source)
    window.models.import_file(source, demo_folder)
    qtbot.waitUntil(lambda: window.models._list.count() == 2, timeout=LONG)
    assert names(window)[1] == "best_model"
    assert "Banana" in window.models._classes.text()


def test_what_is_no_model_is_refused(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    source = tmp_path / "model.safetensors"
    source.write_text("no model")
    window.models.import_file(source)
    qtbot.waitUntil(lambda: "not a model" in window.models.notice.text, timeout=LONG)
    assert list(paths.models_folder().glob("*")) == []
