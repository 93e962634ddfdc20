"""Groups of classes that mean the same, and what the accuracy is where they count as one."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.models.evaluation.evaluate_model import EvaluatedModel
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import label
from trainer.data import synonyms
from trainer.metrics.intervals import wilson_interval


class SynonymEditor(Retranslated, QWidget):
    """A group a line, names by commas.

    Signals:
        groups_changed(Groups): to be kept.
    """

    groups_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._evaluated: EvaluatedModel | None = None
        self._kept: synonyms.Groups = ()
        self.figures = label("heading", wrapped=True)
        self._among = label("caption", wrapped=True)
        self._help = label("caption", wrapped=True)
        self.text = QPlainTextEdit()
        self.keep = IconButton("check", "primary")
        self._usual = IconButton("undo", "flat")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        buttons.addWidget(self.keep)
        buttons.addWidget(self._usual)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(theme.SPACE)
        for widget in (self.figures, self._among, self._help):
            column.addWidget(widget)
        column.addWidget(self.text, 1)
        column.addLayout(buttons)
        self.keep.clicked.connect(self._on_keep)
        self._usual.clicked.connect(self._on_usual)
        self.text.textChanged.connect(self._on_text_changed)
        self.retranslate()

    @property
    def groups(self) -> synonyms.Groups:
        """What is typed."""
        lines = (line.split(",") for line in self.text.toPlainText().splitlines())
        groups = (tuple(name.strip() for name in line if name.strip()) for line in lines)
        return tuple(group for group in groups if len(group) > 1)

    def show_evaluation(self, evaluated: EvaluatedModel) -> None:
        is_edited = self._evaluated is not None and self.groups != self._kept
        self._evaluated = evaluated
        if not is_edited and evaluated.all_groups != self.groups:
            self._show_groups(evaluated.all_groups)
        self._describe()

    def _show_groups(self, groups: synonyms.Groups) -> None:
        self._kept = groups
        self.text.setPlainText("\n".join(", ".join(group) for group in groups))
        self._on_text_changed()

    @Slot()
    def _on_text_changed(self) -> None:
        self.keep.setEnabled(self.groups != self._kept)
        self._usual.setEnabled(self.groups != synonyms.USUAL)
        self._describe()

    @Slot()
    def _on_keep(self) -> None:
        self.groups_changed.emit(self.groups)

    def note_kept(self, groups: synonyms.Groups) -> None:
        """These groups are on disk."""
        self._kept = groups
        self._on_text_changed()

    @Slot()
    def _on_usual(self) -> None:
        self.text.setPlainText("\n".join(", ".join(group) for group in synonyms.USUAL))

    def _describe(self) -> None:
        if self._evaluated is None:
            self.figures.clear()
            self._among.clear()
            return
        evaluation = self._evaluated.evaluation
        groups = synonyms.groups_among(evaluation.classes, self.groups)
        right = evaluation.merged_right(groups)
        low, high = wilson_interval(right, evaluation.n)
        self.figures.setText(
            self.tr("Strict {strict}, merged {merged} ({low} to {high})").format(
                strict=f"{evaluation.accuracy:.1%}",
                merged=f"{right / evaluation.n:.1%}",
                low=f"{low:.1%}",
                high=f"{high:.1%}",
            )
        )
        named = "; ".join(" = ".join(map(display_name, group)) for group in groups)
        self._among.setText(
            self.tr("Counted as one here: {groups}").format(groups=named)
            if groups
            else self.tr("None of these groups has two classes that this model knows.")
        )

    def retranslate(self) -> None:
        self._help.setText(
            self.tr(
                "One group per line, names separated by commas, as the data set's folders "
                "are called:"
            )
        )
        self.text.setAccessibleName(self.tr("Groups of synonyms"))
        self.keep.setText(self.tr("Keep these groups"))
        self._usual.setText(self.tr("Restore defaults"))
        self._describe()


def keep_groups(groups: synonyms.Groups) -> synonyms.Groups:
    """Keep the user's groups of synonyms; returns them."""
    synonyms.write_groups(groups)
    return groups
