"""Teaching a finished model more kinds, against training all of them together.

``python benchmarks/teaching.py PHOTOS [--head KIND] [--alone] [--web FOLDER] [--others FOLDER]``:
in each draw a model learns all kinds but four, as the *quick* preset does (with ``--head joint``,
beside ImageNet's classes as the starter); then it is taught these from 5, 10 and 20 photos each.
Beside it, unless it is left ``--alone``, the same preset learns all kinds at once, of the four only
these photos. Of the validation photos: how much worse the old kinds are named than before, how many
of the new kinds' are right, how often either is *not sure*, all of them and those that are answered
rightly, and how long the lesson took. With ``--others``, how many photos of what is no produce are
*not sure*, before and after. With ``--web``, photos from elsewhere that the starter knows the kinds
of: half of them corrected, the other half asked.
"""

import argparse
import dataclasses
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import get_args

import numpy as np

# Run as a file, its folder is where Python looks, and not the project.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.domains import class_of
from benchmarks.near_unknowns import without
from trainer import paths
from trainer.config.presets import PRESETS
from trainer.config.recipe import HeadKind
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
    """Of the old kinds, or of the new ones: shares of their photos."""

    right: float
    unsure: float
    right_unsure: float
    """Of those that are answered rightly; not a number without any."""


NOT_ASKED = Answers(float("nan"), float("nan"), float("nan"))


def learnt(data_set: DataSet, folder: Path, head: HeadKind) -> Predictor:
    """A model of the *quick* preset, but for its head."""
    recipe = dataclasses.replace(PRESETS["quick"], head=head)
    run = create_run(recipe, data_set.root, folder)
    with closing(fit(run, data_set)) as events:
        for _ in events:
            pass
    prepare(run.model_file)
    return Predictor(run.model_file)


def asked(predictor: Predictor, photos: DataSet, new: Sequence[str]) -> tuple[Answers, Answers]:
    """What a model says of the validation photos of old kinds, and of new ones."""
    named = [(p.path, photos.classes[p.label]) for p in photos.split("validation")]
    answered = [
        (label in new, prediction.answer.top[0].label == label, prediction.answer.unknown)
        for prediction, (_, label) in zip(
            predictor.predict([path for path, _ in named]), named, strict=True
        )
        if prediction.answer is not None
    ]
    is_new, right, unsure = np.array(answered, dtype=bool).T
    old_answers, new_answers = (
        Answers(_share(right[kinds]), _share(unsure[kinds]), _share(unsure[kinds & right]))
        for kinds in (~is_new, is_new)
    )
    return old_answers, new_answers


def _share(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


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


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What four kinds from a few photos each did to a model."""

    before: Answers
    """To the old kinds."""
    old: Answers
    new: Answers
    old_together: float
    """The share of right answers of the preset that learns all at once."""
    new_together: float
    others_before: float
    """The share of photos of other things that are *not sure*."""
    others: float
    seconds: float


def teach_kinds(
    photos: DataSet, draws: int, others: Sequence[Path], head: HeadKind, *, alone: bool
) -> dict[int, list[Outcome]]:
    """Of all draws, by the photos of each kind."""
    outcomes: dict[int, list[Outcome]] = {count: [] for count in PHOTOS_A_KIND}
    for draw in range(draws):
        new = new_kinds_in(draw, photos)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            model = learnt(without(photos, new), folder / "before", head)
            before, _ = asked(model, photos, new)
            others_before = unsure_of(model, others)
            for count in PHOTOS_A_KIND:
                few = with_few(photos, new, count, draw)
                together = (
                    (NOT_ASKED, NOT_ASKED)
                    if alone
                    else asked(learnt(few, folder / f"together-{count}", head), photos, new)
                )
                shown = [
                    (photo.path, photos.classes[photo.label])
                    for photo in few.split("train")
                    if photos.classes[photo.label] in new
                ]
                target = folder / f"taught-{count}.safetensors"
                start = time.perf_counter()
                drain(teach(model, shown, target))
                seconds = time.perf_counter() - start
                taught = Predictor(target)
                old_answers, new_answers = asked(taught, photos, new)
                outcome = Outcome(
                    before=before,
                    old=old_answers,
                    new=new_answers,
                    old_together=together[0].right,
                    new_together=together[1].right,
                    others_before=others_before,
                    others=unsure_of(taught, others),
                    seconds=seconds,
                )
                outcomes[count].append(outcome)
                print(f"draw {draw}, {count} photos: {outcome}", file=sys.stderr, flush=True)
    return outcomes


def print_means(outcomes: Mapping[int, Sequence[Outcome]]) -> None:
    print(
        "photos  before | old kinds: taught  together | new kinds: taught  together "
        "| not sure: before  old  new | others not sure: before  after | seconds"
    )
    for count, found in outcomes.items():
        base = _mean(each.before.right for each in found)
        print(
            f"{count:6}  {base:6.1%} "
            f"| {100 * (_mean(each.old.right for each in found) - base):+17.1f}  "
            f"{100 * (_mean(each.old_together for each in found) - base):+8.1f} "
            f"| {_mean(each.new.right for each in found):17.1%}  "
            f"{_mean(each.new_together for each in found):8.1%} "
            f"| {_mean(each.before.unsure for each in found):16.1%} "
            f"{_mean(each.old.unsure for each in found):4.1%} "
            f"{_mean(each.new.unsure for each in found):4.1%} "
            f"| {_mean(each.others_before for each in found):23.1%} "
            f"{_mean(each.others for each in found):6.1%} "
            f"| {_mean(each.seconds for each in found):7.1f}"
        )
    print("New kinds are not sure more often than old ones (95% intervals over the draws), and how")
    print("many photos of other things are not sure in the worst of the draws")
    for count, found in outcomes.items():
        print(
            f"{count:6} photos: {_interval(each.new.unsure - each.old.unsure for each in found)} "
            "points; of those that are right, "
            f"{_interval(each.new.right_unsure - each.old.right_unsure for each in found)} points "
            f"({_mean_of_some(each.new.right_unsure for each in found):.1%}); "
            f"worst {min(each.others for each in found):.1%}"
        )


def _mean(shares: Iterable[float]) -> float:
    return float(np.mean(list(shares)))


def _mean_of_some(shares: Iterable[float]) -> float:
    """Of the draws that have any."""
    return _mean(each for each in shares if not np.isnan(each))


def _interval(differences: Iterable[float]) -> str:
    """Their mean in points, and how far about it that of all draws is, most likely. Draws without
    any right answer do not count."""
    points = 100 * np.array([each for each in differences if not np.isnan(each)])
    around = 1.96 * points.std(ddof=1) / np.sqrt(len(points)) if len(points) > 1 else float("nan")
    return f"{points.mean():+.1f} ± {around:.1f}"


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
    parser.add_argument("--alone", action="store_true", help="without training all together")
    parser.add_argument("--head", choices=get_args(HeadKind), default=PRESETS["quick"].head)
    options = parser.parse_args(arguments)
    others = list(images_in([options.others])) if options.others is not None else []
    photos = open_data_set(options.photos)
    print_means(teach_kinds(photos, options.draws, others, options.head, alone=options.alone))
    if options.web is not None:
        learn_corrections(options.web, options.draws)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
