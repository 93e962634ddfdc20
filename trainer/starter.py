"""``python -m trainer.starter DATA TEACHER``: the recipe of the model that ships with the app.

A MobileNetV2 learns, from random weights, to see and answer as a teacher does, on photos and on
rendered pictures of the same kinds: first block by block, then end to end, then once more on
mixtures of pictures. Cut off at any moment, the same command goes on from the last epoch. The
result is stored in 16 bits.
"""

import argparse
import dataclasses
import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path

from trainer import demo, paths
from trainer.commands.output import Bar, progress
from trainer.commands.training import print_events
from trainer.dataset import DataSet, Photo, open_data_set
from trainer.errors import TrainerError
from trainer.recipe import Recipe
from trainer.run import Run, create_run, open_run

TITLE = "Starter"
LICENCE = "MIT (photos: Klasson et al., WACV 2019; rendered pictures: this project)"
PICTURES_PER_KIND = 40

FIRST_STAGE = Recipe(
    model="mobilenet_v2",
    weights="none",
    strategy="full",
    head="linear",
    dropout=0.0,
    rate_decay=1.0,
    image_size=128,
    augmentation="strong",
    epochs=40,
    batch_size=32,
    learning_rate=3e-3,
    weight_decay=1e-3,
    schedule="one_cycle",
    warm_up=0.05,
    patience=0,
    average_decay=0.998,
    hint_weight=0.2,
    block_wise_epochs=10,
)
SECOND_STAGE = FIRST_STAGE.but(
    epochs=25,
    learning_rate=2e-3,
    warm_up=0.1,
    average_decay=0.999,
    hint_weight=0.1,
    mixed_share=0.5,
    block_wise_epochs=0,
)


def with_rendered_pictures(photos: DataSet, rendered: DataSet) -> DataSet:
    """*photos*, with the rendered pictures of classes that it has among those to learn from."""
    label_of = {name: label for label, name in enumerate(photos.classes)}
    added = tuple(
        Photo(photo.path, label_of[rendered.classes[photo.label]])
        for photo in rendered.photos
        if rendered.classes[photo.label] in label_of
    )
    splits = {**photos.splits, "train": photos.split("train") + added}
    return dataclasses.replace(photos, splits=splits)


def teacher_file(weights: Path, classes: Sequence[str], folder: Path) -> Path:
    """A model file of the teacher's bare weights."""
    from trainer.import_model import from_state_dict
    from trainer.model_file import save_model

    classifier, info = from_state_dict(weights, classes, FIRST_STAGE.image_size)
    path = folder / "teacher.safetensors"
    save_model(path, classifier, info)
    return path


def ship(run: Run, target: Path) -> None:
    """Store the run's best model in 16 bits, under the starter's name."""
    import torch

    from trainer.model_file import load_model, save_model

    classifier, info = load_model(run.model_file)
    shipped = dataclasses.replace(info, title=TITLE, licence=LICENCE)
    save_model(target, classifier, shipped, dtype=torch.float16)


def _rendered(folder: Path) -> Generator[tuple[int, int], None, DataSet]:
    if not folder.is_dir():
        yield from demo.write_data_set(folder, PICTURES_PER_KIND, kinds=demo.KINDS)
    return open_data_set(folder)


def _learn(recipe: Recipe, photos: DataSet, folder: Path, bar: Bar) -> Run:
    """Train, or go on training, in *folder*."""
    from trainer.fit import fit

    is_begun = (folder / "run.json").exists()
    run = open_run(str(folder)) if is_begun else create_run(recipe, photos.root, folder)
    with closing(fit(run, photos)) as events:
        print_events(events, bar)
    return run


def main() -> int:
    parser = argparse.ArgumentParser(prog="trainer.starter", description=__doc__)
    parser.add_argument("data", type=Path, help="the photos, in train/ and val/")
    parser.add_argument("teacher", type=Path, help="bare MobileNetV2 weights of the same classes")
    parser.add_argument(
        "--out", type=Path, default=Path("build/starter"), help="where the runs lie"
    )
    options = parser.parse_args()
    out: Path = options.out
    try:
        photos = open_data_set(options.data)
        with progress() as bar:
            steps = _rendered(out / "pictures")
            while True:
                try:
                    bar.n, bar.total = next(steps)
                    bar.refresh()
                except StopIteration as end:
                    rendered: DataSet = end.value
                    break
            learnt = with_rendered_pictures(photos, rendered)
            teacher = str(teacher_file(options.teacher, photos.classes, out).resolve())
            first = _learn(FIRST_STAGE.but(teacher=teacher), learnt, out / "first", bar)
            weights = str(first.model_file.resolve())
            second = _learn(
                SECOND_STAGE.but(teacher=teacher, weights=weights), learnt, out / "second", bar
            )
        ship(second, paths.starter_model())
    except TrainerError as error:
        print(error, file=sys.stderr)
        return 1
    print(paths.starter_model())
    return 0


if __name__ == "__main__":
    sys.exit(main())
