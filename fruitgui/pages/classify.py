"""The Classify page: photos in, labels out."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, Qt, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QListView,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.models.photos import PhotoList
from fruitgui.settings import Settings
from fruitgui.trainer_texts import translated
from fruitgui.widgets import photo_card
from fruitgui.widgets.empty_state import EmptyState
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.panel import label
from fruitgui.widgets.photo_card import PhotoCardDelegate
from fruitgui.workers.chores import find_photos, keep_picture
from fruitgui.workers.recognition import RecognitionThread
from fruitgui.workers.task import Task
from fruitgui.workers.thumbnails import ThumbnailThread
from trainer import paths
from trainer.errors import TrainerError
from trainer.pictures import PICTURE_SUFFIXES
from trainer.prediction import Prediction


class ClassifyPage(QWidget):
    """Photos are dropped, chosen or pasted, and become cards that fill as their answers arrive."""

    def __init__(
        self, recognition: RecognitionThread, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._recognition = recognition
        self._settings = settings
        self._tasks: list[Task] = []
        self.photos = PhotoList(self)
        scale = self.devicePixelRatioF()
        self._thumbnails = ThumbnailThread(
            round(photo_card.WIDTH * scale), round(photo_card.PICTURE_HEIGHT * scale), self
        )
        self._delegate = PhotoCardDelegate(self._thumbnails.request, self)
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self.retranslate()
        self._show_state()
        self._thumbnails.start()

    def _build(self) -> None:
        self._title = label("title")
        self._summary = label("muted")
        self._add_photos = IconButton("open", "primary")
        self._add_folder = IconButton("folder")
        self._paste = IconButton("paste")
        self._stop = IconButton("stop", "flat")
        self._clear = IconButton("trash", "flat")
        heading = QVBoxLayout()
        heading.setSpacing(2)
        heading.addWidget(self._title)
        heading.addWidget(self._summary)
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE)
        top.addLayout(heading, 1)
        for button in (self._stop, self._clear, self._paste, self._add_folder, self._add_photos):
            top.addWidget(button)

        self.notice = Notice()
        self._progress = QProgressBar(textVisible=False)
        self._cards = QListView()
        self._cards.setModel(self.photos)
        self._cards.setItemDelegate(self._delegate)
        self._cards.setViewMode(QListView.ViewMode.IconMode)
        self._cards.setResizeMode(QListView.ResizeMode.Adjust)
        self._cards.setMovement(QListView.Movement.Static)
        self._cards.setUniformItemSizes(True)
        self._cards.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._cards.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # The page itself takes drops, wherever they fall.
        self._cards.setAcceptDrops(False)
        self._cards.viewport().setAcceptDrops(False)

        self._empty = EmptyState("classify")
        self._empty_choose = IconButton("open", "primary")
        self._empty_samples = IconButton("sparkle")
        self._empty.add_button(self._empty_choose)
        self._empty.add_button(self._empty_samples)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._cards)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(top)
        layout.addWidget(self.notice)
        layout.addWidget(self._progress)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._add_photos.clicked.connect(self._on_choose_photos)
        self._empty_choose.clicked.connect(self._on_choose_photos)
        self._empty_samples.clicked.connect(self._on_samples)
        self._add_folder.clicked.connect(self._on_choose_folder)
        self._paste.clicked.connect(self._on_paste)
        self._stop.clicked.connect(self._on_stop)
        self._clear.clicked.connect(self._on_clear)
        for keys, slot in (
            (QKeySequence.StandardKey.Paste, self._on_paste),
            (QKeySequence.StandardKey.Open, self._on_choose_photos),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        self._thumbnails.thumbnail_ready.connect(self._on_thumbnail_ready)
        self._recognition.photo_predicted.connect(self._on_photo_predicted)
        self._recognition.ready.connect(self._on_model_ready)

    def retranslate(self) -> None:
        self._title.setText(self.tr("Classify"))
        self._add_photos.setText(self.tr("Add photos…"))
        self._add_folder.setText(self.tr("Add folder…"))
        self._paste.setText(self.tr("Paste"))
        self._stop.setText(self.tr("Stop"))
        self._clear.setText(self.tr("Clear"))
        self._empty.title.setText(self.tr("What is on your photos?"))
        self._empty.text.setText(
            self.tr("Drop photos or a folder anywhere here, choose them, or paste a picture.")
        )
        self._empty_choose.setText(self.tr("Choose photos…"))
        self._empty_samples.setText(self.tr("Try the samples"))
        self._cards.setAccessibleName(self.tr("Photos and their labels"))
        self._show_state()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def add(self, sources: Iterable[Path]) -> None:
        """Take in photos and folders, which are searched beside the GUI thread."""
        chosen = list(sources)
        if not chosen:
            return
        self.notice.hide()
        task = Task(lambda: find_photos(chosen), self)
        task.progressed.connect(self._on_photos_found)
        task.succeeded.connect(self._on_search_done)
        self._start(task)

    def shut_down(self) -> None:
        """End the page's threads."""
        for task in self._tasks:
            task.shut_down()
        self._thumbnails.shut_down()

    def _start(self, task: Task) -> None:
        """Start a task whose signals are connected: what is emitted before that is lost."""
        self._tasks.append(task)
        task.failed.connect(self._on_task_failed)
        task.finished.connect(self._on_task_finished)
        task.start()

    @Slot()
    def _on_task_finished(self) -> None:
        for task in [task for task in self._tasks if task.isFinished()]:
            task.wait()
            self._tasks.remove(task)
        self._show_state()

    @Slot(object)
    def _on_task_failed(self, error: TrainerError) -> None:
        self.notice.show_error(translated(error))

    @Slot(object)
    def _on_photos_found(self, photos: list[Path]) -> None:
        self._recognition.classify(self.photos.add(photos))
        self._show_state()

    @Slot(object)
    def _on_search_done(self, count: int) -> None:
        if count == 0:
            self.notice.show_error(self.tr("There are no pictures in there."))

    @Slot(object, QImage)
    def _on_thumbnail_ready(self, path: Path, thumbnail: QImage) -> None:
        self._delegate.keep(path, thumbnail)
        self.photos.refresh(path)

    @Slot(object)
    def _on_photo_predicted(self, prediction: Prediction) -> None:
        self.photos.set_prediction(prediction)
        self._show_state()

    @Slot()
    def _on_model_ready(self) -> None:
        """What another model said is not what this one says."""
        self._recognition.forget_photos()
        self.photos.forget_predictions()
        self._recognition.classify(self.photos.paths)
        self._show_state()

    def _show_state(self) -> None:
        count, answered = self.photos.rowCount(), self.photos.answered
        is_busy = answered < count or bool(self._tasks)
        self._stack.setCurrentWidget(self._cards if count else self._empty)
        self._clear.setVisible(count > 0)
        self._stop.setVisible(is_busy)
        self._progress.setVisible(is_busy)
        self._progress.setRange(0, count)
        self._progress.setValue(answered)
        if count == 0:
            self._summary.setText(self.tr("Fruit and vegetables, recognised on this computer"))
        elif answered < count:
            self._summary.setText(
                self.tr("{done} of {count} photos").format(done=answered, count=count)
            )
        else:
            self._summary.setText(self.tr("%n photo(s)", "", count))

    @Slot()
    def _on_stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._recognition.forget_photos()
        self.photos.remove_unanswered()
        self._show_state()

    @Slot()
    def _on_clear(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._recognition.forget_photos()
        self.photos.clear()
        self.notice.hide()
        self._show_state()

    @Slot()
    def _on_samples(self) -> None:
        self.add([paths.samples_folder()])

    @Slot()
    def _on_choose_photos(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES))
        names, _ = QFileDialog.getOpenFileNames(
            self,
            self.tr("Choose photos"),
            self._settings.last_folder,
            self.tr("Pictures ({patterns})").format(patterns=patterns),
        )
        if names:
            self._settings.last_folder = str(Path(names[0]).parent)
            self.add(map(Path, names))

    @Slot()
    def _on_choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Choose a folder of photos"), self._settings.last_folder
        )
        if name:
            self._settings.last_folder = name
            self.add([Path(name)])

    @Slot()
    def _on_paste(self) -> None:
        self._take(QGuiApplication.clipboard().mimeData())

    def _take(self, data: QMimeData) -> None:
        """Take in files, or a picture itself."""
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        picture = data.imageData() if data.hasImage() else None
        if files:
            self.add(files)
        elif isinstance(picture, QImage) and not picture.isNull():
            task = Task(lambda: keep_picture(picture), self)
            task.succeeded.connect(self._on_picture_kept)
            self._start(task)
        elif data.hasUrls():
            self.notice.show_error(
                self.tr(
                    "Pictures on the web are not fetched, so that nothing you do leaves this "
                    "computer. Save the picture, and drop the file."
                )
            )
        else:
            self.notice.show_error(
                self.tr("There is no picture to take. Copy a picture or files, and try again.")
            )

    @Slot(object)
    def _on_picture_kept(self, path: Path) -> None:
        self.add([path])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()
            self._empty.set_dragging(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        self._empty.set_dragging(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        self._empty.set_dragging(False)
        event.acceptProposedAction()
        self._take(event.mimeData())
