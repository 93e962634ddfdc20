"""``predict``: label photos."""

import argparse
import glob
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from trainer import paths
from trainer.cli.output import print_json, progress, warn
from trainer.control import drain
from trainer.data import corrections
from trainer.data.class_names import name_of_unsure
from trainer.data.dataset import images_in
from trainer.data.zips import shown
from trainer.errors import ImageError, ModelFileError
from trainer.inference import sorted_copies
from trainer.inference.prediction import Prediction
from trainer.inference.prediction_tables import LabelledPhoto, csv_table, json_lines
from trainer.inference.sorted_copies import PlannedCopy


def add_predict(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "predict", help="label photos", description="Say what is on photos, and how sure that is."
    )
    parser.add_argument(
        "photos", nargs="+", type=Path, metavar="PATH", help="a photo, or a folder or zip of them"
    )
    parser.add_argument(
        "--model", type=Path, help="a model file; without it, the starter model", metavar="FILE"
    )
    parser.add_argument("--top", type=_at_least_one, default=5, metavar="K", help="classes to list")
    parser.add_argument(
        "--keep",
        type=_percent,
        metavar="PERCENT",
        help="of 100 right answers keep so many, and call unknown what looks less familiar; 100 "
        "calls nothing unknown; without it, the model's own choice, which is 95",
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a table for spreadsheets")
    parser.add_argument(
        "--json-lines", type=Path, metavar="FILE", help="write an object a photo, each on a line"
    )
    parser.add_argument(
        "--sort-into",
        type=Path,
        metavar="FOLDER",
        help="copy the photos into a folder a class, and one for the unsure",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="with --sort-into: say what would be copied where"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--json", action="store_true", help="print an object a photo")
    parser.set_defaults(run=run, bad_usage=parser.error)


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _percent(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 100:
        raise argparse.ArgumentTypeError("must be from 0 to 100")
    return number


def run(options: argparse.Namespace) -> int:
    if options.dry_run and options.sort_into is None:
        options.bad_usage("--dry-run needs --sort-into")
    photos = list(images_in(matching(options.photos)))
    if not photos:
        raise ImageError(
            "There are no pictures in {places}.", places=", ".join(map(str, options.photos))
        )
    if options.sort_into is not None:
        sorted_copies.check(options.sort_into)
    from trainer.inference.engine_selection import prepare_for
    from trainer.inference.predictor import Predictor

    model = options.model or paths.starter_model()
    prepare_for(model, len(photos), options.device)
    predictor = Predictor(model, options.device)
    if options.keep is not None and not predictor.info.familiar_scores:
        raise ModelFileError(
            "“{path}” does not know how its right answers look, so there is nothing to keep by.",
            path=model.name,
        )
    if options.keep is not None:
        predictor.threshold = 1 - options.keep / 100
    tables = [
        table(path)
        for table, path in ((csv_table, options.csv), (json_lines, options.json_lines))
        if path is not None
    ]
    # What the user said in the window counts in what is kept; printed is what the model says.
    is_kept = bool(tables) or options.sort_into is not None
    corrected = corrections.known(photos) if is_kept else {}
    classes = predictor.info.classes
    unsure = name_of_unsure(classes)
    labelled: list[LabelledPhoto] = []
    failed = 0
    with ExitStack() as stack, progress(len(photos)) as bar:
        adders = [stack.enter_context(table) for table in tables]
        for prediction in predictor.predict(photos, options.top):
            failed += prediction.error is not None
            if prediction.is_cut_off:
                warn(f"{prediction.path}: The file is cut off; this is of what there is of it.")
            photo = LabelledPhoto.of(prediction, corrected.get(prediction.path))
            for add in adders:
                add(photo)
            if options.sort_into is not None:
                labelled.append(photo)
            if options.json:
                print_json(prediction.as_json())
            elif prediction.error is None:
                bar.write(_line(prediction, unsure), file=sys.stdout)
            else:
                warn(f"{shown(prediction.path)}: {prediction.error}")
            bar.update()
    if failed == len(photos):
        raise ImageError("None of the {count} photos could be read.", count=failed)
    if options.sort_into is not None:
        planned = sorted_copies.plan(labelled, options.sort_into, classes=classes)
        if options.dry_run:
            _show(planned, options.sort_into, sys.stderr if options.json else sys.stdout)
        else:
            _copy(planned, options.sort_into)
    return 0


def matching(named: Iterable[Path], system: str = sys.platform) -> list[Path]:
    """What is named, and instead of ``*.jpg`` what is called so: on Windows no shell does that."""
    if system != "win32":
        return list(named)
    found: list[Path] = []
    for path in named:
        pattern = str(path).replace("[", "[[]")  # There that is a letter like others.
        found += [Path(each) for each in sorted(glob.glob(pattern))] or [path]  # noqa: PTH207
    return found


def _line(prediction: Prediction, unsure: str) -> str:
    answer = prediction.answer
    assert answer is not None, "only photos without an error are printed"
    label = answer.label or f"{unsure} ({answer.top[0].label}?)"
    others = ", ".join(f"{ranked.label} {ranked.probability:.0%}" for ranked in answer.top[1:3])
    return f"{shown(prediction.path)}: {label} {answer.confidence:.0%}  ({others})"


def _show(planned: Sequence[PlannedCopy], folder: Path, stream: TextIO) -> None:
    missing = [each for each in planned if not each.is_there]
    for each in missing:
        print(f"{shown(each.source)} → {each.target}", file=stream)
    warn(f"{_photos(len(missing))} would be copied into “{folder}”.{_rest(planned)}")


def _copy(planned: Sequence[PlannedCopy], folder: Path) -> None:
    with progress(sum(not each.is_there for each in planned)) as bar:
        copied = drain(sorted_copies.copy(planned), lambda _: bar.update())
    for path, error in copied.failed:
        warn(f"{shown(path)}: {error}")
    warn(f"{_photos(copied.count)} copied into “{folder}”.{_rest(planned)}")


def _photos(count: int) -> str:
    return "1 photo" if count == 1 else f"{count} photos"


def _rest(planned: Sequence[PlannedCopy]) -> str:
    count = sum(each.is_there for each in planned)
    return f" {_photos(count)} lay there already." if count else ""
