"""Which score tells best that a photo shows produce of a kind that was never learnt.

``python benchmarks/near_unknowns.py PHOTOS BACKGROUND…``: kinds are left out, four at a time, a
model learns the rest as the starter does in its first stage, and is asked for those it never saw.
Of each score: the area under the ROC curve between right answers to validation photos and the
kinds left out (*near*) or the photos of ``--other`` (*far*); with the threshold that keeps 95% of
the right answers, how many of those get a label all the same. Means over the draws.
"""

import argparse
import dataclasses
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

# Run as a file, its folder is where Python looks, and not the project.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.rejection import KEPT, Seen, area_under_curve, look_at, photos_of, sum_of
from tools.train_starter import FIRST_STAGE, with_background, with_imagenets_kinds
from trainer.data.dataset import DataSet, Photo, images_in, open_data_set
from trainer.experiments.run import create_run
from trainer.inference.engine_selection import prepare
from trainer.inference.predictor import Predictor
from trainer.metrics.calibration import log_sum_exp, softmax
from trainer.models.ood_score import centred_norm, log_odds, mean_directions, nearest_cosine
from trainer.training.fit import fit

LEFT_OUT = 4
"""Kinds a draw."""

Score = Callable[[Seen], np.ndarray]


def without(photos: DataSet, kinds: Sequence[str]) -> DataSet:
    """*photos* as if some kinds were not there."""
    classes = tuple(name for name in photos.classes if name not in kinds)
    splits = {
        split: tuple(
            Photo(photo.path, classes.index(photos.classes[photo.label]))
            for photo in of_split
            if photos.classes[photo.label] in classes
        )
        for split, of_split in photos.splits.items()
    }
    return dataclasses.replace(photos, classes=classes, splits=splits)


def learnt_without(
    photos: DataSet, background: Sequence[Path], epochs: int, folder: Path
) -> Predictor:
    """A model of *photos*, taught as the starter's first stage is, in *folder*."""
    data_set = with_background(photos, *background)
    run = create_run(FIRST_STAGE.but(epochs=epochs), photos.root, folder)
    with closing(fit(run, data_set)) as events:
        for _ in events:
            pass
    prepare(run.model_file)
    return Predictor(run.model_file)


def logit(probability: np.ndarray) -> np.ndarray:
    sure = np.clip(probability.astype(np.float64), 1e-12, 1 - 1e-12)
    result: np.ndarray = np.log(sure) - np.log1p(-sure)
    return result


def scores(learnt: Seen, held_out: Seen, temperature: float, classes: int) -> dict[str, Score]:
    """Each the higher, the more familiar."""
    means = mean_directions(learnt.features, learnt.labels, classes)
    singles: dict[str, Score] = {
        "maximum softmax": lambda seen: logit(softmax(seen.logits / temperature).max(axis=1)),
        "log-odds against all others and the background": lambda seen: log_odds(seen.logits),
        "maximum logit": lambda seen: seen.logits.max(axis=1),
        "energy": lambda seen: log_sum_exp(seen.logits),
        "norm of centred logits": lambda seen: centred_norm(seen.logits),
        "cosine to class mean": lambda seen: nearest_cosine(seen.features, means),
    }
    names = tuple(singles)
    pairs = {
        f"{first} + {second}": sum_of(singles[first], singles[second], held_out)
        for number, first in enumerate(names)
        for second in names[number + 1 :]
    }
    return singles | pairs


def judged(right: np.ndarray, strange: np.ndarray, threshold: float) -> tuple[float, float]:
    """The area under the ROC curve, and how many strangers get a label."""
    return area_under_curve(right, strange), float((strange >= threshold).mean())


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument(
        "background", type=Path, nargs="+", help="folders of other things, to learn from"
    )
    parser.add_argument("--other", type=Path, help="a folder of other things, to be asked for")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=FIRST_STAGE.epochs)
    parser.add_argument("--json", action="store_true", help="print one object last")
    options = parser.parse_args(arguments)
    # Where a kind is left out, what ImageNet knows of it is left out, too.
    photos = with_imagenets_kinds(open_data_set(options.photos))
    kinds = sorted({photos.classes[photo.label] for photo in photos.photos})
    found: dict[str, list[tuple[float, ...]]] = {}
    for draw in range(options.draws):
        random = np.random.default_rng(draw)
        left_out = sorted(random.permutation(kinds)[:LEFT_OUT].tolist())
        known = without(photos, left_out)
        with tempfile.TemporaryDirectory() as folder:
            predictor = learnt_without(
                known, options.background, options.epochs, Path(folder) / "run"
            )
            classes = predictor.info.classes
            learnt = look_at(predictor, photos_of(known, "train", classes)[::3])
            held_out = look_at(predictor, photos_of(known, "validation", classes))
            near = look_at(
                predictor,
                [(p.path, -1) for p in photos.photos if photos.classes[p.label] in left_out],
            )
            other = images_in([options.other]) if options.other else ()
            far = look_at(predictor, [(path, -1) for path in other]) if options.other else None
        print(
            f"without {', '.join(left_out)}: {held_out.right.mean():.1%} of "
            f"{len(held_out.labels)} right, {len(near.labels)} left out",
            flush=True,
        )
        table = scores(learnt, held_out, predictor.info.temperature, len(classes))
        for name, score in table.items():
            right = score(held_out)[held_out.right]
            threshold = np.quantile(right, 1 - KEPT)
            found.setdefault(name, []).append(
                tuple(
                    figure
                    for unknown in (near, far)
                    if unknown is not None
                    for figure in judged(right, score(unknown), threshold)
                )
            )
    means = {name: np.mean(values, axis=0).tolist() for name, values in found.items()}
    kinds_of_unknown = ("near", "far") if options.other else ("near",)
    print(
        f"{'':72}" + "".join(f"{f'AUROC {kind}':>12}{'accepted':>10}" for kind in kinds_of_unknown)
    )
    for name, figures in means.items():
        pairs = zip(figures[::2], figures[1::2], strict=True)
        print(f"{name:72}" + "".join(f"{area:12.3f}{share:10.1%}" for area, share in pairs))
    if options.json:
        print(json.dumps({"draws": options.draws, "scores": means}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
