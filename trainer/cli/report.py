"""``report``: one file that tells all about a run, a comparison or a model."""

import argparse
import re
from contextlib import closing
from pathlib import Path

from trainer.cli.output import print_json, progress, warn
from trainer.data.class_names import LANGUAGES
from trainer.data.zips import shown
from trainer.events import PhotoSkipped


def add_report(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "report",
        help="write one file that tells all about a run, a comparison or a model",
        description="Write one HTML file that needs no network and no other file, to read, send or "
        "print: photos, recipe, learning curves, results, mistakes, and how to do it again.",
    )
    parser.add_argument(
        "source",
        metavar="RUN|MODEL|COMPARISON",
        help="the id or folder of a run or a comparison, or a model file",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help="a folder or zip of photos to measure the model on; a model that belongs to no run is "
        "not measured without",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE.html",
        help="where to write it; without it, by the source's name in the current folder",
    )
    parser.add_argument(
        "--language", choices=LANGUAGES, default="en", help="without it, %(default)s"
    )
    parser.add_argument(
        "--pictures",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether photos are shown (default: yes)",
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from trainer.report.document import write_report

    target: Path = options.out or _default_target(options.source)
    steps = write_report(
        options.source,
        target,
        options.language,
        data=options.data,
        device=options.device,
        with_images=options.pictures,
    )
    with closing(steps), progress() as bar:
        for event in steps:
            if isinstance(event, PhotoSkipped):
                warn(f"{shown(event.path)}: {event.reason}")
            else:
                bar.set_description(event.stage)
                bar.total, bar.n = event.total, event.done
                bar.refresh()
    if options.json:
        print_json({"path": str(target), "bytes": target.stat().st_size})
    else:
        print(target)
    return 0


def _default_target(source: str) -> Path:
    path = Path(source)
    # The files of all runs have the same name.
    name = path.resolve().parent.name if path.name == "model.safetensors" else path.name
    stem = re.sub(r"\.safetensors$", "", name)
    return Path(f"{stem or 'model'}-report.html")
