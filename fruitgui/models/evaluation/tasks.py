"""Short tasks: evaluating models, and looking closely at a photo."""

import threading
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtGui import QImage

from fruitgui.qimages import extended, to_grey_image
from fruitgui.workers.label_edits import KeptEdits
from trainer.control import relay
from trainer.data import synonyms
from trainer.data.class_matching import match_classes, matching_note
from trainer.data.dataset import DataSet, read_data_set
from trainer.data.images import open_upright
from trainer.errors import TrainerError
from trainer.evaluation.result import Evaluation
from trainer.evaluation.seen_images import seen_by
from trainer.events import PhotoSkipped, Preparing
from trainer.experiments.run import split_rule_of
from trainer.models.metadata import read_model_info

if TYPE_CHECKING:
    from trainer.inference.grad_cam import Head
    from trainer.inference.predictor import Predictor

_HEAT_MAP_SIDE = 160
_SECONDS_BETWEEN_TRIES = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class EvaluatedModel:
    """A model's answers to labelled photos, and all that a page needs to show them."""

    model: Path
    data: DataSet
    split: str
    """``all``, or one of the data set's."""
    asked_split: str | None
    """What was asked for: None let it choose."""
    evaluation: Evaluation
    skipped: tuple[PhotoSkipped, ...]
    """Photos that cannot be read, or are of classes that the model does not know."""
    doubles: frozenset[Path]
    """Those of the photos that are, or nearly are, among those of an earlier split."""
    kept: KeptEdits
    groups: synonyms.Groups
    """The groups of synonyms as far as the model knows them."""
    all_groups: synonyms.Groups
    """The user's groups."""
    matching_note: TrainerError | None = None
    """Which classes count as the model's though they are written otherwise."""


def evaluate_model(
    model: Path, data: Path, split: str | None, is_all_asked_for: bool | None = None
) -> Generator[Any, None, EvaluatedModel]:
    """Yields how far it is; returns what came of it.

    Args:
        split: None chooses: see :func:`trainer.evaluation.evaluate.photos_to_evaluate`.
        is_all_asked_for: whether photos that it has learnt from count; None: if *split* is all.
    """
    from trainer.evaluation.doubles import doubles
    from trainer.evaluation.evaluate import ALL, evaluate, photos_to_evaluate
    from trainer.inference.engine_selection import prepare_for
    from trainer.inference.predictor import Predictor

    data_set = yield from read_data_set(data, with_doubles=True, split_rule=split_rule_of(model))
    kept = KeptEdits.of(data_set.root)
    info = read_model_info(model)
    chosen, photos = photos_to_evaluate(data_set, split, info)
    prepare_for(model, len(photos))
    yield
    predictor = Predictor(model)
    skipped: list[PhotoSkipped] = []
    asked_for_all = split == ALL if is_all_asked_for is None else is_all_asked_for
    learnt = () if asked_for_all else seen_by(model, chosen)

    def note(event: Preparing | PhotoSkipped) -> Preparing | PhotoSkipped:
        if isinstance(event, PhotoSkipped):
            skipped.append(event)
        return event

    evaluation = yield from relay(evaluate(predictor, data_set, photos, learnt), note)
    doubled = yield from doubles(data_set, chosen)
    groups = synonyms.read_groups()
    return EvaluatedModel(
        model=model,
        data=data_set,
        split=chosen,
        asked_split=split,
        evaluation=evaluation,
        skipped=tuple(skipped),
        kept=kept,
        doubles=frozenset(evaluation.paths) & doubled,
        groups=synonyms.groups_among(evaluation.classes, groups),
        all_groups=groups,
        matching_note=matching_note(match_classes(data_set.classes, info.classes)),
    )


def keep_groups(groups: synonyms.Groups) -> synonyms.Groups:
    """Keep the user's groups of synonyms; returns them."""
    synonyms.write_groups(groups)
    return groups


@dataclass(frozen=True, slots=True)
class SeenAt:
    """Where a model sees a class on a photo."""

    model: Path
    path: Path
    label: str
    heat: QImage
    """Grey, of the photo's aspect ratio where the model crops; null where there is none."""


class Explainer:
    """Makes heat maps with whatever model; the last one stays loaded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: tuple[tuple[Path, int, int], Predictor, Head] | None = None

    def heat_map(self, model: Path, path: Path, label: str) -> Generator[None, None, SeenAt]:
        """Returns where *model* sees the class *label*."""
        yield
        # One at a time. Whoever is not waited for any more gives up here.
        while not self._lock.acquire(timeout=_SECONDS_BETWEEN_TRIES):
            yield
        try:
            yield
            image = self._heat_map(model, path, label)
        finally:
            self._lock.release()
        return SeenAt(model, path, label, image)

    def forget(self) -> None:
        """Keep no model in memory. A heat map that is under way keeps its own."""
        self._loaded = None

    def _heat_map(self, model: Path, path: Path, label: str) -> QImage:
        from trainer.data.transforms import square
        from trainer.inference.grad_cam import look_closely, read_head
        from trainer.inference.predictor import Predictor

        # Training that is gone on with writes to the same place.
        status = model.stat()
        identity = (model, status.st_size, status.st_mtime_ns)
        loaded = self._loaded
        if loaded is None or loaded[0] != identity:
            predictor = Predictor(model)
            loaded = (identity, predictor, read_head(model, predictor.info))
            self._loaded = loaded
        _, predictor, head = loaded
        info = predictor.info
        if label not in info.classes:
            return QImage()
        photo = open_upright(path, at_least=info.image_size)
        seen = look_closely(predictor.engine, head, square(photo, info.image_size, info.resize))
        heat = seen.heat_map(info.classes.index(label), _HEAT_MAP_SIDE)
        image = to_grey_image(np.round(heat * 255).astype(np.uint8))
        return extended(image, *photo.size) if info.resize == "crop" else image
