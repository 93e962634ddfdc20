"""Whether an export answers as the model that it was made of."""

import json
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from trainer.data.transforms import square
from trainer.errors import ExportError
from trainer.events import Preparing
from trainer.export.check_images import check_images
from trainer.export.format import Format
from trainer.export.metadata import metadata_of
from trainer.export.runtimes import ExportedModel, load_export
from trainer.inference.engine import Outputs
from trainer.inference.predictor import BATCH_SIZE, Predictor
from trainer.inference.torch_engine import TorchEngine
from trainer.metrics.calibration import softmax
from trainer.models.metadata import ModelInfo
from trainer.models.model_file import load_model
from trainer.runtime.device import Compute

PHOTOS = 100
"""How many an export is checked with."""
LARGEST_DIFFERENCE = 1e-3
"""That probabilities may differ by."""
LARGEST_FAMILIARITY_DIFFERENCE = 5e-3
TIE = 2 * LARGEST_DIFFERENCE
"""Classes whose probabilities lie so close are level: either may come first."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How close the answers of an export and its model are."""

    photos: int
    largest_difference: float
    """Between two probabilities of one class."""
    largest_logit_difference: float
    """The same, of probabilities made of the export's logits with the temperature that it says."""
    largest_familiarity_difference: float
    """0 of a model that was not calibrated."""
    ties: int
    """Photos that were named otherwise, where the model had both classes level (:data:`TIE`)."""
    mistakes: int
    """Photos that were named otherwise where it had not."""
    of_yours: int = 0
    """How many of the photos were the user's."""


def check(
    model_file: Path,
    export_file: Path,
    format: Format,
    with_preprocessing: bool,
    photos: Sequence[Path] = (),
    count: int = PHOTOS,
) -> Generator[Preparing, None, Agreement]:
    """Let a model and its export answer the same photos, and compare.

    The model answers as the app does, with torch in float32: engines that compute in 16 bits differ
    by more among themselves. The export is read from disk and run by its own runtime. Each photo is
    decoded once, for both; without preprocessing, the export gets what its own metadata say. Those
    must be the model's own, and lead from its logits to the same probabilities.

    Args:
        photos: to take some of; where fewer than *count* can be read, more are made.
        count: how many are answered.

    Raises:
        ExportError: they do not agree, or the export says of itself what the model does not.
        ModelFileError: the model is missing, damaged, or not one of this app.
        Exception: of whatever type the runtime raises where it cannot read or run the export.
    """
    predictor = _in_float32(model_file)
    info = predictor.info
    exported = load_export(export_file, format)
    _require_metadata(exported, info, with_preprocessing)
    parts: list[Agreement] = []
    done = of_yours = 0
    chosen = check_images(photos, count, at_least=info.image_size)
    # A photo alone, then several at a time: the number of images must not be fixed.
    while batch := list(islice(chosen, BATCH_SIZE if done else 1)):
        images = [each.image for each in batch]
        squares = [square(image, info.image_size, info.resize) for image in images]
        ours = predictor.outputs(squares)
        theirs = (
            _each_photo(exported, images)
            if with_preprocessing
            else exported.run(_normalised(squares, exported))
        )
        parts.append(_compare(predictor, ours, theirs, exported.metadata["temperature"]))
        done += len(batch)
        of_yours += sum(each.is_yours for each in batch)
        yield Preparing("export", done, count)
    agreement = Agreement(
        photos=done,
        largest_difference=_largest(part.largest_difference for part in parts),
        largest_logit_difference=_largest(part.largest_logit_difference for part in parts),
        largest_familiarity_difference=_largest(
            part.largest_familiarity_difference for part in parts
        ),
        ties=sum(part.ties for part in parts),
        mistakes=sum(part.mistakes for part in parts),
        of_yours=of_yours,
    )
    _require(agreement)
    return agreement


def _in_float32(model_file: Path) -> Predictor:
    compute = Compute(torch.device("cpu"), torch.float32)
    return Predictor(model_file, engine=TorchEngine(*load_model(model_file), compute))


def _each_photo(exported: ExportedModel, photos: Sequence[Image.Image]) -> list[np.ndarray]:
    """The outputs for photos of any sizes, one after another."""
    rows = [exported.run(np.array(photo)) for photo in photos]
    return [np.concatenate(output) for output in zip(*rows, strict=True)]


def _normalised(squares: Sequence[np.ndarray], exported: ExportedModel) -> np.ndarray:
    """uint8 squares (S, S, 3) as the export's metadata ask for them: float32 (N, 3, S, S)."""
    wanted = exported.metadata["input"]
    scaled = np.stack(squares) * wanted["scale"]
    normalised = (scaled - wanted["mean"]) / wanted["std"]
    return np.ascontiguousarray(normalised.transpose(0, 3, 1, 2), dtype=np.float32)


def _compare(
    predictor: Predictor, ours: Outputs, theirs: Sequence[np.ndarray], temperature: float
) -> Agreement:
    probabilities = predictor.probabilities(ours.logits)
    photos = len(probabilities)
    if theirs[0].shape != probabilities.shape or theirs[1].shape != probabilities.shape:
        return Agreement(photos, 1.0, 1.0, 0.0, ties=0, mistakes=photos)
    answers, named = probabilities.argmax(axis=1), theirs[0].argmax(axis=1)
    differs = answers != named
    rows = np.arange(photos)
    is_level = probabilities[rows, answers] - probabilities[rows, named] <= TIE
    with np.errstate(invalid="ignore", over="ignore"):  # What is not a number is refused below.
        from_logits = softmax(theirs[1] / np.float32(temperature), predictor.info.knows_background)
    familiarity_difference = 0.0
    if predictor.info.familiar_scores:
        familiarity = predictor.familiarity(ours.logits, ours.features)
        familiarity_difference = float(np.abs(familiarity - theirs[2]).max())
    return Agreement(
        photos=photos,
        largest_difference=float(np.abs(probabilities - theirs[0]).max()),
        largest_logit_difference=float(np.abs(probabilities - from_logits).max()),
        largest_familiarity_difference=familiarity_difference,
        ties=int((differs & is_level).sum()),
        mistakes=int((differs & ~is_level).sum()),
    )


def _largest(values: Iterable[float]) -> float:
    """Unlike ``max``, not a number if one of them is none."""
    return float(np.max(list(values)))


def _require_metadata(exported: ExportedModel, info: ModelInfo, with_preprocessing: bool) -> None:
    """Raises: ExportError: the export's are not the model's, to the last digit."""
    wrong = [
        name
        for name, value in metadata_of(info, with_preprocessing).items()
        if _as_text(exported.metadata.get(name)) != _as_text(value)
    ]
    if wrong:
        raise ExportError(
            "What the export says of itself is not what the model says ({fields}). It was not "
            "kept; choose another format.",
            fields=", ".join(wrong),
        )


def _as_text(value: Any) -> str:
    """Of JSON; alike for figures that are not a number too, which are unlike themselves."""
    return json.dumps(value, sort_keys=True)


def _require(agreement: Agreement) -> None:
    """Raises: ExportError: it is too little."""
    # Written so that what is not a number is refused too.
    if not (agreement.largest_difference <= LARGEST_DIFFERENCE) or agreement.mistakes:
        raise ExportError(
            "The export does not answer as the model does: probabilities differ by up to "
            "{difference}, and {mistakes} of {count} photos get another label. It was not kept; "
            "choose another format.",
            difference=f"{agreement.largest_difference:.2g}",
            mistakes=agreement.mistakes,
            count=agreement.photos,
        )
    if not (agreement.largest_logit_difference <= LARGEST_DIFFERENCE):
        raise ExportError(
            "The export's logits are not the model's: divided by the temperature, their softmax "
            "differs from the probabilities by up to {difference}. It was not kept; choose "
            "another format.",
            difference=f"{agreement.largest_logit_difference:.2g}",
        )
    if not (agreement.largest_familiarity_difference <= LARGEST_FAMILIARITY_DIFFERENCE):
        raise ExportError(
            "The export decides “not sure” otherwise than the model: familiarity differs by up "
            "to {difference}. It was not kept; choose another format.",
            difference=f"{agreement.largest_familiarity_difference:.2g}",
        )
