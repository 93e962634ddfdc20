"""What the user has changed in a data set, one by one, and what can be done with that."""

from pathlib import PurePosixPath

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets import tool_tip
from fruitgui.workers.label_edits import KeptEdits
from trainer.data.label_edits import LabelEdit

_MOST_LISTED = 25


class LabelEditsMenu(Retranslated, QMenu):
    """Lists the changes, the newest first; moves the files, and puts them back.

    Signals:
        taking_back_wanted(Change): the user is sorry for this one.
        redo_wanted(), applying_wanted(), putting_back_wanted()
    """

    taking_back_wanted = Signal(object)
    redo_wanted = Signal()
    applying_wanted = Signal()
    putting_back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: KeptEdits | None = None
        self._kept_in = QAction(self)
        self._kept_in.setEnabled(False)
        self.list = QMenu(self)
        self.list.setToolTipsVisible(True)
        self.redo = QAction(self)
        self.apply = QAction(self)
        self.revert_edits = QAction(self)
        self.addAction(self._kept_in)
        self.addMenu(self.list)
        for action in (self.redo, self.apply, self.revert_edits):
            self.addAction(action)
        self.list.aboutToShow.connect(self._fill)
        self.redo.triggered.connect(self.redo_wanted)
        self.apply.triggered.connect(self.applying_wanted)
        self.revert_edits.triggered.connect(self.putting_back_wanted)
        self.retranslate()

    def show_edits(self, kept: KeptEdits, *, can_redo: bool) -> None:
        """Show what is changed by now."""
        self._kept = kept
        has_some = bool(kept.own)
        self.list.setEnabled(has_some)
        self.redo.setEnabled(can_redo)
        self.apply.setEnabled(has_some)
        self.revert_edits.setEnabled(kept.can_revert)
        self._kept_in.setVisible(has_some)
        self._describe()

    @Slot()
    def _fill(self) -> None:
        """Only once it is looked at: there may be thousands."""
        self.list.clear()
        newest = self._kept.own[::-1][:_MOST_LISTED] if self._kept is not None else ()
        for edit in newest:
            action = self.list.addAction(self._text_of(edit).replace("&", "&&"))
            action.setToolTip(tool_tip.plain("\n".join(edit.photos[:_MOST_LISTED])))
            action.triggered.connect(lambda _=False, each=edit: self.taking_back_wanted.emit(each))

        older = len(self._kept.own) - len(newest) if self._kept is not None else 0
        if older:
            self.list.addAction(self.tr("… and %n older", "", older)).setEnabled(False)

    def _text_of(self, edit: LabelEdit) -> str:
        photos = (
            PurePosixPath(edit.photos[0]).name
            if len(edit.photos) == 1
            else self.tr("%n photo(s)", "", len(edit.photos))
        )
        if edit.is_excluded:
            return self.tr("{photos}: left out").format(photos=photos).replace("&", "&&")
        parts = [display_name(edit.label)] if edit.label else []
        if edit.split:
            parts.append(
                {
                    "train": self.tr("training photos"),
                    "validation": self.tr("validation photos"),
                    "test": self.tr("test photos"),
                }[edit.split]
            )
        # & would mark a key.
        return f"{photos} → {', '.join(parts)}".replace("&", "&&")

    def _describe(self) -> None:
        file = self._kept.file if self._kept is not None else ""
        self._kept_in.setText(self.tr("Kept in “{file}”, beside the folder").format(file=file))

    def retranslate(self) -> None:
        self.list.setTitle(self.tr("Undo one"))
        self.redo.setText(self.tr("Redo"))
        self.apply.setText(self.tr("Apply to the folder: move the files…"))
        self.revert_edits.setText(self.tr("Put the files back"))
        self._describe()
