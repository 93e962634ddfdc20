"""Evaluating a model beside the GUI thread."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fruitgui.workers.label_edits import KeptEdits
from trainer.control import relay
from trainer.data import synonyms
from trainer.data.class_matching import match_classes, matching_note
from trainer.data.dataset import DataSet, read_data_set
from trainer.errors import TrainerError
from trainer.evaluation.result import Evaluation
from trainer.evaluation.seen_images import seen_by
from trainer.events import PhotoSkipped, Preparing
from trainer.experiments.run import split_rule_of
from trainer.models.metadata import read_model_info


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
