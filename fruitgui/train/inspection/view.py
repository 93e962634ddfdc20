"""The view that looks through a data set: what is in it, what is wrong with it, mending that."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.keys import with_own_keys
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.train.inspection.findings import Findings, Section
from fruitgui.train.inspection.look_through import look_through
from fruitgui.train.inspection.overview import InspectionOverview
from fruitgui.train.inspection.section_list import SectionList
from fruitgui.train.inspection.section_view import SectionView
from fruitgui.widgets.elided_label import ElidedLabel
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.page_stack import PageStack
from fruitgui.widgets.panel import Panel, label
from fruitgui.workers.label_edits import DataSetEdits, KeptEdits
from fruitgui.workers.task import Task, Tasks
from fruitgui.workers.task_queue import TaskQueue
from fruitgui.workers.throttle import Throttle
from trainer.data.label_edits import LabelEdit
from trainer.errors import TrainerError
from trainer.events import Preparing

_SECTIONS_WIDTH = 236
_READING_WIDTH = 440


class InspectionView(Retranslated, QWidget):
    """Looks through one data set after another.

    Signals:
        closed(): the user wants to go back.
        data_changed(Path): the user has changed something in this data set.
    """

    closed = Signal()
    data_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._root: Path | None = None
        self._findings: Findings | None = None
        self._changes_elsewhere = 0
        self._changes_before = 0
        """How many of those there were when the photos began to be read."""
        self._known_changes = 0
        """The same, of what is shown."""
        self._step: Preparing | None = None
        self._throttle = Throttle()
        self._tasks = Tasks()
        self._looking: Task | None = None
        self._queue = TaskQueue(self)
        self._edits = DataSetEdits(self._queue, self)
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        self.back = IconButton("back", "flat")
        self._title = label("title")
        self._name = ElidedLabel("muted")
        self.undo = IconButton("undo", "flat")
        self.again = IconButton("search", "flat")
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE)
        top.addWidget(self.back)
        top.addWidget(self._title)
        top.addWidget(self._name, 1)
        top.addWidget(self.undo)
        top.addWidget(self.again)
        self.notice = Notice()
        self.older = Notice(is_closable=False)
        self.sections = SectionList()
        self.overview = InspectionOverview()
        self.section = SectionView()
        self._pages = PageStack()
        self._pages.addWidget(self._build_reading())
        self._pages.addWidget(self._build_found())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE + 4)
        layout.addLayout(top)
        layout.addWidget(self.notice)
        layout.addWidget(self.older)
        layout.addWidget(self._pages, 1)

    def _build_reading(self) -> QWidget:
        self._doing = label("heading", wrapped=True)
        self._doing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.progress = QProgressBar(textVisible=False)
        theme.fix_width(self.progress, _READING_WIDTH)
        self._unchanged = label("muted", wrapped=True)
        self._unchanged.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.cancel = IconButton("close")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setSpacing(2 * theme.SPACE)
        column.addStretch()
        column.addWidget(self._doing)
        column.addWidget(self.progress, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._unchanged)
        column.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        return page

    def _build_found(self) -> QWidget:
        self._side = Panel()
        theme.fix_width(self._side, _SECTIONS_WIDTH)
        self._side.column.setContentsMargins(8, 8, 8, 8)
        self._side.column.addWidget(self.sections)
        self._shown = PageStack()
        self._shown.addWidget(self.overview)
        self._shown.addWidget(self.section)
        content = Panel()
        content.column.setContentsMargins(12, 12, 12, 12)
        content.column.addWidget(self._shown)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE + 4)
        row.addWidget(self._side)
        row.addWidget(content, 1)
        return page

    def _connect(self) -> None:
        self.back.clicked.connect(self.leave)
        self.cancel.clicked.connect(self._on_cancel)
        self.again.clicked.connect(self._look)
        self.older.acted.connect(self._look)
        self.undo.clicked.connect(self._edits.undo)
        self.sections.chosen.connect(self.show_section)
        self.overview.class_chosen.connect(lambda name: self.show_section("class", name))
        self.section.edits_wanted.connect(self._on_edits_wanted)
        self.overview.edits_wanted.connect(self._on_edits_wanted)
        self._edits.listed.connect(self._on_edits_listed)
        self._edits.failed.connect(self.notice.show_error)
        for keys, slot in (
            (QKeySequence(QKeySequence.StandardKey.Undo), self.undo.click),
            (QKeySequence(QKeySequence.StandardKey.Redo), self._on_redo),
            (QKeySequence(Qt.Key.Key_Escape), self._on_escape),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # Looking

    @property
    def is_looking(self) -> bool:
        """Whether photos are being read."""
        return self._looking is not None

    @property
    def is_busy(self) -> bool:
        """Whether photos are being read, or changes written."""
        return self.is_looking or self._queue.is_busy

    @property
    def is_older(self) -> bool:
        """Whether what is shown is from before something was changed elsewhere."""
        return self._findings is not None and self._known_changes != self._changes_elsewhere

    def look_through(self, root: Path) -> None:
        """Show what is in a data set; what was found in it before is shown again."""
        self.notice.hide()
        if root != self._root or self._findings is None:
            self._root, self._findings = root, None
            self._edits.turn_to(root)
            self._look()
        self._show_state()

    @Slot(object)
    def note_changed(self, root: Path) -> None:
        """Something was changed in a data set elsewhere: if it is this one, it is looked through
        anew before it is shown again."""
        if root == self._root:
            self._changes_elsewhere += 1

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.is_older:
            self._look()

    @Slot()
    def _look(self) -> None:
        root = self._root
        if root is None or self._looking is not None:
            return
        self.notice.hide()
        self._step = None
        self._pages.setCurrentIndex(0)
        self._show_step()
        self._changes_before = self._changes_elsewhere
        self._looking = self._tasks.start(
            lambda: look_through(root),
            self._on_found,
            self._on_failed,
            self._on_progressed,
            on_end=self._on_ended,
        )
        self._show_state()
        self.cancel.setFocus()

    @Slot(object)
    def _on_progressed(self, step: Preparing | None) -> None:
        if isinstance(step, Preparing) and self._throttle.is_due(step):
            self._step = step
            self._show_step()

    def _show_step(self) -> None:
        step = self._step
        self.progress.setRange(0, step.total if step else 0)
        self.progress.setValue(step.done if step else 0)
        texts = {
            "unzip": self.tr("Unpacking: {done} of {total}"),
            "look": self.tr("Reading the photos: {done} of {total}"),
            "compare": self.tr("Looking for photos that are nearly the same: {done} of {total}"),
        }
        text = self.tr("Getting ready…")
        if step is not None:
            other = self.tr("Comparing what is on the photos: {done} of {total}")
            text = texts.get(step.stage, other).format(done=step.done, total=step.total)
        self._doing.setText(text)

    @Slot(object)
    def _on_found(self, findings: Findings) -> None:
        self._findings, self._known_changes = findings, self._changes_before
        self._pages.setCurrentIndex(1)
        self.show_section("overview")
        self.sections.setFocus()

    @Slot()
    def _on_ended(self) -> None:
        # One that was given up may end after another has begun.
        if self._looking is not None and self._looking.has_ended:
            self._looking = None
            self._show_state()

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self.notice.show_error(error)
        # What was found before stays.
        self._pages.setCurrentIndex(1 if self._findings is not None else 0)

    @Slot()
    def leave(self) -> None:
        """Go back to training; photos that are being read are given up."""
        self._give_up()
        self.closed.emit()

    @Slot()
    def _on_cancel(self) -> None:
        self._give_up()
        if self._findings is None:
            self.closed.emit()

    def _give_up(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
            # What was found before stays.
            self._pages.setCurrentIndex(0 if self._findings is None else 1)
            self._show_state()

    @Slot()
    def _on_escape(self) -> None:
        if self.section.is_photo_open:
            self.section.close_photo()
        elif self._shown.currentWidget() is self.section and self.sections.currentRow() < 0:
            self.show_section("overview")
        else:
            self.leave()

    # What was found

    @Slot(str)
    def show_section(self, section: Section, class_name: str = "") -> None:
        """Turn to a section.

        Args:
            class_name: of the section *class*.
        """
        findings = self._findings
        if findings is None:
            return
        self.sections.choose(section)
        self._show_counts()
        is_overview = section == "overview"
        self._shown.setCurrentWidget(self.overview if is_overview else self.section)
        if not is_overview:
            self.section.show_section(findings, section, class_name)
        if section == "class":
            self.section.grid.setFocus()

    def _show_counts(self) -> None:
        if self._findings is not None:
            self.sections.show_findings(self._findings)
            self.overview.show_findings(self._findings)

    @Slot(object)
    def _on_edits_wanted(self, edits: list[LabelEdit]) -> None:
        # What is shown may be where it was no longer.
        if not self.is_older:
            self.notice.hide()
            self._edits.make(*edits)

    @Slot()
    def _on_redo(self) -> None:
        if not self.is_looking:
            self._edits.redo()

    @Slot(object, bool)
    def _on_edits_listed(self, kept: KeptEdits, can_redo: bool) -> None:
        self.data_changed.emit(kept.data)
        findings = self._findings
        if findings is not None and kept.data == findings.root:
            # With many photos that takes a while.
            self._queue.add(
                lambda: findings.after(kept),
                self._on_followed,
                self.notice.show_error,
                is_kept=False,
            )

    @Slot(object)
    def _on_followed(self, findings: Findings) -> None:
        """The changes have been taken in."""
        before = self._findings
        if before is None or before.inspection is not findings.inspection:
            return
        self._findings = findings
        self._show_counts()
        self.section.note_changed(findings)
        undone = before.kept.edits[len(findings.kept.edits) :]
        if undone:
            self.section.go_to(findings.paths_of(undone))
        self._show_state()

    def _show_state(self) -> None:
        findings = self._findings
        can_undo = findings is not None and findings.kept.can_undo
        self.undo.setEnabled(can_undo and not self.is_looking)
        self.again.setEnabled(self._root is not None and not self.is_looking)
        self.progress.setVisible(self.is_looking)
        self.cancel.setVisible(self.is_looking)
        self._doing.setVisible(self.is_looking)
        self._unchanged.setVisible(self.is_looking)
        self._name.setText(self._root.name if self._root is not None else "")
        if self.is_older and not self.is_looking:
            self.older.show_info(
                self.tr(
                    "The photos were changed elsewhere since they were checked. Check again "
                    "before you change more."
                ),
                self.tr("Check again"),
            )
        else:
            self.older.hide()

    def retranslate(self) -> None:
        self.back.setText(self.tr("Back"))
        self.back.setToolTip(self.tr("Back to training (Esc)"))
        self._title.setText(self.tr("Check the photos"))
        self.undo.setText(self.tr("Undo"))
        self.undo.setToolTip(
            with_own_keys(self.tr("Undo the last change (Ctrl+Z); Ctrl+Shift+Z to redo"))
        )
        self.again.setText(self.tr("Check again"))
        self.again.setToolTip(self.tr("Read the photos once more"))
        self.cancel.setText(self.tr("Cancel"))
        self._unchanged.setText(self.tr("Your files stay as they are, whatever you change here."))
        self.sections.setAccessibleName(self.tr("What to look at"))
        self._show_step()
        self._show_counts()
        self._show_state()

    def shut_down(self) -> None:
        """End the view's threads; changes that wait are still written."""
        self._queue.finish()
        self._tasks.shut_down()
        self.section.shut_down()
