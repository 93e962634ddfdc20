"""The Camera page's top: which camera, and how it is shown."""

from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QInputDialog, QMenu, QWidget

from fruitgui import theme
from fruitgui.camera.last_source import LastSource
from fruitgui.camera.sources import CameraError, Source, address, cameras, video_file
from fruitgui.i18n.errors import translated
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.settings import CameraToggle, Rotation, Settings
from fruitgui.widgets import tool_tip
from fruitgui.widgets.combo_box import ComboBox
from fruitgui.widgets.folding import FoldingBar
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import label
from fruitgui.workers.task import Tasks

_MILLISECONDS_BETWEEN_LOOKS = 3000
_RESOLUTIONS = (None, (640, 480), (1280, 720), (1920, 1080))
_ROTATIONS: tuple[Rotation, ...] = (0, 90, 180, 270)
_TOGGLES: tuple[CameraToggle, ...] = ("mirror", "guide", "figures")
VIDEO_SUFFIXES = (".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v")


class CameraBar(Retranslated, FoldingBar):
    """Lists cameras as they come and go, while it is in sight.

    Signals:
        source_chosen(): by hand, in the list.
        source_added(): a video or an address was chosen, which is meant to be seen.
        start_stop_clicked()
        look_changed(): the image is to be shown in another way.
        resolution_changed(): the camera is to be opened anew.
        refused(str): what was typed is no address, in a sentence.
    """

    source_chosen = Signal()
    source_added = Signal()
    start_stop_clicked = Signal()
    look_changed = Signal()
    resolution_changed = Signal()
    refused = Signal(str)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._last = LastSource(settings)
        self._last_address = ""
        """What was entered last, be it wrong: it is not written anywhere."""
        self._is_running = False
        self._tasks = Tasks()
        self._timer = QTimer(self, interval=_MILLISECONDS_BETWEEN_LOOKS)
        self._timer.timeout.connect(self.look_for_cameras)
        self._title = label("title")
        self.sources = ComboBox()
        self.sources.setMinimumContentsLength(16)
        self._video = IconButton("video")
        self._address = IconButton("network")
        self._options = IconButton("settings")
        self.start_stop = IconButton("play", "primary")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self._title, 1)
        layout.addWidget(self.sources)
        for button in (self._video, self._address, self._options, self.start_stop):
            layout.addWidget(button)
        self.sources.activated.connect(self.source_chosen)
        self.sources.currentTextChanged.connect(
            lambda text: self.sources.setToolTip(tool_tip.plain(text))
        )
        self._video.clicked.connect(self._on_choose_video)
        self._address.clicked.connect(self._on_choose_address)
        self.start_stop.clicked.connect(self.start_stop_clicked)
        self._build_options()
        self._choose_last()
        self.retranslate()
        self.set_folding((self._video, self._address))

    def _build_options(self) -> None:
        menu = QMenu(self)
        self._resolution_menu = menu.addMenu("")
        group = QActionGroup(self)
        self._resolutions: list[QAction] = []
        for resolution in _RESOLUTIONS:
            action = self._resolution_menu.addAction("")
            action.setCheckable(True)
            action.setChecked(resolution == self._settings.camera_resolution)
            action.triggered.connect(
                lambda _=False, resolution=resolution: self._on_resolution(resolution)
            )
            group.addAction(action)
            self._resolutions.append(action)
        self._rotation_menu = menu.addMenu("")
        group = QActionGroup(self)
        self._rotations: list[QAction] = []
        for rotation in _ROTATIONS:
            action = self._rotation_menu.addAction("")
            action.setCheckable(True)
            action.setChecked(rotation == self._settings.camera_rotation)
            action.triggered.connect(lambda _=False, rotation=rotation: self._on_rotation(rotation))
            group.addAction(action)
            self._rotations.append(action)
        menu.addSeparator()
        self._toggles: dict[CameraToggle, QAction] = {}
        for toggle in _TOGGLES:
            action = menu.addAction("")
            action.setCheckable(True)
            action.setChecked(self._settings.is_on(toggle))
            action.toggled.connect(lambda is_on, toggle=toggle: self._on_toggled(toggle, is_on))
            self._toggles[toggle] = action
        self._options.setMenu(menu)

    @property
    def source(self) -> Source | None:
        """The chosen one."""
        source = self.sources.currentData()
        return source if isinstance(source, Source) else None

    def choose(self, source: Source) -> None:
        """Choose a source, adding it to the list."""
        row = self._row_of(source)
        if row < 0:
            self.sources.addItem(source.title, source)
            row = self.sources.count() - 1
        self.sources.setCurrentIndex(row)

    def show_running(self, is_running: bool) -> None:
        """Whether the button stops or starts."""
        self._is_running = is_running
        self.start_stop.set_icon("stop" if is_running else "play")
        self.start_stop.setText(self.tr("Stop") if is_running else self.tr("Start"))

    def remember(self, source: Source) -> None:
        """Choose this source when the app is opened again, unless it holds a password."""
        self._last.remember(source)

    def forget(self, source: Source) -> None:
        """Take a video or an address that gave nothing off the list."""
        row = self._row_of(source)
        if row >= 0 and not source.is_device:
            self.sources.removeItem(row)

    def _choose_last(self) -> None:
        if last := self._last.stream:
            self.choose(last)

    def shut_down(self) -> None:
        self._timer.stop()
        self._tasks.shut_down()

    # Cameras that come and go

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look_for_cameras()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    @Slot()
    def look_for_cameras(self) -> None:
        """List the cameras that are connected now, beside the GUI thread."""
        if not self._tasks.are_running:
            self._tasks.start(cameras, self.show_cameras)

    @Slot(object)
    def show_cameras(self, found: list[Source]) -> None:
        """List these cameras, and those videos and addresses that were chosen."""
        listed = [self.sources.itemData(row) for row in range(self.sources.count())]
        if self.sources.view().isVisible():
            return  # Nothing moves away from under the mouse.
        chosen = self.source
        if self._is_running and chosen is not None and chosen.is_device and chosen not in found:
            found = [*found, chosen]  # It is away, and is waited for.
        if [source for source in listed if source.is_device] == found:
            return
        others = [source for source in listed if not source.is_device]
        self.sources.clear()
        names = [source.place for source in found]
        for source in (*found, *others):
            is_one_of_many = source.is_device and names.count(source.place) > 1
            title = f"{source.title} ({source.number})" if is_one_of_many else source.title
            self.sources.addItem(title, source)
        row = self._row_of(chosen) if chosen is not None else -1
        if row < 0:
            row = next((n for n, s in enumerate(found) if self._last.is_camera(s.place)), 0)
        self.sources.setCurrentIndex(row if self.sources.count() else -1)

    def _row_of(self, source: Source) -> int:
        # findData compares Python's objects by identity.
        rows = range(self.sources.count())
        return next((row for row in rows if self.sources.itemData(row) == source), -1)

    # Choices

    @Slot()
    def _on_choose_video(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Choose a video"),
            self._settings.last_folder,
            self.tr("Videos ({patterns})").format(
                patterns=" ".join(f"*{suffix}" for suffix in VIDEO_SUFFIXES)
            ),
        )
        if name:
            self._settings.last_folder = str(Path(name).parent)
            self.choose(video_file(Path(name)))
            self.source_added.emit()

    @Slot()
    def _on_choose_address(self) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.tr("Network camera"))
        dialog.setLabelText(self.tr("Address of an MJPEG or RTSP stream:"))
        last = self._last.stream
        kept = last.place if last is not None and last.is_address else "rtsp://"
        dialog.setTextValue(self._last_address or kept)
        dialog.setOkButtonText(self.tr("Start"))
        dialog.setCancelButtonText(self.tr("Cancel"))
        dialog.resize(440, dialog.sizeHint().height())
        dialog.textValueSelected.connect(self._on_address_entered)
        dialog.open()

    @Slot(str)
    def _on_address_entered(self, text: str) -> None:
        self._last_address = text
        try:
            self.choose(address(text))
        except CameraError as error:
            self.refused.emit(translated(error))
            return
        self.source_added.emit()

    def _on_resolution(self, resolution: tuple[int, int] | None) -> None:
        self._settings.camera_resolution = resolution
        self.resolution_changed.emit()

    def _on_rotation(self, rotation: Rotation) -> None:
        self._settings.camera_rotation = rotation
        self.look_changed.emit()

    def _on_toggled(self, toggle: CameraToggle, is_on: bool) -> None:
        self._settings.turn(toggle, is_on)
        self.look_changed.emit()

    def retranslate(self) -> None:
        self._title.setText(self.tr("Camera"))
        self._video.setText(self.tr("Video file…"))
        self._address.setText(self.tr("Address…"))
        self._options.setToolTip(self.tr("Resolution, rotation and what is shown"))
        self._options.setAccessibleName(self._options.toolTip())
        self.sources.setAccessibleName(self.tr("Camera or video"))
        self.sources.setPlaceholderText(self.tr("No camera found"))
        self._resolution_menu.setTitle(self.tr("Resolution of cameras"))
        for action, resolution in zip(self._resolutions, _RESOLUTIONS, strict=True):
            action.setText(
                f"{resolution[0]} × {resolution[1]}" if resolution else self.tr("Automatic")
            )
        self._rotation_menu.setTitle(self.tr("Rotate the picture"))
        for action, rotation in zip(self._rotations, _ROTATIONS, strict=True):
            action.setText(f"{rotation}°" if rotation else self.tr("Not rotated"))
        self._toggles["mirror"].setText(self.tr("Mirror the picture"))
        self._toggles["guide"].setText(self.tr("Show the area that the model sees"))
        self._toggles["figures"].setText(self.tr("Show performance figures"))
        self.show_running(self._is_running)
