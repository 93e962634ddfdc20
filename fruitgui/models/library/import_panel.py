"""Taking a model file into the library; bare weights are asked for the names of their classes."""

import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QWidget

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.models.library.tasks import count_classes, import_model
from fruitgui.settings import Settings
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import Panel, label
from fruitgui.workers.task import Steps, Tasks
from trainer.data.dataset import open_data_set

_BARE_WEIGHTS = (".pth", ".pt")
_HEIGHT = 132


class ModelImport(Retranslated, Panel):
    """Hidden until bare weights are to be imported: then it asks what their classes are called.

    Signals:
        imported(Path): the file in the library.
        failed(TrainerError)
        said(str): what is under way; empty for nothing.
        busy_changed(bool)
    """

    imported = Signal(object)
    failed = Signal(object)
    said = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._source: Path | None = None
        self._wanted = 0
        """How many classes the weights tell apart."""
        self._tasks = Tasks()
        self._is_busy = False
        self._title = label("heading", wrapped=True)
        self._help = label("caption", wrapped=True)
        self.names = QPlainTextEdit()
        self.names.setFixedHeight(_HEIGHT)
        self.count = label("caption")
        self.from_data = IconButton("folder")
        self.go_on = IconButton("import", "primary")
        self._cancel = IconButton("back", "flat")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        buttons.addWidget(self.count, 1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self.from_data)
        buttons.addWidget(self.go_on)
        for widget in (self._title, self._help, self.names):
            self.column.addWidget(widget)
        self.column.addLayout(buttons)
        self.names.textChanged.connect(self._on_names_changed)
        self.from_data.clicked.connect(self._on_from_data)
        self.go_on.clicked.connect(self._on_go_on)
        self._cancel.clicked.connect(self.hide)
        self.hide()
        self.retranslate()

    @property
    def classes(self) -> tuple[str, ...]:
        """What is typed: a name a line, or names by commas."""
        lines = self.names.toPlainText().replace(",", "\n").splitlines()
        names = (unicodedata.normalize("NFC", line.strip()) for line in lines)
        return tuple(name for name in names if name)

    @Slot()
    def choose_file(self) -> None:
        """Let the user choose a file."""
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Choose a model file"),
            self._settings.last_folder,
            self.tr("Models ({patterns})").format(patterns="*.safetensors *.pth *.pt"),
        )
        if name:
            self._settings.last_folder = str(Path(name).parent)
            self.import_file(Path(name))

    def import_file(self, source: Path) -> None:
        """Import a file; of bare weights, once the names of their classes are known. Only one
        at a time."""
        if self._is_busy and self._source is not None:
            text = self.tr("“{name}” is being imported. Wait until it is done.")
            self.said.emit(text.format(name=self._source.name))
            return
        self._source = source
        self.hide()
        self.said.emit(self.tr("Reading “{name}”…").format(name=source.name))
        if source.suffix.lower() in _BARE_WEIGHTS:
            self._start(lambda: count_classes(source), self._on_classes_counted)
        else:
            self._import(())

    @Slot(object)
    def _on_classes_counted(self, count: int) -> None:
        self._wanted = count
        self.names.clear()
        self.retranslate()
        self.said.emit("")
        self.show()
        self.names.setFocus()

    def read_classes(self, data: Path) -> None:
        """Take the names of a data set's classes."""
        self._tasks.start(
            lambda: open_data_set(data).classes, self._on_classes_read, self.failed.emit
        )

    @Slot()
    def _on_from_data(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self,
            self.tr("Choose the data set that it learnt from, for the names of its classes"),
            self._settings.last_folder,
        )
        if name:
            self.read_classes(Path(name))

    @Slot(object)
    def _on_classes_read(self, classes: tuple[str, ...]) -> None:
        self.names.setPlainText("\n".join(classes))

    @Slot()
    def _on_names_changed(self) -> None:
        classes = self.classes
        twice = next((name for name, count in Counter(classes).items() if count > 1), None)
        self.count.setText(
            self.tr("{count} of {wanted} names").format(count=len(classes), wanted=self._wanted)
            if twice is None
            else self.tr("“{name}” is there twice").format(name=twice)
        )
        self.go_on.setEnabled(twice is None and len(classes) == self._wanted)

    @Slot()
    def _on_go_on(self) -> None:
        self._import(self.classes)

    def _import(self, classes: tuple[str, ...]) -> None:
        source = self._source
        if source is not None:
            self.said.emit(self.tr("Importing “{name}”…").format(name=source.name))
            self._start(lambda: import_model(source, classes), self._on_imported)

    def _start(self, steps: Steps, on_success: Callable[[Any], None]) -> None:
        self._is_busy = True
        self.busy_changed.emit(True)
        self.setEnabled(False)
        self._tasks.start(steps, on_success, self.failed.emit, on_end=self._on_ended)

    @Slot(object)
    def _on_imported(self, path: Path) -> None:
        self.hide()
        self.imported.emit(path)

    @Slot()
    def _on_ended(self) -> None:
        self._is_busy = False
        self.setEnabled(True)
        self.busy_changed.emit(False)

    def shut_down(self) -> None:
        self._tasks.shut_down()

    def retranslate(self) -> None:
        name = self._source.name if self._source else ""
        self._title.setText(self.tr("What does “{name}” tell apart?").format(name=name))
        self._help.setText(
            self.tr(
                "Bare weights do not say what their classes are called. Type the names in the "
                "order in which it learnt them, one a line; or read them from the data set's "
                "folder, where they are in alphabetical order."
            )
        )
        self.names.setAccessibleName(self.tr("Names of the classes"))
        self.from_data.setText(self.tr("Read from a folder…"))
        self.go_on.setText(self.tr("Import"))
        self._cancel.setText(self.tr("Cancel"))
        self._on_names_changed()
