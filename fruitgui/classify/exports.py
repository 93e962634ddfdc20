"""Writing labels and photos: tables, sorted copies, corrections for a data set."""

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from trainer.data import corrections
from trainer.data.corrections import Added
from trainer.inference import sorted_copies
from trainer.inference.prediction_tables import LabelledPhoto, write_csv, write_json_lines
from trainer.inference.sorted_copies import Copied, PlannedCopy

TableKind = Literal["csv", "json_lines"]


def write_table(photos: Sequence[LabelledPhoto], file: Path, kind: TableKind) -> Path:
    """Write labels as a table for spreadsheets, or as JSON lines; returns the file."""
    (write_csv if kind == "csv" else write_json_lines)(file, photos)
    return file


def plan_copies(
    photos: Sequence[LabelledPhoto], folder: Path, classes: Sequence[str]
) -> tuple[Path, list[PlannedCopy]]:
    """Returns *folder*, and what copies there would be in it, sorted into a folder a label.

    Args:
        classes: the model's.
    """
    sorted_copies.check(folder)
    return folder, sorted_copies.plan(photos, folder, classes=classes)


def make_copies(
    folder: Path, planned: Sequence[PlannedCopy]
) -> Generator[tuple[int, int], None, tuple[Path, Copied]]:
    """Make copies that were planned for *folder*; yields (done, total), returns the folder too."""
    return folder, (yield from sorted_copies.copy(planned))


def add_corrections(
    labels: Mapping[Path, str], folder: Path
) -> Generator[tuple[int, int], None, tuple[Path, Added]]:
    """Copy corrected photos into the data set in *folder*; yields (done, total), returns the
    folder too."""
    return folder, (yield from corrections.add_to_data_set(labels, folder))
