"""Choosing where the labels of photos are that are not sorted into class folders."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.settings import Settings
from fruitgui.widgets import tool_tip
from fruitgui.widgets.combo_box import ComboBox
from fruitgui.widgets.elided_label import ElidedLabel
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.label_columns import LabelColumnBoxes
from fruitgui.widgets.labels_preview import LabelsPreview
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.panel import label
from fruitgui.widgets.segmented import Segmented
from fruitgui.widgets.warning_list import WarningList
from fruitgui.workers.labels import LabelsReader, LabelsSeen
from fruitgui.workers.task import Task, Tasks
from trainer.data.labels.columns import LabelColumns
from trainer.data.labels.label_file import LABEL_SUFFIXES
from trainer.data.labels.label_source import LabelSource, keep
from trainer.data.labels.labelled_photos import Labelled
from trainer.errors import TrainerError
from trainer.events import Preparing

_MOST_CLASSES = 500
_WARNINGS_HEIGHT = 96
_MARGIN = 20


class LabelsDialog(Retranslated, QDialog):
    """Shows photos with their labels as they are understood, until the user agrees. Nothing is
    copied or moved.

    Signals:
        labels_chosen(Path): what stands for the photos with their labels from now on.
    """

    labels_chosen = Signal(object)

    def __init__(
        self,
        settings: Settings,
        photos: Path,
        file: Path | None = None,
        parent: QWidget | None = None,
        tasks: Tasks | None = None,
    ) -> None:
        """Args:
        file: without one, labels are looked for in the photos' names.
        tasks: those of whoever outlives the dialog, and waits for what it has told to end.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings = settings
        self._reader = LabelsReader()
        self._tasks = tasks or Tasks()
        self._wanted = LabelSource(photos, file)
        self._file = file
        """The labels file, also while names are looked at."""
        self._pattern = ""
        """Of the names, also while a file is looked at; empty for a guess."""
        self._labelled: Labelled | None = None
        self._task: Task | None = None
        self._is_stale = False
        self._build()
        self._connect()
        self.kind.choose("file" if file is not None else "names")
        self.resize(920, 540)
        self.retranslate()
        self._show_choice()
        self._look()

    def _build(self) -> None:
        self._title = label("heading")
        self.kind = Segmented()
        self.kind.add("file")
        self.kind.add("names")
        heading = QHBoxLayout()
        heading.addWidget(self._title, 1)
        heading.addWidget(self.kind)
        self.columns = LabelColumnBoxes()
        self.notice = Notice(is_closable=False)
        self.preview = LabelsPreview()
        self._preview_title = label("field")
        self._classes_title = label("field")
        self.classes = QTableWidget(0, 2)
        self.classes.verticalHeader().hide()
        self.classes.horizontalHeader().hide()
        self.classes.setShowGrid(False)
        self.classes.setTabKeyNavigation(False)  # It would never let go of the focus.
        self.classes.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.classes.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.classes.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.classes.horizontalHeader().setSectionResizeMode(
            1, QHeaderView.ResizeMode.ResizeToContents
        )
        tables = QGridLayout()
        tables.setHorizontalSpacing(2 * theme.SPACE)
        tables.setVerticalSpacing(4)
        tables.addWidget(self._preview_title, 0, 0)
        tables.addWidget(self._classes_title, 0, 1)
        tables.addWidget(self.preview, 1, 0)
        tables.addWidget(self.classes, 1, 1)
        tables.setColumnStretch(0, 5)
        tables.setColumnStretch(1, 2)
        tables.setRowStretch(1, 1)
        self.warnings = WarningList()
        self._warnings_area = QScrollArea(widgetResizable=True)
        self._warnings_area.setFrameShape(QFrame.Shape.NoFrame)
        self._warnings_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._warnings_area.setWidget(self.warnings)
        self._cancel = IconButton("close")
        self.use = IconButton("check", "primary")
        self.use.setDefault(True)
        self.status = label("caption", wrapped=True)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        buttons.addWidget(self.status, 1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 16, _MARGIN, 16)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(heading)
        layout.addLayout(self._build_places())
        layout.addWidget(self.columns)
        layout.addWidget(self._build_pattern())
        layout.addWidget(self.notice)
        layout.addLayout(tables, 1)
        layout.addWidget(self._warnings_area)
        layout.addLayout(buttons)

    def _build_places(self) -> QGridLayout:
        self._photos_name = label("field")
        self._photos_place = ElidedLabel("")
        self.choose_folder = IconButton("folder")
        self.choose_zip = IconButton("zip")
        self._file_name = label("field")
        self._file_place = ElidedLabel("")
        self.choose_file = IconButton("label")
        places = QGridLayout()
        places.setHorizontalSpacing(theme.SPACE)
        places.setVerticalSpacing(theme.SPACE // 2)
        places.setColumnStretch(1, 1)
        places.addWidget(self._photos_name, 0, 0)
        places.addWidget(self._photos_place, 0, 1)
        places.addWidget(self.choose_folder, 0, 2)
        places.addWidget(self.choose_zip, 0, 3)
        places.addWidget(self._file_name, 1, 0)
        places.addWidget(self._file_place, 1, 1)
        places.addWidget(self.choose_file, 1, 2, 1, 2)
        return places

    def _build_pattern(self) -> QWidget:
        self._pattern_name = label("field")
        self.pattern = ComboBox(editable=True)
        self.pattern.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.pattern.setCompleter(QCompleter(self.pattern))  # It would finish what is typed.
        self._pattern_name.setBuddy(self.pattern)
        self._pattern_help = label("caption", wrapped=True)
        self._patterns = QWidget()
        column = QVBoxLayout(self._patterns)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._pattern_name)
        column.addWidget(self.pattern)
        column.addWidget(self._pattern_help)
        return self._patterns

    def _connect(self) -> None:
        self.kind.chosen.connect(self._on_kind_chosen)
        self.choose_folder.clicked.connect(self._on_choose_folder)
        self.choose_zip.clicked.connect(self._on_choose_zip)
        self.choose_file.clicked.connect(self._on_choose_file)
        self.columns.choose_names.clicked.connect(self._on_choose_names)
        self.columns.chosen.connect(self._on_columns_chosen)
        self.pattern.editTextChanged.connect(self._on_pattern_changed)
        self.warnings.more.clicked.connect(self._fit_warnings)
        self._cancel.clicked.connect(self.reject)
        self.use.clicked.connect(self._on_use)

    # What is wanted

    @Slot(str)
    def _on_kind_chosen(self, kind: str) -> None:
        if kind == "names":
            self._want(LabelSource(self._wanted.photos, pattern=self._pattern))
        elif self._file is not None:
            self._want(LabelSource(self._wanted.photos, self._file))
        else:
            self._show_choice()
            self._on_choose_file()
            if self._file is None:
                self.kind.choose("names")
                self._show_choice()

    @Slot()
    def _on_choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Choose the folder of the photos"), self._settings.last_folder
        )
        if name:
            self._settings.last_folder = name
            self._use_photos(Path(name))

    @Slot()
    def _on_choose_zip(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Choose the zip of the photos"),
            self._settings.last_folder,
            self.tr("Zip files ({patterns})").format(patterns="*.zip"),
        )
        if name:
            self._settings.last_folder = str(Path(name).parent)
            self._use_photos(Path(name))

    def _use_photos(self, photos: Path) -> None:
        self._pattern = ""
        self._want(LabelSource(photos, self._wanted.file))

    @Slot()
    def _on_choose_file(self) -> None:
        file = ask_for_labels(self, self._settings)
        if file is not None:
            self._file = file
            self.kind.choose("file")
            self._want(LabelSource(self._wanted.photos, file))

    @Slot()
    def _on_choose_names(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Choose the list of the classes' names"), self._settings.last_folder
        )
        if name:
            self._want(replace(self._wanted, class_names=Path(name)))

    @Slot(object)
    def _on_columns_chosen(self, columns: LabelColumns) -> None:
        self._want(replace(self._wanted, columns=columns))

    @Slot(str)
    def _on_pattern_changed(self, text: str) -> None:
        # What was cleared is about to be typed anew, and not to be guessed.
        self._pattern = text or " "
        self._want(LabelSource(self._wanted.photos, pattern=self._pattern))

    def _want(self, source: LabelSource) -> None:
        self._wanted = source
        self._show_choice()
        self._look()

    # What comes of it

    @property
    def is_looking(self) -> bool:
        """Whether photos and labels are being read."""
        return self._task is not None and not self._task.has_ended

    def _look(self) -> None:
        """Read photos and labels as they are wanted, beside the GUI thread. What was wanted before
        is told to end, and followed."""
        self._labelled = None
        self.use.setEnabled(False)
        self.status.setText(self.tr("Looking…"))
        if self.is_looking:
            self._is_stale = True
            self._cancel_task()
            return
        self._is_stale = False
        wanted, reader = self._wanted, self._reader
        self._task = self._tasks.start(
            lambda: reader.read(wanted),
            self._on_seen,
            self._on_failed,
            self._on_progressed,
            on_end=self._on_ended,
        )

    def _cancel_task(self) -> None:
        if self._task is not None:
            self._task.cancel()

    @Slot()
    def _on_ended(self) -> None:
        if self._is_stale:
            self._look()

    @Slot(object)
    def _on_progressed(self, step: Preparing | None) -> None:
        if step is not None:
            text = self.tr("Unpacking: {done} of {total}")
            self.status.setText(text.format(done=step.done, total=step.total))

    @Slot(object)
    def _on_seen(self, seen: LabelsSeen) -> None:
        self._labelled = seen.labelled
        self._show_columns(seen)
        self._show_patterns(seen)
        if seen.error is not None:
            self.notice.show_error(seen.error)
        else:
            self.notice.hide()
        self.preview.show_rows(seen.labelled, seen.names)
        self._show_labelled()

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self.notice.show_error(error)
        self._show_labelled()

    def _show_choice(self) -> None:
        is_file = self.kind.current == "file"
        self._photos_place.setText(str(self._wanted.photos))
        self._file_place.setText("" if self._file is None else str(self._file))
        for widget in (self._file_name, self._file_place, self.choose_file, self.columns):
            widget.setVisible(is_file)
        self._patterns.setVisible(not is_file)

    def _show_columns(self, seen: LabelsSeen) -> None:
        labelled = seen.labelled
        has_numbers = labelled is not None and labelled.are_numbers
        self.columns.choose_names.setVisible(has_numbers or self._wanted.class_names is not None)
        self.columns.show_columns(seen.columns, seen.chosen, seen.class_columns)
        if seen.chosen is not None:
            self._wanted = replace(self._wanted, columns=seen.chosen)

    def _show_patterns(self, seen: LabelsSeen) -> None:
        if self.kind.current != "names":
            return
        self.pattern.blockSignals(True)
        text = seen.pattern if not self._pattern else self.pattern.currentText()
        if [self.pattern.itemText(n) for n in range(self.pattern.count())] != list(seen.patterns):
            self.pattern.clear()
            self.pattern.addItems(seen.patterns)
        self.pattern.setEditText(text)
        self.pattern.blockSignals(False)

    def _show_labelled(self) -> None:
        labelled = self._labelled
        counts = labelled.counts if labelled is not None else {}
        self.use.setEnabled(len(counts) > 1)
        is_usable = labelled is not None and labelled.error is None
        self.warnings.show_warnings(labelled.warnings if labelled and is_usable else ())
        self._fit_warnings()
        self._classes_title.setText(self.tr("%n class(es)", "", len(counts)))
        shown = list(counts.items())[:_MOST_CLASSES]
        self.classes.setRowCount(len(shown))
        for row, (name, count) in enumerate(shown):
            number = QTableWidgetItem(self.locale().toString(count))
            number.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item = QTableWidgetItem(name)
            item.setToolTip(tool_tip.plain(name))
            self.classes.setItem(row, 0, item)
            self.classes.setItem(row, 1, number)
        self._show_status()

    @Slot()
    def _fit_warnings(self) -> None:
        """As high as they are, unless that takes the tables' room."""
        self._warnings_area.setVisible(not self.warnings.isHidden())
        wanted = self.warnings.heightForWidth(self.contentsRect().width() - 2 * _MARGIN)
        self._warnings_area.setFixedHeight(min(wanted, _WARNINGS_HEIGHT))

    def _show_status(self) -> None:
        labelled = self._labelled
        if labelled is None or labelled.error is not None:
            self.status.setText("" if not self.is_looking else self.tr("Looking…"))
            return
        if len(labelled.counts) < 2:
            self.status.setText(self.tr("At least two classes are needed."))
            return
        splits = {
            split: sum(map(len, classes.values())) for split, classes in labelled.photos.items()
        }
        total = self.tr("%n photo(s) with a label", "", sum(splits.values()))
        if all(row.split is None for row in labelled.rows):
            self.status.setText(total)
            return
        texts = {
            "train": self.tr("{count} for training"),
            "validation": self.tr("{count} for validation"),
            "test": self.tr("{count} for testing"),
        }
        parts = [texts[split].format(count=count) for split, count in splits.items()]
        self.status.setText(f"{total}: {', '.join(parts)}")

    @Slot()
    def _on_use(self) -> None:
        labelled = self._labelled
        if labelled is None or self.is_looking:
            return
        self.use.setEnabled(False)
        source = labelled.source
        self._task = self._tasks.start(lambda: keep(source), self._on_kept, self._on_failed)

    @Slot(object)
    def _on_kept(self, file: Path) -> None:
        self.labels_chosen.emit(file)
        self.accept()

    def done(self, result: int) -> None:
        """Close. What is being read is told to end, and not waited for."""
        self._is_stale = False
        self._cancel_task()
        super().done(result)

    def shut_down(self) -> None:
        """Stop reading, and wait for that."""
        self._is_stale = False
        self._tasks.shut_down()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Labels"))
        self._title.setText(self.tr("Where are the labels?"))
        self.kind.set_text("file", self.tr("In a file"))
        self.kind.set_text("names", self.tr("In the photos' names"))
        self._photos_name.setText(self.tr("Photos"))
        self.choose_folder.setText(self.tr("Folder…"))
        self.choose_zip.setText(self.tr("Zip…"))
        self._file_name.setText(self.tr("Labels"))
        self.choose_file.setText(self.tr("Another file…"))
        self._pattern_name.setText(self.tr("Pattern of the names"))
        self.pattern.setAccessibleName(self._pattern_name.text())
        self._pattern_help.setText(
            self.tr(
                "{label} is the class, * is anything, # is a number, {split} is train, "
                "validation or test. Use / to include folders."
            )
        )
        self._preview_title.setText(self.tr("Preview"))
        self._cancel.setText(self.tr("Cancel"))
        self.use.setText(self.tr("Use these labels"))
        self._show_labelled()


def ask_for_labels(parent: QWidget, settings: Settings) -> Path | None:
    """Let the user choose a labels file; None where they would rather not."""
    suffixes = " ".join(f"*{suffix}" for suffix in LABEL_SUFFIXES)
    name, _ = QFileDialog.getOpenFileName(
        parent,
        QCoreApplication.translate("LabelsDialog", "Choose a file of labels"),
        settings.last_folder,
        ";;".join(
            (
                QCoreApplication.translate("LabelsDialog", "Labels ({patterns})").format(
                    patterns=suffixes
                ),
                QCoreApplication.translate("LabelsDialog", "All files ({patterns})").format(
                    patterns="*"
                ),
            )
        ),
    )
    if not name:
        return None
    settings.last_folder = str(Path(name).parent)
    return Path(name)
