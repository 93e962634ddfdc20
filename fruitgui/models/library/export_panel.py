"""Taking a model out for other programs, checked before it is called done."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.file_dialogs import chosen_file
from fruitgui.i18n.formats import small_number
from fruitgui.i18n.language import of_documents
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.models.library.export_model import export_model
from fruitgui.models.library.find_models import Evaluable
from fruitgui.settings import Settings
from fruitgui.widgets.form_field import ChoiceBox
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import label
from fruitgui.workers.task import Task, Tasks
from trainer.data.file_names import folder_name
from trainer.events import Preparing
from trainer.export.format import DEPRECATED, SUFFIXES, TITLES, Exported, Format, files_of


class ModelExport(Retranslated, QWidget):
    """Format, whether preprocessing is included, and a button.

    Signals:
        failed(TrainerError)
    """

    failed = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._model: Evaluable | None = None
        self._exported: Exported | None = None
        self._tasks = Tasks()
        self._title = ""
        self._task: Task | None = None
        self._target: Path | None = None
        self._name = label("field")
        self.format = ChoiceBox()
        for kind in TITLES:
            self.format.addItem("", kind)
        self.takes_photos = QCheckBox()
        self.takes_photos.setChecked(True)
        self.export = IconButton("export")
        self.cancel = IconButton("stop")
        self.cancel.hide()
        self._progress = QProgressBar(textVisible=False)
        self._progress.hide()
        self.said = label("caption", wrapped=True)
        self._show_folder = IconButton("folder", "flat")
        self._show_folder.hide()
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        row.addWidget(self.format, 1)
        row.addWidget(self.export)
        row.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self._name)
        column.addLayout(row)
        column.addWidget(self.takes_photos)
        column.addWidget(self._progress)
        column.addWidget(self.said)
        column.addWidget(self._show_folder)
        self.export.clicked.connect(self._on_export)
        self.cancel.clicked.connect(self._on_cancel)
        self._show_folder.clicked.connect(self._on_show_folder)
        self.retranslate()

    @property
    def is_busy(self) -> bool:
        """Whether an export is under way."""
        return self._task is not None

    def use_model(self, model: Evaluable | None, title: str = "") -> None:
        """What is to be exported, and what it is called."""
        self._title = title
        is_other = (model and model.stored.path) != (self._model and self._model.stored.path)
        self._model = model
        self.export.setEnabled(model is not None)
        if is_other and self._task is None:
            self._exported = None
            self._describe()

    @Slot()
    def _on_export(self) -> None:
        model = self._model
        if model is None:
            return
        kind: Format = self.format.currentData()
        suffix = SUFFIXES[kind]
        name = folder_name(self._title or model.stored.info.title) + suffix
        proposed = Path(self._settings.last_saved_to) / name
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export the model"), str(proposed), f"{TITLES[kind]} (*{suffix})"
        )
        if name:
            self._settings.last_saved_to = str(Path(name).parent)
            self.write(chosen_file(name, suffix))

    def write(self, target: Path) -> None:
        """Export to a file, beside the GUI thread."""
        model = self._model
        if model is None or self._task is not None:
            return
        kind: Format = self.format.currentData()
        takes_photos, language = self.takes_photos.isChecked(), of_documents()
        self._exported, self._target = None, target
        self._describe()
        self._task = self._tasks.start(
            lambda: export_model(
                model.stored.path, kind, target, takes_photos, language, model.data
            ),
            self._on_exported,
            self.failed.emit,
            self._on_progressed,
            on_end=self._on_finished,
        )
        self._progress.setRange(0, 0)
        self._show_state()
        self.said.setText(self.tr("Exporting, and checking with at least 100 photos…"))

    @Slot(object)
    def _on_progressed(self, step: Preparing) -> None:
        self._progress.setRange(0, max(1, step.total))
        self._progress.setValue(step.done)

    @Slot(object)
    def _on_exported(self, exported: Exported) -> None:
        self._exported = exported

    @Slot()
    def _on_cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    @Slot()
    def _on_finished(self) -> None:
        self._task = self._target = None
        self._show_state()
        self._describe()

    def _show_state(self) -> None:
        is_busy = self._task is not None
        hidden, shown = (self.export, self.cancel) if is_busy else (self.cancel, self.export)
        had_focus = hidden.hasFocus()
        self._progress.setVisible(is_busy)
        shown.show()
        if had_focus:
            # Else the focus would walk on, to a button that the next key presses.
            shown.setFocus()
        hidden.hide()
        self.format.setEnabled(not is_busy)
        self.takes_photos.setEnabled(not is_busy)

    def _describe(self) -> None:
        exported = self._exported
        self._show_folder.setVisible(exported is not None)
        if exported is None:
            self.said.setText(self.tr("Every export is checked against the model."))
            return
        text = self.tr(
            "“{name}” was saved with its model card. Checked with {count} photos, {yours} of "
            "them yours: the same labels as the model, and no probability differs by more than "
            "{difference}."
        )
        self.said.setText(
            text.format(
                name=" + ".join(file.name for file in files_of(exported.path, exported.format)),
                count=exported.checked,
                yours=exported.of_yours,
                difference=small_number(exported.largest_difference),
            )
        )

    def _purpose(self, kind: Format) -> str:
        """What a format is for."""
        match kind:
            case "onnx":
                return self.tr("For most programs and devices")
            case "torch_export":
                return self.tr("For PyTorch")
            case "openvino":
                return self.tr("For Intel's OpenVINO: two files, .xml and .bin")
            case "torchscript":
                return self.tr("For older programs: PyTorch recommends torch.export instead")

    @Slot()
    def _on_show_folder(self) -> None:
        if self._exported is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._exported.path.parent)))

    def unfinished(self) -> list[str]:
        """A sentence on what would be cut off now."""
        if self._target is None:
            return []
        return [self.tr("“{name}” is being exported.").format(name=self._target.name)]

    def stop(self) -> None:
        """Stop the export; no file of it stays."""
        self._on_cancel()

    def shut_down(self) -> None:
        self._tasks.shut_down()

    def retranslate(self) -> None:
        self._name.setText(self.tr("EXPORT"))
        self.format.setAccessibleName(self.tr("Format"))
        for index, (kind, title) in enumerate(TITLES.items()):
            is_deprecated = kind in DEPRECATED
            text = self.tr("{format} (deprecated)").format(format=title) if is_deprecated else title
            self.format.setItemText(index, text)
            self.format.setItemData(index, self._purpose(kind), Qt.ItemDataRole.ToolTipRole)
        self.takes_photos.setText(self.tr("Include preprocessing"))
        self.takes_photos.setToolTip(
            self.tr("Resizing and normalisation are part of the file: photo in, probabilities out")
        )
        self.export.setText(self.tr("Export…"))
        self.cancel.setText(self.tr("Cancel"))
        self._show_folder.setText(self.tr("Open folder"))
        if self._task is None:
            self._describe()
