"""The choice of a data set to train on, for the Train page and for comparisons."""

from collections.abc import Generator, Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.settings import Settings
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.labels_dialog import LabelsDialog, ask_for_labels
from fruitgui.widgets.panel import label
from fruitgui.widgets.warning_list import WarningList
from fruitgui.workers.data_sets import write_demo_data
from fruitgui.workers.task import Task, Tasks
from trainer.data.chosen_folders import chosen_together
from trainer.data.dataset import DataSet, read_data_set
from trainer.data.label_edits import LabelEdits
from trainer.data.labels.label_file import labels_among, looks_like_labels
from trainer.errors import DatasetError, TooFewClassesLeftError, TrainerError, UnsortedPhotosError
from trainer.events import Preparing
from trainer.storage.temporary_files import place_of


class DataPanel(Retranslated, QWidget):
    """Chooses a data set, and says what is in it.

    Signals:
        changed(): a data set is being read, was read, or could not be read.
        demo_chosen(): the user wants to try the demo photos.
        failed(TrainerError): the data set cannot be read.
        data_changed(Path): the user has taken back a change of this data set.
    """

    changed = Signal()
    demo_chosen = Signal()
    failed = Signal(object)
    data_changed = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._data: DataSet | None = None
        self._task: Task | None = None
        self._root: Path | None = None
        """Of what was chosen last, also where it could not be read."""
        self._is_stale = False
        self._is_choosable = True
        self._name = label("heading")
        self.choose_folder = IconButton("folder")
        self.choose_zip = IconButton("zip")
        self.choose_labels = IconButton("label")
        self.choose_demo = IconButton("sparkle")
        self._summary = label("caption", wrapped=True)
        self.unsorted = QWidget()
        self._unsorted_text = label("caption", wrapped=True)
        self.take_from_file = IconButton("label")
        self.take_from_names = IconButton("search")
        self._dialog: LabelsDialog | None = None
        self._labels_tasks = Tasks()
        self.take_back = IconButton("undo")
        self.take_back.hide()
        self.cancel = IconButton("close")
        self.cancel.hide()
        self.warnings = WarningList()
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        row.addWidget(self.choose_folder)
        row.addWidget(self.choose_zip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self._name)
        layout.addLayout(row)
        layout.addWidget(self.choose_labels)
        layout.addWidget(self.choose_demo)
        layout.addWidget(self._summary)
        layout.addWidget(self._build_unsorted())
        layout.addWidget(self.take_back)
        layout.addWidget(self.cancel)
        layout.addWidget(self.warnings)
        self.choose_folder.clicked.connect(self._on_choose_folder)
        self.choose_zip.clicked.connect(self._on_choose_zip)
        self.choose_labels.clicked.connect(self._on_choose_labels)
        self.take_from_file.clicked.connect(self._on_choose_labels)
        self.take_from_names.clicked.connect(self._on_take_from_names)
        self.take_back.clicked.connect(self._on_take_back)
        self.choose_demo.clicked.connect(self.use_demo_data)
        self.cancel.clicked.connect(self._on_cancel)
        self.retranslate()

    def _build_unsorted(self) -> QWidget:
        """What is offered where photos are in no class folders."""
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        row.addWidget(self.take_from_file)
        row.addWidget(self.take_from_names)
        column = QVBoxLayout(self.unsorted)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE // 2)
        column.addWidget(self._unsorted_text)
        column.addLayout(row)
        self.unsorted.hide()
        return self.unsorted

    @property
    def data(self) -> DataSet | None:
        """What was chosen and read."""
        return self._data

    @property
    def summary(self) -> str:
        """What is said of the photos, or of how far reading them is."""
        return self._summary.text()

    @property
    def is_reading(self) -> bool:
        return self._task is not None and not self._task.has_ended

    @Slot(object)
    def note_changed(self, root: Path) -> None:
        """Something was changed in a data set: if it is this one, it is read anew before it is
        looked at again."""
        if self._root == root:
            self._is_stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read_again()

    def _read_again(self) -> None:
        is_free = self.isVisible() and not self.is_reading and self._is_choosable
        if self._is_stale and self._root is not None and is_free:
            self.use_data(self._root)

    def use_data(self, source: Path) -> None:
        """Read a data set's folder or zip, beside the GUI thread."""
        self.use_together((source,))

    def use_together(self, sources: Sequence[Path]) -> None:
        """Read folders of classes, or what else was dropped at once, as one data set."""
        if any(map(looks_like_labels, sources)):
            try:
                self.open_labels(*labels_among(sources))
            except DatasetError as error:
                self.failed.emit(error)
            return
        first = sources[0]
        self._root = first if len(sources) == 1 else None
        self._start(Task(lambda: _read(sources), self))
        self._summary.setText(self.tr("Reading “{name}”…").format(name=first.name))

    def open_labels(self, file: Path | None, photos: Path | None = None) -> None:
        """Let the user look at labels before they count: of a file or, without one, in the photos'
        names. Without *photos*, they are the unsorted ones or those around the file."""
        if photos is None and not self.unsorted.isHidden():
            photos = self._root
        if photos is None and file is not None:
            photos = file.parent
        if photos is None or self._dialog is not None:
            return
        dialog = LabelsDialog(self._settings, photos, file, self, self._labels_tasks)
        dialog.labels_chosen.connect(self.use_data)
        dialog.finished.connect(self._on_dialog_finished)
        self._dialog = dialog
        dialog.open()

    @property
    def labels_dialog(self) -> LabelsDialog | None:
        """The choice of labels that is open."""
        return self._dialog

    @Slot()
    def _on_dialog_finished(self) -> None:
        self._dialog = None

    @Slot()
    def _on_choose_labels(self) -> None:
        file = ask_for_labels(self, self._settings)
        if file is not None:
            self.open_labels(file)

    @Slot()
    def _on_take_from_names(self) -> None:
        self.open_labels(None)

    @Slot()
    def _on_take_back(self) -> None:
        root = self._root
        if root is not None:
            task = Task(lambda: _take_back_last(root), self)
            task.succeeded.connect(self.data_changed)
            self._start(task)
            self._summary.setText(self.tr("Reading “{name}”…").format(name=root.name))

    @Slot()
    def use_demo_data(self) -> None:
        """Render the demo data set where it is not there yet, and read it."""
        self._start(Task(write_demo_data, self))
        self._summary.setText(self.tr("Creating the demo photos…"))
        self.demo_chosen.emit()

    def _start(self, task: Task) -> None:
        if self._task is not None:
            # It has ended, or is about to: while it reads, there is nothing to start another with.
            self._task.shut_down()
        self._data = None
        self.unsorted.hide()
        self.take_back.hide()
        self.warnings.show_warnings(())
        self._is_stale = False
        self._task = task
        task.progressed.connect(self._on_progressed)
        task.succeeded.connect(self._on_ready)
        task.failed.connect(self._on_failed)
        task.ended.connect(self._on_ended)
        task.ended.connect(self.changed)
        task.start()
        self.changed.emit()

    @Slot(object)
    def _on_progressed(self, step: Preparing | tuple[int, int] | None) -> None:
        if step is None:
            return
        self.cancel.show()
        if isinstance(step, Preparing):
            texts = {
                "unzip": self.tr("Unpacking: {done} of {total}"),
                "look": self.tr("Looking through the photos: {done} of {total}"),
            }
            other = self.tr("Looking for photos that are nearly the same: {done} of {total}")
            text = texts.get(step.stage, other)
            self._summary.setText(text.format(done=step.done, total=step.total))
            return
        done, total = step
        self._summary.setText(
            self.tr("Creating the demo photos: {done} of {total}").format(done=done, total=total)
        )

    @Slot()
    def _on_cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    @Slot()
    def _on_ended(self) -> None:
        if not self.is_reading:
            self.cancel.hide()
            self._describe()

    @Slot(object)
    def _on_ready(self, result: DataSet | Path) -> None:
        if isinstance(result, Path):
            self.use_data(result)
            return
        self._data = result
        self._root = result.root
        self._describe()
        self.changed.emit()

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self._data = None
        self._describe()
        is_of_one = self._root is not None
        self.unsorted.setVisible(is_of_one and isinstance(error, UnsortedPhotosError))
        self.take_back.setVisible(is_of_one and isinstance(error, TooFewClassesLeftError))
        self.failed.emit(error)

    def _describe(self) -> None:
        data = self._data
        self.warnings.show_warnings(data.warnings if data is not None else ())
        if data is None:
            self._summary.setText(
                self.tr(
                    "Drop a folder with one subfolder per class, or a labels file (CSV, JSON), "
                    "on this page, or choose it."
                )
            )
            return
        counts = {split: len(photos) for split, photos in data.splits.items()}
        text = (
            self.tr(
                "{name}: {classes} classes, {training} training photos, {validation} for "
                "validation, {test} for testing"
            )
            if counts.get("test")
            else self.tr(
                "{name}: {classes} classes, {training} training photos, {validation} for validation"
            )
        )
        self._summary.setText(
            text.format(
                name=data.root.name,
                classes=len(data.classes),
                training=counts.get("train", 0),
                validation=counts.get("validation", 0),
                test=counts.get("test", 0),
            )
        )

    @Slot()
    def _on_choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self,
            self.tr("Choose a folder with one subfolder per class"),
            self._settings.last_folder,
        )
        if name:
            self._settings.last_folder = name
            self.use_data(Path(name))

    @Slot()
    def _on_choose_zip(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Choose a zip of photos"),
            self._settings.last_folder,
            self.tr("Zip files ({patterns})").format(patterns="*.zip"),
        )
        if name:
            self._settings.last_folder = str(Path(name).parent)
            self.use_data(Path(name))

    def set_choosable(self, is_choosable: bool) -> None:
        """Whether another data set may be chosen now."""
        self._is_choosable = is_choosable
        for button in (
            *(self.choose_folder, self.choose_zip, self.choose_labels, self.choose_demo),
            *(self.take_from_file, self.take_from_names, self.take_back),
        ):
            button.setEnabled(is_choosable and not self.is_reading)
        self._read_again()

    def shut_down(self) -> None:
        """Stop reading, and wait for that."""
        if self._dialog is not None:
            self._dialog.shut_down()
        self._labels_tasks.shut_down()
        if self._task is not None:
            self._task.shut_down()

    def retranslate(self) -> None:
        self._name.setText(self.tr("1  Photos"))
        self.choose_folder.setText(self.tr("Folder…"))
        self.choose_zip.setText(self.tr("Zip…"))
        self.choose_labels.setText(self.tr("Labels from a file…"))
        self.choose_demo.setText(self.tr("Try the demo photos"))
        self._unsorted_text.setText(
            self.tr("The photos are not sorted into class folders? Take their labels from:")
        )
        self.take_from_file.setText(self.tr("a file…"))
        self.take_from_names.setText(self.tr("their names…"))
        self.take_back.setText(self.tr("Undo the last change"))
        self.cancel.setText(self.tr("Cancel"))
        if not self.is_reading:
            self._describe()


def _read(sources: Sequence[Path]) -> Generator[Preparing, None, DataSet]:
    sources = [place_of(each) for each in sources]
    source = sources[0] if len(sources) == 1 else chosen_together(sources)
    return (yield from read_data_set(source))


def _take_back_last(root: Path) -> Path:
    """Take back what the user changed last in a data set, which is to be read anew then."""
    LabelEdits.of(root).undo()
    return root
