"""Things of which several can be chosen, each with a line of help."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.widgets.panel import label


class Checklist(QWidget):
    """A name, and a box for each key.

    Signals:
        changed(): the user chose another; not when the program did.
    """

    changed = Signal()

    def __init__(
        self, keys: Sequence[str], shows_helps: bool = False, parent: QWidget | None = None
    ) -> None:
        """Make the boxes, none of them checked.

        Args:
            shows_helps: whether the lines of help stand below the boxes, rather than in tool tips.
        """
        super().__init__(parent)
        self._name = label("field", wrapped=True)
        self._boxes = {key: QCheckBox() for key in keys}
        self._helps: dict[str, QLabel] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE // 2)
        layout.addWidget(self._name)
        for key, box in self._boxes.items():
            layout.addWidget(box)
            box.clicked.connect(self.changed)
            if shows_helps:
                self._helps[key] = label("caption", wrapped=True)
                # Under the text, not under the box.
                self._helps[key].setIndent(24)
                layout.addWidget(self._helps[key])

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys of the boxes that are checked, in order."""
        return tuple(key for key, box in self._boxes.items() if box.isChecked())

    def choose(self, keys: Iterable[str]) -> None:
        """Check these and no others, without ``changed`` being emitted."""
        wanted = set(keys)
        for key, box in self._boxes.items():
            box.setChecked(key in wanted)

    def add(self, key: str, text: str) -> None:
        """Add a box below the others, unless there is one of that key."""
        if key in self._boxes:
            return
        box = self._boxes[key] = QCheckBox(text)
        box.clicked.connect(self.changed)
        layout = self.layout()
        if layout is not None:
            layout.addWidget(box)

    def box(self, key: str) -> QCheckBox:
        return self._boxes[key]

    def set_texts(self, name: str, options: Mapping[str, tuple[str, str]]) -> None:
        """Set what the list is called, and the text and the help of each key that has any."""
        self._name.setText(name)
        self.setAccessibleName(name)
        for key, box in self._boxes.items():
            if key not in options:
                continue
            text, help_text = options[key]
            box.setText(text)
            box.setAccessibleDescription(help_text)
            if key in self._helps:
                self._helps[key].setText(help_text)
            else:
                box.setToolTip(help_text)
