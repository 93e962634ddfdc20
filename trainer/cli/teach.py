"""``teach``: show a finished model photos of a kind that it does not know, or gets wrong."""

import argparse
from pathlib import Path

from trainer import paths
from trainer.cli.output import print_json, read_with_bar, warn
from trainer.data.dataset import images_in
from trainer.errors import ImageError
from trainer.experiments.taught_models import teach_kept
from trainer.inference.engine_selection import prepare
from trainer.inference.predictor import Predictor
from trainer.teaching.teach import ENOUGH_PHOTOS, teach
from trainer.teaching.teachable_model import LEAST_PHOTOS


def add_teach(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "teach",
        help="teach a finished model one more kind, in seconds",
        description="Shows a model photos of one kind. A kind that it does not know is added, "
        "without the photos that it learnt from; of one that it knows, it gets better. The model "
        "that comes of it is kept beside your others. What it was before stays as it is; a model "
        "that was taught already is taught further.",
    )
    parser.add_argument(
        "model", type=Path, metavar="MODEL", help="a model file; “starter” is the one that ships"
    )
    parser.add_argument(
        "photos", nargs="+", type=Path, metavar="PATH", help="a photo, or a folder or zip of them"
    )
    parser.add_argument(
        "--kind",
        required=True,
        metavar="NAME",
        help=f"what is on the photos; {LEAST_PHOTOS} photos are needed of a new kind, "
        f"{ENOUGH_PHOTOS} are enough",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="the file to write; without it, one of your models"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.set_defaults(run=run, bad_usage=parser.error)


def run(options: argparse.Namespace) -> int:
    kind = " ".join(options.kind.split())
    if not kind:
        options.bad_usage("--kind needs a name")
    photos = list(images_in(options.photos))
    if not photos:
        raise ImageError(
            "There are no pictures in {places}.", places=", ".join(map(str, options.photos))
        )
    is_starter = options.model == Path("starter") and not options.model.exists()
    model = paths.starter_model() if is_starter else options.model
    prepare(model)
    named = [(photo, kind) for photo in photos]
    taught = read_with_bar(
        teach_kept(model, named, options.device)
        if options.out is None
        else teach(Predictor(model, options.device), named, options.out)
    )
    for path in taught.unreadable:
        warn(f"“{path}” cannot be read, and was left out.")
    label = taught.info.taught[-1].kind
    if options.json:
        print_json(
            {
                "model": str(taught.model),
                "kind": label,
                "is_new": bool(taught.new_kinds),
                "photos": taught.photos,
                "classes": list(taught.info.classes),
                "validation_accuracy_before": _figure(taught.accuracy_before),
                "validation_accuracy": _figure(taught.accuracy_after),
            }
        )
        return 0
    count = len(taught.info.classes)
    if taught.new_kinds:
        print(f"It knows {count} kinds now; “{label}” is new ({taught.photos} photos).")
    else:
        print(f"It learnt {taught.photos} photos of “{label}”, which it knew already.")
    if taught.accuracy_after == taught.accuracy_after:
        print(
            f"Of the validation photos of what it knew, {taught.accuracy_after:.1%} are right "
            f"(before: {taught.accuracy_before:.1%})."
        )
    print(taught.model)
    return 0


def _figure(value: float) -> float | None:
    return value if value == value else None
