"""``export``: make a file of a model for other programs."""

import argparse
from contextlib import closing
from pathlib import Path
from typing import get_args

from trainer.cli.options import MODEL_HELP, model_file
from trainer.cli.output import print_json, progress
from trainer.control import drain
from trainer.data.class_names import LANGUAGES
from trainer.data.dataset import images_in
from trainer.errors import ImageError
from trainer.events import Preparing
from trainer.export.format import ALIASES, SUFFIXES, TITLES, Format, files_of


def add_export(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "export",
        help="make a file of a model for other programs",
        description="Write a model for other programs, with a model card beside it. The file is "
        "read again and must answer 100 photos as the model does, or it is not kept.",
    )
    parser.add_argument("model", type=model_file, metavar="MODEL", help=MODEL_HELP)
    parser.add_argument(
        "--format",
        required=True,
        choices=(*get_args(Format), *ALIASES),
        help="what the other program reads: torch_export (or pt2) is for PyTorch; openvino is two "
        "files, .xml and .bin; torchscript is deprecated by PyTorch in favour of torch_export",
    )
    parser.add_argument(
        "--with-preprocessing",
        action="store_true",
        help="take photos of any size as they are; without it, squares that are normalised",
    )
    parser.add_argument(
        "--photos",
        type=Path,
        metavar="FOLDER",
        help="photos to check the export with; without it, the samples and rendered ones",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="where to write it; without it, by the model's name in the current folder",
    )
    parser.add_argument(
        "--language", choices=LANGUAGES, default="en", help="of the model card; without it, en"
    )
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    photos: list[Path] = []
    if options.photos is not None:
        photos = list(images_in([options.photos])) if options.photos.exists() else []
        if not photos:
            raise ImageError("There are no pictures in {places}.", places=options.photos)
        from trainer.export.check_images import require_readable

        require_readable(photos)
    from trainer.export.export import export

    model: Path = options.model
    format: Format = ALIASES.get(options.format, options.format)
    target: Path = options.out or Path(f"{model.stem}{SUFFIXES[format]}")
    steps = export(model, format, target, photos, options.with_preprocessing, options.language)
    with closing(steps), progress() as bar:

        def show(event: Preparing) -> None:
            bar.total = event.total
            bar.update(event.done - bar.n)

        exported = drain(steps, show)
    if options.json:
        print_json(exported.as_json())
        return 0
    size = sum(file.stat().st_size for file in files_of(exported.path, exported.format))
    tied = f" ({exported.ties} ties)" if exported.ties else ""
    print(
        f"{TITLES[exported.format]}, {size / 1e6:.1f} MB, "
        f"{exported.seconds:.1f} s. {exported.checked} photos, {exported.of_yours} of them yours, "
        f"are answered as by the model{tied}; probabilities differ by "
        f"{exported.largest_difference:.1g} at most."
    )
    for file in exported.files:
        print(file)
    return 0
