"""A section of an inspection: its photos, and what can be done with them; or one of them large."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.train.inspection.findings import (
    GROUPED,
    Findings,
    InspectedPhoto,
    Section,
    open_suggestions,
)
from fruitgui.train.inspection.left_out_list import LeftOutList
from fruitgui.train.inspection.photo_actions import PhotoActions
from fruitgui.train.inspection.photo_detail import InspectedPhotoView
from fruitgui.train.inspection.photo_grid import IMAGE_HEIGHT, WIDTH, InspectedPhotoGrid
from fruitgui.train.inspection.photo_list import InspectedPhotoList
from fruitgui.train.inspection.texts import InspectionTexts
from fruitgui.widgets.page_stack import PageStack
from fruitgui.widgets.panel import label
from fruitgui.workers.thumbnail_thread import ThumbnailThread
from trainer import paths
from trainer.data.class_names import class_meant
from trainer.data.label_edits import LabelEdit
from trainer.models.metadata import read_model_info

_SHARPEST_SCREEN = 2

_Wanted = tuple[str | None, str | None, bool | None]
"""The class and split of a change, and whether it leaves photos out; None leaves each."""


class SectionView(Retranslated, PageStack):
    """Signals:
    edits_wanted(list of LabelEdit): the user changes photos, which are named by their places.
    """

    edits_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: Findings | None = None
        self._section: Section = "overview"
        self._class_name = ""
        self._texts = InspectionTexts(self)
        self.photos = InspectedPhotoList(self)
        self._thumbnails = ThumbnailThread(
            _SHARPEST_SCREEN * WIDTH, _SHARPEST_SCREEN * IMAGE_HEIGHT, self
        )
        self.grid = InspectedPhotoGrid(self.photos, self._thumbnails.request)
        self.photo = InspectedPhotoView()
        self._build()
        self._connect()
        self.retranslate()
        self._thumbnails.start()

    def _build(self) -> None:
        self._name = label("heading")
        self._summary = label("muted")
        self._hint = label("caption", wrapped=True)
        self.one_of_each = QPushButton()
        self.actions_panel = PhotoActions()
        self.empty = QLabel(
            alignment=Qt.AlignmentFlag.AlignCenter,
            wordWrap=True,
            textFormat=Qt.TextFormat.PlainText,
        )
        self.empty.setProperty("role", "muted")
        self.left_out = LeftOutList(self)
        self.files = QListView()
        self.files.setModel(self.left_out)
        self.files.setUniformItemSizes(True)
        self.files.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._content = PageStack()
        for widget in (self.grid, self.files, self.empty):
            self._content.addWidget(widget)
        top = QHBoxLayout()
        top.addWidget(self._name)
        top.addStretch()
        top.addWidget(self.one_of_each)
        top.addWidget(self._summary)
        many = QWidget()
        column = QVBoxLayout(many)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addLayout(top)
        column.addWidget(self._hint)
        column.addWidget(self._content, 1)
        column.addWidget(self.actions_panel)
        self.addWidget(many)
        self.addWidget(self.photo)

    def _connect(self) -> None:
        self._thumbnails.thumbnail_ready.connect(self.grid.keep_thumbnail)
        self.grid.opened.connect(self._on_opened)
        self.grid.selection_changed.connect(self._on_selection_changed)
        self.grid.removal_asked.connect(lambda: self._edit(LabelEdit((), is_excluded=True)))
        self.photo.closed.connect(self.close_photo)
        self.photo.turned.connect(self._turn)
        for panel in (self.actions_panel, self.photo.actions_panel):
            panel.edit_wanted.connect(self._edit)
            panel.suggestions_taken.connect(self._take_suggestions)
            panel.kept.connect(self._keep)
        self.one_of_each.clicked.connect(self._on_one_of_each)
        self.actions_panel.field_left.connect(self.grid.setFocus)
        shortcut = QShortcut(QKeySequence("Ctrl+L"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._on_field_wanted)

    @property
    def is_photo_open(self) -> bool:
        """Whether one photo is shown large."""
        return self.currentWidget() is self.photo

    def show_section(self, findings: Findings, section: Section, class_name: str = "") -> None:
        """Show what a section holds by now, from its beginning."""
        self._findings, self._section, self._class_name = findings, section, class_name
        self.photo.leave()
        self.setCurrentIndex(0)
        # Before the photos are others: else all of them would be laid out twice.
        self.grid.leave_place()
        groups = findings.groups(section, class_name)
        has_headings = section in GROUPED or section == "class"
        self.photos.show_groups(findings, section, groups, has_headings=has_headings)
        left_out = findings.inspection.left_out if section == "left out" else ()
        self.left_out.show_files(findings.inspection.data, left_out)
        self._offer()
        first = next(iter(self.photos.paths), None)
        if first is not None:
            self._go_to(first)
        self._describe()

    def note_changed(self, findings: Findings) -> None:
        """The user has changed something: the same photos are shown as they stand now."""
        if self._findings is None:
            return
        self._findings = findings
        self.photos.note_changed(findings)
        self._offer()
        self._describe()
        if self.photo.path is not None:
            self._open(self.photo.path)

    def _offer(self) -> None:
        findings = self._findings
        assert findings is not None
        own = findings.classes
        known = read_model_info(paths.starter_model()).classes
        # What is in the wrong folder may be of a class that there is no folder of.
        others = (name for name in known if class_meant(name, own) not in own)
        classes = (*own, *others)
        for panel in (self.actions_panel, self.photo.actions_panel):
            panel.offer(classes, findings.splits)

    def go_to(self, paths: Iterable[Path]) -> None:
        """Move to the first of these photos that is shown."""
        shown = next((path for path in paths if self.photos.row_of(path) is not None), None)
        if shown is not None:
            self._go_to(shown)

    def _go_to(self, path: Path) -> None:
        row = self.photos.row_of(path)
        if row is not None:
            self.grid.go_to(row)
        if self.is_photo_open:
            self._open(path)

    def _describe(self) -> None:
        findings = self._findings
        if findings is None:
            return
        text = self._texts.section(self._section, self._class_name)
        has_photos, has_files = bool(self.photos.paths), self.left_out.rowCount() > 0
        self._name.setText(text.name)
        self._hint.setText(text.hint)
        self._hint.setVisible(bool(text.hint) and (has_photos or has_files))
        self.empty.setText(
            self._texts.nothing_found(self._section, findings.inspection, self._class_name)
        )
        self._summary.setText(self.tr("%n photo(s)", "", len(self.photos.paths)))
        self._summary.setVisible(has_photos)
        self.one_of_each.setVisible(self._section == "duplicates" and bool(findings.spare_copies()))
        self.actions_panel.setVisible(has_photos)
        shown = self.grid if has_photos else self.files if has_files else self.empty
        self._content.setCurrentWidget(shown)
        self._on_selection_changed()

    # One photo

    @Slot(object)
    def _on_opened(self, path: Path) -> None:
        self._open(path)
        self.setCurrentWidget(self.photo)
        self.photo.setFocus()

    def _open(self, path: Path) -> None:
        paths = self.photos.paths
        self.photo.show_photo(
            self.photos.photo(path), paths.index(path) + 1, len(paths), self.grid.thumbnail(path)
        )

    @Slot()
    def close_photo(self) -> None:
        """Go back to the grid."""
        self.photo.leave()
        self.setCurrentIndex(0)
        self.grid.setFocus()

    @Slot(int)
    def _turn(self, step: int) -> None:
        path = self.photo.path
        if path is not None:
            paths = self.photos.paths
            number = paths.index(path) + step
            if 0 <= number < len(paths):
                self._go_to(paths[number])

    # Changes

    @Slot()
    def _on_selection_changed(self) -> None:
        photos = self.grid.selected()
        if not photos:
            for widget in self.actions_panel.findChildren(QWidget):
                if widget.hasFocus():
                    # Else the focus would walk on, to a button that the next key presses.
                    self.grid.setFocus()
        self.actions_panel.show_selection(photos)

    def _chosen(self) -> list[InspectedPhoto]:
        if self.is_photo_open and self.photo.path is not None:
            return [self.photos.photo(self.photo.path)]
        return self.grid.selected()

    @Slot()
    def _on_one_of_each(self) -> None:
        if self._findings is not None:
            places = map(self._findings.place_of, self._findings.spare_copies())
            self.edits_wanted.emit([LabelEdit(tuple(places), is_excluded=True)])
            self.grid.setFocus()

    @Slot(object)
    def _edit(self, edit: LabelEdit) -> None:
        photos = self._chosen()
        is_excluded = edit.is_excluded
        if is_excluded:
            photos = [photo for photo in photos if not photo.is_excluded]
        elif edit.label is not None and all(photo.is_excluded for photo in photos):
            # Whoever says what is on them wants them after all.
            is_excluded = False
        self._make({(edit.label, edit.split, is_excluded): photos})

    @Slot()
    def _take_suggestions(self) -> None:
        self._label(open_suggestions(self._chosen()))

    @Slot()
    def _keep(self) -> None:
        photos = self._chosen()
        # Among others, what was decided before stays so.
        undecided = [photo for photo in photos if not photo.is_settled]
        self._label({photo: photo.label for photo in undecided or photos})

    def _label(self, labels: Mapping[InspectedPhoto, str]) -> None:
        """Say of each photo what is on it: a change for each class."""
        wanted: dict[_Wanted, list[InspectedPhoto]] = {}
        for photo, name in labels.items():
            wanted.setdefault((name, None, False), []).append(photo)
        self._make(wanted)

    def _make(self, wanted: dict[_Wanted, list[InspectedPhoto]]) -> None:
        findings = self._findings
        if findings is None:
            return
        edits = [
            LabelEdit(tuple(findings.place_of(photo.path) for photo in photos), *what)
            for what, photos in wanted.items()
            if photos
        ]
        if edits:
            self.edits_wanted.emit(edits)
            self._go_on([photo for photos in wanted.values() for photo in photos])

    def _go_on(self, decided: Sequence[InspectedPhoto]) -> None:
        """From a photo on which the user has decided to the next one. Among doubles it is another
        of the group, which is not to be left out as well by one key too many."""
        (self.photo if self.is_photo_open else self.grid).setFocus()
        if len(decided) != 1 or self._section in GROUPED or self._section == "class":
            return
        paths = self.photos.paths
        after = paths[paths.index(decided[0].path) + 1 :]
        following = next((path for path in after if not self.photos.photo(path).is_settled), None)
        if following is not None:
            self._go_to(following)

    @Slot()
    def _on_field_wanted(self) -> None:
        panel = self.photo.actions_panel if self.is_photo_open else self.actions_panel
        panel.class_field.setFocus()

    def retranslate(self) -> None:
        self.grid.setAccessibleName(self.tr("Photos"))
        self.one_of_each.setText(self.tr("Keep one of each"))
        self.one_of_each.setToolTip(self.tr("Leaves out all others, if they are of one class"))
        self.files.setAccessibleName(self.tr("Files that are not used"))
        self.left_out.retranslate()
        self.photos.retranslate()
        self._describe()

    def shut_down(self) -> None:
        self.photo.shut_down()
        self._thumbnails.shut_down()
