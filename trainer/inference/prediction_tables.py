"""Labelled photos, and the files that they are written to."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.data.zips import shown
from trainer.inference.prediction import Prediction, Ranked
from trainer.storage.atomic import replacing

COLUMNS = ("path", "label", "confidence", "unknown", "error", "corrected", "guess", "name")
"""``guess`` is the model's most probable class, which the confidence is of; ``name`` what the label
is called in the user's language."""

_FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9.]+\Z)")
"""How a cell begins that spreadsheets would compute, or worse; signed numbers are none."""

Add = Callable[["LabelledPhoto"], None]


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """A photo and what is on it: what the model says, or the user where they differ."""

    path: Path
    label: str | None
    """None where the model is not sure enough, or the photo cannot be read."""
    confidence: float | None
    """The model's, of its most probable class, also where the user corrected it."""
    unknown: bool
    error: str | None
    """Why the photo cannot be read."""
    corrected: bool = False
    top: tuple[Ranked, ...] = ()
    """The model's most probable classes, best first."""
    name: str | None = None
    """What the label is called in the user's language; None for the label itself."""

    @classmethod
    def of(cls, prediction: Prediction, correction: str | None = None) -> "LabelledPhoto":
        """What a model said of a photo, with what the user said instead."""
        answer = prediction.answer
        corrected = correction is not None
        return cls(
            path=prediction.path,
            label=correction if corrected else answer.label if answer else None,
            confidence=answer.confidence if answer else None,
            unknown=answer is not None and answer.unknown and not corrected,
            error=str(prediction.error) if prediction.error else None,
            corrected=corrected,
            top=answer.top if answer else (),
        )

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values: the keys of a prediction's, and ``corrected``."""
        return {
            "path": shown(self.path),
            "label": self.label,
            "confidence": self.confidence,
            "top": [
                {"label": ranked.label, "probability": ranked.probability} for ranked in self.top
            ],
            "unknown": self.unknown,
            "error": self.error,
            "corrected": self.corrected,
        }


def write_csv(path: Path, photos: Iterable[LabelledPhoto]) -> None:
    """Write a table that opens right in spreadsheets, whole or not at all.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    with csv_table(path) as add:
        for photo in photos:
            add(photo)


def write_json_lines(path: Path, photos: Iterable[LabelledPhoto]) -> None:
    """Write an object a photo, each on a line of its own, whole or not at all.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    with json_lines(path) as add:
        for photo in photos:
            add(photo)


@contextmanager
def csv_table(path: Path) -> Iterator[Add]:
    """Yield what adds a photo to a table that opens right in spreadsheets, Korean too.

    The table is there once the block ends, and not if it raises.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    with (
        replacing(path) as temporary,
        # Excel takes a file for UTF-8 by its byte order mark.
        temporary.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(COLUMNS)

        def add(photo: LabelledPhoto) -> None:
            guess = photo.top[0].label if photo.top else None
            values = photo.as_json() | {"guess": guess, "name": photo.name or photo.label}
            writer.writerow([_cell(values[column]) for column in COLUMNS])

        yield add


def _cell(value: str | float | bool | None) -> str | float | bool | None:
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return value


@contextmanager
def json_lines(path: Path) -> Iterator[Add]:
    """Yield what adds a photo to a file of JSON lines, with the keys that ``predict`` prints.

    The file is there once the block ends, and not if it raises.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    with (
        replacing(path) as temporary,
        # In JSON, what stands in for a name that is no text is an escape, and read as that name.
        temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file,
    ):

        def add(photo: LabelledPhoto) -> None:
            line = json.dumps(photo.as_json(), ensure_ascii=False, allow_nan=False)
            file.write(f"{line}\n")

        yield add
