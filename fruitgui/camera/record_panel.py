"""The Camera page's side: record classes of a data set, and teach a model with them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.camera.class_recorder import ClassRecorder
from fruitgui.camera.data_set_choice import DataSetChoice
from fruitgui.camera.recorded_class import RecordedClassRow
from fruitgui.camera.recorded_files import (
    Moved,
    RecordedClass,
    RecordedSet,
    fetch_back,
    make_class,
    read_recorded,
    remove_class,
    throw_away,
)
from fruitgui.camera.recorder_thread import Recorded, RecorderThread, Recording
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.settings import Settings
from fruitgui.widgets.class_field import ClassField
from fruitgui.widgets.combo_box import ComboBox
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.panel import Panel, label
from fruitgui.widgets.scroll_area import ScrollArea
from fruitgui.workers.task import Task, Tasks
from trainer import paths
from trainer.data.file_names import folder_name
from trainer.data.particles import with_particles
from trainer.errors import TrainerError
from trainer.teaching.teachable_model import LEAST_PHOTOS

_RATES = (2, 5, 10)


class RecordPanel(Retranslated, Panel):
    """Chooses a data set, records its classes from the frames that it is offered, and says when
    there is enough to learn from.

    Signals:
        training_wanted(Path): on the data set in this folder.
        teaching_wanted(list of (Path, str)): photos that the model in use is to learn at once, each
            with what is on it.
        thrown_away(dict of Path to str): photos that went to the trash, and their digests.
    """

    training_wanted = Signal(object)
    teaching_wanted = Signal(object)
    thrown_away = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._folder = settings.recorded_folder or self._first_folder()
        self._others: tuple[Path, ...] = ()
        self._classes: dict[str, RecordedClassRow] = {}
        self._has_validation = False
        self._is_live = False
        self._reading: Task | None = None
        self._tasks = Tasks()
        self._thrown_away: dict[Path, Path] = {}
        self._newest: tuple[np.ndarray, float] | None = None
        self.recorder = RecorderThread(self)
        self._build()
        self._connect()
        self.recorder.start()
        self.sets.show_folders(self._folder, ())
        self.retranslate()
        self._read()

    def _build(self) -> None:
        self._title = label("heading")
        self._sets_name = label("field")
        self.sets = DataSetChoice(self._settings)
        self.class_field = ClassField()
        self._rate = ComboBox()
        self._rate.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToContents)
        for rate in _RATES:
            self._rate.addItem("", rate)
        self._rate.setCurrentIndex(_RATES.index(self._settings.recording_rate))
        self.learns_at_once = QCheckBox()
        self.learns_at_once.setChecked(self._settings.learns_at_once)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.SPACE)
        self._rows.addStretch()
        content = QWidget()
        content.setObjectName("content")
        content.setLayout(self._rows)
        self._scroll = ScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(content)
        self.notice = Notice()
        self._hint = label("caption", wrapped=True)
        self.train = IconButton("train", "primary")
        choices = QHBoxLayout()
        choices.setSpacing(theme.SPACE)
        choices.addWidget(self.sets, 1)
        choices.addWidget(self._rate)
        self.column.addWidget(self._title)
        self.column.addWidget(self._sets_name)
        self.column.addLayout(choices)
        self.column.addWidget(self.class_field)
        self.column.addWidget(self.learns_at_once)
        self.column.addWidget(self._scroll, 1)
        for widget in (self.notice, self._hint, self.train):
            self.column.addWidget(widget)

    def _connect(self) -> None:
        self.sets.folder_chosen.connect(self.use_folder)
        self.class_field.class_entered.connect(self.add_class)
        self._rate.activated.connect(self._on_rate_chosen)
        self.learns_at_once.toggled.connect(self._on_learning_chosen)
        self.train.clicked.connect(lambda: self.training_wanted.emit(self._folder))
        self.notice.acted.connect(self._on_undo)
        self.recorder.recorded.connect(self._on_recorded)
        self.recorder.ended.connect(self._on_recording_ended)
        self.recorder.failed.connect(self._on_recording_failed)

    def _first_folder(self) -> Path:
        """Where photos go until another folder is chosen: the only one that there is, whichever
        language it was made in."""
        first = paths.recorded_folder() / self.tr("My photos")
        there = [folder for folder in paths.recorded_folder().glob("*") if folder.is_dir()]
        return there[0] if len(there) == 1 and not first.is_dir() else first

    def retranslate(self) -> None:
        if self._settings.recorded_folder is None and not self._classes:
            # Nobody has seen it called otherwise: it is not there yet.
            self._folder = self._first_folder()
            self.sets.show_folders(self._folder, self._others)
        self._title.setText(self.tr("Teach by showing"))
        self._sets_name.setText(self.tr("PHOTOS GO TO"))
        self._rate.setAccessibleName(self.tr("Photos a second"))
        self._rate.setToolTip(self.tr("Most photos taken per second while recording"))
        for row, rate in enumerate(_RATES):
            self._rate.setItemText(row, self.tr("{rate} a second").format(rate=rate))
        self.class_field.setPlaceholderText(self.tr("Add a class, such as “Mango”"))
        self.learns_at_once.setText(self.tr("Learn at once"))
        self.learns_at_once.setToolTip(
            self.tr("The model in use learns the recording as soon as you release the button")
        )
        self.class_field.setAccessibleName(self.tr("Name of a class"))
        self.train.setText(self.tr("Train with these photos"))
        self._show_hint()

    def shut_down(self) -> None:
        """Write what was recorded, and wait for that."""
        self.stop_recording()
        self.recorder.shut_down()
        if self._reading is not None:
            self._reading.cancel()
        self._tasks.finish()

    # The data set

    @property
    def folder(self) -> Path:
        """The data set's; there is none before the first photo is recorded."""
        return self._folder

    @Slot(object)
    def use_folder(self, folder: Path) -> None:
        """Add photos to the data set in *folder* from now on; it need not be there yet."""
        self.stop_recording()
        self._folder = folder
        self._settings.recorded_folder = folder
        self._thrown_away = {}
        for found in self._classes.values():
            self._rows.removeWidget(found.row)
            found.row.deleteLater()
        self._classes = {}
        self.notice.hide()
        self.sets.show_folders(folder, self._others)
        self._read()
        self._show_hint()

    def _read(self) -> None:
        folder = self._folder
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self._tasks.start(
            lambda: read_recorded(folder), None, self._on_reading_failed, self._on_read
        )

    def offer_classes(self, classes: tuple[str, ...]) -> None:
        """Names to complete what is typed with, of the model in use."""
        self.class_field.offer(classes)

    @Slot(object)
    def _on_read(self, part: RecordedSet | RecordedClass) -> None:
        if self.sender() is not self._reading:
            return
        if isinstance(part, RecordedSet):
            self._has_validation = part.has_validation
            self._others = part.others
            self.sets.show_folders(self._folder, part.others)
        else:
            found = self._classes.get(part.name) or self._add_row(part.name)
            found.add(part.photos)
            found.show_count()
            if not found.row.thumbnail_count:
                found.row.show_thumbnails(part.thumbnails)
        self._show_hint()

    @Slot(object)
    def _on_reading_failed(self, error: TrainerError) -> None:
        if self.sender() is self._reading:
            self.notice.show_error(error)

    # Classes

    @property
    def rows(self) -> Mapping[str, ClassRecorder]:
        """The rows by class."""
        return {name: found.row for name, found in self._classes.items()}

    def recorded_once(self, names: Iterable[str]) -> list[str]:
        """Those of the classes that have photos of a single recording."""
        found = self._classes
        return [name for name in names if name in found and not found[name].can_be_checked]

    @Slot(str)
    def add_class(self, name: str) -> None:
        """Show a class, ready to be recorded."""
        typed = name
        name = next(
            (known for known in self._classes if known.casefold() == typed.casefold()),
            folder_name(typed),
        )
        if name.casefold() != typed.strip().casefold():
            text = self.tr(
                "“{typed}” is called “{name}” here: its folder could not have that name."
            ).format(typed=typed, name=name)
            self.notice.show_info(with_particles(text))
        folder = self._folder
        self._settings.recorded_folder = folder  # Whatever the language is from now on.
        if name not in self._classes:
            self._tasks.start(lambda: make_class(folder, name), None, self.notice.show_error)
        found = self._classes.get(name) or self._add_row(name)
        # Once the new row has its place.
        QTimer.singleShot(0, found.row, lambda: self._scroll.ensureWidgetVisible(found.row))
        self._show_hint()

    def _add_row(self, name: str) -> RecordedClassRow:
        """A row at its place in the alphabet."""
        row = ClassRecorder(name)
        row.set_recordable(self._is_live)
        row.begun.connect(self._on_begun)
        row.ended.connect(self._on_ended)
        row.taken_back.connect(self._on_taken_back)
        row.removed.connect(self._on_removed)
        before = sum(other.casefold() < name.casefold() for other in self._classes)
        self._rows.insertWidget(before, row)
        self._classes[name] = RecordedClassRow(row)
        return self._classes[name]

    # Recording

    def set_live(self, is_live: bool) -> None:
        """Whether there is an image to record."""
        if is_live != self._is_live:
            self._is_live = is_live
            if not is_live:
                self.stop_recording()
                self._newest = None
            for found in self._classes.values():
                found.row.set_recordable(is_live)
            self._show_hint()

    def offer(self, image: np.ndarray, at: float) -> None:
        """A frame of the camera, RGB uint8 (H, W, 3), taken at *at* seconds."""
        self._newest = (image, at)
        self.recorder.offer(image, at)

    def stop_recording(self) -> None:
        for found in self._classes.values():
            found.row.stop()

    @Slot()
    def _on_rate_chosen(self) -> None:
        self._settings.recording_rate = int(self._rate.currentData())

    @Slot(bool)
    def _on_learning_chosen(self, is_wanted: bool) -> None:
        self._settings.learns_at_once = is_wanted

    @Slot(str)
    def _on_begun(self, name: str) -> None:
        self._settings.recorded_folder = self._folder
        self.recorder.begin(self._folder, name, float(self._rate.currentData()))
        if self._newest is not None:
            # However short the button is held, what was seen then is taken.
            self.recorder.offer(*self._newest)

    @Slot(str)
    def _on_ended(self, name: str) -> None:
        self.notice.hide()  # Sooner, the rows could move from under the mouse.
        self.recorder.end(name)

    def _class_of(self, recording: Recording) -> RecordedClassRow | None:
        """The class that is recorded, if it is of the data set that is shown."""
        is_shown = recording.folder == self._folder
        return self._classes.get(recording.label) if is_shown else None

    @Slot(object)
    def _on_recorded(self, recorded: Recorded) -> None:
        found = self._class_of(recorded.recording)
        if found is None:
            return
        if recorded.photo is not None and recorded.thumbnail is not None:
            found.add([recorded.photo])
            found.show_count()
            found.row.add_thumbnail(recorded.thumbnail)
        else:
            found.row.count_left_out(recorded.verdict)

    @Slot(object)
    def _on_recording_ended(self, recording: Recording) -> None:
        found = self._class_of(recording)
        if found is not None:
            found.show_count()
            if self.learns_at_once.isChecked():
                self._teach(recording.label, found)
        self._show_hint()

    def _teach(self, name: str, found: RecordedClassRow) -> None:
        """Let the model learn the newest recording; where that has too few photos, all of the
        class."""
        photos = found.last_recording()
        if len(photos) < LEAST_PHOTOS:
            photos = list(found.photos)
        if len(photos) >= LEAST_PHOTOS:
            self.teaching_wanted.emit([(photo, name) for photo in photos])

    @Slot(object, object)
    def _on_recording_failed(self, recording: Recording, error: TrainerError) -> None:
        found = self._class_of(recording)
        if found is not None:
            found.row.stop()
        self.notice.show_error(error)

    # Taking back

    @Slot(str)
    def _on_taken_back(self, name: str) -> None:
        photos = self._classes[name].last_recording()
        self._tasks.start(lambda: throw_away(photos), self._on_thrown_away, self.notice.show_error)

    @Slot(object)
    def _on_thrown_away(self, moved: Moved) -> None:
        self._thrown_away |= moved.places
        self.thrown_away.emit(dict(moved.digests))
        for name, found in self._classes.items():
            if any(photo in moved.places for photo in found.photos):
                found.remove(moved.places)
                found.show_count()
                found.row.clear()
                self.recorder.forget(self._folder, name)
        self._read()
        if moved.error is not None:
            self.notice.show_error(moved.error)
        else:
            count = len(self._thrown_away)
            self.notice.show_info(
                self.tr("%n photo(s) are in the trash.", "", count), self.tr("Undo")
            )
        self._show_hint()

    @Slot(str)
    def _on_removed(self, name: str) -> None:
        folder = self._folder
        found = self._classes.pop(name)
        self._rows.removeWidget(found.row)
        found.row.deleteLater()
        self._tasks.start(lambda: remove_class(folder, name), None, self.notice.show_error)
        self._show_hint()

    @Slot()
    def _on_undo(self) -> None:
        thrown_away = self._thrown_away
        self.notice.hide()
        self._tasks.start(
            lambda: fetch_back(thrown_away), self._on_fetched_back, self.notice.show_error
        )

    @Slot(object)
    def _on_fetched_back(self, moved: Moved) -> None:
        for photo in moved.places:
            del self._thrown_away[photo]
        if self.learns_at_once.isChecked():
            self.teaching_wanted.emit([(photo, photo.parent.name) for photo in moved.places])
        if moved.error is not None:
            self.notice.show_error(moved.error, self.tr("Undo"))
        # What is on disk counts.
        self._read()

    # Whether there is enough

    def _show_hint(self) -> None:
        missing = self._what_is_missing()
        self._hint.setText(missing)
        self._hint.setVisible(bool(missing))
        self.train.setEnabled(not missing)

    def _what_is_missing(self) -> str:
        """What to do before a model can learn, in a sentence."""
        taught = {name: found for name, found in self._classes.items() if found.photos}
        if not self._is_live and not self._classes:
            return self.tr("Start the camera, then add the classes that it should tell apart.")
        if not self._classes:
            return self.tr("Add the classes that the model should tell apart.")
        if len(taught) < 2:
            return self.tr("To train a model of these alone, record at least two classes.")
        if not self._has_validation:
            for name, found in taught.items():
                if not found.can_be_checked:
                    return self.tr(
                        "Record “{name}” once more, from another side or in another place: one "
                        "recording is set aside to check what was learnt."
                    ).format(name=display_name(name))
        return ""
