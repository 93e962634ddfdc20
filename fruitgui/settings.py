"""What the user chose, kept between sessions. Nothing else uses QSettings."""

import hashlib
import os
from pathlib import Path
from typing import Literal, cast, get_args

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from trainer import paths
from trainer.models.metadata import ModelInfo
from trainer.storage.encoding import encoded

Language = Literal["system", "en", "ko"]
Appearance = Literal["system", "light", "dark"]
Rotation = Literal[0, 90, 180, 270]
Device = Literal["auto", "cpu"]
Precision = Literal["auto", "float32"]
TEXT_SIZES = (100, 125, 150, 175, 200)
_IN_HOME = "home:"
"""Before a path within the user's data."""
_STARTER = "starter"
_set_here: set[str] = set()
"""What the environment says because of a setting."""
CameraToggle = Literal["mirror", "guide", "figures"]


def _stored(path: Path) -> str:
    """*path* as it is stored: the program and the user's data may come to lie elsewhere."""
    if path == paths.starter_model():
        return _STARTER
    home = paths.home()
    return (
        f"{_IN_HOME}{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)
    )


def _threshold_keys(model: Path, info: ModelInfo) -> list[str]:
    """Of a model by its place within the home, which may be carried elsewhere, and by its path: it
    stays where it is when another home is chosen."""
    # Another model may come to lie in the same place, and slashes would make groups of a path.
    texts = (
        f"{place} {info.created} {bool(info.familiar_scores)}" for place in (_stored(model), model)
    )
    digests = (hashlib.sha256(encoded(text)).hexdigest() for text in texts)
    return [f"thresholds/{digest[:16]}" for digest in digests]


def _system_store() -> QSettings:
    return QSettings()


def _own_store() -> QSettings:
    """Where the system keeps settings; where the user's data have a home of their own, there,
    beginning with what the system has."""
    if not paths.has_own_home():
        return _system_store()
    file = paths.home() / "settings.ini"
    store = QSettings(str(file), QSettings.Format.IniFormat)
    if not file.exists():
        before = _system_store()
        before.setFallbacksEnabled(False)  # macOS has settings there that are all programs'.
        for key in before.allKeys():
            value = before.value(key)
            if isinstance(value, str) and value.startswith(_IN_HOME):
                # What was chosen lies where it lay.
                value = str(paths.usual_home() / value.removeprefix(_IN_HOME))
            store.setValue(key, value)
    return store


class Settings:
    """Typed access to the stored choices; what is stored is checked, for users may edit it."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or _own_store()
        for key in ("model_in_use", "taught_folder"):
            path = self._path(key)
            if path is not None:  # As an earlier version stored it, it would not move along.
                self._store.setValue(key, _stored(path))

    @property
    def language(self) -> Language:
        value = self._text("language")
        return cast(Language, value) if value in get_args(Language) else "system"

    @language.setter
    def language(self, value: Language) -> None:
        self._store.setValue("language", value)

    @property
    def appearance(self) -> Appearance:
        value = self._text("appearance")
        return cast(Appearance, value) if value in get_args(Appearance) else "system"

    @appearance.setter
    def appearance(self, value: Appearance) -> None:
        self._store.setValue("appearance", value)

    @property
    def text_size(self) -> int:
        """In percent of the size that text was drawn in; 0 for as large as the system's."""
        value = self._text("text_size")
        return int(value) if value in map(str, TEXT_SIZES) else 0

    @text_size.setter
    def text_size(self, value: int) -> None:
        self._store.setValue("text_size", str(value))

    @property
    def device(self) -> Device:
        """What computes: the fastest that there is, or the processor."""
        value = self._text("device")
        return cast(Device, value) if value in get_args(Device) else "auto"

    @device.setter
    def device(self, value: Device) -> None:
        self._store.setValue("device", value)

    @property
    def precision(self) -> Precision:
        """What it computes in: what is faster, or 32 bits."""
        value = self._text("precision")
        return cast(Precision, value) if value in get_args(Precision) else "auto"

    @precision.setter
    def precision(self, value: Precision) -> None:
        self._store.setValue("precision", value)

    def apply_computing(self) -> None:
        """Let models that are loaded or trained from now on be computed as chosen. What whoever
        started the app has put into the environment goes before."""
        for name, value in (
            ("FRUITGUI_DEVICE", self.device),
            ("FRUITGUI_PRECISION", self.precision),
        ):
            if name in _set_here:
                del os.environ[name]
                _set_here.remove(name)
            if value != "auto" and name not in os.environ:
                os.environ[name] = value
                _set_here.add(name)

    @property
    def model_in_use(self) -> Path | None:
        """The chosen model's file; None for the starter."""
        return self._path("model_in_use")

    @model_in_use.setter
    def model_in_use(self, value: Path | None) -> None:
        self._store.setValue("model_in_use", _stored(value) if value else "")

    def threshold_of(self, model: Path, info: ModelInfo) -> float | None:
        """From which familiarity on a model's answers are sure; None where nobody has chosen."""
        texts = (self._text(key) for key in _threshold_keys(model, info))
        try:
            value = float(next(filter(None, texts), ""))
        except ValueError:
            return None
        return value if 0 <= value <= 1 else None

    def set_threshold_of(self, model: Path, info: ModelInfo, value: float) -> None:
        for key in _threshold_keys(model, info):
            self._store.setValue(key, str(value))

    @property
    def last_folder(self) -> str:
        """Where something was opened last; at first, the folder of the user's pictures, or their
        own where there is none."""
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        first = pictures if Path(pictures).is_dir() else str(Path.home())
        return self._text("last_folder") or first

    @last_folder.setter
    def last_folder(self, value: str) -> None:
        self._store.setValue("last_folder", value)

    @property
    def last_saved_to(self) -> str:
        """The folder where something was saved last; at first, that of the user's documents. Not
        where photos were opened: what is saved has no place among them."""
        documents = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        )
        return self._text("last_saved_to") or documents

    @last_saved_to.setter
    def last_saved_to(self, value: str) -> None:
        self._store.setValue("last_saved_to", value)

    @property
    def camera_source(self) -> str:
        """The last camera's name after ``camera:``, or a video file, or an address."""
        return self._text("camera_source")

    @camera_source.setter
    def camera_source(self, value: str) -> None:
        self._store.setValue("camera_source", value)

    @property
    def camera_resolution(self) -> tuple[int, int] | None:
        """Width and height to ask of cameras; None for their own choice."""
        width, _, height = self._text("camera_resolution").partition("x")
        return (int(width), int(height)) if width.isdecimal() and height.isdecimal() else None

    @camera_resolution.setter
    def camera_resolution(self, value: tuple[int, int] | None) -> None:
        self._store.setValue("camera_resolution", f"{value[0]}x{value[1]}" if value else "")

    @property
    def camera_rotation(self) -> Rotation:
        """Degrees clockwise."""
        value = self._text("camera_rotation")
        return cast(Rotation, int(value)) if value in {"90", "180", "270"} else 0

    @camera_rotation.setter
    def camera_rotation(self, value: Rotation) -> None:
        self._store.setValue("camera_rotation", str(value))

    def is_on(self, toggle: CameraToggle) -> bool:
        """A choice of how the camera is shown; at first all but the mirror are on."""
        text = self._text(f"camera_{toggle}")
        return text == "yes" or (not text and toggle != "mirror")

    def turn(self, toggle: CameraToggle, is_on: bool) -> None:
        self._store.setValue(f"camera_{toggle}", "yes" if is_on else "no")

    @property
    def recorded_folder(self) -> Path | None:
        """The data set that the camera's photos were last added to."""
        return self._path("taught_folder")  # So it was called first.

    @recorded_folder.setter
    def recorded_folder(self, value: Path) -> None:
        self._store.setValue("taught_folder", _stored(value))

    @property
    def learns_at_once(self) -> bool:
        """Whether what is recorded is taught to the model in use as soon as it is."""
        return self._text("learns_at_once") != "no"

    @learns_at_once.setter
    def learns_at_once(self, value: bool) -> None:
        self._store.setValue("learns_at_once", "yes" if value else "no")

    @property
    def recording_rate(self) -> int:
        """Frames a second."""
        value = self._text("recording_rate")
        return int(value) if value in {"2", "5", "10"} else 5

    @recording_rate.setter
    def recording_rate(self, value: int) -> None:
        self._store.setValue("recording_rate", str(value))

    @property
    def shows_all_choices(self) -> bool:
        """Whether the Train page shows an expert's choices as well."""
        return self._text("shows_all_choices") == "yes"

    @shows_all_choices.setter
    def shows_all_choices(self, value: bool) -> None:
        self._store.setValue("shows_all_choices", "yes" if value else "no")

    @property
    def window_geometry(self) -> QByteArray:
        value = self._store.value("window_geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @window_geometry.setter
    def window_geometry(self, value: QByteArray) -> None:
        self._store.setValue("window_geometry", value)

    @property
    def run_columns(self) -> QByteArray:
        """Of the table of runs: widths, order, which are hidden, and by which it is sorted."""
        value = self._store.value("run_columns")
        return value if isinstance(value, QByteArray) else QByteArray()

    @run_columns.setter
    def run_columns(self, value: QByteArray) -> None:
        self._store.setValue("run_columns", value)

    @property
    def run_columns_text_size(self) -> int:
        """In percent: the size of text that those widths are of."""
        value = self._text("run_columns_text_size")
        return int(value) if value.isdecimal() and int(value) else 100

    @run_columns_text_size.setter
    def run_columns_text_size(self, value: int) -> None:
        self._store.setValue("run_columns_text_size", str(value))

    @property
    def shown_comparison_columns(self) -> frozenset[str] | None:
        """The figures of a comparison's table that are shown, by their keys; None where nobody has
        chosen."""
        text = self._text("shown_comparison_columns")
        return frozenset(text.split(",")) if text else None

    @shown_comparison_columns.setter
    def shown_comparison_columns(self, value: frozenset[str]) -> None:
        text = ",".join(sorted(value)) or "none"
        self._store.setValue("shown_comparison_columns", text)

    def save(self) -> None:
        """Write at once what would be written soon."""
        self._store.sync()

    def _path(self, key: str) -> Path | None:
        text = self._text(key)
        if text == _STARTER:
            return paths.starter_model()
        if text.startswith(_IN_HOME):
            return paths.home() / text.removeprefix(_IN_HOME)
        return Path(text) if text else None

    def _text(self, key: str) -> str:
        value = self._store.value(key, "")
        return value if isinstance(value, str) else ""
