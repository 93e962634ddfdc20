"""The Models page's view of training runs: all of them, and about the selected ones everything."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.recipe_texts import ChoiceTexts
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.i18n.run_texts import RunRow, RunTexts
from fruitgui.models.runs.columns import ALWAYS_SHOWN, COLUMNS
from fruitgui.models.runs.details import RunDetails
from fruitgui.models.runs.edits import Details, RunEdits, said_of
from fruitgui.models.runs.list import RunList
from fruitgui.models.runs.overlaid_curves import MOST_RUNS
from fruitgui.models.runs.read_runs import RunFiles, read_files
from fruitgui.models.runs.run_table import Shown
from fruitgui.models.runs.side_by_side import RunComparison
from fruitgui.models.runs.toolbar import RunBar
from fruitgui.models.runs.trash_bar import RunTrashBar
from fruitgui.settings import Settings
from fruitgui.widgets.column_button import ColumnButton
from fruitgui.widgets.empty_state import EmptyState
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.page_stack import PageStack
from fruitgui.widgets.panel import Panel, label
from fruitgui.workers.task import Task, Tasks
from trainer.errors import TrainerError

_SIDE_WIDTH = 380
_MILLISECONDS_BEFORE_READING = 80
"""While an arrow key is held, runs that are passed by are not read."""


class RunBrowser(Retranslated, QWidget):
    """Find, compare, name, note, star and delete training runs, and go on from them.

    Signals:
        recipe_opened(Recipe, Path): train with this recipe on these photos.
        evaluation_wanted(Path, Path): see how this model does on these photos.
        model_chosen(Path): use this model.
        report_wanted(Path): of the run in this folder.
        continuation_wanted(Path): train on, in this folder.
        models_changed(): models of runs have vanished, or come back.
        renamed(): a run, and so its model, is called otherwise.
    """

    recipe_opened = Signal(object, object)
    evaluation_wanted = Signal(object, object)
    model_chosen = Signal(object)
    report_wanted = Signal(object)
    continuation_wanted = Signal(object)
    models_changed = Signal()
    renamed = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = RunTexts(self)
        self._choices = ChoiceTexts(self)
        self._edits = RunEdits(self)
        self._tasks = Tasks()
        self._reading: Task | None = None
        self._reading_soon = QTimer(self, singleShot=True, interval=_MILLISECONDS_BEFORE_READING)
        # Selections change while the models do, and what is done then may change these again.
        self._showing_soon = QTimer(self, singleShot=True, interval=0)
        self._wanted: tuple[str, ...] = ()
        self._was_read = False
        self._trash_bytes: int | None = None
        self._name_choices()
        self.list = RunList(settings, self._texts)
        self.details = RunDetails(self._texts, self._choices)
        self.comparison = RunComparison(self._texts, self._choices)
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        self.bar = RunBar()
        self.columns = ColumnButton(self.list, [*map(COLUMNS.index, ALWAYS_SHOWN)])
        self.bar.add_button(self.columns)
        self.notice = Notice()
        self.trash = RunTrashBar()
        self.trash.hide()
        left = QVBoxLayout()
        left.setSpacing(theme.SPACE + 4)
        left.addWidget(self.bar)
        left.addWidget(self.notice)
        left.addWidget(self.list, 1)
        left.addWidget(self.trash)

        self._nothing = Panel()
        self._nothing_text = label("muted", wrapped=True)
        self._nothing_text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.column.addWidget(self._nothing_text)
        self._side = PageStack()
        theme.fix_width(self._side, _SIDE_WIDTH)
        for widget in (self._nothing, self.details, self.comparison):
            self._side.addWidget(widget)
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * theme.SPACE)
        row.addLayout(left, 1)
        row.addWidget(self._side)
        self.empty = EmptyState("train")
        self._stack = PageStack()
        self._stack.addWidget(content)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def _connect(self) -> None:
        self.bar.shown_chosen.connect(self._on_shown_chosen)
        self.bar.text_changed.connect(self._on_text_changed)
        self.bar.left.connect(self.list.setFocus)
        self.trash.emptying_confirmed.connect(self._on_emptying_confirmed)
        self.notice.acted.connect(self._on_notice_acted)
        self.list.selected.connect(self._showing_soon.start)
        self.list.star_clicked.connect(self._on_star_clicked)
        self.list.opened.connect(self._on_opened)
        self.list.deletion_wanted.connect(self.delete_selected)
        self.list.name_wanted.connect(self._on_name_wanted)
        self._showing_soon.timeout.connect(self._show_selection)
        self._reading_soon.timeout.connect(self._on_reading_due)
        for edits_signal, slot in (
            (self._edits.runs_read, self._on_runs_read),
            (self._edits.trashed, self._on_trashed),
            (self._edits.restored, self._on_restored),
            (self._edits.emptied, self._on_emptied),
            (self._edits.trash_measured, self._on_trash_measured),
            (self._edits.failed, self.notice.show_error),
            (self._edits.not_kept, self._on_not_kept),
            (self._edits.renamed, self.renamed),
        ):
            edits_signal.connect(slot)
        details = self.details
        details.described.connect(self._on_described)
        details.star_clicked.connect(self._on_star_clicked)
        details.name_left.connect(self.list.setFocus)
        details.recipe_opened.connect(self.recipe_opened)
        details.evaluation_wanted.connect(self.evaluation_wanted)
        details.model_chosen.connect(self.model_chosen)
        details.report_wanted.connect(self.report_wanted)
        details.continuation_wanted.connect(self.continuation_wanted)
        self.comparison.starred.connect(self._on_all_starred)
        for side in (details, self.comparison):
            side.deletion_wanted.connect(self.delete_selected)
            side.restoration_wanted.connect(self._on_restoration_wanted)
        for keys, action in (
            (QKeySequence.StandardKey.Find, self.bar.search),
            (QKeySequence.StandardKey.Undo, self._edits.undo),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    # What there is

    @Slot()
    def refresh(self) -> None:
        """Read all runs anew, beside the GUI thread. What is selected, typed and scrolled to
        stays."""
        self._edits.read()

    def show_in_use(self, model: Path) -> None:
        """The model in use is not offered for use."""
        self.details.show_in_use(model)

    def select(self, runs: Sequence[str]) -> None:
        """Select runs by their ids, as soon as they are read."""
        self._wanted = tuple(runs)
        if not self._select_wanted():
            self.refresh()

    def shut_down(self) -> None:
        """Keep what was typed, and end the threads."""
        self.details.commit()
        self.list.save_columns()
        self._showing_soon.stop()
        self._reading_soon.stop()
        self._tasks.shut_down()
        self._edits.finish()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Other windows and terminals train, too.
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.details.commit()
        self.list.save_columns()

    @Slot(object)
    def _on_runs_read(self, rows: list[RunRow]) -> None:
        is_first = not self._was_read
        self._was_read = True
        self.list.show_rows(rows)
        if self._wanted:
            self._select_wanted()
            self._wanted = ()
        elif is_first and not self.list.selected_rows():
            self.list.select_near(0)
        self._show_state()
        self._show_selection()

    def _select_wanted(self) -> bool:
        if not self._wanted or self.list.table.number_of(self._wanted[0]) is None:
            return False
        wanted, self._wanted = self._wanted, ()
        if self.list.select(wanted):
            return True
        # The filter hides it.
        numbers = map(self.list.table.number_of, wanted)
        rows = [self.list.table.row(number) for number in numbers if number is not None]
        self.bar.choose("trash" if rows[0].is_trashed else "all")
        self.bar.field.clear()
        return self.list.select(wanted)

    def _show_state(self) -> None:
        rows = self.list.table.rows
        self._stack.setCurrentIndex(int(self._was_read and not rows))
        trashed = tuple(row.id for row in rows if row.is_trashed)
        is_trash = self.list.filter.shown == "trash"
        self.bar.show_count(
            self.list.filter.rowCount(), len(trashed) if is_trash else len(rows) - len(trashed)
        )
        self.trash.show_trash(trashed, self._trash_bytes)

    # What is selected

    @Slot()
    def _show_selection(self) -> None:
        rows = self.list.selected_rows()
        if len(rows) != 1:
            self.details.commit()
        if not rows:
            self._nothing_text.setText(self._invitation())
            self._side.setCurrentWidget(self._nothing)
        elif len(rows) == 1:
            self.details.show_run(rows[0])
            self._side.setCurrentWidget(self.details)
        else:
            self.comparison.show_runs(rows)
            self._side.setCurrentWidget(self.comparison)
        if rows:
            self._reading_soon.start()

    def _invitation(self) -> str:
        if self.list.filter.rowCount() or not self._was_read:
            return self.tr("Select a run to see how it went, or several to compare them.")
        if self.list.filter.is_on:
            return self.tr("No run matches.")
        return {
            "all": self.tr("All runs are in the trash."),
            "starred": self.tr("Star a run to find it here."),
            "trash": self.tr("The trash is empty."),
        }[self.list.filter.shown]

    @Slot()
    def _on_reading_due(self) -> None:
        records = [row.record for row in self.list.selected_rows()[:MOST_RUNS]]
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self._tasks.start(
            lambda: read_files(records), self._on_files_read, self.notice.show_error
        )

    @Slot(object)
    def _on_files_read(self, files: list[RunFiles]) -> None:
        selected = [row.id for row in self.list.selected_rows()]
        if [each.id for each in files] != selected[:MOST_RUNS]:
            return  # Others are, by now.
        if len(selected) == 1:
            self.details.show_files(files[0])
        else:
            self.comparison.show_files(files)

    # The filter

    @Slot(str)
    def _on_shown_chosen(self, kind: Shown) -> None:
        if not self.notice.is_error:
            self.notice.hide()
        self.list.filter.show(kind)
        self.trash.setVisible(kind == "trash")
        if kind == "trash":
            self._edits.measure_trash()
        self._show_state()
        self._show_selection()

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self.list.filter.look_for(text)
        self._show_state()
        self._show_selection()

    # What the user says

    @Slot(str, object)
    def _on_described(self, run: str, details: Details) -> None:
        self._say([run], details)

    @Slot(object)
    def _on_star_clicked(self, row: RunRow) -> None:
        self._say([row.id], {"starred": not row.record.is_starred})

    @Slot(bool)
    def _on_all_starred(self, are_starred: bool) -> None:
        self._say([row.id for row in self.list.selected_rows()], {"starred": are_starred})

    def _say(self, runs: Sequence[str], details: Details) -> None:
        rows = []
        for run in runs:
            number = self.list.table.number_of(run)
            if number is not None:
                self._edits.keep(run, details)
                rows.append(said_of(self.list.table.row(number), details))
        self._update(rows)

    def _update(self, rows: Sequence[RunRow]) -> None:
        self.list.table.update(rows)
        for row in rows:
            if row.id == self.details.run:
                self.details.show_run(row)
        self._show_state()
        if self._side.currentWidget() is not self.details:
            self._show_selection()

    @Slot(object)
    def _on_not_kept(self, error: TrainerError) -> None:
        self.notice.show_error(error, self.tr("Try again"))

    @Slot()
    def _on_name_wanted(self) -> None:
        if self._side.currentWidget() is self.details:
            self.details.edit_name()

    @Slot()
    def _on_opened(self) -> None:
        if self._side.currentWidget() is self.details:
            self.details.evaluate.click()

    # The trash

    @Slot()
    def delete_selected(self) -> None:
        """Move the selected runs to the trash, if none of them is being trained."""
        rows = [row for row in self.list.selected_rows() if not row.is_trashed]
        busy = [row for row in rows if row.state == "running"]
        if busy:
            self.notice.show_error(
                self.tr("“{name}” is being trained. Stop it, then delete it.").format(
                    name=self._texts.title(busy[0].record)
                )
            )
        elif rows:
            self.details.commit()
            self._edits.trash(row.id for row in rows)

    @Slot(object)
    def _on_trashed(self, runs: tuple[str, ...]) -> None:
        self._move(runs, datetime.now(UTC))
        # Its button has gone, and with it the focus.
        self.list.setFocus()
        self.notice.show_info(
            self.tr("%n run(s) moved to the trash.", "", len(runs)), self.tr("Undo")
        )

    @Slot(object)
    def _on_restored(self, runs: tuple[str, ...]) -> None:
        self._move(runs, None)
        self.notice.show_info(self.tr("%n run(s) restored.", "", len(runs)))
        if self.list.filter.shown != "trash":
            self.list.select(runs)

    def _move(self, runs: Sequence[str], trashed: datetime | None) -> None:
        number = self.list.currentIndex().row()
        numbers = map(self.list.table.number_of, runs)
        rows = [self.list.table.row(number) for number in numbers if number is not None]
        self._update([replace(row, record=replace(row.record, trashed=trashed)) for row in rows])
        if not self.list.selected_rows():
            # The one that has moved up.
            self.list.select_near(max(0, number))
        self._show_selection()
        self._trash_bytes = None
        self._edits.measure_trash()
        self.models_changed.emit()

    @Slot()
    def _on_restoration_wanted(self) -> None:
        self._edits.restore(row.id for row in self.list.selected_rows() if row.is_trashed)

    @Slot(object)
    def _on_trash_measured(self, size: int) -> None:
        self._trash_bytes = size
        self._show_state()

    @Slot(object)
    def _on_emptying_confirmed(self, runs: tuple[str, ...]) -> None:
        self.notice.hide()
        self._edits.empty(runs)

    @Slot(int)
    def _on_emptied(self, count: int) -> None:
        self.notice.show_info(self.tr("%n run(s) removed for good.", "", count))
        self._trash_bytes = None
        self.refresh()
        self.models_changed.emit()

    @Slot()
    def _on_notice_acted(self) -> None:
        is_error = self.notice.property("notice") == "error"
        self.notice.hide()
        if is_error:
            self._edits.keep_again()
        else:
            self._edits.undo()

    # Texts

    def _name_choices(self) -> None:
        self._texts.set_names(self._choices.strategies(), self._choices.starts())

    def retranslate(self) -> None:
        self._name_choices()
        self.list.setAccessibleName(self.tr("Training runs"))
        self.list.table.retranslate()
        self.empty.title.setText(self.tr("No training runs yet"))
        self.empty.text.setText(
            self.tr(
                "Train a model on the Train page.\nEvery run is kept here, with its curves, its "
                "figures and its model."
            )
        )
        self._show_state()
        self._show_selection()
