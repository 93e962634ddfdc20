"""What is in a data set: figures, warnings, and how many photos there are of each class."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.train.inspection.class_table import ClassTable
from fruitgui.train.inspection.findings import Findings
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import label
from fruitgui.widgets.warning_list import WarningList
from trainer.data.particles import with_particles
from trainer.inspection.result import misnamed_warning

_LOWEST_TABLE = 200


class InspectionOverview(Retranslated, QScrollArea):
    """Signals:
    class_chosen(str): the photos of a class are to be shown.
    edits_wanted(list of LabelEdit): the user changes photos, which are named by their places.
    """

    class_chosen = Signal(str)
    edits_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: Findings | None = None
        self._verdict = label("heading", wrapped=True)
        self._figures = label("muted", wrapped=True)
        self._doubles = label("muted", wrapped=True)
        self._renaming = QVBoxLayout()
        self.renaming_buttons: list[IconButton] = []
        """One of each class that looks like another."""
        self._warnings = WarningList()
        self._hint = label("caption", wrapped=True)
        self.table = ClassTable()
        self.table.setMinimumHeight(theme.scaled(_LOWEST_TABLE))
        content = QWidget()
        content.setObjectName("content")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        for widget in (self._verdict, self._figures, self._doubles, self._warnings):
            column.addWidget(widget)
        column.addLayout(self._renaming)
        column.addWidget(self.table, 1)
        column.addWidget(self._hint)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(content)
        self.table.class_chosen.connect(self.class_chosen)
        self.retranslate()

    def show_findings(self, findings: Findings) -> None:
        """Show a data set as it is by now."""
        is_other, self._findings = findings is not self._findings, findings
        if is_other:
            self._show_warnings(findings)
        self._describe()

    def _show_warnings(self, findings: Findings) -> None:
        names = [(name, other) for name, other in findings.misnamed.items()]
        misnamed = [
            misnamed_warning(display_name(name), display_name(other)) for name, other in names
        ]
        self._warnings.show_warnings([*misnamed, *findings.inspection.warnings])
        for button in self.renaming_buttons:
            self._renaming.removeWidget(button)
            button.deleteLater()
        self.renaming_buttons = [self._renaming_button(findings, *pair) for pair in names]
        for button in self.renaming_buttons:
            self._renaming.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _renaming_button(self, findings: Findings, name: str, other: str) -> IconButton:
        button = IconButton("label")
        text = self.tr("Rename “{name}” to “{other}”").format(
            name=display_name(name), other=display_name(other)
        )
        button.setText(with_particles(text).replace("&", "&&"))
        button.setToolTip(
            self.tr("Its photos get this label, but for those that you have decided on")
        )
        button.clicked.connect(lambda: self.edits_wanted.emit([findings.renaming(name, other)]))
        return button

    def _describe(self) -> None:
        findings = self._findings
        if findings is None:
            return
        inspection, counts = findings.inspection, findings.counts()
        self._verdict.setText(self._verdict_on(findings))
        formats = ", ".join(f"{name} {count}" for name, count in inspection.formats.items())
        photos = self.tr("Photos: {photos}, of {classes} classes ({formats}).").format(
            photos=findings.left("overview"), classes=len(counts), formats=formats
        )
        smallest, middle, largest = inspection.sizes
        sizes = (
            self.tr("Their shorter side has {smallest} to {largest} pixels, mostly about {middle}.")
            if smallest < largest
            else self.tr("Their shorter side has {middle} pixels.")
        ).format(smallest=smallest, largest=largest, middle=middle)
        self._figures.setText(f"{photos} {sizes}")
        across = findings.left("across splits")
        self._doubles.setVisible(inspection.data.has_own_splits)
        self._doubles.setText(
            self.tr(
                "%n validation or test photo(s) have a duplicate in another split.",
                "",
                across,
            )
            if across
            else self.tr("No validation or test photo has a duplicate in another split.")
        )
        self.table.counts.show_counts(counts)

    def _verdict_on(self, findings: Findings) -> str:
        if findings.misnamed:
            return self.tr("The photos of some classes look like other classes.")
        if findings.is_decided and not findings.is_clean:
            return self.tr("Nothing is left to decide. Files that do not count are at the left.")
        if not findings.is_clean:
            return self.tr("Some photos are worth a look: choose at the left.")
        if findings.inspection.unjudged:
            return self.tr("Nothing was found, but not every label could be judged.")
        return self.tr("All good: nothing needs your attention.")

    @property
    def verdict(self) -> str:
        """What is said of the whole."""
        return self._verdict.text()

    def retranslate(self) -> None:
        self._hint.setText(self.tr("Click a class to see its photos."))
        self.table.setAccessibleName(self.tr("Photos of each class"))
        if self._findings is not None:
            self._show_warnings(self._findings)
        self._describe()
