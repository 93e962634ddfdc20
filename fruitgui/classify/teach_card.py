"""Offers to teach the model what the user has said of photos."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.classify.photo_list import PhotoEntry
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import label
from fruitgui.workers.teacher import Teacher
from trainer.data.class_names import class_meant
from trainer.teaching.teach import ENOUGH_PHOTOS
from trainer.teaching.teachable_model import LEAST_PHOTOS

_MOST_NAMES = 3


class TeachCard(Retranslated, QFrame):
    """Hidden unless there is a kind that the model does not know, or something that it got wrong.

    Signals:
        teaching_wanted(list of (Path, str)): photos, each with what is on it.
    """

    teaching_wanted = Signal(object)

    def __init__(self, teacher: Teacher, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._teacher = teacher
        self._photos: list[tuple[Path, str]] = []
        self._new: Counter[str] = Counter()
        self._wrong = 0
        self.setProperty("row", True)
        self.text = label("caption", wrapped=True)
        self.button = IconButton("sparkle", "primary")
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.text)
        column.addWidget(self.button)
        self.button.clicked.connect(self._on_clicked)
        self.retranslate()

    def show_entries(self, entries: Iterable[PhotoEntry]) -> None:
        """Look through photos for what the model can learn."""
        known, taught = list(self._teacher.classes), self._teacher.photos
        self._photos, self._new, self._wrong = [], Counter(), 0
        meant: dict[str, str] = {}
        for entry in entries:
            if entry.correction is None or entry.answer is None or entry.error is not None:
                continue
            kind = meant.get(entry.correction)
            if kind is None:
                kind = meant[entry.correction] = class_meant(entry.correction, known)
                known += [kind] if kind not in known else []
            if taught.get(entry.path.absolute()) == kind:
                continue
            self._photos.append((entry.path, kind))
            if kind not in self._teacher.classes:
                self._new[kind] += 1
            elif not entry.is_confirmed:
                self._wrong += 1
        self.retranslate()

    def retranslate(self) -> None:
        is_busy = self._teacher.is_busy
        self.setVisible(bool(self._new or self._wrong) and bool(self._teacher.classes))
        ready = {kind: count for kind, count in self._new.items() if count >= LEAST_PHOTOS}
        lines = [self._said_of(kind, count) for kind, count in self._new.most_common(_MOST_NAMES)]
        if self._wrong:
            lines.append(self.tr("%n correction(s) of kinds that it knows.", "", self._wrong))
        self.text.setText("\n".join(lines))
        step = self._teacher.progress
        if is_busy and step is not None and step.done < step.total:
            text = self.tr("Learning… {done} of {total}")
            self.button.setText(text.format(done=step.done, total=step.total))
        elif is_busy:
            self.button.setText(self.tr("Learning…"))
        elif len(ready) == 1 and not self._wrong:
            self.button.setText(self.tr("Teach this kind"))
        elif ready:
            self.button.setText(self.tr("Teach the model"))
        elif self._wrong:
            self.button.setText(self.tr("Learn corrections"))
        else:
            self.button.setText(self.tr("Teach this kind"))
        self.button.setEnabled(bool(ready or self._wrong) and not is_busy)
        self.button.setToolTip(
            self.tr("Takes seconds, and no photos of what the model knows already")
        )

        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Not while the column is being laid out, which would not take it in.
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """As high as what it says: the list above gives way, and not the button."""
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))

    def _said_of(self, kind: str, count: int) -> str:
        name = display_name(kind)
        if count < LEAST_PHOTOS:
            missing = self.tr("%n more photo(s) to teach it.", "", LEAST_PHOTOS - count)
            return self.tr("“{name}” is new to the model.").format(name=name) + " " + missing
        photos = self.tr("“{name}” is new to the model: %n photo(s).", "", count)
        text = photos.format(name=name)
        if count < ENOUGH_PHOTOS:
            text += " " + self.tr("Better with {count}.").format(count=ENOUGH_PHOTOS)
        return text

    @Slot()
    def _on_clicked(self) -> None:
        too_few = {kind for kind, count in self._new.items() if count < LEAST_PHOTOS}
        self.teaching_wanted.emit(
            [(path, kind) for path, kind in self._photos if kind not in too_few]
        )
