"""Several training runs beside one another, on the Models page."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.formats import display_device
from fruitgui.i18n.recipe_texts import ChoiceTexts
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.i18n.run_texts import RunRow, RunTexts
from fruitgui.models.runs.curves import RunCurves
from fruitgui.models.runs.difference_table import Difference, DifferenceTable
from fruitgui.models.runs.figures import RunFigures, best_of
from fruitgui.models.runs.overlaid_curves import MOST_RUNS, RunCurve
from fruitgui.models.runs.read_runs import RunFiles
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import Panel, label
from fruitgui.widgets.scroll_area import ScrollArea
from trainer.config.presets import differing_choices

_NAMES_WIDTH = 130
_COLUMN_WIDTH = 112
_ROW_HEIGHT = 28
_LIKE_TIME = ("best_epoch", "time")
"""Figures of which none is the best."""


class RunComparison(theme.Scaled, Retranslated, Panel):
    """What differs between some runs, and what came of that; the first ten of them.

    Signals:
        starred(bool): the user gives all a star, or takes it.
        deletion_wanted(), restoration_wanted(): of all of them.
    """

    starred = Signal(bool)
    deletion_wanted = Signal()
    restoration_wanted = Signal()

    def __init__(
        self, texts: RunTexts, choices: ChoiceTexts, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._texts = texts
        self._choices = choices
        self._figures = RunFigures(texts, self)
        self._rows: tuple[RunRow, ...] = ()
        self._files: dict[str, RunFiles] = {}
        self.differences = DifferenceTable(self)
        self._build()
        self.star.clicked.connect(self._on_star_clicked)
        self.delete.clicked.connect(self.deletion_wanted)
        self.restore.clicked.connect(self.restoration_wanted)
        self.retranslate()

    def _build(self) -> None:
        self._title = label("heading")
        self._names = label("caption", wrapped=True)
        self.curves = RunCurves()
        self._table_name = label("field")
        self._table = QTableView()
        self._table.setModel(self.differences)
        self._table.setShowGrid(False)
        self._table.setWordWrap(False)
        self._table.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self._table.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self._table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._table.setCornerButtonEnabled(False)
        names, runs = self._table.verticalHeader(), self._table.horizontalHeader()
        theme.fix_width(names, _NAMES_WIDTH)
        names.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        names.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        theme.fix_sections(names, _ROW_HEIGHT)
        names.setTextElideMode(Qt.TextElideMode.ElideRight)
        theme.fix_sections(runs, _COLUMN_WIDTH)
        runs.setSectionsClickable(False)
        names.setSectionsClickable(False)

        content = QWidget()
        content.setObjectName("content")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, theme.SPACE, 0)
        column.setSpacing(theme.SPACE)
        for widget in (self._title, self._names, self.curves, self._table_name, self._table):
            column.addWidget(widget)
        column.addStretch()
        scroll = ScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        self.star = IconButton("star")
        self.delete = IconButton("trash")
        self.restore = IconButton("undo", "primary")
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, theme.SPACE, 0)
        buttons.setSpacing(theme.SPACE)
        for button in (self.star, self.delete, self.restore):
            buttons.addWidget(button, 1)
        self.column.setContentsMargins(16, 16, 8, 16)
        self.column.addWidget(scroll, 1)
        self.column.addLayout(buttons)

    def show_runs(self, rows: Sequence[RunRow]) -> None:
        """Show what the table knows of runs."""
        if [row.id for row in rows] != [row.id for row in self._rows]:
            self._files = {}
            self.curves.show_runs(())
        self._rows = tuple(rows)
        self._describe()

    def show_files(self, files: Sequence[RunFiles]) -> None:
        """Show the rest, of the runs shown."""
        self._files = {each.id: each for each in files}
        shown = self._rows[:MOST_RUNS]
        self.curves.show_runs(
            [
                RunCurve(str(number), self._files[row.id].epochs)
                for number, row in enumerate(shown, start=1)
                if row.id in self._files
            ]
        )
        self._describe()

    @property
    def _are_starred(self) -> bool:
        return all(row.record.is_starred for row in self._rows)

    def _describe(self) -> None:
        if not self._rows:
            return
        shown = self._rows[:MOST_RUNS]
        title = self.tr("%n run(s) selected", "", len(self._rows))
        if len(shown) < len(self._rows):
            title += "\n" + self.tr("The first {count} of them:").format(count=len(shown))
        self._title.setText(title)
        self._describe_delete()
        titles = [self._texts.title(row.record) for row in shown]
        self._names.setText("\n".join(f"{n}  {text}" for n, text in enumerate(titles, start=1)))
        rows = [*self._choice_rows(shown), *self._figure_rows(shown)]
        self.differences.show(titles, rows)
        self._fit_table()
        is_trashed = any(row.is_trashed for row in self._rows)
        self.restore.setVisible(is_trashed)
        for button in (self.star, self.delete):
            button.setHidden(is_trashed)
        self._describe_star()

    def _describe_delete(self) -> None:
        self.delete.setText(self.tr("Delete %n run(s)", "", len(self._rows)))

    def _describe_star(self) -> None:
        self.star.set_icon("star-filled" if self._are_starred else "star")
        self.star.setText(self.tr("Remove the stars") if self._are_starred else self.tr("Star all"))

    def _choice_rows(self, rows: Sequence[RunRow]) -> list[Difference]:
        recipes = [row.record.recipe for row in rows]
        names = self._choices.names()
        found = [
            Difference(names[choice], tuple(self._choices.values(choice, recipes)))
            for choice in differing_choices(*recipes)
        ]
        for name, values in (
            (self.tr("Photos"), [row.record.data for row in rows]),
            (self.tr("Device"), [display_device(row.record.device) for row in rows]),
        ):
            if len(set(values)) > 1:
                texts = [getattr(value, "name", value) for value in values]
                found.append(Difference(name, tuple(map(str, texts))))
        return found

    def _figure_rows(self, rows: Sequence[RunRow]) -> list[Difference]:
        columns = [self._figures.of(row.record, self._files.get(row.id)) for row in rows]
        found = []
        for key, (name, help_text) in self._figures.names().items():
            figures = [column[key] for column in columns]
            found.append(
                Difference(
                    name,
                    tuple(figure.text for figure in figures),
                    frozenset() if key in _LIKE_TIME else best_of(figures),
                    help_text,
                )
            )
            if any(figure.spread for figure in figures):
                spreads = tuple(figure.spread for figure in figures)
                found.append(Difference(self.tr("95% interval"), spreads, help=help_text))
        return found

    def scale(self) -> None:
        self._fit_table()

    def _fit_table(self) -> None:
        """All rows are in sight: what scrolls is the column that the table is in."""
        header = self._table.horizontalHeader().sizeHint().height()
        bar = self._table.horizontalScrollBar().sizeHint().height()
        rows = self.differences.rowCount() * theme.scaled(_ROW_HEIGHT)
        self._table.setFixedHeight(header + rows + bar + 4)

    @Slot()
    def _on_star_clicked(self) -> None:
        self.starred.emit(not self._are_starred)

    def retranslate(self) -> None:
        self._table_name.setText(self.tr("DIFFERENCES AND RESULTS"))
        self._table.setAccessibleName(self.tr("Differences and results"))
        self._describe_delete()
        self.delete.setToolTip(self.tr("Move to the trash (Delete)"))
        self.restore.setText(self.tr("Restore"))
        self._describe_star()
        self._describe()
