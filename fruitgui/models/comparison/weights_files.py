"""Weights files to compare, each with the network that it is of."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.recipe_texts import RecipeTexts
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.settings import Settings
from fruitgui.widgets.elided_label import ElidedLabel
from fruitgui.widgets.form_field import Choice
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice
from trainer.config.architectures import ARCHITECTURES, architecture_named, title_of
from trainer.errors import ModelFileError, RecipeError
from trainer.experiments.comparison import Start
from trainer.models.metadata import read_model_info


class WeightsFiles(Retranslated, QWidget):
    """A row a file, and a button that adds one.

    Signals:
        changed(): the files, or their networks, are others.
    """

    changed = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._rows: list[_Row] = []
        self.add = IconButton("open", "flat")
        self.add.clicked.connect(self._on_add)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.SPACE)
        self._column.addWidget(self.add)
        self.retranslate()

    @property
    def starts(self) -> tuple[Start, ...]:
        """A network and a file each."""
        return tuple(row.start for row in self._rows)

    def check(self) -> bool:
        """Whether every file is there, and of its network; where one is not, its row says so."""
        found = [row.check() for row in self._rows]
        return all(found)

    def add_file(self, file: Path, model: str = "") -> None:
        """Add a row for *file*, unless it has one of that network.

        Args:
            model: the architecture; without, as the file says, or else the first.
        """
        architecture = _architecture_of(file)
        start = Start(model or architecture or next(iter(ARCHITECTURES)), str(file))
        if start in self.starts:
            return
        row = _Row(start, architecture)
        row.changed.connect(self.changed)
        row.removed.connect(self._on_removed)
        self._rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)
        self.changed.emit()

    def clear(self) -> None:
        """Remove all rows, without ``changed`` being emitted."""
        for row in self._rows:
            row.deleteLater()
        self._rows.clear()

    @Slot()
    def _on_add(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Choose a weights file"),
            self._settings.last_folder,
            self.tr("Weights ({patterns})").format(patterns="*.safetensors *.pth *.pt"),
        )
        if name:
            self._settings.last_folder = str(Path(name).parent)
            self.add_file(Path(name).resolve())

    @Slot()
    def _on_removed(self) -> None:
        row = self.sender()
        if isinstance(row, _Row):
            self._rows.remove(row)
            row.deleteLater()
            self.add.setFocus()
            self.changed.emit()

    def retranslate(self) -> None:
        self.add.setText(self.tr("A weights file…"))
        self.add.setToolTip(
            self.tr("Weights of your own, or another model of this app, to start from")
        )


class _Row(Retranslated, QFrame):
    """One file.

    Signals:
        changed(): its network is another.
        removed(): the user wants to be rid of it.
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, start: Start, architecture: str) -> None:
        """Show a file.

        Args:
            architecture: what the file says that it is; empty where it does not say.
        """
        super().__init__()
        self.setProperty("row", True)
        self._file = Path(start.weights)
        self._architecture = architecture
        self._texts = RecipeTexts(self)
        self._name = ElidedLabel("body")
        self._name.setText(self._file.name)
        self._remove = IconButton("trash", "flat")
        self._network = Choice(tuple(ARCHITECTURES))
        self._network.set_value(start.model)
        self._problem = Notice()
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        top.addWidget(self._remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 10)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._network)
        column.addWidget(self._problem)
        self._network.changed.connect(self.changed)
        self._remove.clicked.connect(self.removed)
        self.retranslate()

    @property
    def start(self) -> Start:
        return Start(self._network.value, str(self._file))

    def check(self) -> bool:
        """Whether the file can start its network; if not, the row says why."""
        self._problem.hide()
        if not self._file.is_file():
            self._problem.show_error(
                self.tr("“{name}” is no longer there.").format(name=self._file.name)
            )
        elif self._architecture and self._architecture != self._network.value:
            self._problem.show_error(
                self.tr(
                    "“{name}” holds weights of {network}, and cannot start another network."
                ).format(name=self._file.name, network=title_of(self._architecture))
            )
        return self._problem.isHidden()

    def retranslate(self) -> None:
        model = self._texts.fields()["model"]
        network = self._network.value
        other = {} if network in model.options else self._texts.other(network)
        # Nothing can be typed here, which is what the field's own help is about.
        self._network.set_texts(model.name, "", model.options | other)
        self._remove.setToolTip(self.tr("Remove"))
        self._remove.setAccessibleName(self.tr("Remove “{name}”").format(name=self._file.name))
        if not self._problem.isHidden():
            self.check()


def _architecture_of(file: Path) -> str:
    """What a model file says that it is; empty of bare weights, which do not say. Reads the header
    only, a few milliseconds."""
    try:
        return architecture_named(read_model_info(file).architecture).name
    except (ModelFileError, RecipeError):
        return ""
