"""Where images come from: cameras by name, video files, addresses; and why one gives none."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from fruitgui.camera.addresses import Address, status_of
from trainer.errors import TrainerError

_GUESSED_DEVICES = 4


class CameraError(TrainerError):
    """A camera, a video or an address gives no image."""


@dataclass(frozen=True, slots=True)
class Source:
    """A camera, a video file or a network camera."""

    place: str
    """A camera's name, a file's path, or an address."""
    number: int | None = None
    """A camera's number, which it may lose when it is plugged in again; None for the others."""

    @property
    def is_device(self) -> bool:
        return self.number is not None

    @property
    def is_address(self) -> bool:
        return not self.is_device and "://" in self.place

    @property
    def is_file(self) -> bool:
        return not self.is_device and "://" not in self.place

    @property
    def has_password(self) -> bool:
        """Whether an address says who may use it."""
        return self.is_address and Address.of(self.place).has_secret

    @property
    def for_programs(self) -> str:
        """The file or the address as OpenCV opens it."""
        return Address.of(self.place).for_programs if self.is_address else self.place

    @property
    def can_be_named(self) -> bool:
        """Whether a file's name is text: OpenCV crashes on others."""
        return not any("\ud800" <= character <= "\udfff" for character in self.place)

    @property
    def title(self) -> str:
        """Its name, without folders, nor what an address may keep secret."""
        if self.is_address:
            return Address.of(self.place).shown
        if self.is_file:
            return Path(self.place).name.encode("utf-8", "replace").decode()
        return self.place


def video_file(path: Path) -> Source:
    return Source(str(path))


def address(text: str) -> Source:
    """Of an MJPEG or RTSP stream.

    Raises:
        CameraError: it is none.
    """
    text = text.strip()
    scheme, separator, rest = text.partition("://")
    if scheme.lower() not in {"http", "https", "rtsp", "rtsps"} or not separator or not rest:
        raise CameraError(
            "An address starts with http://, https:// or rtsp://, then the camera's name."
        )
    return Source(text)


def cameras() -> list[Source]:
    """The cameras that are connected now; takes some tens of milliseconds."""
    try:
        from cv2_enumerate_cameras import enumerate_cameras

        found = {camera.index: camera.name for camera in enumerate_cameras(backend())}
    except (ImportError, NotImplementedError, OSError, RuntimeError):
        if sys.platform == "linux":
            return []
        found = dict.fromkeys(range(_GUESSED_DEVICES), "")
    return [Source(name or str(number), number) for number, name in sorted(found.items())]


def backend() -> int:
    """OpenCV's number of what it reads cameras through, as this system has it."""
    import cv2

    return {
        "linux": cv2.CAP_V4L2,
        "win32": cv2.CAP_MSMF,
        "darwin": cv2.CAP_AVFOUNDATION,
    }.get(sys.platform, cv2.CAP_ANY)


def present(source: Source) -> Source:
    """The same camera under the number that it has now."""
    if not source.is_device:
        return source
    same_name = [camera for camera in cameras() if camera.place == source.place]
    return source if source in same_name or not same_name else same_name[0]


def reason(source: Source) -> CameraError:
    """Why *source* gives no image, and what to do about it."""
    if source.is_file:
        if not source.can_be_named:
            return CameraError(
                "The name of “{source}” is not readable text. Rename it and try again.",
                source=source.title,
            )
        # Path.is_file() raises on names that are too long and in folders that are closed to us.
        if not os.path.isfile(source.place):  # noqa: PTH113
            return CameraError("There is no video “{source}”. Choose another.", source=source.title)
        return CameraError("“{source}” is not a video that can be played.", source=source.title)
    if source.is_address:
        status = status_of(Address.of(source.place))
        if status == 401 and source.has_password:
            return CameraError(
                "“{source}” does not take this name and password. Check them, and type them again.",
                source=source.title,
            )
        if status == 401:
            return CameraError(
                "“{source}” asks for a name and a password. Write them into the address, as in "
                "rtsp://name:password@camera.",
                source=source.title,
            )
        if status == 403:
            return CameraError(
                "“{source}” does not let this user see its picture. Allow it in the camera's "
                "settings, or use another name.",
                source=source.title,
            )
        if status == 404:
            return CameraError(
                "The camera answers, but has nothing at “{source}”. Check what follows its name in "
                "the address.",
                source=source.title,
            )
        return CameraError(
            "“{source}” does not answer. Check the address, and that the camera is on and in the "
            "same network.",
            source=source.title,
        )
    if sys.platform == "linux":
        return _reason_on_linux(source)
    if sys.platform == "win32":
        return CameraError(
            "“{source}” gives no picture. Close other programs that use it, and see in Settings, "
            "Privacy & security, Camera, that desktop apps may use it.",
            source=source.title,
        )
    return CameraError(
        "“{source}” gives no picture. Close other programs that use it, and see in System "
        "Settings, Privacy & Security, Camera, that this app may use it.",
        source=source.title,
    )


def _reason_on_linux(source: Source) -> CameraError:
    device = f"/dev/video{source.number}"
    if not Path(device).exists():
        return CameraError("“{source}” is not connected. Plug it in.", source=source.title)
    if not os.access(device, os.R_OK | os.W_OK):
        return CameraError(
            "You may not use the camera “{source}”: your account is not in the group “video”. Run "
            "“sudo usermod -aG video $USER”, then log in again.",
            source=source.title,
        )
    return CameraError(
        "“{source}” gives no picture. Close other programs that use it, such as video calls.",
        source=source.title,
    )
