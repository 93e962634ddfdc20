"""Which of the photos that a model was evaluated on are looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from trainer.evaluation.result import EvaluatedPhoto, Evaluation

Kind = Literal["mistakes", "losses", "unknown", "cell", "bin", "mended", "broken", "changed"]


@dataclass(frozen=True, slots=True)
class PhotoSelection:
    """Photos of one kind, the worst first.

    *mended* are wrong before and right now, *broken* the other way round; *changed* are those whose
    label the user has changed.
    """

    kind: Kind = "mistakes"
    label: str | None = None
    """Of a *cell*: the true class; None for any."""
    answer: str | None = None
    bin: int = 0
    """Of a *bin*: a bar of the reliability diagram."""


def selected_photos(
    selection: PhotoSelection,
    evaluation: Evaluation,
    before: Mapping[Path, EvaluatedPhoto],
    changed: frozenset[Path],
) -> list[EvaluatedPhoto]:
    """The photos of a selection.

    Args:
        before: what another model said of each photo, by the labels of now.
        changed: photos whose label or split the user has changed.
    """
    match selection.kind:
        case "mistakes":
            indices = evaluation.confident_mistakes
        case "unknown":
            indices = evaluation.unknown
        case "cell":
            known = {selection.label, selection.answer} <= {*evaluation.classes, None}
            indices = evaluation.in_cell(selection.label, selection.answer) if known else []
        case "bin":
            indices = evaluation.in_bin(selection.bin)
        case _:
            indices = evaluation.top_losses
    photos = [evaluation.photo(index) for index in indices]
    if selection.kind == "changed":
        return [photo for photo in photos if photo.path in changed]
    if selection.kind in ("mended", "broken"):
        is_right = selection.kind == "mended"
        return [
            photo
            for photo in photos
            if photo.is_right is is_right
            and (earlier := before.get(photo.path)) is not None
            and earlier.is_right is not is_right
        ]
    return photos
