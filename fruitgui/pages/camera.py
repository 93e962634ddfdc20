"""The Camera page: hold produce to the camera, and read what it is."""

from pathlib import Path

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.produce_names import display_name
from fruitgui.settings import Settings
from fruitgui.trainer_texts import translated
from fruitgui.widgets.answer_bars import AnswerBars
from fruitgui.widgets.empty_state import EmptyState
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.live_view import LiveView
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.panel import Panel, label
from fruitgui.workers.camera import CameraThread, Source, camera_devices
from fruitgui.workers.recognition import FrameAnswer, RecognitionThread
from trainer.errors import TrainerError


class CameraPage(QWidget):
    """The live picture of a camera, a video or an address, with the model's answer beside it."""

    def __init__(
        self, recognition: RecognitionThread, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._recognition = recognition
        self._settings = settings
        self._camera: CameraThread | None = None
        self._starts_again = False
        self._build()
        self._start_stop.clicked.connect(self._on_start_stop)
        self._choose_video.clicked.connect(self._on_choose_video)
        self._choose_address.clicked.connect(self._on_choose_address)
        self._sources.activated.connect(self._on_source_activated)
        self._mirror.toggled.connect(self._view.set_mirrored)
        recognition.frame_answered.connect(self._on_frame_answered)
        self._fill_sources()
        self.retranslate()

    def _build(self) -> None:
        self._title = label("title")
        self._sources = QComboBox()
        self._sources.setMinimumWidth(220)
        self._choose_video = IconButton("video")
        self._choose_address = IconButton("network")
        self._start_stop = IconButton("play", "primary")
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE)
        top.addWidget(self._title, 1)
        for widget in (self._sources, self._choose_video, self._choose_address, self._start_stop):
            top.addWidget(widget)

        self._view = LiveView()
        self._empty = EmptyState("camera")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._view)

        self._panel = Panel()
        self._panel.setFixedWidth(300)
        self._caption = label("field")
        self._label = label("answer", wrapped=True)
        self._confidence = label("heading")
        self._bars = AnswerBars()
        self._speed = label("caption", wrapped=True)
        self._mirror = QCheckBox()
        for text in (self._caption, self._label, self._confidence):
            self._panel.column.addWidget(text)
        self._panel.column.addSpacing(2 * theme.SPACE)
        self._panel.column.addWidget(self._bars)
        self._panel.column.addStretch()
        self._panel.column.addWidget(self._mirror)
        self._panel.column.addWidget(self._speed)

        self.notice = Notice()
        middle = QHBoxLayout()
        middle.setSpacing(2 * theme.SPACE)
        middle.addWidget(self._stack, 1)
        middle.addWidget(self._panel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(top)
        layout.addWidget(self.notice)
        layout.addLayout(middle, 1)

    def retranslate(self) -> None:
        self._title.setText(self.tr("Camera"))
        self._choose_video.setText(self.tr("Video file…"))
        self._choose_address.setText(self.tr("Address…"))
        self._start_stop.setText(self.tr("Stop") if self._camera else self.tr("Start"))
        self._mirror.setText(self.tr("Mirror the picture"))
        self._caption.setText(self.tr("THE MODEL SEES"))
        self._sources.setAccessibleName(self.tr("Camera or video"))
        self._empty.title.setText(self.tr("Hold something to the camera"))
        self._empty.text.setText(
            self.tr("Choose a camera, a video file or a network address, and press Start.")
        )
        self._sources.setPlaceholderText(self.tr("No camera found"))
        for row in range(self._sources.count()):
            source = self._sources.itemData(row)
            if isinstance(source, int) and not self._sources.itemText(row):
                self._sources.setItemText(row, self.tr("Camera {number}").format(number=source + 1))
        if self._camera is None:
            self._show_answer(None)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    @property
    def is_running(self) -> bool:
        return self._camera is not None

    def choose(self, source: Source) -> None:
        """Choose a device's number, a video file or an address, adding it to the list."""
        row = self._sources.findData(source)
        if row < 0:
            name = source if isinstance(source, int) or "://" in source else Path(source).name
            self._sources.addItem(str(name), source)
            row = self._sources.count() - 1
        self._sources.setCurrentIndex(row)

    def start(self) -> None:
        """Show the chosen source."""
        source = self._sources.currentData()
        if self._camera is not None:
            return
        if source is None:
            self.notice.show_error(
                self.tr("No camera was found. Connect one, or choose a video file or an address.")
            )
            return
        self.notice.hide()
        self._settings.camera_source = str(source)
        self._camera = CameraThread(source, self)
        self._camera.frame_ready.connect(self._on_frame_ready)
        self._camera.failed.connect(self._on_camera_failed)
        self._camera.ended.connect(self._on_camera_ended)
        self._camera.finished.connect(self._on_camera_finished)
        self._camera.start()
        self._start_stop.set_icon("stop")
        self.retranslate()

    def stop(self) -> None:
        """Ask the camera to stop, which it does at its next frame."""
        self._starts_again = False
        if self._camera is not None:
            self._camera.stop()

    def shut_down(self) -> None:
        """End the page's thread."""
        if self._camera is not None:
            self._camera.shut_down()

    def _fill_sources(self) -> None:
        for number, name in camera_devices():
            self._sources.addItem(name, number)
        last = self._settings.camera_source
        if last.isdigit():
            self._sources.setCurrentIndex(max(0, self._sources.findData(int(last))))
        elif last and ("://" in last or Path(last).is_file()):
            self.choose(last)

    @Slot()
    def _on_start_stop(self) -> None:
        if self._camera is None:
            self.start()
        else:
            self.stop()

    @Slot()
    def _on_source_activated(self) -> None:
        """Switch a running camera, once the one before has ended."""
        if self._camera is not None and self._camera.source != self._sources.currentData():
            self._starts_again = True
            self._camera.stop()

    @Slot()
    def _on_choose_video(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Choose a video"),
            self._settings.last_folder,
            self.tr("Videos ({patterns})").format(patterns="*.mp4 *.mov *.avi *.mkv *.webm *.m4v"),
        )
        if name:
            self._settings.last_folder = str(Path(name).parent)
            self.choose(name)
            self._on_source_activated()
            self.start()

    @Slot()
    def _on_choose_address(self) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.tr("Network camera"))
        dialog.setLabelText(self.tr("Address of an MJPEG or RTSP stream:"))
        dialog.setTextValue("rtsp://")
        dialog.textValueSelected.connect(self._on_address_entered)
        dialog.open()

    @Slot(str)
    def _on_address_entered(self, address: str) -> None:
        if "://" not in address or address.endswith("://"):
            self.notice.show_error(
                self.tr(
                    "An address starts with http://, https:// or rtsp://, then the camera's name."
                )
            )
            return
        self.choose(address.strip())
        self._on_source_activated()
        self.start()

    @Slot()
    def _on_frame_ready(self) -> None:
        frame = self._camera.take() if self._camera else None
        if frame is None:
            return
        self._stack.setCurrentWidget(self._view)
        self._view.show_image(frame.image)
        self._recognition.look_at(frame.number, frame.picture, frame.captured_at)

    @Slot(object)
    def _on_frame_answered(self, answer: FrameAnswer) -> None:
        if self._camera is not None:
            self._show_answer(answer)

    def _show_answer(self, seen: FrameAnswer | None) -> None:
        answer = seen.answer if seen else None
        self._bars.show_answer(answer)
        if seen is None or answer is None:
            self._label.setText("–")
            self._confidence.clear()
            self._speed.clear()
            return
        if answer.label is None:
            self._label.setText(self.tr("Not sure"))
            self._confidence.clear()
        else:
            share = f"{answer.confidence:.0%}"
            self._label.setText(display_name(answer.label))
            self._confidence.setText(self.tr("{share} sure").format(share=share))
        self._speed.setText(
            self.tr("{milliseconds} ms from the camera to the label").format(
                milliseconds=round(seen.seconds * 1000)
            )
        )

    @Slot(object)
    def _on_camera_failed(self, error: TrainerError) -> None:
        self.notice.show_error(translated(error))

    @Slot()
    def _on_camera_ended(self) -> None:
        self.notice.show_info(self.tr("The video is over."))

    @Slot()
    def _on_camera_finished(self) -> None:
        if self._camera is not None:
            self._camera.wait()
        self._camera = None
        self._stack.setCurrentWidget(self._empty)
        self._start_stop.set_icon("play")
        self.retranslate()
        if self._starts_again:
            self._starts_again = False
            self.start()
