"""The models on this computer, and all about the selected one."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDateTime, QEvent, QLocale, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from fruitgui import icons, theme
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.model_titles import taught_title
from fruitgui.i18n.recipe_texts import ChoiceTexts
from fruitgui.i18n.run_texts import RunTexts
from fruitgui.models.library.export_panel import ModelExport
from fruitgui.models.library.find_models import Evaluable
from fruitgui.models.library.import_panel import ModelImport
from fruitgui.models.library.lesson_list import LessonList
from fruitgui.models.library.remove_model import remove_file, trash_model
from fruitgui.settings import Settings
from fruitgui.widgets import tool_tip
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.panel import Panel, label
from fruitgui.widgets.scroll_area import ScrollArea
from fruitgui.workers.task import Task, Tasks
from trainer.config.architectures import title_of
from trainer.config.recipe import Recipe
from trainer.data.particles import with_particles
from trainer.errors import TrainerError
from trainer.events import Preparing
from trainer.experiments import run_database
from trainer.experiments.model_library import StoredModel
from trainer.experiments.taught_models import gather_photos

_SIDE = 420


class ModelLibrary(QWidget):
    """A list of models beside the selected one: use it, evaluate it, take it out.

    Signals:
        model_chosen(Path): the user wants to use this model.
        forgetting_wanted(Path, tuple of str): these lessons of a model are to be taken back.
        training_wanted(Recipe, Path): on this data set.
        evaluation_wanted(Path, Path or None): a model file, and the data set it learnt from.
        report_wanted(str): a model's file, to be reported.
        models_changed(): there are others now.
    """

    model_chosen = Signal(object)
    forgetting_wanted = Signal(object, object)
    training_wanted = Signal(object, object)
    evaluation_wanted = Signal(object, object)
    report_wanted = Signal(str)
    models_changed = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = Notice()
        self.gathering = Notice(is_closable=False)
        self._in_use: Path | None = None
        self._wanted: Path | None = None
        self._is_chosen = False
        """Whether the user has chosen what is selected; it is the model in use otherwise."""
        self._trashed: str | None = None
        self._tasks = Tasks()
        self._choices = ChoiceTexts(self)
        self._texts = RunTexts(self)
        self.importing = ModelImport(settings)
        self.exporting = ModelExport(settings)
        self.lessons = LessonList()
        self._gathering: Task | None = None
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        self.list = QListWidget()
        self.list.setSpacing(2)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left = Panel()
        left.column.setContentsMargins(8, 8, 8, 8)
        left.column.addWidget(self.list)

        right = Panel()
        self._name = label("heading", wrapped=True)
        self._figures = label("muted", wrapped=True)
        self._classes_name = label("field")
        self.classes = label("muted", wrapped=True)
        self._place_name = label("field")
        self._place = label("caption", wrapped=True)
        self._place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.use = IconButton("check", "primary")
        self.remove_button = IconButton("trash", "flat")
        self.evaluate = IconButton("sparkle")
        self.report = IconButton("export")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        buttons.addWidget(self.use, 1)
        buttons.addWidget(self.remove_button)
        more = QHBoxLayout()
        more.setSpacing(theme.SPACE)
        more.addWidget(self.evaluate, 1)
        more.addWidget(self.report, 1)
        for widget in (self._name, self._figures):
            right.column.addWidget(widget)
        right.column.addSpacing(theme.SPACE)
        right.column.addLayout(buttons)
        right.column.addLayout(more)
        right.column.addSpacing(theme.SPACE)
        right.column.addWidget(self.lessons)
        right.column.addSpacing(theme.SPACE)
        right.column.addWidget(self.exporting)
        right.column.addSpacing(theme.SPACE)
        for widget in (self._classes_name, self.classes, self._place_name, self._place):
            right.column.addWidget(widget)
        right.column.addStretch()
        scroll = ScrollArea()
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.fix_width(scroll, _SIDE)
        scroll.setWidget(right)
        middle = QHBoxLayout()
        middle.setSpacing(2 * theme.SPACE)
        middle.addWidget(left, 1)
        middle.addWidget(scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE + 4)
        layout.addWidget(self.notice)
        layout.addWidget(self.gathering)
        layout.addWidget(self.importing)
        layout.addLayout(middle, 1)

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(self._on_chosen)
        self.list.itemClicked.connect(self._on_chosen)
        self.list.itemActivated.connect(self._on_use)
        self.use.clicked.connect(self._on_use)
        self.lessons.forgetting_wanted.connect(self._on_forgetting_wanted)
        self.lessons.thorough_wanted.connect(self._on_thorough_wanted)
        self.remove_button.clicked.connect(self._on_remove)
        self.evaluate.clicked.connect(self._on_evaluate)
        self.report.clicked.connect(self._on_report)
        self.notice.acted.connect(self._on_removal_undone)
        self.gathering.acted.connect(self._cancel_gathering)
        self.importing.imported.connect(self._on_imported)
        self.importing.failed.connect(self._on_failed)
        self.importing.said.connect(self._on_said)
        self.exporting.failed.connect(self._on_failed)

    def retranslate(self) -> None:
        self.remove_button.setText(self.tr("Remove"))
        self.evaluate.setText(self.tr("Evaluate"))
        self.report.setText(self.tr("Report…"))
        self._classes_name.setText(self.tr("CLASSES"))
        self._place_name.setText(self.tr("FILE"))
        self.list.setAccessibleName(self.tr("Models"))
        self._texts.set_names(self._choices.strategies(), self._choices.starts())
        self.show_models([item.data(Qt.ItemDataRole.UserRole) for item in self._items()])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self.retranslate()
        super().changeEvent(event)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    @property
    def models(self) -> list[Evaluable]:
        """What is listed."""
        return [item.data(Qt.ItemDataRole.UserRole) for item in self._items()]

    def show_in_use(self, path: Path) -> None:
        """Mark the model that is in use."""
        self._in_use = path
        self.show_models(self.models)

    def show_models(self, models: Sequence[Evaluable]) -> None:
        """List these models. What the user has selected stays so; else it is the model in use."""
        selected = self._selected()
        if selected is not None and selected.path not in {each.stored.path for each in models}:
            self._is_chosen = False
        shown = selected.path if selected and self._is_chosen else self._in_use
        wanted = self._wanted or shown
        scrolled_to = self.list.verticalScrollBar().value()
        with QSignalBlocker(self.list):
            self._fill(models, wanted)
        self.list.verticalScrollBar().setValue(scrolled_to)
        self._on_current_changed()

    def _fill(self, models: Sequence[Evaluable], wanted: Path | None) -> None:
        self.list.clear()
        scheme = theme.colours()
        for each in models:
            model = each.stored
            is_in_use = model.path == self._in_use
            text = f"{self.title_of(each)}\n{self._summary_of(each, is_in_use)}"
            icon = (
                icons.icon("check", scheme.accent)
                if is_in_use
                else icons.icon("models", scheme.muted)
            )
            item = QListWidgetItem(icon, text)
            item.setToolTip(tool_tip.plain(text))
            item.setData(Qt.ItemDataRole.UserRole, each)
            self.list.addItem(item)
            if model.path == wanted:
                self.list.setCurrentItem(item)
                self._wanted = None
        if self.list.currentItem() is None and self.list.count():
            self.list.setCurrentRow(0)

    def select(self, path: Path) -> None:
        """Select a model, now or once it is listed."""
        self._wanted, self._is_chosen = path, True
        self.show_models(self.models)

    def unfinished(self) -> list[str]:
        """A sentence on each thing that would be cut off now."""
        gathering = self.tr("Photos are being gathered to train on.")
        return [
            *self.importing.unfinished(),
            *self.exporting.unfinished(),
            *([gathering] if self._gathering is not None else []),
        ]

    def stop(self) -> None:
        """Stop what is being written."""
        self.importing.stop()
        self.exporting.stop()
        self._cancel_gathering()

    def shut_down(self) -> None:
        """End the view's threads."""
        self._tasks.shut_down()
        self.importing.shut_down()
        self.exporting.shut_down()

    def title_of(self, model: Evaluable) -> str:
        """What a model is called."""
        stored, record = model.stored, model.record
        if stored.origin == "starter":
            return self.tr("Starter model")
        if stored.info.taught:
            return taught_title(stored.info)
        if record is None:
            return stored.info.title
        return record.name or f"{self._texts.own_title(record)} · {record.data.stem}"

    def long_title_of(self, model: Evaluable) -> str:
        """The same, with what tells it from others of its name."""
        title = self.title_of(model)
        is_trained = model.stored.origin == "trained" and bool(model.stored.info.created)
        return f"{title} · {_day_and_time(model.stored)}" if is_trained else title

    def _summary_of(self, evaluable: Evaluable, is_in_use: bool) -> str:
        model, record = evaluable.stored, evaluable.record
        parts = []
        accuracy = model.info.metrics.get("validation_accuracy")
        if record is not None and record.test_accuracy is not None:
            text = self.tr("Test accuracy {accuracy}")
            parts.append(text.format(accuracy=f"{record.test_accuracy:.1%}"))
        elif accuracy is not None:
            text = self.tr("Validation accuracy {accuracy}")
            parts.append(text.format(accuracy=f"{accuracy:.1%}"))
        parts.append(self.tr("%n class(es)", "", len(model.info.classes)))
        if model.origin != "starter" and model.info.created:
            parts.append(_day_and_time(model))
        if is_in_use:
            parts.insert(0, self.tr("in use"))
        return " · ".join(parts)

    def _current(self) -> Evaluable | None:
        item = self.list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else None

    def _selected(self) -> StoredModel | None:
        current = self._current()
        return current.stored if current else None

    @Slot()
    def _on_chosen(self) -> None:
        self._is_chosen = True
        self._on_current_changed()

    def _on_current_changed(self) -> None:
        current = self._current()
        model = current.stored if current else None
        is_in_use = model is not None and model.path == self._in_use
        self.use.setEnabled(model is not None and not is_in_use)
        self.use.setText(self.tr("In use") if is_in_use else self.tr("Use this model"))
        self.remove_button.setVisible(model is not None and model.origin != "starter")
        self.exporting.use_model(current, self.title_of(current) if current else "")
        self.lessons.show_model(model, has_old_photos=bool(current and current.data))
        if model is None:
            for text in (self._name, self._figures, self.classes, self._place):
                text.clear()
            return
        info = model.info
        self._name.setText(self.title_of(current) if current else "")
        figures = [
            title_of(info.architecture),
            self.tr("Input size {size}×{size} pixels").format(size=info.image_size),
            QLocale().formattedDataSize(
                model.file_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat
            ),
        ]
        measured = current.record.measurement if current and current.record else None
        if measured is not None and measured.split == "test":
            low, high = measured.interval
            sentence = self.tr("Test accuracy {accuracy} ({low} to {high}, {count} photos)")
            figures.append(
                sentence.format(
                    accuracy=f"{measured.accuracy:.1%}",
                    count=measured.photos,
                    low=f"{low:.0%}",
                    high=f"{high:.0%}",
                )
            )
        if "validation_accuracy" in info.metrics:
            figures.append(
                self.tr("Validation accuracy {accuracy} ({count} photos)").format(
                    accuracy=f"{info.metrics['validation_accuracy']:.1%}",
                    count=round(info.metrics.get("validation_photos", 0)),
                )
            )
        if "old_kinds_accuracy" in info.metrics:
            figures.append(
                self.tr(
                    "Validation accuracy on what it knew before {accuracy} ({count} photos)"
                ).format(
                    accuracy=f"{info.metrics['old_kinds_accuracy']:.1%}",
                    count=round(info.metrics.get("old_kinds_photos", 0)),
                )
            )
        if info.created:
            figures.append(_day_and_time(model))
        self._figures.setText("\n".join(figures))
        self.classes.setText(", ".join(map(display_name, info.classes)))
        self._place.setText(str(model.path))

    @Slot()
    def _on_use(self) -> None:
        model = self._selected()
        if model is not None and model.path != self._in_use:
            self.notice.hide()
            self.model_chosen.emit(model.path)

    @Slot(object)
    def _on_forgetting_wanted(self, lessons: tuple[str, ...]) -> None:
        model = self._selected()
        if model is not None:
            self.notice.hide()
            self.forgetting_wanted.emit(model.path, lessons)

    @Slot()
    def _on_thorough_wanted(self) -> None:
        model = self._selected()
        if model is not None and self._gathering is None:
            path = model.path
            self.lessons.thorough.setEnabled(False)
            self._gathering = self._tasks.start(
                lambda: gather_photos(path),
                self._on_gathered,
                self._on_failed,
                self._on_gathering,
                on_end=self._on_gathering_ended,
            )

    @Slot()
    def _cancel_gathering(self) -> None:
        if self._gathering is not None:
            self._gathering.cancel()

    @Slot(object)
    def _on_gathering(self, step: Preparing) -> None:
        text = self.tr("Gathering photos: {done} of {total}")
        text = text.format(done=step.done, total=step.total)
        self.gathering.show_info(text, self.tr("Cancel"))

    @Slot()
    def _on_gathering_ended(self) -> None:
        self.gathering.hide()
        self._gathering = None
        self.lessons.thorough.setEnabled(True)

    @Slot(object)
    def _on_gathered(self, gathered: tuple[Path, Recipe]) -> None:
        folder, recipe = gathered
        self.training_wanted.emit(recipe, folder)

    @Slot()
    def _on_evaluate(self) -> None:
        current = self._current()
        if current is not None:
            self.evaluation_wanted.emit(current.stored.path, current.data)

    @Slot()
    def _on_report(self) -> None:
        model = self._selected()
        if model is not None:
            self.report_wanted.emit(str(model.path))

    @Slot(object)
    def _on_imported(self, path: Path) -> None:
        self.notice.hide()
        self._wanted, self._is_chosen = path, True
        self.models_changed.emit()

    @Slot(str)
    def _on_said(self, text: str) -> None:
        if text:
            self.notice.show_info(text)
        else:
            self.notice.hide()

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self.notice.show_error(error)
        # It may have gone behind our back.
        self.models_changed.emit()

    # Removing

    @Slot()
    def _on_remove(self) -> None:
        model = self._selected()
        if model is None:
            return
        if model.origin == "trained":
            self.remove(model)
            return
        box = QMessageBox(self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setIcon(QMessageBox.Icon.Question)
        question = self.tr("Move “{name}” to the trash?").format(name=self._name.text())
        box.setText(with_particles(question))
        remove = box.addButton(self.tr("Move to the trash"), QMessageBox.ButtonRole.AcceptRole)
        # Enter removes nothing.
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        remove.clicked.connect(lambda: self.remove(model))
        box.open()

    def remove(self, model: StoredModel) -> None:
        """Move an imported or taught model to the system's trash, or a trained one to that of the
        runs, from where it can be taken back at once; one in use gives way to the starter."""
        path = model.path.parent if model.origin == "taught" else model.path
        if model.origin == "trained":
            self._tasks.start(lambda: trash_model(path), self._on_trashed, self._on_failed)
        else:
            self._tasks.start(lambda: remove_file(path), self._on_removed, self._on_failed)

    @Slot(object)
    def _on_removed(self, nothing: None) -> None:
        self.models_changed.emit()

    @Slot(object)
    def _on_trashed(self, run: str | None) -> None:
        self._trashed = run
        if run is None:
            self.notice.show_info(self.tr("The model is in the system's trash."))
            self.models_changed.emit()
            return
        self.notice.show_info(
            self.tr("The model and its run are in the trash, under Runs."), self.tr("Undo")
        )
        self.models_changed.emit()

    @Slot()
    def _on_removal_undone(self) -> None:
        run, self._trashed = self._trashed, None
        if run is not None:
            self.notice.hide()
            self._tasks.start(
                lambda: run_database.restore([run]), self._on_restored, self._on_failed
            )

    @Slot(object)
    def _on_restored(self, nothing: None) -> None:
        self.models_changed.emit()


def _day_and_time(model: StoredModel) -> str:
    """When it was made, or taught last, in the user's own time and way of writing."""
    info = model.info
    at = info.taught[-1].at if info.taught else info.created
    made = QDateTime.fromString(at, Qt.DateFormat.ISODate).toLocalTime()
    return QLocale().toString(made, QLocale.FormatType.ShortFormat)
