"""Writing a model for another program."""

from collections.abc import Generator
from pathlib import Path

from trainer.data.class_names import Language
from trainer.data.dataset import read_data_set
from trainer.errors import TrainerError
from trainer.events import Preparing
from trainer.experiments.benchmark_model import held_out_split
from trainer.export.format import Exported, Format


def export_model(
    model: Path,
    kind: Format,
    target: Path,
    with_preprocessing: bool,
    language: Language,
    data: Path | None,
) -> Generator[Preparing, None, Exported]:
    """Write a model for another program, and check it; yields how far it is.

    Args:
        data: the data set that it learnt from, whose photos it is checked with.
    """
    from trainer.export.export import export

    photos: list[Path] = []
    if data is not None:
        try:
            data_set = yield from read_data_set(data)
            photos = [photo.path for photo in data_set.split(held_out_split(data_set))]
        except (TrainerError, OSError):
            pass  # Images of our own do as well.
    return (yield from export(model, kind, target, photos, with_preprocessing, language))
