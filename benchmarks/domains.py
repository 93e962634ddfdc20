"""How a model does on photos from elsewhere: right, said, *not sure*, and how honest it is.

``python benchmarks/domains.py [--model FILE] NAME=FOLDER …``: each folder has a folder a class, as
people call it; classes that the model does not know are what it ought to be *not sure* of. A folder
of photos alone is all unknown. Of the known: how many are named rightly; rightly and without *not
sure*; wrongly and without it; and the expected calibration error of what is named. Of the unknown:
how many get a name all the same.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from trainer import paths
from trainer.data.dataset import images_in
from trainer.data.synonyms import USUAL, plain_name
from trainer.inference.engine_selection import prepare
from trainer.inference.prediction import Prediction
from trainer.inference.predictor import Predictor
from trainer.metrics.calibration import calibration_error
from trainer.metrics.intervals import wilson_interval

_ALSO = (
    ("pepper", "capsicum", "bell pepper", "paprika"),
    ("carrots", "carrot"),
    ("corn", "sweetcorn"),
)
"""What photos from elsewhere are filed under, beside the usual synonyms."""


@dataclass(frozen=True, slots=True)
class Domain:
    name: str
    known: int
    right: float
    interval: tuple[float, float]
    said: float
    """Right, and without *not sure*."""
    wrong_said: float
    calibration_error: float
    unknown: int
    accepted: float
    """Of the unknown, how many get a name all the same."""
    unreadable: int


def class_of(folder: str, classes: Sequence[str]) -> str | None:
    """The model's class that a folder's name means; None where it has none."""
    name = plain_name(folder)
    names = {name, *(each for group in (*USUAL, *_ALSO) if name in group for each in group)}
    return next((each for each in classes if plain_name(each) in names), None)


def measure(predictor: Predictor, name: str, folder: Path) -> Domain:
    """What the model says of the photos in *folder*."""
    photos: list[tuple[Path, str | None]] = []
    inner = sorted(entry for entry in folder.iterdir() if entry.is_dir())
    for each in inner or [folder]:
        label = class_of(each.name, predictor.info.classes) if inner else None
        photos += [(path, label) for path in images_in([each])]
    answers: list[tuple[Prediction, str | None]] = [
        (prediction, label)
        for prediction, (_, label) in zip(
            predictor.predict([path for path, _ in photos]), photos, strict=True
        )
        if prediction.answer is not None
    ]
    known = [(p.answer, label) for p, label in answers if label is not None and p.answer]
    strange = [p.answer for p, label in answers if label is None and p.answer]
    right = np.array([answer.top[0].label == label for answer, label in known], dtype=bool)
    said = np.array([not answer.unknown for answer, _ in known], dtype=bool)
    confidence = np.array([answer.confidence for answer, _ in known])
    count = len(known)
    return Domain(
        name,
        count,
        float(right.mean()) if count else 0.0,
        wilson_interval(int(right.sum()), count),
        float((right & said).mean()) if count else 0.0,
        float((~right & said).mean()) if count else 0.0,
        calibration_error(confidence, right),
        len(strange),
        float(np.mean([not answer.unknown for answer in strange])) if strange else 0.0,
        len(photos) - len(answers),
    )


def named_folder(text: str) -> tuple[str, Path]:
    """The name and the folder of ``NAME=FOLDER``.

    Raises:
        argparse.ArgumentTypeError: it is not that, or there is no such folder.
    """
    name, equals, folder = text.partition("=")
    if not equals or not Path(folder).is_dir():
        raise argparse.ArgumentTypeError(f"“{text}” is no NAME=FOLDER of a folder that is there")
    return name, Path(folder)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("domains", nargs="+", type=named_folder, metavar="NAME=FOLDER")
    parser.add_argument("--model", type=Path, default=paths.starter_model())
    parser.add_argument("--json", action="store_true", help="print one object last")
    options = parser.parse_args(arguments)
    prepare(options.model)
    predictor = Predictor(options.model)
    heads = ("known", "right", "95%", "said", "wrong said", "ECE", "unknown", "accepted")
    print(f"{'':14}" + "".join(f"{head:>12}" for head in heads))
    found = []
    for name, folder in options.domains:
        figures = measure(predictor, name, folder)
        found.append(figures)
        low, high = figures.interval
        between = f"{low:.0%} – {high:.0%}"
        print(
            f"{name:14}{figures.known:12}{figures.right:12.1%}{between:>12}{figures.said:12.1%}"
            f"{figures.wrong_said:12.1%}{figures.calibration_error:12.3f}{figures.unknown:12}"
            f"{figures.accepted:12.1%}"
        )
        if figures.unreadable:
            print(f"{'':14}{figures.unreadable} could not be read")
    if options.json:
        print(json.dumps([asdict(figures) for figures in found]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
