"""``evaluate``: how good a model is on labelled photos."""

import argparse
from pathlib import Path

from trainer import events
from trainer.cli.options import MODEL_HELP, add_data_argument, data_of, model_file
from trainer.cli.output import print_json, progress, read_with_bar, warn
from trainer.control import drain
from trainer.data.class_matching import match_classes, matching_note
from trainer.data.dataset import read_data_set
from trainer.data.split_names import SPLITS, split_named
from trainer.data.synonyms import groups_among, read_groups
from trainer.data.zips import shown
from trainer.evaluation.seen_images import seen_by
from trainer.experiments.run import split_rule_of
from trainer.models.metadata import read_model_info

_NAMED = 5
"""Photos that are left out for one reason are named, up to so many."""


def add_evaluate(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "evaluate",
        help="measure a model on labelled photos",
        description="Accuracy with its 95% interval, the figures of each class, and what was "
        "taken for what.",
    )
    parser.add_argument("model", type=model_file, metavar="MODEL", help=MODEL_HELP)
    add_data_argument(parser)
    parser.add_argument(
        "--split",
        type=lambda text: split_named(text) or text,
        choices=(*SPLITS, "all"),
        help="without it: test, or validation where there is no test; all photos of a folder that "
        "is not split and that the model did not learn from",
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    data_set = read_with_bar(
        read_data_set(data_of(options), with_doubles=True, split_rule=split_rule_of(options.model))
    )
    import numpy as np

    from trainer.evaluation.doubles import doubles
    from trainer.evaluation.evaluate import ALL, evaluate, photos_to_evaluate
    from trainer.inference.engine_selection import prepare_for
    from trainer.inference.predictor import Predictor

    info = read_model_info(options.model)
    note = matching_note(match_classes(data_set.classes, info.classes))
    if note is not None:
        warn(str(note))
    split, photos = photos_to_evaluate(data_set, options.split, info)
    prepare_for(options.model, len(photos), options.device)
    predictor = Predictor(options.model, options.device)
    learnt = () if options.split == ALL else seen_by(options.model, split)
    steps = evaluate(predictor, data_set, photos, learnt)
    skipped: dict[str, list[Path]] = {}
    with progress(len(photos)) as bar:

        def show(event: events.Preparing | events.PhotoSkipped) -> None:
            if isinstance(event, events.PhotoSkipped):
                skipped.setdefault(str(event.reason), []).append(event.path)
            else:
                bar.update(event.done - bar.n)

        evaluation = drain(steps, show)
    _warn_of(skipped)
    doubled = read_with_bar(doubles(data_set, split))
    is_double = np.isin([str(path) for path in evaluation.paths], [str(path) for path in doubled])
    rest = evaluation.selected(~is_double) if is_double.any() and not is_double.all() else None
    groups = groups_among(evaluation.classes, read_groups())
    merged = evaluation.merged_right(groups) / evaluation.n
    if options.json:
        print_json(
            evaluation.as_json()
            | {
                "split": split,
                "synonyms": [list(group) for group in groups],
                "merged_accuracy": merged,
                "doubles": int(is_double.sum()),
                "without_doubles": rest
                and {"accuracy": rest.accuracy, "interval": rest.interval, "n": rest.n},
                "answered": float((evaluation.familiarity >= evaluation.threshold).mean()),
            }
        )
        return 0
    low, high = evaluation.interval
    print(
        f"Accuracy {evaluation.accuracy:.2%} ({low:.2%} to {high:.2%}) on {evaluation.n} photos "
        f"({split}), macro F1 {evaluation.macro_f1:.3f}, calibration error {evaluation.ece:.3f}"
    )
    if is_double.any():
        print(f"{is_double.sum()} of them are, or nearly are, among the photos of earlier splits.")
    if rest is not None:
        low, high = rest.interval
        print(f"Without those: {rest.accuracy:.2%} ({low:.2%} to {high:.2%}) on {rest.n} photos")
    if groups:
        named = "; ".join(" = ".join(group) for group in groups)
        print(f"{merged:.2%} where these count as one: {named}")
    width = max(map(len, evaluation.classes))
    print(f"{'class':<{width}}  precision  recall     F1  photos  taken for")
    for report, row in zip(evaluation.per_class, evaluation.confusion, strict=True):
        mistaken = sorted(
            (
                (count, name)
                for count, name in zip(row, evaluation.classes, strict=True)
                if count and name != report.name
            ),
            reverse=True,
        )
        others = ", ".join(f"{name} {count}" for count, name in mistaken[:3])
        print(
            f"{report.name:<{width}}  {report.precision:9.2f}  {report.recall:6.2f}  "
            f"{report.f1:5.2f}  {report.support:6}  {others}"
            if report.support
            else f"{report.name:<{width}}  {report.precision:9.2f}       –      –       0"
        )
    return 0


def _warn_of(skipped: dict[str, list[Path]]) -> None:
    """Tell which photos were left out; of many for one reason, how many."""
    for reason, paths in skipped.items():
        if len(paths) > _NAMED:
            warn(f"{len(paths)} photos are left out: {reason}")
        else:
            for path in paths:
                warn(f"{shown(path)}: {reason}")
