"""One evaluated photo large: what it is, what it was taken for, and where the model saw that."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.errors import translated
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.models.evaluation.heat_map import Explainer, SeenAt
from fruitgui.models.evaluation.photo_list import EvaluatedRow
from fruitgui.widgets.class_field import ClassField
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.keys import pressed_key
from fruitgui.widgets.panel import Panel, label
from fruitgui.widgets.photo_bar import PhotoBar
from fruitgui.widgets.photo_view import PhotoView
from fruitgui.widgets.segmented import Segmented
from fruitgui.workers.read_photo import read_photo
from fruitgui.workers.task import Task, Tasks
from trainer.errors import TrainerError

_SIDE = 300
_MILLISECONDS_OF_PAUSE = 60
"""Without another photo for so long, this one is looked at: a held key turns through many."""


class EvaluatedPhotoView(Retranslated, QWidget):
    """Shows the photo that it is given; turning to another is the page's.

    Signals:
        closed()
        turned(int): to the next photo (1), or the one before (-1).
        label_given(Path, str)
        exclusion_wanted(Path)
    """

    closed = Signal()
    turned = Signal(int)
    label_given = Signal(object, str)
    exclusion_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: EvaluatedRow | None = None
        self._model: Path | None = None
        self._explainer = Explainer()
        self._tasks = Tasks()
        self._reading: Task | None = None
        self._looking: Task | None = None
        self._pause = QTimer(self, singleShot=True, interval=_MILLISECONDS_OF_PAUSE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        self._bar = PhotoBar()
        self.view = PhotoView()
        self._label_name = label("field")
        self._label = label("title", wrapped=True)
        self._answer_name = label("field")
        self._answer = label("heading", wrapped=True)
        self._probability = label("muted", wrapped=True)
        self._before = label("muted", wrapped=True)
        self.shows_heat = QCheckBox()
        self.heat_class = Segmented()
        self.heat_class.add("answer")
        self.heat_class.add("label")
        self._heat_text = label("caption", wrapped=True)
        self._correct_name = label("field")
        self.class_field = ClassField()
        self.exclude = IconButton("trash")
        side = Panel()
        theme.fix_width(side, _SIDE)
        groups: tuple[tuple[QWidget, ...], ...] = (
            (self._label_name, self._label),
            (self._answer_name, self._answer, self._probability, self._before),
            (self.shows_heat, self.heat_class, self._heat_text),
            (self._correct_name, self.class_field, self.exclude),
        )
        for group in groups:
            for widget in group:
                side.column.addWidget(widget)
            side.column.addSpacing(theme.SPACE)
        side.column.addStretch()
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(self.view, 1)
        row.addWidget(side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._bar)
        layout.addLayout(row, 1)
        self.view.set_heat_opacity(0.6)

    def _connect(self) -> None:
        self._bar.closed.connect(self.closed)
        self._bar.turned.connect(self.turned)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self).activated.connect(self.closed)
        self._pause.timeout.connect(self._on_paused)
        self.shows_heat.toggled.connect(self._ask_for_heat)
        self.heat_class.chosen.connect(self._ask_for_heat)
        self.class_field.class_entered.connect(self._on_class_entered)
        self.class_field.left.connect(self.setFocus)
        self.exclude.clicked.connect(self._on_exclude)

    @property
    def path(self) -> Path | None:
        """Of the photo that is shown."""
        return self._row.photo.path if self._row else None

    def show_row(
        self, row: EvaluatedRow, model: Path, number: int, count: int, thumbnail: QImage | None
    ) -> None:
        """Show a photo; *thumbnail* stands in for it until it is read.

        Args:
            model: the model file whose answer it is.
            number: where it is among the *count* photos, from 1.
        """
        is_other = (self.path, self._model) != (row.photo.path, model)
        self._row, self._model = row, model
        self._bar.show_photo(row.photo.path.name, number, count)
        self._describe()
        if is_other:
            self.view.show_photo(thumbnail or QImage())
            self._heat_text.clear()
            self._cancel()
            self._pause.start()

    def offer(self, classes: tuple[str, ...]) -> None:
        """The classes that a photo can be given."""
        self.class_field.offer(classes)

    def _describe(self) -> None:
        if self._row is None:
            return
        photo, before = self._row.photo, self._row.before
        self._label.setText(display_name(photo.label))
        sign = "✓" if photo.is_right else "✗"
        self._answer.setText(f"{sign} {display_name(photo.answer)}")
        sureness = self.tr("{share} sure").format(share=f"{photo.confidence:.1%}")
        if not photo.is_right:
            sureness += "\n" + self.tr("{label}: {share}").format(
                label=display_name(photo.label), share=f"{photo.probability:.1%}"
            )
        self._probability.setText(sureness)
        self._before.setVisible(before is not None)
        if before is not None:
            text = self.tr("The other model says {answer}, {share} sure.")
            self._before.setText(
                text.format(answer=display_name(before.answer), share=f"{before.confidence:.0%}")
            )
        self.heat_class.set_text("answer", display_name(photo.answer))
        self.heat_class.set_text("label", display_name(photo.label))
        self.heat_class.setVisible(not photo.is_right)

    def _cancel(self) -> None:
        """What is under way is of another photo."""
        for task in (self._reading, self._looking):
            if task is not None:
                task.cancel()

    @Slot()
    def _on_paused(self) -> None:
        if self._row is not None:
            path = self._row.photo.path
            self._reading = self._tasks.start(lambda: read_photo(path), self._on_photo_read)
            self._ask_for_heat()

    @Slot()
    def _ask_for_heat(self) -> None:
        row, model = self._row, self._model
        self.heat_class.setEnabled(self.shows_heat.isChecked())
        self.view.show_heat(None)
        self._heat_text.clear()
        if row is None or model is None or not self.shows_heat.isChecked():
            return
        path, name = row.photo.path, self._heat_label(row)
        self._heat_text.setText(self.tr("Analysing…"))
        explainer = self._explainer
        if self._looking is not None:
            self._looking.cancel()
        self._looking = self._tasks.start(
            lambda: explainer.heat_map(model, path, name), self._on_seen, self._on_heat_failed
        )

    def _heat_label(self, row: EvaluatedRow) -> str:
        return row.photo.label if self.heat_class.current == "label" else row.photo.answer

    @Slot(object)
    def _on_seen(self, seen: SeenAt) -> None:
        row = self._row
        if row is None or not self.shows_heat.isChecked():
            return
        wanted = (self._model, row.photo.path, self._heat_label(row))
        if (seen.model, seen.path, seen.label) == wanted:
            self.view.show_heat(None if seen.heat.isNull() else seen.heat)
            self._heat_text.setText(
                self.tr("Red is what speaks most for {name}.").format(name=display_name(seen.label))
            )

    @Slot(object)
    def _on_heat_failed(self, error: TrainerError) -> None:
        self._heat_text.setText(translated(error))

    @Slot(object)
    def _on_photo_read(self, read: tuple[Path, QImage]) -> None:
        path, image = read
        if path == self.path and not image.isNull():
            self.view.sharpen(image)

    @Slot(str)
    def _on_class_entered(self, name: str) -> None:
        if self.path is not None:
            self.label_given.emit(self.path, name)
        self.setFocus()

    @Slot()
    def _on_exclude(self) -> None:
        if self.path is not None:
            self.exclusion_wanted.emit(self.path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match pressed_key(event):
            case Qt.Key.Key_H:
                self.shows_heat.toggle()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self._on_exclude()
            case key:
                if not self._bar.takes_key(key):
                    super().keyPressEvent(event)

    def leave(self) -> None:
        """Nobody looks any more."""
        self._row = None
        self._pause.stop()
        self._cancel()
        self._explainer.forget()

    def shut_down(self) -> None:
        self._tasks.shut_down()

    def retranslate(self) -> None:
        self._label_name.setText(self.tr("LABEL"))
        self._answer_name.setText(self.tr("THE MODEL SAYS"))
        self._correct_name.setText(self.tr("CORRECT THE LABEL"))
        self.shows_heat.setText(self.tr("Show where the model looks (H)"))
        self.class_field.setPlaceholderText(self.tr("Type a label…"))
        self.class_field.setAccessibleName(self.tr("What is in this photo"))
        self.exclude.setText(self.tr("Leave this photo out"))
        self.view.setAccessibleName(self.tr("The photo"))
        self._describe()
