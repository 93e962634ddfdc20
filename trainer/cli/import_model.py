"""``import``: take a model file, or bare weights, into the library."""

import argparse
from pathlib import Path
from typing import get_args

from trainer.cli.output import print_json, warn
from trainer.config.architectures import title_of
from trainer.data.folder_order import folder_order
from trainer.experiments.model_library import import_weights, import_whole
from trainer.models.foreign.classes import imported_classes
from trainer.models.metadata import AssumedActivation, is_model_file, read_model_info


def add_import(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "import",
        help="take a model file, or bare PyTorch weights, into the library",
        description="Copies a model file of this app among your models; or makes one of PyTorch's "
        "weights (.pth, .ckpt, .safetensors), such as the study's best_model.pth, given the names "
        "of its classes, unless the file has them. Their order is said on standard error. "
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
        help="of bare weights: the data set that it learnt from, for the names of its classes: "
        "its folders', sorted as text, without label edits",
    )
    parser.add_argument(
        "--activation",
        choices=get_args(AssumedActivation),
        help="of bare weights: what stands between the layers of a head with several, where "
        "nothing tells; relu without it",
    )
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.set_defaults(run=run)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip()))


def run(options: argparse.Namespace) -> int:
    given = options.classes or ()
    if options.data is not None:
        order = folder_order(options.data)
        given = order.classes
        if order.note is not None:
            warn(str(order.note))
    path, from_folder = options.file, options.data is not None
    if is_model_file(path):
        info = read_model_info(path)
        own = info.classes
        classes = imported_classes(path.name, len(own), own, given, from_folder=from_folder)
        target = import_whole(path, classes.names)
        title = title_of(info.architecture)
    else:
        # Torch takes its time to load.
        from trainer.models.foreign.import_weights import recognise

        weights = recognise(path, options.activation)
        classes = imported_classes(
            path.name, weights.class_count, weights.classes, given, from_folder=from_folder
        )
        for note in weights.notes:
            warn(str(note))
        target = import_weights(weights, classes.names)
        title = weights.architecture.title
    if classes.note is not None:
        warn(str(classes.note))
    numbered = ", ".join(f"{number} {name}" for number, name in enumerate(classes.names))
    warn(f"{title}, {len(classes.names)} classes in this order: {numbered}")
    if options.json:
        # The path is there under its old name, too.
        print_json({"model": str(target), "classes": list(classes.names), "path": str(target)})
    else:
        print(target)
    return 0
