"""What is unusual about something, a line each: the first few, and all of them at a click."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.errors import translated
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets.panel import label
from trainer.errors import TrainerError

_AT_FIRST = 3


class WarningList(Retranslated, QWidget):
    """Sentences of trainer's, in the language of the window. Hidden while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._warnings: tuple[TrainerError, ...] = ()
        self._is_unfolded = False
        self._labels: list[QLabel] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.SPACE // 2)
        self.more = QPushButton()
        self.more.setProperty("kind", "flat")
        self.more.setProperty("small", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE // 2)
        layout.addLayout(self._lines)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.more.clicked.connect(self._on_more)
        self.hide()

    @property
    def text(self) -> str:
        """What is in sight."""
        return "\n".join(line.text() for line in self._labels if not line.isHidden())

    def show_warnings(self, warnings: Sequence[TrainerError]) -> None:
        """Show these instead, folded."""
        self._warnings = tuple(warnings)
        self._is_unfolded = False
        self.retranslate()

    def retranslate(self) -> None:
        folded = len(self._warnings) - _AT_FIRST
        # A fold that hides a single line would take as much room as that.
        can_fold = folded > 1
        shown = self._warnings[:_AT_FIRST] if can_fold and not self._is_unfolded else self._warnings
        while len(self._labels) < len(shown):
            self._labels.append(self._new_label())
        for number, line in enumerate(self._labels):
            line.setText(f"• {translated(shown[number])}" if number < len(shown) else "")
            line.setVisible(number < len(shown))
        self.more.setVisible(can_fold)
        self.more.setText(
            self.tr("Show less") if self._is_unfolded else self.tr("Show %n more", "", folded)
        )
        self.setVisible(bool(self._warnings))

    def _new_label(self) -> QLabel:
        line = label("caption", wrapped=True)
        # A folder may be called like a tag.
        line.setTextFormat(Qt.TextFormat.PlainText)
        line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lines.addWidget(line)
        return line

    @Slot()
    def _on_more(self) -> None:
        self._is_unfolded = not self._is_unfolded
        self.retranslate()
