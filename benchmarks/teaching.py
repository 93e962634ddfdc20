"""Teaching a finished model more kinds, against training all of them together.

``python benchmarks/teaching.py PHOTOS [--web FOLDER] [--others FOLDER]``: in each draw a model
learns all kinds but four, as the *quick* preset does; then it is taught these from 5, 10 and 20
photos each. Beside it, the same preset learns all kinds at once, of the four only these photos. Of
the validation photos: how much worse the old kinds are named than before, how many of the new
kinds' are right, how often either is *not sure*, and how long the lesson took. With ``--others``,
how many photos of what is no produce are *not sure*, before and after. With ``--web``, photos from
elsewhere that the starter knows the kinds of: half of them corrected, the other half asked.
"""

import argparse
import dataclasses
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

# Run as a file, its folder is where Python looks, and not the project.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.domains import class_of
from benchmarks.near_unknowns import without
from trainer import paths
from trainer.config.presets import PRESETS
from trainer.control import drain
from trainer.data.dataset import DataSet, Photo, images_in, open_data_set
from trainer.experiments.run import create_run
from trainer.inference.engine_selection import prepare
from trainer.inference.predictor import Predictor
from trainer.teaching.teach import teach
from trainer.training.fit import fit

NEW_KINDS = 4
PHOTOS_A_KIND = (5, 10, 20)


@dataclasses.dataclass(frozen=True, slots=True)
class Answers:
    """Of old and new kinds: the shares that are right, and *not sure*."""

    old: float
    new: float
    old_unsure: float
    new_unsure: float


def learnt(data_set: DataSet, folder: Path) -> Predictor:
    """A model of the *quick* preset."""
    run = create_run(PRESETS["quick"], data_set.root, folder)
    with closing(fit(run, data_set)) as events:
        for _ in events:
            pass
    prepare(run.model_file)
    return Predictor(run.model_file)


def asked(predictor: Predictor, photos: DataSet, new: Sequence[str]) -> Answers:
    """What a model says of the validation photos of all kinds."""
    named = [(p.path, photos.classes[p.label]) for p in photos.split("validation")]
    right: dict[bool, list[bool]] = {False: [], True: []}
    unsure: dict[bool, list[bool]] = {False: [], True: []}
    for prediction, (_, label) in zip(
        predictor.predict([path for path, _ in named]), named, strict=True
    ):
        if prediction.answer is not None:
            right[label in new].append(prediction.answer.top[0].label == label)
            unsure[label in new].append(prediction.answer.unknown)
    old_right, new_right, old_unsure, new_unsure = (
        float(np.mean(values[is_new])) if values[is_new] else float("nan")
        for values in (right, unsure)
        for is_new in (False, True)
    )
    return Answers(old_right, new_right, old_unsure, new_unsure)


def unsure_of(predictor: Predictor, photos: Sequence[Path]) -> float:
    """The share of photos that a model is not sure of; not a number without any."""
    answers = [each.answer for each in predictor.predict(photos)]
    unsure = [each.unknown for each in answers if each is not None]
    return float(np.mean(unsure)) if unsure else float("nan")


def with_few(photos: DataSet, new: Sequence[str], count: int, seed: int) -> DataSet:
    """*photos*, with so many training photos of the new kinds."""
    random = np.random.default_rng(seed)
    chosen: list[Photo] = []
    for label, name in enumerate(photos.classes):
        of_kind = [photo for photo in photos.split("train") if photo.label == label]
        if name in new:
            of_kind = [of_kind[n] for n in random.permutation(len(of_kind))[:count]]
        chosen += of_kind
    return dataclasses.replace(photos, splits={**photos.splits, "train": tuple(chosen)})


def new_kinds_in(draw: int, photos: DataSet) -> list[str]:
    """Four kinds that can be validated, drawn at random."""
    validated = sorted({photos.classes[photo.label] for photo in photos.split("validation")})
    return sorted(np.random.default_rng(draw).permutation(validated)[:NEW_KINDS].tolist())


def teach_kinds(photos: DataSet, draws: int, others: Sequence[Path]) -> None:
    rows: dict[int, list[tuple[float, ...]]] = {count: [] for count in PHOTOS_A_KIND}
    for draw in range(draws):
        new = new_kinds_in(draw, photos)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            model = learnt(without(photos, new), folder / "before")
            before = asked(model, photos, new)
            others_before = unsure_of(model, others)
            for count in PHOTOS_A_KIND:
                few = with_few(photos, new, count, draw)
                together = asked(learnt(few, folder / f"together-{count}"), photos, new)
                lesson = [
                    (photo.path, photos.classes[photo.label])
                    for photo in few.split("train")
                    if photos.classes[photo.label] in new
                ]
                target = folder / f"taught-{count}.safetensors"
                start = time.perf_counter()
                drain(teach(model, lesson, target))
                seconds = time.perf_counter() - start
                after = asked(Predictor(target), photos, new)
                rows[count].append(
                    (
                        *(before.old, after.old - before.old, together.old - before.old),
                        *(after.new, together.new, before.old_unsure),
                        *(after.old_unsure, after.new_unsure),
                        *(others_before, unsure_of(Predictor(target), others), seconds),
                    )
                )
                print(
                    f"draw {draw}, {count} photos: {rows[count][-1]}", file=sys.stderr, flush=True
                )
    print(
        "photos  before | old kinds: taught  together | new kinds: taught  together "
        "| not sure: before  old  new | others not sure: before  after | seconds"
    )
    for count, found in rows.items():
        base, old, old_together, new_taught, new_together, *unsure, seconds = np.mean(found, axis=0)
        print(
            f"{count:6}  {base:6.1%} | {100 * old:+17.1f}  {100 * old_together:+8.1f} "
            f"| {new_taught:17.1%}  {new_together:8.1%} "
            f"| {unsure[0]:16.1%} {unsure[1]:4.1%} {unsure[2]:4.1%} "
            f"| {unsure[3]:23.1%} {unsure[4]:6.1%} | {seconds:7.1f}"
        )
    for count, found in rows.items():
        *_, old, new, _, _, _ = np.array(found).T
        more = 100 * (new - old)
        around = 1.96 * more.std(ddof=1) / np.sqrt(len(more)) if len(more) > 1 else float("nan")
        print(
            f"{count} photos: new kinds are not sure {more.mean():+.1f} points more often than old "
            f"ones, within {around:.1f} (95% interval over the draws)"
        )


def learn_corrections(folder: Path, draws: int) -> None:
    """Half of the starter's mistakes, or of all photos, are corrected; the other half is asked."""
    model = Predictor(paths.starter_model())
    named = [
        (path, label)
        for each in sorted(folder.iterdir())
        if each.is_dir() and (label := class_of(each.name, model.info.classes)) is not None
        for path in images_in([each])
    ]

    def right(predictor: Predictor, photos: Sequence[tuple[Path, str]]) -> np.ndarray:
        predictions = predictor.predict([path for path, _ in photos])
        return np.array(
            [
                each.answer is not None and each.answer.top[0].label == label
                for each, (_, label) in zip(predictions, photos, strict=True)
            ]
        )

    known = right(model, named)
    for only_wrong in (True, False):
        rows = []
        for draw in range(draws):
            random = np.random.default_rng(draw)
            shown = np.zeros(len(named), dtype=bool)
            for kind in {label for _, label in named}:
                of_kind = [n for n, (_, label) in enumerate(named) if label == kind]
                shown[random.permutation(of_kind)[: len(of_kind) // 2]] = True
            lesson = [named[n] for n in np.flatnonzero(shown & ~known if only_wrong else shown)]
            rest = [named[n] for n in np.flatnonzero(~shown)]
            with tempfile.TemporaryDirectory() as name:
                taught = drain(teach(model, lesson, Path(name) / "taught.safetensors"))
                after = right(Predictor(taught.model), rest).mean()
            rows.append(
                (
                    *(len(lesson), known[~shown].mean(), after),
                    *(taught.accuracy_before, taught.accuracy_after),
                )
            )
        photos, before, after, old, now = np.mean(rows, axis=0)
        what = "mistakes alone" if only_wrong else "all of that half"
        print(
            f"{what}: {photos:.0f} photos taught; the other half {before:.1%} -> {after:.1%}; "
            f"validation photos {old:.1%} -> {now:.1%}"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--web", type=Path, help="a folder a kind of photos from elsewhere")
    parser.add_argument("--others", type=Path, help="a folder of photos of what is no produce")
    parser.add_argument("--draws", type=int, default=10)
    options = parser.parse_args(arguments)
    others = list(images_in([options.others])) if options.others is not None else []
    teach_kinds(open_data_set(options.photos), options.draws, others)
    if options.web is not None:
        learn_corrections(options.web, options.draws)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
