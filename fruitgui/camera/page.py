"""The Camera page: hold produce to the camera, and read what it is; or show it, and teach it."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCameraPermission, QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.camera.camera_thread import CameraThread
from fruitgui.camera.live_view import LiveView
from fruitgui.camera.record_panel import RecordPanel
from fruitgui.camera.recorded_files import keep_snapshot
from fruitgui.camera.sources import Source, video_file
from fruitgui.camera.stats import CameraStats
from fruitgui.camera.toolbar import VIDEO_SUFFIXES, CameraBar
from fruitgui.i18n.errors import translated
from fruitgui.i18n.keys import with_own_keys
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.settings import Settings
from fruitgui.widgets.empty_state import EmptyState
from fruitgui.widgets.folding import FoldingBar
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.page_stack import PageStack
from fruitgui.widgets.taught_notice import TaughtNotice
from fruitgui.workers.recognition_thread import FrameAnswer, RecognitionThread
from fruitgui.workers.task import Tasks
from fruitgui.workers.teacher import Teacher
from trainer.errors import TrainerError
from trainer.teaching.teach import Taught

_SECONDS_BETWEEN_FIGURES = 0.5
_TEACH_WIDTH = 316


class CameraPage(Retranslated, QWidget):
    """The live image of a camera, a video or an address, what the model says of it, and beside
    it what to teach.

    Signals:
        snapshot_taken(Path): an image was kept, and is to be classified.
        classify_wanted(): the user wants to see the snapshots.
        training_wanted(Path): on the data set in this folder.
    """

    snapshot_taken = Signal(object)
    classify_wanted = Signal()
    training_wanted = Signal(object)

    def __init__(
        self,
        recognition: RecognitionThread,
        teacher: Teacher,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._recognition = recognition
        self._teacher = teacher
        self._settings = settings
        self._camera: CameraThread | None = None
        self._is_wanted = False
        """Whether the user wants to see a camera, while the page is in sight."""
        self._asks_permission = False
        self._started_at = 0.0
        self._image: np.ndarray | None = None
        self._figures = CameraStats()
        self._figures_at = 0.0
        self._snapshots = Tasks()
        self.bar = CameraBar(settings)
        self.record_panel = RecordPanel(settings)
        self.view = LiveView()
        self.notice = Notice()
        self.taught = TaughtNotice()
        self._build()
        self._connect()
        self.retranslate()
        self._show_state()

    def _build(self) -> None:
        self._empty = EmptyState("camera")
        self._stack = PageStack()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.view)
        self.snapshot = IconButton("camera")
        self.empty_scene = IconButton("scene")
        self.empty_scene.setCheckable(True)
        below = FoldingBar()
        row = QHBoxLayout(below)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE)
        row.addWidget(self.snapshot)
        row.addWidget(self.empty_scene)
        row.addStretch()
        below.set_folding((self.empty_scene,), (self.snapshot,))
        left = QVBoxLayout()
        left.setSpacing(theme.SPACE)
        left.addWidget(self._stack, 1)
        left.addWidget(below)
        theme.fix_width(self.record_panel, _TEACH_WIDTH)
        middle = QHBoxLayout()
        middle.setSpacing(2 * theme.SPACE)
        middle.addLayout(left, 1)
        middle.addWidget(self.record_panel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(self.bar)
        layout.addLayout(middle, 1)
        # Below all: the button that is held to record would move from under the mouse.
        layout.addWidget(self.notice)
        layout.addWidget(self.taught)

    def _connect(self) -> None:
        self.bar.start_stop_clicked.connect(self._on_start_stop)
        self.bar.source_chosen.connect(self._on_source_chosen)
        self.bar.source_added.connect(self._on_source_added)
        self.bar.resolution_changed.connect(self._open_anew)
        self.bar.look_changed.connect(self._show_as)
        self.bar.refused.connect(self.notice.show_error)
        self.view.resized.connect(self._show_as)
        self.snapshot.clicked.connect(self._on_snapshot)
        self.empty_scene.clicked.connect(self._on_empty_scene)
        self._recognition.loading.connect(self._on_model_loading)
        self._recognition.ready.connect(self._on_model_ready)
        self._recognition.failed.connect(self._on_model_ready)
        self._recognition.troubled.connect(self._on_recognition_troubled)
        self.notice.acted.connect(self._on_notice_acted)
        self.record_panel.training_wanted.connect(self.training_wanted)
        self.record_panel.teaching_wanted.connect(self._on_teaching_wanted)
        self.record_panel.thrown_away.connect(
            lambda digests: self._teacher.forget_photos(digests, asked_by=self)
        )
        self.taught.forgetting_wanted.connect(
            lambda model, lessons: self._teacher.forget(model, lessons, asked_by=self)
        )
        self._teacher.forgotten.connect(self.taught.note_forgotten)
        self._teacher.taught.connect(self._on_taught)
        self._teacher.failed.connect(self._on_teaching_failed)
        self._recognition.frame_answered.connect(self._on_frame_answered)
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self)
        shortcut.activated.connect(self.snapshot.click)

    @Slot(object)
    def _on_teaching_wanted(self, photos: list[tuple[Path, str]]) -> None:
        self.taught.show_learning()
        self._teacher.teach(photos, asked_by=self)

    @Slot(object)
    def _on_taught(self, taught: Taught) -> None:
        if self._teacher.asked_by is self:
            self.taught.show_taught(taught, self.record_panel.recorded_once(taught.new_kinds))
        else:
            self.taught.forget()  # It was taught elsewhere, which says so.

    @Slot(object)
    def _on_teaching_failed(self, error: TrainerError) -> None:
        self.taught.forget()
        if self._teacher.asked_by is self:
            self.notice.show_error(error)

    def retranslate(self) -> None:
        self._empty.title.setText(self.tr("Hold something up to the camera"))
        self._empty.text.setText(
            self.tr("Choose a camera and press Start, or open a video or a network camera.")
        )
        self.snapshot.setText(self.tr("Snapshot"))
        self.snapshot.setToolTip(
            with_own_keys(self.tr("Keep this picture, and add it to Classify (Ctrl+Return)"))
        )
        self.empty_scene.setToolTip(
            self.tr(
                "Press this while nothing is in view: “Nothing there” is then shown until "
                "something appears. Press it again to clear the empty scene."
            )
        )
        self._show_state()

    # Starting and stopping

    @property
    def is_running(self) -> bool:
        return self._camera is not None

    @property
    def camera(self) -> CameraThread | None:
        """The camera that runs."""
        return self._camera

    def choose(self, source: Source) -> None:
        """Choose a source, adding it to the list."""
        self.bar.choose(source)

    def take_files(self, files: Sequence[Path]) -> bool:
        """Show a video that was dropped; returns whether there was one."""
        for file in files:
            if file.suffix.lower() in VIDEO_SUFFIXES:
                self.choose(video_file(file))
                self.start()
                return True
        return False

    @Slot()
    def start(self) -> None:
        """Show the chosen source, once the system has given leave, and while the page is shown."""
        self.notice.hide()
        if self.bar.source is None:
            self.notice.show_error(
                self.tr("No camera was found. Connect one, or choose a video file or an address.")
            )
            return
        self._is_wanted = True
        self._start_or_stop()

    @Slot()
    def stop(self) -> None:
        """Stop the camera."""
        self._is_wanted = False
        self._start_or_stop()

    def _start_or_stop(self) -> None:
        """Do what is wanted now. What ends takes a moment, and then this is asked again."""
        is_wanted = self._is_wanted and self.isVisible()
        source = self.bar.source
        if self._camera is not None:
            if not is_wanted or self._camera.source != source:
                self._camera.stop()
        elif is_wanted and source is not None and self._has_permission(source):
            self._open(source)

    def _has_permission(self, source: Source) -> bool:
        """Whether the camera may be used. The system is asked where it wants that (macOS)."""
        app = QCoreApplication.instance()
        # From source it is the terminal that has leave, or is asked; Qt knows of packaged programs.
        is_packaged = getattr(sys, "frozen", False)
        if not source.is_device or not is_packaged or app is None:
            return True
        permission = QCameraPermission()
        status = app.checkPermission(permission)
        if status is Qt.PermissionStatus.Granted:
            return True
        if status is Qt.PermissionStatus.Denied:
            self._is_wanted = False
            self.notice.show_error(
                self.tr(
                    "This app has no permission to use the camera. Allow it in the system "
                    "settings under Privacy & Security, Camera, and start again."
                )
            )
        elif not self._asks_permission:
            self._asks_permission = True
            app.requestPermission(permission, self, self._on_permission_answered)
        return False

    @Slot(object)
    def _on_permission_answered(self, permission: object) -> None:
        self._asks_permission = False
        self._start_or_stop()

    def _open(self, source: Source) -> None:
        self._started_at = time.monotonic()
        self._figures = CameraStats()
        self._recognition.interrupt_camera()
        camera = CameraThread(source, self._settings.camera_resolution)
        camera.frame_ready.connect(self._on_frame_ready)
        camera.lost.connect(self._on_camera_lost)
        camera.failed.connect(self._on_camera_failed)
        camera.ended.connect(self._on_camera_ended)
        camera.finished.connect(self._on_camera_finished)
        self._camera = camera
        self.view.clear()
        self.view.show_message(self.tr("Opening “{name}”…").format(name=source.title))
        self._stack.setCurrentWidget(self.view)
        self._show_as()
        camera.start()
        self._show_state()

    def shut_down(self) -> None:
        """End the page's threads, once everything is kept."""
        self._is_wanted = False
        self.bar.shut_down()
        if self._camera is not None:
            self._camera.shut_down()
        self.record_panel.shut_down()
        self._snapshots.finish()

    def hideEvent(self, event: QHideEvent) -> None:
        """On another page the camera is off, as its light shows."""
        super().hideEvent(event)
        self._start_or_stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._start_or_stop()

    @Slot()
    def _on_start_stop(self) -> None:
        if self._camera is None:
            self.start()
        else:
            self.notice.hide()
            self.stop()

    @Slot()
    def _on_source_chosen(self) -> None:
        self.notice.hide()
        self._forget_empty_scene()
        self._start_or_stop()

    @Slot()
    def _on_source_added(self) -> None:
        self._forget_empty_scene()
        self.start()

    @Slot()
    def _open_anew(self) -> None:
        """With another resolution, once the camera has ended."""
        if self._camera is not None:
            self._camera.stop()

    @Slot()
    def _show_as(self) -> None:
        self.view.show_guide(self._settings.is_on("guide"))
        if not self._settings.is_on("figures"):
            self.view.show_figures("")
        if self._camera is not None:
            pixels = self.view.pixels()
            self._camera.show_as(
                self._settings.camera_rotation,
                self._settings.is_on("mirror"),
                pixels.width(),
                pixels.height(),
            )

    # Frames and answers

    @Slot()
    def _on_frame_ready(self) -> None:
        frame = self._camera.take() if self._camera else None
        if frame is None:
            return
        self._recognition.look_at(frame.pixels, frame.captured_at)
        self.record_panel.offer(frame.pixels, frame.captured_at)
        is_first = self._image is None
        self._image = frame.pixels
        self.view.show_image(frame.shown)
        if is_first and self._camera is not None:
            self.bar.remember(self._camera.source)
            self.view.show_message("")
            self._show_state()
        now = time.monotonic()
        self._figures.count_frame(now)
        if now - self._figures_at > _SECONDS_BETWEEN_FIGURES and self._settings.is_on("figures"):
            self._figures_at = now
            self.view.show_figures(self._figures_text(frame.size, now))

    @Slot(object)
    def _on_frame_answered(self, answer: FrameAnswer) -> None:
        # One that was under way is of the camera before.
        if self._image is None or answer.captured_at < self._started_at:
            return
        self.view.show_answer(answer.answer)
        if answer.answer.is_inferred:
            now = time.monotonic()
            self._figures.count_inference(now, now - answer.captured_at)

    def _figures_text(self, size: tuple[int, int], now: float) -> str:
        figures = self._figures
        parts = [
            f"{size[0]} × {size[1]}",
            self.tr("{rate} frames/s").format(rate=round(figures.frames_a_second(now))),
            self.tr("{rate} inferences/s").format(rate=round(figures.inferences_a_second(now))),
        ]
        middle, late = figures.latency(0.5, now), figures.latency(0.95, now)
        if middle is not None and late is not None:
            parts.append(
                self.tr("delay {middle} ms (95%: {late})").format(
                    middle=round(1000 * middle), late=round(1000 * late)
                )
            )
        return "  ·  ".join(parts)

    @Slot()
    def _on_empty_scene(self) -> None:
        if self.empty_scene.isChecked():
            self._recognition.remember_empty()
        else:
            self._recognition.forget_empty()
        self._show_state()

    def _forget_empty_scene(self) -> None:
        """Another camera sees another scene."""
        self.empty_scene.setChecked(False)
        self._recognition.forget_empty()
        self._show_state()

    @Slot()
    def _on_model_loading(self) -> None:
        self.view.show_waiting(True)

    @Slot()
    def _on_model_ready(self) -> None:
        self.view.show_waiting(False)

    @Slot(object)
    def _on_recognition_troubled(self, error: TrainerError) -> None:
        if self.isVisible():
            self.view.show_answer(None)
            self.notice.show_error(error)

    # Snapshots

    @Slot()
    def _on_snapshot(self) -> None:
        image = self._image
        if image is not None:
            self._snapshots.start(
                lambda: keep_snapshot(image), self._on_snapshot_kept, self.notice.show_error
            )

    @Slot(object)
    def _on_snapshot_kept(self, file: Path) -> None:
        self.snapshot_taken.emit(file)
        self.notice.show_info(
            self.tr("“{name}” was added to Classify.").format(name=file.name), self.tr("Show it")
        )

    @Slot()
    def _on_notice_acted(self) -> None:
        self.notice.hide()
        self.classify_wanted.emit()

    # The camera's fate

    @Slot(object)
    def _on_camera_lost(self, error: TrainerError) -> None:
        self._image = None
        self._recognition.interrupt_camera()
        self.view.show_answer(None)
        self.view.show_figures("")
        self.view.show_message(translated(error))
        self._show_state()

    @Slot(object)
    def _on_camera_failed(self, error: TrainerError) -> None:
        self._is_wanted = False
        if self._camera is not None:
            self.bar.forget(self._camera.source)
        self.notice.show_error(error)

    @Slot()
    def _on_camera_ended(self) -> None:
        self._is_wanted = False
        self.notice.show_info(self.tr("The video has ended."))

    @Slot()
    def _on_camera_finished(self) -> None:
        if self._camera is not None:
            self._camera.wait()
        self._camera = None
        self._image = None
        self.view.clear()
        self._stack.setCurrentWidget(self._empty)
        self._show_state()
        self._start_or_stop()

    def _show_state(self) -> None:
        self.bar.show_running(self._camera is not None)
        is_live = self._image is not None
        self.snapshot.setEnabled(is_live)
        self.empty_scene.setEnabled(is_live)
        self.empty_scene.setText(
            self.tr("Clear empty scene")
            if self.empty_scene.isChecked()
            else self.tr("Set as empty scene")
        )
        self.record_panel.set_live(is_live)
