"""The Models page: what models there are, and which one is in use."""

from pathlib import Path

from PySide6.QtCore import QDateTime, QEvent, QFile, QLocale, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from fruitgui import icons, theme
from fruitgui.produce_names import display_name
from fruitgui.settings import Settings
from fruitgui.trainer_texts import translated
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.panel import Panel, label
from fruitgui.workers.chores import import_model
from fruitgui.workers.task import Task
from trainer.architectures import ARCHITECTURES
from trainer.errors import TrainerError
from trainer.model_store import StoredModel, stored_models

_BARE_WEIGHTS = (".pth", ".pt")


class ModelsPage(QWidget):
    """A list of models, and all about the selected one.

    Signals:
        model_chosen(Path): the user wants to use this model.
    """

    model_chosen = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._in_use: Path | None = None
        self._task: Task | None = None
        self._build()
        self._list.currentItemChanged.connect(self._on_current_changed)
        self._list.itemActivated.connect(self._on_use)
        self._use.clicked.connect(self._on_use)
        self._remove.clicked.connect(self._on_remove)
        self._import.clicked.connect(self._on_import)
        self.retranslate()

    def _build(self) -> None:
        self._title = label("title")
        self._subtitle = label("muted")
        self._import = IconButton("import")
        heading = QVBoxLayout()
        heading.setSpacing(2)
        heading.addWidget(self._title)
        heading.addWidget(self._subtitle)
        top = QHBoxLayout()
        top.addLayout(heading, 1)
        top.addWidget(self._import)

        self.notice = Notice()
        self._list = QListWidget()
        self._list.setSpacing(2)
        self._list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        left = Panel()
        left.column.setContentsMargins(8, 8, 8, 8)
        left.column.addWidget(self._list)

        right = Panel()
        right.setFixedWidth(400)
        self._name = label("heading", wrapped=True)
        self._figures = label("muted", wrapped=True)
        self._classes_name = label("field")
        self._classes = label("muted", wrapped=True)
        self._place_name = label("field")
        self._place = label("caption", wrapped=True)
        self._place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._use = IconButton("check", "primary")
        self._remove = IconButton("trash", "flat")
        buttons = QHBoxLayout()
        buttons.addWidget(self._use, 1)
        buttons.addWidget(self._remove)
        for widget in (self._name, self._figures, self._classes_name, self._classes):
            right.column.addWidget(widget)
        right.column.addStretch()
        right.column.addWidget(self._place_name)
        right.column.addWidget(self._place)
        right.column.addSpacing(theme.SPACE)
        right.column.addLayout(buttons)
        middle = QHBoxLayout()
        middle.setSpacing(2 * theme.SPACE)
        middle.addWidget(left, 1)
        middle.addWidget(right)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(top)
        layout.addWidget(self.notice)
        layout.addLayout(middle, 1)

    def retranslate(self) -> None:
        self._title.setText(self.tr("Models"))
        self._subtitle.setText(self.tr("What Classify and Camera can answer with"))
        self._import.setText(self.tr("Import…"))
        self._use.setText(self.tr("Use this model"))
        self._remove.setText(self.tr("Remove"))
        self._classes_name.setText(self.tr("WHAT IT TELLS APART"))
        self._place_name.setText(self.tr("FILE"))
        self._list.setAccessibleName(self.tr("Models"))
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self.retranslate()
        super().changeEvent(event)

    def show_in_use(self, path: Path) -> None:
        """Mark the model that is in use."""
        self._in_use = path
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read anew what models there are; headers only, a few milliseconds each."""
        selected = self._selected()
        wanted = selected.path if selected else self._in_use
        self._list.clear()
        scheme = theme.colours()
        for model in stored_models():
            is_in_use = model.path == self._in_use
            text = f"{self._title_of(model)}\n{self._summary_of(model, is_in_use)}"
            icon = (
                icons.icon("check", scheme.accent)
                if is_in_use
                else icons.icon("models", scheme.muted)
            )
            item = QListWidgetItem(icon, text)
            item.setData(Qt.ItemDataRole.UserRole, model)
            self._list.addItem(item)
            if model.path == wanted:
                self._list.setCurrentItem(item)
        if self._list.currentItem() is None and self._list.count():
            self._list.setCurrentRow(0)
        self._on_current_changed()

    def shut_down(self) -> None:
        """End the page's thread."""
        if self._task is not None:
            self._task.shut_down()

    def import_file(self, source: Path, classes_from: Path | None = None) -> None:
        """Copy a model into the library, beside the GUI thread."""
        if self._task is not None:
            return
        self.notice.show_info(self.tr("Importing “{name}”…").format(name=source.name))
        self._import.setEnabled(False)
        self._task = Task(lambda: import_model(source, classes_from), self)
        self._task.succeeded.connect(self._on_imported)
        self._task.failed.connect(self._on_import_failed)
        self._task.finished.connect(self._on_import_finished)
        self._task.start()

    def _title_of(self, model: StoredModel) -> str:
        return self.tr("Starter model") if model.origin == "starter" else model.info.title

    def _summary_of(self, model: StoredModel, is_in_use: bool) -> str:
        parts = [self.tr("%n class(es)", "", len(model.info.classes))]
        accuracy = model.info.metrics.get("validation_accuracy")
        if accuracy is not None:
            parts.append(self.tr("{accuracy} right").format(accuracy=f"{accuracy:.1%}"))
        if model.origin != "starter" and model.info.created:
            parts.append(_day_and_time(model))
        if is_in_use:
            parts.append(self.tr("in use"))
        return " · ".join(parts)

    def _selected(self) -> StoredModel | None:
        item = self._list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else None

    @Slot()
    def _on_current_changed(self) -> None:
        model = self._selected()
        self._use.setEnabled(model is not None and model.path != self._in_use)
        self._remove.setVisible(model is not None and model.origin != "starter")
        if model is None:
            for text in (self._name, self._figures, self._classes, self._place):
                text.clear()
            return
        info = model.info
        self._name.setText(self._title_of(model))
        figures = [
            ARCHITECTURES[info.architecture].title
            if info.architecture in ARCHITECTURES
            else info.architecture,
            self.tr("sees {size}×{size} pixels").format(size=info.image_size),
            QLocale().formattedDataSize(model.file_bytes),
        ]
        if "validation_accuracy" in info.metrics:
            figures.append(
                self.tr("{accuracy} of {count} validation photos right").format(
                    accuracy=f"{info.metrics['validation_accuracy']:.1%}",
                    count=round(info.metrics.get("validation_photos", 0)),
                )
            )
        if info.created:
            figures.append(_day_and_time(model))
        self._figures.setText("\n".join(figures))
        self._classes.setText(", ".join(map(display_name, info.classes)))
        self._place.setText(str(model.path))

    @Slot()
    def _on_use(self) -> None:
        model = self._selected()
        if model is not None and model.path != self._in_use:
            self.notice.hide()
            self.model_chosen.emit(model.path)

    @Slot()
    def _on_import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Choose a model file"),
            self._settings.last_folder,
            self.tr("Models ({patterns})").format(patterns="*.safetensors *.pth *.pt"),
        )
        if not name:
            return
        source = Path(name)
        self._settings.last_folder = str(source.parent)
        classes_from: Path | None = None
        if source.suffix.lower() in _BARE_WEIGHTS:
            folder = QFileDialog.getExistingDirectory(
                self,
                self.tr("Choose the data set that it learnt from, for the names of its classes"),
                str(source.parent),
            )
            if not folder:
                return
            classes_from = Path(folder)
        self.import_file(source, classes_from)

    @Slot(object)
    def _on_imported(self, path: Path) -> None:
        self.notice.hide()
        self.refresh()
        for row in range(self._list.count()):
            if self._list.item(row).data(Qt.ItemDataRole.UserRole).path == path:
                self._list.setCurrentRow(row)

    @Slot(object)
    def _on_import_failed(self, error: TrainerError) -> None:
        self.notice.show_error(translated(error))

    @Slot()
    def _on_import_finished(self) -> None:
        if self._task is not None:
            self._task.wait()
        self._task = None
        self._import.setEnabled(True)

    @Slot()
    def _on_remove(self) -> None:
        model = self._selected()
        if model is None:
            return
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("Move “{name}” to the trash?").format(name=self._title_of(model)))
        remove = box.addButton(self.tr("Move to the trash"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        remove.clicked.connect(lambda: self.remove(model))
        box.open()

    def remove(self, model: StoredModel) -> None:
        """Move a model to the system's trash; one in use gives way to the starter."""
        if not QFile.moveToTrash(str(model.belongings)):
            self.notice.show_error(
                self.tr("“{path}” could not be moved to the trash.").format(path=model.belongings)
            )
            return
        was_in_use = model.path == self._in_use
        self._list.setCurrentRow(-1)
        self.refresh()
        if was_in_use and self._list.count():
            starter: StoredModel = self._list.item(0).data(Qt.ItemDataRole.UserRole)
            self.model_chosen.emit(starter.path)


def _day_and_time(model: StoredModel) -> str:
    """When it was made, in the user's own time and way of writing."""
    made = QDateTime.fromString(model.info.created, Qt.DateFormat.ISODate).toLocalTime()
    return QLocale().toString(made, QLocale.FormatType.ShortFormat)
