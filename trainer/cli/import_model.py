"""``import``: take a model file, or bare weights, into the library."""

import argparse
from pathlib import Path

from trainer.cli.output import print_json
from trainer.data.dataset import open_data_set
from trainer.errors import ModelFileError
from trainer.experiments.model_library import import_weights, import_whole
from trainer.models.metadata import SUFFIX


def add_import(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "import",
        help="take a model file, or bare PyTorch weights, into the library",
        description="Copies a model file of this app among your models; or makes one of bare "
        "weights (.pth), such as the study's best_model.pth, given the names of its classes. "
        "Nothing in the file is ever run.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a model or weights file")
    names = parser.add_mutually_exclusive_group()
    names.add_argument(
        "--classes",
        type=_names,
        metavar="NAME,…",
        help="of bare weights: the names of the classes, in the order in which it learnt them",
    )
    names.add_argument(
        "--data",
        type=Path,
        metavar="DATA",
        help="of bare weights: the data set that it learnt from, for the names of its classes",
    )
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.set_defaults(run=run)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip()))


def run(options: argparse.Namespace) -> int:
    classes = options.classes or ()
    if options.data is not None:
        classes = open_data_set(options.data).classes
    is_model = options.file.suffix.lower() == SUFFIX and not classes
    if not is_model and not classes:
        raise ModelFileError(
            "“{path}” does not say what its classes are called. Give their names with --classes, "
            "or the data set that it learnt from with --data.",
            path=options.file.name,
        )
    target = import_whole(options.file) if is_model else import_weights(options.file, classes)
    if options.json:
        print_json({"path": str(target)})
    else:
        print(target)
    return 0
