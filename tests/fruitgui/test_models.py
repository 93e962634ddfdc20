import shutil
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QFile, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from fruitgui.window import MainWindow
from tests.fruitgui.conftest import LONG, choose_file
from tests.trainer.runs import new_run
from trainer import paths, run_records
from trainer.dataset import DataSet
from trainer.export.exported_model import load_export
from trainer.fit import fit
from trainer.model import Classifier
from trainer.model_store import stored_models
from trainer.run import Run


def names(window: MainWindow) -> list[str]:
    list_ = window.models.library.list
    return [list_.item(row).text().splitlines()[0] for row in range(list_.count())]


def is_in_use(window: MainWindow, row: int) -> bool:
    list_ = window.models.library.list
    return list_.count() > row and "in use" in list_.item(row).text()


@pytest.fixture
def run(demo_data: DataSet) -> Run:
    """One of the user's runs, trained to its end."""
    run = new_run(demo_data, paths.runs_folder() / "20260101-000000-mine", epochs=1)
    list(fit(run, demo_data))
    return run


def test_the_starter_is_there_and_in_use(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page(3)
    library = window.models.library
    qtbot.waitUntil(lambda: is_in_use(window, 0), timeout=LONG)
    assert names(window) == ["Starter model"]
    assert "Apple" in library.classes.text()
    assert not library.remove_button.isVisible()
    assert not library.use.isEnabled()


def test_a_model_is_imported_used_and_removed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "mine.safetensors"
    shutil.copyfile(paths.starter_model(), source)
    choose_file(monkeypatch, source)
    window.show_page(3)
    library = window.models.library
    qtbot.mouseClick(window.models._import, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: library.list.count() == 2, timeout=LONG)
    copy = paths.models_folder() / "mine.safetensors"
    assert copy.is_file()
    # It is what is looked at.
    assert library.list.currentRow() == 1

    qtbot.mouseClick(library.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window._settings.model_in_use == copy, timeout=LONG)

    # The system's trash is not for tests to fill.
    monkeypatch.setattr(QFile, "moveToTrash", lambda name: Path(name).unlink() is None)
    (model,) = [m for m in stored_models() if m.path == copy]
    library.remove(model)
    qtbot.waitUntil(lambda: window._settings.model_in_use is None, timeout=LONG)
    assert names(window) == ["Starter model"]


def test_a_trained_model_goes_to_the_trash_with_its_run_and_comes_back(
    window: MainWindow, qtbot: QtBot, run: Run
) -> None:
    window.show_page(3)
    library = window.models.library
    library.models_changed.emit()
    qtbot.waitUntil(lambda: library.list.count() == 2, timeout=LONG)
    window.use_model(run.model_file)
    qtbot.waitUntil(lambda: is_in_use(window, 1), timeout=LONG)
    library.list.setCurrentRow(1)
    qtbot.mouseClick(library.remove_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: library.list.count() == 1, timeout=LONG)
    # One in use gives way to the starter; nothing has gone from the disk.
    qtbot.waitUntil(lambda: window._settings.model_in_use is None, timeout=LONG)
    assert run.model_file.is_file()
    assert [record.id for record in run_records.trashed_runs()] == [run.id]

    qtbot.mouseClick(library.notice._first, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: library.list.count() == 2, timeout=LONG)
    assert run_records.trashed_runs() == []


def test_bare_weights_are_asked_for_the_names_of_their_classes(
    window: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    demo_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = tmp_path / "best_model.pth"
    torch.save(Classifier("mobilenet_v2", classes=3).network.state_dict(), source)
    window.show_page(3)
    importing = window.models.library.importing
    choose_file(monkeypatch, source)
    qtbot.mouseClick(window.models._import, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(importing.isVisible, timeout=LONG)
    qtbot.waitUntil(importing.isEnabled, timeout=LONG)
    assert "0 of 3" in importing.count.text()
    qtbot.keyClicks(importing.names, "apple, pear")
    assert "2 of 3" in importing.count.text()
    assert not importing.go_on.isEnabled()
    # Read from the data set that it learnt from.
    choose_file(monkeypatch, demo_folder)
    qtbot.mouseClick(importing.from_data, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: importing.classes == ("Banana", "Lime", "Tomato"), timeout=LONG)
    qtbot.mouseClick(importing.go_on, Qt.MouseButton.LeftButton)
    library = window.models.library
    qtbot.waitUntil(lambda: library.list.count() == 2, timeout=LONG)
    assert names(window)[1] == "best_model"
    assert "Banana" in library.classes.text()
    assert not importing.isVisible()


def test_what_is_no_model_is_refused(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    source = tmp_path / "model.safetensors"
    source.write_text("no model")
    library = window.models.library
    library.importing.import_file(source)
    qtbot.waitUntil(lambda: "not a model" in library.notice.text, timeout=LONG)
    assert list(paths.models_folder().glob("*")) == []


class _Code:
    """Unpickling it would write a file."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (str(self.target),)


def test_a_pickle_with_code_is_refused_and_never_run(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    source, trace = tmp_path / "best_model.pth", tmp_path / "was-run"
    torch.save({"weights": _Code(trace)}, source)
    library = window.models.library
    library.importing.import_file(source)
    # Before anybody has typed a name.
    qtbot.waitUntil(lambda: "something else than" in library.notice.text, timeout=LONG)
    assert not library.importing.isVisible()
    assert not trace.exists()


def test_a_model_is_exported_and_says_how_well_it_was_checked(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.show_page(3)
    library = window.models.library
    qtbot.waitUntil(lambda: is_in_use(window, 0), timeout=LONG)
    target = tmp_path / "fruit.onnx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    exporting = library.exporting
    qtbot.mouseClick(exporting.export, Qt.MouseButton.LeftButton)
    assert exporting.cancel.isVisible()
    qtbot.waitUntil(lambda: "same labels" in exporting.said.text(), timeout=LONG)
    assert load_export(target, "onnx").metadata["input"]["name"] == "photo"
    assert target.with_name("fruit.onnx.md").is_file()


def test_an_export_that_is_cancelled_leaves_nothing(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.show_page(3)
    library = window.models.library
    qtbot.waitUntil(lambda: is_in_use(window, 0), timeout=LONG)
    exporting = library.exporting
    exporting.write(tmp_path / "fruit.onnx")
    qtbot.mouseClick(exporting.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(exporting.export.isVisible, timeout=LONG)
    assert not list(tmp_path.glob("*fruit*"))


def test_a_report_is_written_and_can_be_opened(
    window: MainWindow,
    qtbot: QtBot,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = tmp_path / "report.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) is None
    )
    window.show_page(3)
    window.models.write_report(run.folder)
    qtbot.waitUntil(lambda: "is written" in window.models.notice.text, timeout=LONG)
    assert "<html" in target.read_text(encoding="utf-8")
    qtbot.mouseClick(window.models.notice._first, Qt.MouseButton.LeftButton)
    assert opened == [str(target)]


@pytest.mark.usefixtures("instant_tasks")
def test_a_list_that_is_read_at_once_can_be_read_again(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page(3)
    qtbot.waitUntil(lambda: names(window) == ["Starter model"], timeout=LONG)
    paths.models_folder().mkdir(parents=True)
    shutil.copyfile(paths.starter_model(), paths.models_folder() / "mine.safetensors")
    window.models.refresh()
    qtbot.waitUntil(lambda: len(names(window)) == 2, timeout=LONG)


@pytest.mark.usefixtures("instant_tasks")
def test_what_is_done_at_once_leaves_the_page_ready(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    broken = tmp_path / "notes.safetensors"
    broken.write_text("nothing")
    window.show_page(3)
    library = window.models.library
    qtbot.waitUntil(lambda: is_in_use(window, 0), timeout=LONG)
    library.importing.import_file(broken)
    assert not window.models._import.isEnabled()
    qtbot.waitUntil(window.models._import.isEnabled, timeout=LONG)
    library.exporting.write(tmp_path / "no folder" / "fruit.onnx")
    qtbot.waitUntil(library.exporting.export.isVisible, timeout=LONG)
    window.models.write_report_to("no such run", tmp_path / "report.html")
    qtbot.waitUntil(lambda: "no such run" in window.models.notice.text, timeout=LONG)
    assert window.models._reporting is None
