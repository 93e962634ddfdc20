"""What the user chose, kept between sessions. Nothing else uses QSettings."""

import hashlib
from pathlib import Path
from typing import Literal, cast, get_args

from PySide6.QtCore import QByteArray, QSettings

from trainer.model_info import ModelInfo

Language = Literal["system", "en", "ko"]
Appearance = Literal["system", "light", "dark"]


def _threshold_key(model: Path, info: ModelInfo) -> str:
    # Another model may come to lie in the same place, and slashes would make groups of a path.
    text = f"{model} {info.created} {bool(info.familiar_scores)}"
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
    return f"thresholds/{digest[:16]}"


class Settings:
    """Typed access to the stored choices; what is stored is checked, for users may edit it."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings()

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
    def model_in_use(self) -> Path | None:
        """The chosen model's file; None for the starter."""
        text = self._text("model_in_use")
        return Path(text) if text else None

    @model_in_use.setter
    def model_in_use(self, value: Path | None) -> None:
        self._store.setValue("model_in_use", str(value) if value else "")

    def threshold_of(self, model: Path, info: ModelInfo) -> float | None:
        """From which familiarity on a model's answers are sure; None where nobody has chosen."""
        try:
            value = float(self._text(_threshold_key(model, info)))
        except ValueError:
            return None
        return value if 0 <= value <= 1 else None

    def set_threshold_of(self, model: Path, info: ModelInfo, value: float) -> None:
        self._store.setValue(_threshold_key(model, info), str(value))

    @property
    def last_folder(self) -> str:
        """Where the last file dialog was left."""
        return self._text("last_folder")

    @last_folder.setter
    def last_folder(self, value: str) -> None:
        self._store.setValue("last_folder", value)

    @property
    def camera_source(self) -> str:
        return self._text("camera_source")

    @camera_source.setter
    def camera_source(self, value: str) -> None:
        self._store.setValue("camera_source", value)

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

    def _text(self, key: str) -> str:
        value = self._store.value(key, "")
        return value if isinstance(value, str) else ""
