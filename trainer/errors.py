"""Errors that a user can cause. Each is one clear sentence that says what to do next."""

import json
from typing import Any


class TrainerError(Exception):
    """Base of all errors that a user can cause.

    The sentence is kept as a template and its details, so that a window can translate the template
    and then fill it in; ``str(error)`` is the English sentence.
    """

    def __init__(self, template: str, **details: object) -> None:
        super().__init__(template, details)
        self.template = template
        self.details = details

    def __str__(self) -> str:
        return self.template.format(**self.details)

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions are pickled by their arguments, and ours has keywords.
        return _rebuild, (type(self), self.template, self.details)

    def to_json(self) -> str:
        """Template and details, to be kept; :func:`error_from_json` reads it, in any language."""
        return json.dumps(_as_json(self))


def error_from_json(text: str) -> TrainerError:
    """What :meth:`TrainerError.to_json` kept; of anything else, a sentence that is this text."""
    try:
        found = json.loads(text)
        error = _of_json(found)
        str(error)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return TrainerError(text.replace("{", "{{").replace("}", "}}"))
    return error


def _as_json(error: TrainerError) -> dict[str, Any]:
    details = {
        name: _as_json(value)
        if isinstance(value, TrainerError)
        else value
        if isinstance(value, str | int | float)
        else str(value)
        for name, value in error.details.items()
    }
    return {"template": error.template, "details": details}


def _of_json(found: Any) -> TrainerError:
    details = {
        name: _of_json(value) if isinstance(value, dict) else value
        for name, value in found["details"].items()
    }
    return TrainerError(found["template"], **details)


def _rebuild(kind: type[TrainerError], template: str, details: dict[str, object]) -> TrainerError:
    return kind(template, **details)


class ImageError(TrainerError):
    """A file is not an image that can be read."""


class DatasetError(TrainerError):
    """A folder or zip is not a usable data set."""


class DataNotFoundError(DatasetError):
    """A data set is not where it was looked for, or another lies there."""


class UnsortedPhotosError(DatasetError):
    """A folder or zip has no two class folders: if it holds photos, their labels are elsewhere."""


class TooFewClassesLeftError(DatasetError):
    """The user's label edits leave a data set fewer than two classes."""


class RecipeError(TrainerError):
    """A choice in a recipe is not possible."""


class ModelFileError(TrainerError):
    """A model file is missing, damaged, or not one of ours."""


class ExportError(TrainerError):
    """A model cannot be exported, or the export does not answer as the model does."""


class WeightsError(TrainerError):
    """Pretrained weights could not be had, or do not fit the architecture."""


class DamagedWeightsError(WeightsError):
    """A file of pretrained weights is damaged, or was never one."""


class StorageError(TrainerError):
    """The disk is full, or a folder cannot be written to."""

    @classmethod
    def of(cls, error: OSError) -> "StorageError":
        return cls(
            "The disk refused to store “{path}” ({detail}). Make room, or choose another folder.",
            path=error.filename or "?",
            detail=error.strerror or error,
        )


class DeviceError(TrainerError):
    """The chosen device is not on this machine, or ran out of memory."""
