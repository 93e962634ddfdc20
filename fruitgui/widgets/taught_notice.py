"""Says what the model has just been taught, and takes it back."""

import math
from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from fruitgui.i18n.display_names import display_name
from fruitgui.widgets.notice import Notice
from fruitgui.workers.teacher import Forgotten
from trainer.teaching.teach import Taught


class TaughtNotice(Notice):
    """Hidden until something was taught.

    Signals:
        forgetting_wanted(Path, tuple of str): these lessons of this model are to be taken back.
    """

    forgetting_wanted = Signal(object, object)

    _taught: Taught | None = None
    _recorded_once: Sequence[str] = ()
    _others = 0
    _can_always_be_closed = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.acted.connect(self._on_undo)
        self.closed.connect(self.forget)

    def retranslate(self) -> None:
        super().retranslate()
        if self._taught is not None:
            self._show_lesson()

    @Slot(object)
    def show_taught(self, taught: Taught, recorded_once: Sequence[str] = ()) -> None:
        """Args: *recorded_once* are the new kinds that have been seen before one background."""
        self._taught, self._others = taught, 0
        self._recorded_once = recorded_once
        self._show_lesson()

    def _show_lesson(self) -> None:
        taught = self._taught
        if taught is None:
            return
        count = len(taught.info.classes)
        if taught.new_kinds:
            names = ", ".join(f"“{display_name(kind)}”" for kind in taught.new_kinds)
            text = self.tr("The model now knows %n kind(s), including {names}.", "", count)
            text = text.format(names=names)
        else:
            text = self.tr("The model has learnt from %n photo(s).", "", taught.photos)
        if not math.isnan(taught.accuracy_after):
            checked = self.tr("Validation accuracy on what it knew before: {after} (was {before}).")
            text += " " + checked.format(
                before=f"{taught.accuracy_before:.0%}", after=f"{taught.accuracy_after:.0%}"
            )
        if self._recorded_once:
            advice = self.tr(
                "Record {names} in another place, too: before the same background, other things "
                "may get that label."
            )
            names = ", ".join(f"“{display_name(kind)}”" for kind in self._recorded_once)
            text += " " + advice.format(names=names)
        if taught.too_few:
            missing = self.tr("Too few photos of {names}.")
            names = ", ".join(f"“{display_name(kind)}”" for kind in taught.too_few)
            text += " " + missing.format(names=names)
        if taught.unreadable:
            text += " " + self.tr("%n photo(s) could not be read.", "", len(taught.unreadable))
        if self._others:
            others = self.tr("%n other photo(s) here got another label.", "", self._others)
            text += " " + others
        self.show_info(text, self.tr("Undo teaching"), self.tr("Show them") if self._others else "")

    def show_others(self, count: int) -> None:
        """Say how many photos are labelled otherwise since, that nobody has labelled."""
        if self._taught is not None and count != self._others:
            self._others = count
            self._show_lesson()

    @Slot()
    def show_learning(self) -> None:
        """Say that something is being learnt."""
        self._taught = None
        self.show_info(self.tr("The model is learning…"))

    @Slot(object)
    def note_forgotten(self, forgotten: Forgotten) -> None:
        """It is not to be taken back twice."""
        if self._taught is None:
            return
        # Without ids, photos were taken back, whatever lessons they were of.
        if not forgotten.lessons or forgotten.lessons & set(self._taught.lessons):
            self.forget()

    def forget(self) -> None:
        """Say nothing of it any more."""
        self._taught = None
        self.hide()

    @Slot()
    def _on_undo(self) -> None:
        taught = self._taught
        self.forget()
        if taught is not None:
            self.forgetting_wanted.emit(taught.model, taught.lessons)
