"""One photo of an inspection, large."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.train.inspection.findings import InspectedPhoto
from fruitgui.train.inspection.photo_actions import PhotoActions
from fruitgui.train.inspection.texts import InspectionTexts
from fruitgui.widgets.panel import Panel, label
from fruitgui.widgets.photo_bar import PhotoBar
from fruitgui.widgets.photo_view import PhotoView
from fruitgui.workers.read_photo import read_photo
from fruitgui.workers.task import Task, Tasks
from trainer.data.label_edits import LabelEdit

_SIDE = 248
_MILLISECONDS_OF_PAUSE = 60
"""Without another photo for so long, this one is read: a held key turns through many."""


class InspectedPhotoView(Retranslated, QWidget):
    """Shows the photo that it is given; turning to another is the view's.

    Signals:
        closed()
        turned(int): to the next photo (1), or the one before (-1).
    """

    closed = Signal()
    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photo: InspectedPhoto | None = None
        self._texts = InspectionTexts(self)
        self._tasks = Tasks()
        self._reading: Task | None = None
        self._pause = QTimer(self, singleShot=True, interval=_MILLISECONDS_OF_PAUSE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._bar = PhotoBar()
        self.view = PhotoView()
        self._label_name = label("field")
        self._label = label("title", wrapped=True)
        self._split = label("muted", wrapped=True)
        self._said = label("heading", wrapped=True)
        self.actions_panel = PhotoActions(is_narrow=True)
        self._build()
        self._bar.closed.connect(self.closed)
        self._bar.turned.connect(self.turned)
        self._pause.timeout.connect(self._on_paused)
        self.actions_panel.field_left.connect(self.setFocus)
        self.retranslate()

    def _build(self) -> None:
        side = Panel()
        theme.fix_width(side, _SIDE)
        for widget in (self._label_name, self._label, self._split, self._said):
            side.column.addWidget(widget)
        side.column.addSpacing(theme.SPACE)
        side.column.addWidget(self.actions_panel)
        side.column.addStretch()
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(self.view, 1)
        row.addWidget(side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._bar)
        layout.addLayout(row, 1)

    @property
    def path(self) -> Path | None:
        """Of the photo that is shown."""
        return self._photo.path if self._photo else None

    def show_photo(
        self, photo: InspectedPhoto, number: int, count: int, thumbnail: QImage | None
    ) -> None:
        """Show a photo; *thumbnail* stands in for it until it is read.

        Args:
            number: where it is among the *count* photos, from 1.
        """
        is_other = self.path != photo.path
        self._photo = photo
        self._bar.show_photo(photo.path.name, number, count)
        self._describe()
        if is_other:
            self.view.show_photo(thumbnail or QImage())
            self._cancel()
            self._pause.start()

    def _describe(self) -> None:
        photo = self._photo
        if photo is None:
            return
        self._label.setText(display_name(photo.label))
        font = self._label.font()
        font.setStrikeOut(photo.is_excluded)
        self._label.setFont(font)
        self._split.setText(self._texts.split(photo.split))
        said = self._texts.mark(photo)
        if photo.suggested not in (None, photo.label) and not photo.is_settled:
            said = self._texts.suggestion(str(photo.suggested))
        self._said.setText(said)
        self._said.setVisible(bool(said))
        self.actions_panel.show_selection((photo,))

    def _cancel(self) -> None:
        """What is under way is of another photo."""
        if self._reading is not None:
            self._reading.cancel()

    @Slot()
    def _on_paused(self) -> None:
        path = self.path
        if path is not None:
            self._reading = self._tasks.start(lambda: read_photo(path), self._on_photo_read)

    @Slot(object)
    def _on_photo_read(self, read: tuple[Path, QImage]) -> None:
        path, image = read
        if path == self.path and not image.isNull():
            self.view.sharpen(image)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.actions_panel.edit_wanted.emit(LabelEdit((), is_excluded=True))
        elif not self._bar.takes_key(event.key()):
            super().keyPressEvent(event)

    def leave(self) -> None:
        """Nobody looks any more."""
        self._photo = None
        self._pause.stop()
        self._cancel()

    def shut_down(self) -> None:
        self._tasks.shut_down()

    def retranslate(self) -> None:
        self._label_name.setText(self.tr("LABEL"))
        self.view.setAccessibleName(self.tr("The photo"))
        self._describe()
