"""How many classes with a wrong name are told, and how many with the right one are called wrong.

``python benchmarks/misnamed_classes.py FOLDER…``: each folder has one subfolder a class. Each class
that the starter knows is asked for by its own name, and by the name of every other class.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

# Run as a file, its folder is where Python looks, and not the project.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.domains import class_of
from trainer import paths
from trainer.control import drain
from trainer.data.dataset import images_in
from trainer.inference.photo_features import photo_features
from trainer.inference.predictor import Predictor
from trainer.inspection.misnamed_classes import misnamed_classes
from trainer.metrics.intervals import wilson_interval
from trainer.models.growth import read_growth

_MOST_PHOTOS = 40
_FEWEST_PHOTOS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folders", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    predictor = Predictor(paths.starter_model())
    growth = read_growth(paths.starter_model())
    assert growth is not None
    classes = predictor.info.classes
    known = [classes[number] for number in np.flatnonzero(growth.counts)]
    right = wrong = told = 0
    called_wrong = []
    for folder in (each for root in options.folders for each in sorted(root.iterdir())):
        photos = list(images_in([folder]))[:_MOST_PHOTOS]
        own = class_of(folder.name, known)
        if own is None or len(photos) < _FEWEST_PHOTOS:
            continue
        features = drain(photo_features(predictor, photos)).directions
        labels = np.zeros(len(features), np.int64)
        for name in known:
            is_told = bool(misnamed_classes(features, labels, [name], classes, growth))
            if name != own:
                wrong, told = wrong + 1, told + is_told
                continue
            right += 1
            if is_told:
                called_wrong.append(str(folder))
    _, most = wilson_interval(len(called_wrong), right)
    print(
        f"{right} classes by their own names: {len(called_wrong)} called wrong (at most {most:.0%})"
    )
    for each in called_wrong:
        print(f"  {each}")
    print(f"{wrong} wrong names: {told / max(wrong, 1):.0%} told")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
