"""A class of a data set with its newest photos, and a button to hold to record more."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.camera.thumbnail_strip import ThumbnailStrip
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets.elided_label import ElidedLabel
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import label

_THUMBNAILS = 5


class HoldButton(IconButton):
    """Stays down until it is let go, wherever the mouse wanders meanwhile: who holds it looks at
    something else."""

    def hitButton(self, pos: QPoint) -> bool:
        return self.isDown() or super().hitButton(pos)


class ClassRecorder(Retranslated, QFrame):
    """A row of the Camera page.

    Signals:
        begun(str): the button is held down for this class.
        ended(str): it was let go.
        taken_back(str): the last recording of this class is unwanted.
        removed(str): so is the class, which has no photos.
    """

    begun = Signal(str)
    ended = Signal(str)
    taken_back = Signal(str)
    removed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._class = name
        self._photos = self._recordings = 0
        self._left_out = {"blurred": 0, "alike": 0}
        self.setProperty("row", True)
        self._name = ElidedLabel("heading")
        self._count = label("caption")
        self._note = ElidedLabel("caption")
        self._strip = ThumbnailStrip(_THUMBNAILS)
        self.record = HoldButton("record")
        self.take_back = IconButton("trash", "flat")
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE)
        top.addWidget(self._name, 1)
        top.addWidget(self._count)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.record, 1)
        buttons.addWidget(self.take_back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self._strip)
        layout.addLayout(buttons)
        layout.addWidget(self._note)
        self.record.pressed.connect(self._on_pressed)
        self.record.released.connect(self._on_released)
        self.take_back.clicked.connect(self._on_take_back)
        self.retranslate()

    @property
    def note(self) -> str:
        return self._note.text()

    @property
    def thumbnail_count(self) -> int:
        return self._strip.count

    def show_count(self, photos: int, recordings: int) -> None:
        """How many photos the class has, and in how many recordings."""
        self._photos, self._recordings = photos, recordings
        self._show_counts()

    def clear(self) -> None:
        """Show nothing of what has gone."""
        self._strip.show_images(())
        self._left_out = dict.fromkeys(self._left_out, 0)
        self._show_note()

    def show_thumbnails(self, images: Sequence[QImage]) -> None:
        self._strip.show_images(images)

    def add_thumbnail(self, image: QImage) -> None:
        self._strip.add(image)

    def count_left_out(self, why: str) -> None:
        """One more frame of this recording was ``blurred`` or ``alike``."""
        self._left_out[why] += 1
        self._show_note()

    def set_recordable(self, is_recordable: bool) -> None:
        """Whether there is an image to record."""
        if not is_recordable:
            # Else the focus would go to the next button, which throws photos away.
            self.record.clearFocus()
        self.record.setEnabled(is_recordable)

    def stop(self) -> None:
        """Let the button go, wherever the mouse is."""
        if self.record.isDown():
            self.record.setDown(False)
            self._on_released()

    @Slot()
    def _on_pressed(self) -> None:
        self._left_out = dict.fromkeys(self._left_out, 0)
        self._show_note()
        self.record.setText(self.tr("Recording…"))
        # What is thrown away is the recording before, or half of this one.
        self._disable_take_back()
        self.begun.emit(self._class)

    @Slot()
    def _on_released(self) -> None:
        self.record.setText(self.tr("Hold to record"))
        self.ended.emit(self._class)

    @Slot()
    def _on_take_back(self) -> None:
        # A second click of the same hand means no second recording.
        self._disable_take_back()
        (self.taken_back if self._photos else self.removed).emit(self._class)

    def _disable_take_back(self) -> None:
        # Else the focus would go to the next class's button, and the list after it.
        self.take_back.clearFocus()
        self.take_back.setEnabled(False)

    def _show_counts(self) -> None:
        self._count.setText(self.tr("%n photo(s)", "", self._photos))
        self.take_back.setToolTip(
            self.tr("Delete the last recording")
            if self._photos
            else self.tr("Remove this class, which has no photos")
        )
        self.take_back.setAccessibleName(self.take_back.toolTip())
        if (self._recordings or not self._photos) and not self.record.isDown():
            self.take_back.setEnabled(True)
        else:
            self._disable_take_back()
        self._show_note()

    def _show_note(self) -> None:
        """A line that is always there, so that nothing moves away from under the mouse."""
        notes = []
        if self._recordings:
            notes.append(self.tr("%n recording(s)", "", self._recordings))
        if self._left_out["alike"]:
            notes.append(self.tr("%n left out: nothing new", "frames", self._left_out["alike"]))
        if self._left_out["blurred"]:
            notes.append(self.tr("%n left out: blurred", "frames", self._left_out["blurred"]))
        self._note.setText(" · ".join(notes) if notes else self.tr("No recording yet"))

    def retranslate(self) -> None:
        self._name.setText(display_name(self._class))
        if not self.record.isDown():
            self.record.setText(self.tr("Hold to record"))
        name = display_name(self._class)
        self.record.setAccessibleName(self.tr("Hold to record “{name}”").format(name=name))
        self.record.setToolTip(
            self.tr(
                "Hold the button, or the space bar, and slowly turn the object in front of "
                "the camera."
            )
        )
        self._show_counts()
