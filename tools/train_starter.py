"""``python -m tools.train_starter PHOTOS BACKGROUND``: the recipe of the model that ships.

An EfficientNet-Lite that knows ImageNet learns the kinds of the photos, and holds on to what it
knows (see :mod:`trainer.models.joint_head`): kinds that only ImageNet has are known from the start.
Photos of one setting teach the setting as well, so it learns from three more sources: rendered
pictures; pieces cut out of the photos and laid before white, colours and other things; and what is
no kind at all: photos of other things, pieces of them laid out in the same ways, and the grounds
with nothing on them. Which of the pieces are any good is told by a first model, which learns
without. A second learns with them, and a third with the pieces of other things and the bare grounds
as well; what ships is the mean of these two. Cut off at any moment, the same command goes on where
it was. The result is stored in 16 bits.
"""

import argparse
import dataclasses
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
from PIL import Image

from trainer import paths, synthetic
from trainer.cli.output import Bar, progress
from trainer.cli.training_progress import print_events
from trainer.config.recipe import Recipe
from trainer.control import drain
from trainer.data.dataset import DataSet, Photo, images_in, open_data_set
from trainer.data.images import open_rgb
from trainer.errors import DatasetError, RecipeError, TrainerError
from trainer.evaluation.calibrate import calibrate, measure_growth
from trainer.evaluation.seen_images import seen_file, write_seen
from trainer.experiments.run import Run, create_run, open_run
from trainer.inference.predictor import Predictor
from trainer.models.growth import tensors_of
from trainer.models.imagenet_classes import not_among
from trainer.storage.atomic import replacing_folder
from trainer.storage.file_digests import digest_of
from trainer.storage.tensor_file import write_tensors
from trainer.synthetic.composites import background as bare_background
from trainer.synthetic.composites import composite
from trainer.synthetic.cutouts import Cutout, cut_out
from trainer.synthetic.scene import render_empty

TITLE = "Starter"
LICENCE = (
    "MIT (photos: Klasson et al., WACV 2019; rendered pictures: this project); Apache-2.0 "
    "(ImageNet weights of EfficientNet-Lite: Google)"
)
RENDERED_OF_A_KIND = 60
COMPOSITES_OF_A_KIND = 110
CHECKED_COMPOSITES_OF_A_KIND = 8
"""Put together of pieces of validation photos, to be validated with."""
GROWTH_PHOTOS = 20
"""Of each kind so many photos, and as many composites, tell what it looks like to the starter."""
OTHER_COMPOSITES = 400
"""Put together of pieces of other things."""
EMPTY_GROUNDS, BARE_BACKGROUNDS = 200, 100

FIRST_STAGE = Recipe(
    model="tf_efficientnet_lite2",
    weights="imagenet",
    strategy="layer4",
    head="joint",
    dropout=0.2,
    frozen_batchnorm="all",
    image_size=260,
    augmentation="strong",
    views=3,
    epochs=3,
    batch_size=32,
    learning_rate=5e-4,
    weight_decay=0.02,
    schedule="one_cycle",
    warm_up=0.15,
    patience=0,
    average_decay=0.995,
    retention_weight=1.0,
)
SECOND_STAGE = FIRST_STAGE.but(epochs=7, average_decay=0.998)
THIRD_STAGE = SECOND_STAGE.but(epochs=4, seed=1)
SHARES = (0.1, 0.9)
"""Of the second and the third stage in the mean of their weights that ships: of those tried, the
one with the lowest loss on validation photos and composites."""

_SAME_PHOTO_SHARE = 0.7
"""How many composites are of pieces of a single photo."""
_LEAST_PROBABILITY = 0.05
"""What the first model gives the label of a piece that is any good, and a place among its first
two."""
_OTHERS = 200
"""Photos of other things that composites are laid on."""
_EMPTY_GROUNDS_SEED = 1000
"""Other grounds than those that videos of the demo are rendered with."""
_SIDE = 300
"""Of a composite, in pixels."""
_QUALITY = 92


def with_imagenets_kinds(photos: DataSet) -> DataSet:
    """*photos*, with the kinds that ImageNet knows beside them as classes without photos."""
    classes = tuple(sorted((*photos.classes, *not_among(photos.classes))))
    place = [classes.index(name) for name in photos.classes]
    splits = {
        split: tuple(Photo(photo.path, place[photo.label]) for photo in of_split)
        for split, of_split in photos.splits.items()
    }
    return dataclasses.replace(photos, classes=classes, splits=splits)


def with_images(photos: DataSet, split: str, *added: DataSet) -> DataSet:
    """*photos*, with all pictures of other data sets in a split, as far as it has their classes."""
    label_of = {name: label for label, name in enumerate(photos.classes)}
    images = tuple(
        Photo(photo.path, label_of[other.classes[photo.label]])
        for other in added
        for photo in other.photos
        if other.classes[photo.label] in label_of
    )
    return _extended(photos, split, images)


def with_background(photos: DataSet, *folders: Path) -> DataSet:
    """*photos*, with pictures of other things to learn from."""
    others = tuple(Photo(path, photos.background) for path in images_in(folders))
    return _extended(photos, "train", others)


def _extended(photos: DataSet, split: str, added: tuple[Photo, ...]) -> DataSet:
    splits = {**photos.splits, split: photos.split(split) + added}
    return dataclasses.replace(photos, splits=splits)


def write_composites(
    folder: Path, photos: DataSet, split: str, judge: Path, background: Path, of_a_kind: int
) -> Iterator[tuple[int, int]]:
    """Put together pictures of pieces of the photos of a split; yields (done, in all).

    *folder* gets a folder a class, whole or not at all.

    Args:
        judge: the model that tells which pieces are any good.
        background: a folder of photos of other things.
    """
    from trainer.inference.engine_selection import prepare

    prepare(judge)
    predictor = Predictor(judge)
    labelled = [photo for photo in photos.split(split) if photo.label < len(photos.classes)]
    others = _some_of(background)
    pieces: dict[int, list[list[Cutout]]] = defaultdict(list)
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda pair: _pieces_of(pair[1].path, pair[0]), enumerate(labelled))
        for number, (photo, cutouts) in enumerate(zip(labelled, found, strict=True), start=1):
            if good := _good(predictor, cutouts, photos.classes[photo.label]):
                pieces[photo.label].append(good)
            yield number, 2 * len(labelled)
    random = np.random.default_rng(0)
    with replacing_folder(folder) as temporary:
        for number, (label, by_photo) in enumerate(sorted(pieces.items()), start=1):
            of_class = temporary / photos.classes[label]
            of_class.mkdir()
            together = [cutout for of_photo in by_photo for cutout in of_photo]
            for count in range(of_a_kind):
                same = by_photo[int(random.integers(len(by_photo)))]
                chosen = same if random.random() < _SAME_PHOTO_SHARE else together
                image = Image.fromarray(composite(chosen, others, _SIDE, random))
                image.save(of_class / f"{count:04}.jpg", quality=_QUALITY)
            done = len(labelled) * (1 + number / len(pieces))
            yield round(done), 2 * len(labelled)


def write_other_things(folder: Path, background: Path) -> Iterator[tuple[int, int]]:
    """Make more pictures of what is no kind; yields (done, in all). Without them, a model takes
    everything before white for produce, as nothing but produce was laid there.

    *folder* appears whole or not at all.

    Args:
        background: a folder of photos of other things, of which it has pieces.
    """
    others = _some_of(background)
    random = np.random.default_rng(1)
    total = len(others) + OTHER_COMPOSITES + EMPTY_GROUNDS + BARE_BACKGROUNDS
    done = 0
    cutouts: list[list[Cutout]] = []
    for photo in others:
        if found := cut_out(photo, random):
            cutouts.append(found)
        done += 1
        yield done, total
    with replacing_folder(folder) as temporary:
        for number in range(total - len(others)):
            if number < EMPTY_GROUNDS or not cutouts:
                image = render_empty(_EMPTY_GROUNDS_SEED + number, _SIDE)
            elif number < EMPTY_GROUNDS + BARE_BACKGROUNDS:
                image = np.clip(bare_background(others, _SIDE, random), 0, 255).astype(np.uint8)
            else:
                chosen = cutouts[int(random.integers(len(cutouts)))]
                image = composite(chosen, others, _SIDE, random)
            Image.fromarray(image).save(temporary / f"{number:04}.jpg", quality=_QUALITY)
            done += 1
            yield done, total


def _some_of(background: Path) -> list[np.ndarray]:
    """As many photos of a folder as are needed, evenly spread over it."""
    paths_in_order = list(images_in([background]))
    if not paths_in_order:
        raise DatasetError("There are no pictures in {places}.", places=background)
    step = max(1, len(paths_in_order) // _OTHERS)
    return [_read(path) for path in paths_in_order[::step][:_OTHERS]]


def _read(path: Path) -> np.ndarray:
    return np.asarray(open_rgb(path, at_least=_SIDE))


def _pieces_of(path: Path, seed: int) -> list[Cutout]:
    return cut_out(_read(path), np.random.default_rng(seed))


def _good(predictor: Predictor, cutouts: Sequence[Cutout], label: str) -> list[Cutout]:
    """Those that the model does not take for something else."""
    answers = [predictor.answer_image(cutout.on_white(), top=2) for cutout in cutouts]
    return [
        cutout
        for cutout, answer in zip(cutouts, answers, strict=True)
        if any(
            ranked.label == label and ranked.probability >= _LEAST_PROBABILITY
            for ranked in answer.top
        )
    ]


def averaged(models: Sequence[Path], shares: Sequence[float], target: Path) -> None:
    """Write the weighted mean of the weights of models that started from the same: on photos unlike
    those that they learnt from, it errs less than any of them (Wortsman et al., *Model soups*, ICML
    2022, and *Robust fine-tuning of zero-shot models*, CVPR 2022). What it says of its own
    certainty is to be fitted anew."""
    from trainer.models.model_file import load_model, save_model

    *others, (last, info) = [load_model(model) for model in models]
    mean = last.network.state_dict()
    for name, weights in mean.items():
        if weights.is_floating_point():
            mean[name] = shares[-1] * weights
            for (other, _), share in zip(others, shares, strict=False):
                mean[name] += share * other.network.state_dict()[name]
    last.network.load_state_dict(mean)
    save_model(target, last, info)


def ship(model: Path, photos: DataSet, target: Path) -> None:
    """Store a model in 16 bits, under the starter's name, with its accuracy on the
    validation photos alone: composites of their pieces say little to who reads it."""
    import torch

    from trainer.evaluation.evaluate import evaluate
    from trainer.models.model_file import load_model, save_model

    classifier, info = load_model(model)
    evaluation = drain(evaluate(Predictor(model), photos, photos.split("validation")))
    metrics = {
        "validation_accuracy": evaluation.accuracy,
        "validation_photos": evaluation.n,
        "best_epoch": info.metrics["best_epoch"],
        "trained_parameters": info.metrics["trained_parameters"],
    }
    shipped = dataclasses.replace(info, title=TITLE, licence=LICENCE, metrics=metrics)
    save_model(target, classifier, shipped, dtype=torch.float16)


def let_grow(target: Path, photos: DataSet, composites: DataSet) -> None:
    """Put into the starter what it needs to be taught more: of as many photos as composites, for
    what a user shows it lies before other grounds than the photos' shops."""
    both = (
        with_images(dataclasses.replace(photos, splits={"train": ()}), "train", composites),
        photos,
    )
    some = tuple(photo for source in both for photo in _first_of_each(source.split("train")))
    seen = dataclasses.replace(photos, splits={**photos.splits, "train": some})
    predictor = Predictor(target)
    growth = drain(measure_growth(predictor, seen, 2 * GROWTH_PHOTOS))
    assert growth is not None
    tensors = tensors_of(target) | growth.as_tensors()
    write_tensors(target, tensors, predictor.info.to_metadata())


def _first_of_each(photos: Sequence[Photo]) -> Iterator[Photo]:
    """As many photos of each class as there are to be at most."""
    counts: Counter[int] = Counter()
    for photo in photos:
        counts[photo.label] += 1
        if counts[photo.label] <= GROWTH_PHOTOS:
            yield photo


def _learn(recipe: Recipe, photos: DataSet, folder: Path, bar: Bar) -> Run:
    """Train, or go on training, in *folder*."""
    from trainer.training.fit import fit

    is_begun = (folder / "run.json").exists()
    run = open_run(str(folder)) if is_begun else create_run(recipe, photos.root, folder)
    if run.recipe != recipe:
        raise RecipeError(
            "“{folder}” holds a run already. Resume it, or choose another folder.", folder=folder
        )
    with closing(fit(run, photos)) as events:
        print_events(events, bar)
    return run


def _made(folder: Path, steps: Iterator[tuple[int, int]], bar: Bar) -> DataSet:
    """The data set in *folder*, made first where it is not there."""
    if not folder.is_dir():
        for bar.n, bar.total in steps:
            bar.refresh()
    return open_data_set(folder)


def make(photos_folder: Path, background: Path, out: Path, target: Path, bar: Bar) -> None:
    """Learn, or go on learning, and store the model in *target*.

    Raises:
        TrainerError: the photos cannot be used, or the weights cannot be had.
        OSError: the disk is full.
    """
    photos = with_imagenets_kinds(open_data_set(photos_folder))
    rendered = _made(
        out / "rendered",
        synthetic.write_data_set(out / "rendered", RENDERED_OF_A_KIND, kinds=synthetic.KINDS),
        bar,
    )
    first_photos = with_background(with_images(photos, "train", rendered), background)
    first = _learn(FIRST_STAGE, first_photos, out / "first", bar)

    def composites(split: str, of_a_kind: int) -> DataSet:
        folder = out / f"composites-{split}"
        steps = write_composites(folder, photos, split, first.model_file, background, of_a_kind)
        return _made(folder, steps, bar)

    learnt = with_images(first_photos, "train", composites("train", COMPOSITES_OF_A_KIND))
    checked = composites("validation", CHECKED_COMPOSITES_OF_A_KIND)
    second_photos = with_images(learnt, "validation", checked)
    second = _learn(SECOND_STAGE, second_photos, out / "second", bar)
    other = out / "other"
    if not other.is_dir():
        for bar.n, bar.total in write_other_things(other, background):
            bar.refresh()
    third = _learn(THIRD_STAGE, with_background(second_photos, other), out / "third", bar)
    model = out / "model.safetensors"
    averaged((second.model_file, third.model_file), SHARES, model)
    for step in calibrate(model, second_photos):
        bar.n, bar.total = step.done, step.total
        bar.refresh()
    ship(model, photos, target)
    let_grow(target, photos, composites("train", COMPOSITES_OF_A_KIND))
    seen = [*photos.split("train"), *rendered.photos]
    others = [photo for photo in first_photos.split("train") if photo.label == photos.background]
    digests = [digest_of(photo.path.read_bytes()) for photo in (*seen, *others)]
    write_seen(seen_file(target), digests)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools.train_starter", description=__doc__)
    parser.add_argument("photos", type=Path, help="the photos, in train/ and val/")
    parser.add_argument("background", type=Path, help="a folder of photos of other things")
    parser.add_argument(
        "--out", type=Path, default=Path("build/starter"), help="where the runs lie"
    )
    options = parser.parse_args()
    try:
        with progress() as bar:
            make(options.photos, options.background, options.out, paths.starter_model(), bar)
    except (TrainerError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(paths.starter_model())
    return 0


if __name__ == "__main__":
    sys.exit(main())
