"""Which camera, video or address is chosen when the app is opened again; passwords are not kept."""

from fruitgui.camera.sources import Source
from fruitgui.settings import Settings

_CAMERA = "camera:"


class LastSource:
    """The source that gave images last, as the settings hold it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def remember(self, source: Source) -> None:
        """Keep it; an address that says who may use the camera is kept nowhere."""
        if not source.has_password:
            self._settings.camera_source = f"{_CAMERA if source.is_device else ''}{source.place}"

    def is_camera(self, name: str) -> bool:
        """Whether it is the camera of this name."""
        return self._settings.camera_source == f"{_CAMERA}{name}"

    @property
    def stream(self) -> Source | None:
        """The video file or the address that it is, if no camera. Whether it is still there is seen
        when it is opened: a disk may take long to answer."""
        place = self._settings.camera_source
        return Source(place) if place and not place.startswith(_CAMERA) else None
