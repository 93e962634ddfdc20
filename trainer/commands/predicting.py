"""``predict``: label photos."""

import argparse
import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from trainer import paths
from trainer.atomic import replacing
from trainer.commands.output import print_json, progress, warn
from trainer.dataset import pictures_in
from trainer.errors import PictureError
from trainer.prediction import Prediction

_CSV_COLUMNS = ("path", "label", "confidence", "unknown", "error")


def add_predict(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "predict", help="label photos", description="Say what is on photos, and how sure that is."
    )
    parser.add_argument(
        "photos", nargs="+", type=Path, metavar="PATH", help="a photo, or a folder of them"
    )
    parser.add_argument(
        "--model", type=Path, help="a model file; without it, the starter model", metavar="FILE"
    )
    parser.add_argument("--top", type=_at_least_one, default=5, metavar="K", help="classes to list")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a table for spreadsheets")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--json", action="store_true", help="print an object a photo")
    parser.set_defaults(run=run)


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def run(options: argparse.Namespace) -> int:
    photos = list(pictures_in(options.photos))
    if not photos:
        raise PictureError(
            "There are no pictures in {places}.", places=", ".join(map(str, options.photos))
        )
    from trainer.predict import Predictor

    predictor = Predictor(options.model or paths.starter_model(), options.device)
    failed = 0
    with _table(options.csv) as add_row, progress(len(photos)) as bar:
        for prediction in predictor.predict(photos, options.top):
            failed += prediction.error is not None
            add_row(prediction)
            if options.json:
                print_json(prediction.as_json())
            elif prediction.error is None:
                bar.write(_line(prediction), file=sys.stdout)
            else:
                warn(f"{prediction.path}: {prediction.error}")
            bar.update()
    if failed == len(photos):
        raise PictureError("None of the {count} photos could be read.", count=failed)
    return 0


def _line(prediction: Prediction) -> str:
    answer = prediction.answer
    assert answer is not None, "only photos without an error are printed"
    label = answer.label or f"unknown ({answer.top[0].label}?)"
    others = ", ".join(f"{ranked.label} {ranked.probability:.0%}" for ranked in answer.top[1:3])
    return f"{prediction.path}: {label} {answer.confidence:.0%}  ({others})"


@contextmanager
def _table(path: Path | None) -> Iterator[Callable[[Prediction], None]]:
    """A table that opens right in spreadsheets, Korean too; it is there once it is whole."""
    if path is None:
        yield lambda prediction: None
        return
    with (
        replacing(path) as temporary,
        temporary.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file,
    ):
        writer = csv.DictWriter(file, _CSV_COLUMNS, extrasaction="ignore")
        writer.writeheader()
        yield lambda prediction: writer.writerow(prediction.as_json())
