"""Taking a model file into the library; of other weights, the names of their classes are asked."""

import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QWidget

from fruitgui import theme
from fruitgui.i18n.errors import translated
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.models.library.import_model import ForeignWeights, import_foreign, import_or_ask
from fruitgui.settings import Settings
from fruitgui.widgets.combo_box import ComboBox
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import Panel, label
from fruitgui.workers.task import Steps, Tasks
from trainer.data.folder_order import FolderOrder, folder_order
from trainer.data.particles import with_particles
from trainer.errors import TrainerError
from trainer.models.foreign.classes import imported_classes
from trainer.models.metadata import AssumedActivation

_HEIGHT = 92
WEIGHTS_SUFFIXES = (".safetensors", ".pth", ".pt", ".ckpt", ".bin", ".tar", ".json")
_ACTIVATIONS: dict[AssumedActivation, str] = {
    "relu": "ReLU",
    "hardswish": "Hardswish",
    "silu": "SiLU",
    "gelu": "GELU",
    "tanh": "Tanh",
    "none": "",
}
"""What the field calls what may stand between layers."""


class ModelImport(Retranslated, Panel):
    """Hidden until weights that learnt elsewhere are to be imported: then it asks what their
    classes are called, shows their order, and says what else should be known.

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
        self._weights: ForeignWeights | None = None
        self._folder_note: TrainerError | None = None
        """What is to be said of a folder that names were read from."""
        self._tasks = Tasks()
        self._is_busy = False
        self._title = label("heading", wrapped=True)
        self._help = label("caption", wrapped=True)
        self.names = QPlainTextEdit()
        theme.fix_height(self.names, _HEIGHT)
        self.notes = label("caption", wrapped=True)
        self.count = label("caption")
        self._between = label("caption")
        self.activation = ComboBox()
        for key, title in _ACTIVATIONS.items():
            self.activation.addItem(title, key)
        self.from_data = IconButton("folder")
        self.go_on = IconButton("import", "primary")
        self._cancel = IconButton("back", "flat")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        buttons.addWidget(self.count, 1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self.from_data)
        buttons.addWidget(self.go_on)
        said = QHBoxLayout()
        said.setSpacing(theme.SPACE)
        said.addWidget(self.notes, 1)
        said.addWidget(self._between)
        said.addWidget(self.activation)
        for widget in (self._title, self._help, self.names):
            self.column.addWidget(widget)
        self.column.addLayout(said)
        self.column.addLayout(buttons)
        self.names.textChanged.connect(self._on_names_changed)
        self.from_data.clicked.connect(self._on_from_data)
        self.go_on.clicked.connect(self._on_go_on)
        self._cancel.clicked.connect(self.hide)
        self.hide()
        self.retranslate()

    @property
    def classes(self) -> tuple[str, ...]:
        """What is typed: a name a line; or, on a single line, names by commas."""
        lines = [line for line in self.names.toPlainText().splitlines() if line.strip()]
        if len(lines) == 1:
            lines = lines[0].split(",")
        names = (unicodedata.normalize("NFC", line.strip()) for line in lines)
        return tuple(name for name in names if name)

    @Slot()
    def choose_file(self) -> None:
        """Let the user choose a file."""
        kinds = (
            self.tr("Models ({patterns})").format(
                patterns=" ".join(f"*{suffix}" for suffix in WEIGHTS_SUFFIXES)
            ),
            self.tr("All files ({patterns})").format(patterns="*"),
        )
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Choose a model file"), self._settings.last_folder, ";;".join(kinds)
        )
        if name:
            self._settings.last_folder = str(Path(name).parent)
            self.import_file(Path(name))

    def import_file(self, source: Path) -> None:
        """Import a file; of other weights, once the names of their classes are known. Only one
        at a time."""
        if self._is_busy and self._source is not None:
            text = self.tr("“{name}” is being imported. Wait until it is done.")
            self.said.emit(text.format(name=self._source.name))
            return
        self._source = source
        self.hide()
        self.said.emit(self.tr("Reading “{name}”…").format(name=source.name))
        self._start(lambda: import_or_ask(source), self._on_read)

    @Slot(object)
    def _on_read(self, weights: Path | ForeignWeights) -> None:
        if isinstance(weights, Path):
            self._on_imported(weights)
            return
        self._weights, self._folder_note = weights, None
        self.activation.setCurrentIndex(0)
        for widget in (self._between, self.activation):
            widget.setVisible(weights.is_ambiguous)
        self.names.setPlainText("\n".join(weights.classes))
        self.retranslate()
        self.said.emit("")
        self.show()
        self.names.setFocus()

    def read_classes(self, data: Path) -> None:
        """Take the names of a data set's classes."""
        self._tasks.start(lambda: folder_order(data), self._on_classes_read, self.failed.emit)

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
    def _on_classes_read(self, order: FolderOrder) -> None:
        weights, source = self._weights, self._source
        if weights is None or source is None:
            return
        names, self._folder_note = order.classes, order.note
        if weights.classes:
            try:
                found = imported_classes(
                    source.name, weights.class_count, weights.classes, names, from_folder=True
                )
            except TrainerError as error:
                self.failed.emit(error)
                return
            names, self._folder_note = found.names, found.note
        self.names.setPlainText("\n".join(names))
        self._on_names_changed()

    @Slot()
    def _on_names_changed(self) -> None:
        weights, source, classes = self._weights, self._source, self.classes
        if weights is None or source is None:
            return
        twice = next((name for name, count in Counter(classes).items() if count > 1), None)
        self.count.setText(
            self.tr("{count} of {wanted} names").format(
                count=len(classes), wanted=weights.class_count
            )
            if twice is None
            else with_particles(self.tr("“{name}” is there twice").format(name=twice))
        )
        notes = [*weights.notes, *([self._folder_note] if self._folder_note else ())]
        is_right = twice is None and len(classes) == weights.class_count
        if is_right:
            try:
                found = imported_classes(source.name, weights.class_count, weights.classes, classes)
                notes += [found.note] if found.note else []
            except TrainerError as error:
                notes.append(error)
                is_right = False
        self.notes.setText("\n".join(map(translated, notes)))
        self.notes.setVisible(bool(notes))
        self.go_on.setEnabled(is_right)

    @Slot()
    def _on_go_on(self) -> None:
        source, classes = self._source, self.classes
        if source is not None:
            activation = self.activation.currentData()
            self.said.emit(self.tr("Importing “{name}”…").format(name=source.name))
            self._start(lambda: import_foreign(source, classes, activation), self._on_imported)

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

    def unfinished(self) -> list[str]:
        """A sentence on what would be cut off now."""
        if not self._is_busy or self._source is None:
            return []
        return [self.tr("“{name}” is being imported.").format(name=self._source.name)]

    def stop(self) -> None:
        """Stop the import; no file of it stays."""
        self._tasks.cancel()

    def shut_down(self) -> None:
        self._tasks.shut_down()

    def retranslate(self) -> None:
        name = self._source.name if self._source else ""
        self._title.setText(self.tr("Which classes does “{name}” know?").format(name=name))
        if self._weights is not None:
            text = (
                self.tr(
                    "This is a {architecture} model, and its file names the classes. They are "
                    "listed in the order in which the model learnt them, one per line: you can "
                    "change the names, but not the order."
                )
                if self._weights.classes
                else self.tr(
                    "This is a {architecture} model, and its file does not name the classes. "
                    "Type the names in the order in which the model learnt them, one per line; "
                    "or read them from the folder of its data set, where they are sorted as "
                    "text: capitals first, 10 before 2."
                )
            )
            self._help.setText(text.format(architecture=self._weights.architecture))
        self.names.setAccessibleName(self.tr("Names of the classes"))
        self._between.setText(self.tr("Activation between the layers:"))
        self.activation.setAccessibleName(self.tr("Activation between the layers:"))
        self.activation.setItemText(self.activation.findData("none"), self.tr("nothing"))
        self.from_data.setText(self.tr("Read from a folder…"))
        self.go_on.setText(self.tr("Import"))
        self._cancel.setText(self.tr("Cancel"))
        self._on_names_changed()
