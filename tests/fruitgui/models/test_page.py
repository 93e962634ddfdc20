import shutil
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QFile, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from tests.fruitgui.conftest import choose_file
from tests.trainer.export.models import INFO, model_file
from tests.trainer.runs import new_run
from trainer import paths
from trainer.data.dataset import DataSet
from trainer.experiments import run_database, run_records
from trainer.experiments.model_library import stored_models
from trainer.experiments.run import Run
from trainer.export.runtimes import load_export
from trainer.models.classifier import Classifier
from trainer.models.metadata import read_model_info
from trainer.training.fit import fit


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


@pytest.fixture
def small(home: Path) -> Path:
    """A model that is quickly exported, the second in the list."""
    paths.models_folder().mkdir(parents=True)
    return model_file(paths.models_folder() / "small.safetensors")


def choose_second(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page(3)
    list_ = window.models.library.list
    qtbot.waitUntil(lambda: list_.count() == 2)
    list_.setCurrentRow(1)


def test_the_starter_is_there_and_in_use(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page(3)
    library = window.models.library
    qtbot.waitUntil(lambda: is_in_use(window, 0))
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
    qtbot.waitUntil(lambda: library.list.count() == 2)
    copy = paths.models_folder() / "mine.safetensors"
    assert copy.is_file()
    # It is what is looked at, and stays so.
    assert library.list.currentRow() == 1
    window.models.refresh()
    qtbot.waitUntil(lambda: window.models._reading is None)
    assert library.list.currentRow() == 1

    qtbot.mouseClick(library.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window._settings.model_in_use == copy)
    said = "Classify and Camera answer with “{}” from now on."
    qtbot.waitUntil(lambda: window.models.notice.text == said.format(read_model_info(copy).title))

    # The system's trash is not for tests to fill.
    monkeypatch.setattr(QFile, "moveToTrash", lambda name: Path(name).unlink() is None)
    (model,) = [m for m in stored_models() if m.path == copy]
    library.remove(model)
    qtbot.waitUntil(lambda: window._settings.model_in_use is None)
    assert names(window) == ["Starter model"]


def test_a_trained_model_goes_to_the_trash_with_its_run_and_comes_back(
    window: MainWindow, qtbot: QtBot, run: Run
) -> None:
    window.show_page(3)
    library = window.models.library
    library.models_changed.emit()
    qtbot.waitUntil(lambda: library.list.count() == 2)
    window.use_model(run.model_file)
    qtbot.waitUntil(lambda: is_in_use(window, 1))
    library.list.setCurrentRow(1)
    qtbot.mouseClick(library.remove_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: library.list.count() == 1)
    # One in use gives way to the starter; nothing has gone from the disk.
    qtbot.waitUntil(lambda: window._settings.model_in_use is None)
    assert "the starter model answers instead" in window.models.notice.text
    assert run.model_file.is_file()
    assert [record.id for record in run_records.trashed_runs()] == [run.id]

    qtbot.mouseClick(library.notice._first, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: library.list.count() == 2)
    assert run_records.trashed_runs() == []
    # It is in use again, as before.
    qtbot.waitUntil(lambda: window._settings.model_in_use == run.model_file)
    assert not window.models.notice.isVisible()


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
    qtbot.waitUntil(importing.isVisible)
    qtbot.waitUntil(importing.isEnabled)
    assert "0 of 3" in importing.count.text()
    qtbot.keyClicks(importing.names, "apple, pear")
    assert "2 of 3" in importing.count.text()
    assert not importing.go_on.isEnabled()
    # Read from the data set that it learnt from.
    choose_file(monkeypatch, demo_folder)
    qtbot.mouseClick(importing.from_data, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: importing.classes == ("Banana", "Lime", "Tomato"))
    qtbot.mouseClick(importing.go_on, Qt.MouseButton.LeftButton)
    library = window.models.library
    qtbot.waitUntil(lambda: library.list.count() == 2)
    assert names(window)[1] == "best_model"
    assert "Banana" in library.classes.text()
    assert not importing.isVisible()


def test_what_is_no_model_is_refused(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    source = tmp_path / "model.safetensors"
    source.write_text("no model")
    library = window.models.library
    library.importing.import_file(source)
    qtbot.waitUntil(lambda: "something else than" in library.notice.text)
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
    qtbot.waitUntil(lambda: "never made or run" in library.notice.text)
    assert not library.importing.isVisible()
    assert not trace.exists()


@pytest.mark.usefixtures("small")
def test_a_model_is_exported_and_says_how_well_it_was_checked(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_second(window, qtbot)
    target = tmp_path / "fruit.onnx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    exporting = window.models.library.exporting
    qtbot.mouseClick(exporting.export, Qt.MouseButton.LeftButton)
    assert exporting.cancel.isVisible()
    qtbot.waitUntil(lambda: "same labels" in exporting.said.text())
    metadata = load_export(target, "onnx").metadata
    assert metadata["title"] == INFO.title
    assert metadata["input"]["name"] == "photo"
    assert target.with_name("fruit.onnx.md").is_file()


@pytest.mark.usefixtures("small")
def test_an_export_of_two_files_names_both(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_second(window, qtbot)
    exporting = window.models.library.exporting
    exporting.format.setCurrentIndex(exporting.format.findData("openvino"))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "fruit"), ""))
    qtbot.mouseClick(exporting.export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "“fruit.xml + fruit.bin” was saved" in exporting.said.text())
    written = sorted(path.name for path in tmp_path.iterdir() if path.stem.startswith("fruit"))
    assert written == ["fruit.bin", "fruit.xml", "fruit.xml.md"]


def test_a_format_that_its_makers_gave_up_is_called_deprecated(window: MainWindow) -> None:
    formats = window.models.library.exporting.format
    shown = [formats.itemText(index) for index in range(formats.count())]
    assert shown == ["ONNX", "torch.export", "OpenVINO IR", "TorchScript (deprecated)"]
    tips = [formats.itemData(index, Qt.ItemDataRole.ToolTipRole) for index in range(4)]
    assert "torch.export instead" in tips[-1]


@pytest.mark.usefixtures("small")
def test_an_export_that_is_cancelled_leaves_nothing(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    choose_second(window, qtbot)
    exporting = window.models.library.exporting
    exporting.write(tmp_path / "fruit.onnx")
    qtbot.mouseClick(exporting.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(exporting.export.isVisible)
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
    qtbot.waitUntil(lambda: "was saved" in window.models.notice.text)
    assert "<html" in target.read_text(encoding="utf-8")
    qtbot.mouseClick(window.models.notice._first, Qt.MouseButton.LeftButton)
    assert [*map(Path, opened)] == [target]


@pytest.mark.usefixtures("instant_tasks")
def test_a_list_that_is_read_at_once_can_be_read_again(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page(3)
    qtbot.waitUntil(lambda: names(window) == ["Starter model"])
    paths.models_folder().mkdir(parents=True)
    shutil.copyfile(paths.starter_model(), paths.models_folder() / "mine.safetensors")
    window.models.refresh()
    qtbot.waitUntil(lambda: len(names(window)) == 2)


@pytest.mark.usefixtures("instant_tasks")
def test_what_is_done_at_once_leaves_the_page_ready(
    small: Path, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    broken = tmp_path / "notes.safetensors"
    broken.write_text("nothing")
    choose_second(window, qtbot)
    library = window.models.library
    library.importing.import_file(broken)
    assert not window.models._import.isEnabled()
    qtbot.waitUntil(window.models._import.isEnabled)
    library.exporting.write(tmp_path / "no folder" / "fruit.onnx")
    qtbot.waitUntil(library.exporting.export.isVisible)
    window.models.write_report_to("no such run", tmp_path / "report.html")
    qtbot.waitUntil(lambda: "no such run" in window.models.notice.text)
    assert window.models._reporting is None


def test_a_model_without_a_run_can_be_removed(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the list of runs was damaged and begun anew."""
    model = paths.runs_folder() / "20250101-000000-old" / "model.safetensors"
    model.parent.mkdir(parents=True)
    shutil.copyfile(paths.starter_model(), model)
    # The system's trash is not for tests to fill.
    monkeypatch.setattr(QFile, "moveToTrash", lambda name: Path(name).unlink() is None)
    window.show_page(3)
    library = window.models.library
    qtbot.waitUntil(lambda: library.list.count() == 2)
    library.list.setCurrentRow(1)
    qtbot.mouseClick(library.remove_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: library.list.count() == 1)
    assert not model.exists()


def test_a_model_that_was_trained_elsewhere_meanwhile_is_evaluated(
    window: MainWindow, qtbot: QtBot, demo_data: DataSet
) -> None:
    window.show_page(3)
    qtbot.waitUntil(lambda: names(window) == ["Starter model"])
    run = new_run(demo_data, paths.runs_folder() / "20260101-000000-later", epochs=1)
    list(fit(run, demo_data))
    window.models.runs.evaluation_wanted.emit(run.model_file, run.data)
    evaluation = window.models.evaluation
    qtbot.waitUntil(evaluation.result.isVisible)
    assert evaluation.bar.model.chosen == run.model_file
    # One that is nowhere is told.
    window.models.evaluate(run.folder / "nothing.safetensors", None)
    qtbot.waitUntil(lambda: "nothing.safetensors" in window.models.notice.text)


def test_models_of_others_are_seen_when_the_page_is_shown_again(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.show_page(3)
    qtbot.waitUntil(lambda: names(window) == ["Starter model"])
    window.show_page(0)
    paths.models_folder().mkdir(parents=True)
    shutil.copyfile(paths.starter_model(), paths.models_folder() / "mine.safetensors")
    window.show_page(3)
    qtbot.waitUntil(lambda: len(names(window)) == 2)


def test_reports_are_written_one_after_another(
    window: MainWindow, qtbot: QtBot, run: Run, tmp_path: Path
) -> None:
    window.show_page(3)
    for number in range(2):
        window.models.write_report_to(str(run.folder), tmp_path / f"{number}.html")
    qtbot.waitUntil(lambda: "“1.html” was saved" in window.models.notice.text)
    assert (tmp_path / "0.html").is_file()


def test_names_that_are_there_twice_are_said_beside_them(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    source = tmp_path / "best_model.pth"
    torch.save(Classifier("mobilenet_v2", classes=3).network.state_dict(), source)
    window.show_page(3)
    importing = window.models.library.importing
    importing.import_file(source)
    qtbot.waitUntil(importing.isVisible)
    importing.names.setPlainText("apple, pear, apple")
    assert importing.count.text() == "“apple” is there twice"
    assert not importing.go_on.isEnabled()
    importing.names.setPlainText("apple, pear, plum")
    assert importing.go_on.isEnabled()


def test_weights_that_bring_their_classes_are_shown_in_their_order(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    source = tmp_path / "last.ckpt"
    state = Classifier("mobilenet_v2", classes=3, head="linear").network.state_dict()
    torch.save({"state_dict": state, "classes": ["pear", "apple", "a, b"]}, source)
    window.show_page(3)
    importing = window.models.library.importing
    importing.import_file(source)
    qtbot.waitUntil(importing.isVisible)
    assert importing.classes == ("pear", "apple", "a, b")
    assert importing.go_on.isEnabled()
    assert not importing.activation.isVisible()
    # Names may be changed, and that is said; their order may not.
    importing.names.setPlainText("pears\napple\na, b")
    assert "pear → pears" in importing.notes.text()
    assert importing.go_on.isEnabled()
    importing.names.setPlainText("apple\npear\na, b")
    assert "in this order" in importing.notes.text()
    assert not importing.go_on.isEnabled()


def test_names_in_a_file_are_shown_as_they_are_written(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    source = tmp_path / "last.ckpt"
    state = Classifier("mobilenet_v2", classes=2, head="linear").network.state_dict()
    torch.save({"state_dict": state, "classes": ["<img src=x>\ny", "apple"]}, source)
    window.show_page(3)
    importing = window.models.library.importing
    importing.import_file(source)
    qtbot.waitUntil(importing.isVisible)
    assert importing.classes == ("<img src=x> y", "apple")
    importing.names.setPlainText("pear\napple")
    assert "<img src=x> y → pear" in importing.notes.text()
    for shown in importing.findChildren(QLabel):
        assert shown.textFormat() == Qt.TextFormat.PlainText


def test_what_stands_between_layers_is_asked_where_nothing_tells(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    source = tmp_path / "weights.pth"
    torch.save(Classifier("mobilenet_v2", classes=2).network.state_dict(), source)
    window.show_page(3)
    library = window.models.library
    importing = library.importing
    importing.import_file(source)
    qtbot.waitUntil(importing.isVisible)
    assert "ReLU is assumed" in importing.notes.text()
    importing.activation.setCurrentIndex(importing.activation.findData("gelu"))
    importing.names.setPlainText("apple, pear")
    qtbot.waitUntil(importing.go_on.isEnabled)
    qtbot.mouseClick(importing.go_on, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: library.list.count() == 2)
    (imported,) = paths.models_folder().glob("*")
    assert read_model_info(imported).head_activations == ("gelu",)


def test_a_report_that_fails_is_told_though_others_follow(
    window: MainWindow, qtbot: QtBot, run: Run, tmp_path: Path
) -> None:
    window.show_page(3)
    window.models.write_report_to("no such run", tmp_path / "0.html")
    window.models.write_report_to(str(run.folder), tmp_path / "1.html")
    qtbot.waitUntil(lambda: "no such run" in window.models.notice.text)
    assert window.models.notice.is_error
    assert (tmp_path / "1.html").is_file()


def test_a_model_that_was_wanted_once_does_not_come_up_later(
    window: MainWindow, qtbot: QtBot, demo_data: DataSet, tmp_path: Path
) -> None:
    window.show_page(3)
    qtbot.waitUntil(lambda: names(window) == ["Starter model"])
    run = new_run(demo_data, tmp_path / "elsewhere", epochs=1)
    window.models.evaluate(run.model_file, None)
    # Before it is known, the user evaluates something else.
    window.models.evaluation.bar.choose_data(run.data)
    qtbot.waitUntil(window.models.evaluation.result.isVisible)
    list(fit(run, demo_data))
    window.models.refresh()
    qtbot.waitUntil(lambda: len(names(window)) == 2)
    evaluated = window.models.evaluation._evaluated
    assert evaluated is not None
    assert evaluated.model == paths.starter_model()
    assert not window.models.notice.isVisible()


def test_the_model_in_use_has_the_name_that_its_user_gave_it(
    window: MainWindow, qtbot: QtBot, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.show_page(3)
    qtbot.waitUntil(lambda: len(names(window)) == 2)
    run_database.set_details(run.id, name="내 감귤")
    window.models.refresh()
    qtbot.waitUntil(lambda: "내 감귤" in names(window))
    window.use_model(run.model_file)
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "내 감귤")
    window.models.runs.select([run.id])
    details = window.models.runs.details
    qtbot.waitUntil(lambda: details.run == run.id and details.evaluate.isEnabled())
    assert not details.use.isEnabled()
    # It is what is looked at, for the user has chosen nothing else.
    assert window.models.library.list.currentRow() == 1
    use = window.models.library.use
    assert (use.text(), use.isEnabled()) == ("In use", False)
    run_database.set_details(run.id, name="내 귤")
    window.models.refresh()
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "내 귤")
    # So is what is saved, and not among the photos.
    proposed: list[Path] = []
    monkeypatch.setattr(
        QFileDialog,
        "getSaveFileName",
        lambda *arguments: (proposed.append(Path(arguments[2])), ("", ""))[1],
    )
    window._settings.last_folder = str(run.data)
    window.models.write_report(run.folder)
    window.models.library.list.setCurrentRow(1)
    qtbot.mouseClick(window.models.library.exporting.export, Qt.MouseButton.LeftButton)
    assert [path.name for path in proposed] == ["내 귤, report.html", "내 귤.onnx"]
    assert run.data not in proposed[0].parents
    # What the user has chosen stays, whatever is in use.
    window.models.library.list.setCurrentRow(0)
    window.models.library.list.setCurrentRow(1)
    window.use_model(paths.starter_model())
    qtbot.waitUntil(lambda: is_in_use(window, 0))
    assert window.models.library.list.currentRow() == 1


def test_the_model_in_use_is_the_first_to_be_evaluated(
    window: MainWindow, qtbot: QtBot, run: Run
) -> None:
    window.show_page(3)
    bar = window.models.evaluation.bar
    qtbot.waitUntil(lambda: bar.model.chosen == paths.starter_model())
    qtbot.waitUntil(lambda: bar.model.offers(run.model_file))
    window.use_model(run.model_file)
    qtbot.waitUntil(lambda: bar.model.chosen == run.model_file)
    # Unless the user has chosen another.
    assert bar.model.choose(paths.starter_model())
    bar.model.activated.emit(bar.model.currentIndex())
    window.models.refresh()
    qtbot.waitUntil(lambda: window.models._reading is None)
    assert bar.model.chosen == paths.starter_model()
