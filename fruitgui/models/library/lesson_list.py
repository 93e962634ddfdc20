"""What a model was taught since it was trained, each of it with an undo."""

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import label
from trainer.experiments.model_library import StoredModel
from trainer.models.metadata import Teaching


class LessonList(Retranslated, QWidget):
    """Hidden for models that were taught nothing since.

    Signals:
        forgetting_wanted(tuple of str): these lessons are to be taken back, by their ids.
        thorough_wanted(): all photos are to be trained on.
    """

    forgetting_wanted = Signal(object)
    thorough_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lessons: tuple[Teaching, ...] = ()
        self._name = label("field")
        self._has_old_photos = False
        self._hint = label("caption", wrapped=True)
        self._busy = label("caption")
        self._busy.hide()
        self.thorough = IconButton("train")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self._name)
        column.addLayout(self._rows)
        column.addWidget(self._busy)
        column.addWidget(self._hint)
        column.addWidget(self.thorough)
        self.thorough.clicked.connect(self.thorough_wanted)
        self.retranslate()

    def show_model(self, model: StoredModel | None, *, has_old_photos: bool) -> None:
        """Args: *has_old_photos* is whether the photos are there that it learnt from before."""
        self._lessons = model.info.taught if model is not None else ()
        self._has_old_photos = has_old_photos
        self.retranslate()

    def set_busy(self, is_busy: bool) -> None:
        """While one lesson is learnt or taken back, no other is."""
        self._busy.setVisible(is_busy)
        for button in self._undo:
            button.setEnabled(not is_busy)

    def retranslate(self) -> None:
        self._name.setText(self.tr("TAUGHT LATER"))
        self._hint.setText(
            self.tr("Learnt in seconds, without the original training photos.")
            + (
                " "
                + self.tr(
                    "Training with all photos takes longer, and makes the model more accurate."
                )
                if self._has_old_photos
                else ""
            )
        )
        self._busy.setText(self.tr("Working…"))
        self.thorough.setText(self.tr("Train with all photos…"))
        self.thorough.setVisible(self._has_old_photos)
        self.setVisible(bool(self._lessons))
        while (item := self._rows.takeAt(0)) is not None:
            row = item.widget()
            if row is not None:
                row.deleteLater()
        self._undo: list[IconButton] = []
        for lesson in self._lessons:
            self._rows.addWidget(self._row(lesson))

    def _row(self, lesson: Teaching) -> QWidget:
        at = QDateTime.fromString(lesson.at, Qt.DateFormat.ISODate).toLocalTime()
        text = label("muted", wrapped=True)
        photos = self.tr("%n photo(s)", "", lesson.photos)
        when = QLocale().toString(at, QLocale.FormatType.ShortFormat)
        name = display_name(lesson.kind)
        text.setText(f"{name}: {photos}, {when}")
        undo = IconButton("undo", "flat")
        undo.setText(self.tr("Undo"))
        undo.setAccessibleName(self.tr("Undo “{name}”").format(name=name))
        undo.clicked.connect(lambda: self.forgetting_wanted.emit((lesson.id,)))
        self._undo.append(undo)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(text, 1)
        layout.addWidget(undo)
        return row
