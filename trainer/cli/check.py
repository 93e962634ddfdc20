"""``check``: what is wrong with a data set, before anything is learnt from it."""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from trainer.cli.options import MODEL_HELP, add_data_argument, data_of, model_file
from trainer.cli.output import print_json, progress
from trainer.control import drain
from trainer.data.zips import shown
from trainer.events import Preparing
from trainer.inspection.result import Inspection, misnamed_warning

_SHOWN = 10
"""Lines of each kind that are printed; ``--json`` has all."""
_BAR = 30


def add_check(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "check",
        help="look through a data set before training",
        description="Photos per class and split; what is left out and why; copies and "
        "near-duplicates, also between splits; blurred, dark, small and odd-shaped photos; labels "
        "that are probably wrong; classes that look like another. Nothing is changed.",
    )
    add_data_argument(parser)
    parser.add_argument(
        "--model",
        type=model_file,
        metavar="MODEL",
        help="compare photos by what this model sees in them (default: the starter). " + MODEL_HELP,
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from trainer.inspection.inspect import inspect

    data = data_of(options)
    with progress() as bar:

        def show(step: Preparing) -> None:
            bar.set_description(step.stage)
            bar.total, bar.n = step.total, step.done
            bar.refresh()

        found = drain(inspect(data, options.model, options.device), show)
    if options.json:
        print_json(found.as_json())
    else:
        _print(found)
    return 0


def _print(found: Inspection) -> None:
    counts = found.counts()
    width = max(map(len, counts))
    most = max((sum(each.values()) for each in counts.values()), default=1)
    print(f"{'class':<{width}}  train  valid.   test")
    for name, splits in counts.items():
        bar = "█" * max(1, round(_BAR * sum(splits.values()) / max(most, 1)))
        print(
            f"{name:<{width}}  {splits['train']:5}  {splits['validation']:6}  {splits['test']:5}  "
            f"{bar}"
        )
    formats = ", ".join(f"{count} {name}" for name, count in found.formats.items())
    low, middle, high = found.sizes
    print(
        f"{len(found.data.photos)} photos ({formats}); the shorter side has {low} to {high} "
        f"pixels, mostly about {middle}"
    )
    misnamed = (misnamed_warning(name, other) for name, other in found.misnamed.items())
    for warning in (*misnamed, *found.warnings):
        print(f"! {warning}")
    _print_groups("equal", found.duplicates)
    _print_groups("nearly the same", found.near_duplicates)
    if found.across_splits:
        print(f"{found.across_splits} photos have a double in an earlier split")
    for flaw, paths in found.flaws.items():
        _print_some(f"{len(paths)} {flaw}", map(shown, paths), len(paths))
    suspects = found.suspects or ()
    _print_some(
        f"{len(suspects)} labels that are probably wrong",
        (f"{shown(e.path)}: {e.label}, or {e.suggested}?" for e in suspects),
        len(suspects),
    )
    _print_some(
        f"{len(found.unlike)} unlike their class", map(shown, found.unlike), len(found.unlike)
    )


def _print_groups(title: str, groups: Sequence[Sequence[Path]]) -> None:
    lines = (" = ".join(map(shown, group[:4])) + " …" * (len(group) > 4) for group in groups)
    photos = sum(map(len, groups))
    _print_some(f"{photos} photos in {len(groups)} groups are {title}", lines, len(groups))


def _print_some(title: str, lines: Iterable[str], count: int) -> None:
    if not count:
        return
    print(f"{title}:")
    for number, line in enumerate(lines):
        if number == _SHOWN:
            print(f"  … and {count - _SHOWN} more (--json has all)")
            break
        print(f"  {line}")
