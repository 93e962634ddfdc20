"""``runs``: the run database."""

import argparse
from typing import Any

from trainer.cli.output import print_json, warn
from trainer.errors import RecipeError
from trainer.experiments import run_database, run_records, run_trash
from trainer.experiments.run import open_run
from trainer.experiments.run_records import RunRecord


def add_runs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "runs",
        help="list, show and delete training runs",
        description="Every training run on this computer. Without an action: list.",
    )
    parser.set_defaults(run=list_runs, json=False, trash=False)
    parser.add_argument("--json", action="store_true", help="print an object a run")
    actions = parser.add_subparsers(metavar="ACTION")
    every = actions.add_parser("list", help="all runs, the newest first")
    every.add_argument("--trash", action="store_true", help="those in the trash instead")
    every.set_defaults(run=list_runs)
    show = actions.add_parser("show", help="one run: its recipe, figures and epochs")
    show.set_defaults(run=show_run)
    delete = actions.add_parser("delete", help="move a run to the trash")
    delete.set_defaults(run=delete_run)
    restore = actions.add_parser("restore", help="take a run out of the trash")
    restore.set_defaults(run=restore_run)
    for action in (show, delete, restore):
        action.add_argument("name", metavar="ID", help="a run's id, or its folder")
    empty = actions.add_parser("empty-trash", help="remove the runs in the trash for good")
    empty.set_defaults(run=empty_trash)
    for action in (every, show, delete, restore, empty):
        # Where it is not given here, it may have been given before the action.
        action.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="print objects"
        )


def list_runs(options: argparse.Namespace) -> int:
    records = run_records.trashed_runs() if options.trash else run_records.runs()
    if options.json:
        for record in records:
            print_json(as_json(record))
        return 0
    if not records:
        print("There is no run in the trash." if options.trash else "There is no run yet.")
        return 0
    width = max(len(record.id) for record in records)
    for record in records:
        test = record.test_accuracy
        figures = f"validation {record.best_accuracy:.1%}" if record.best_epoch else "no model"
        figures += f", test {test:.1%}" if test is not None else ""
        star = "★ " if record.is_starred else ""
        name = f"  {record.name}" if record.name else ""
        print(
            f"{star}{record.id:<{width}}  {record.state:<14}  {figures}, "
            f"{record.seconds:.0f} s  {record.data.name}{name}"
        )
    return 0


def as_json(record: RunRecord) -> dict[str, Any]:
    """A run as plain JSON values."""
    found = record.measurement
    return {
        "id": record.id,
        "name": record.name,
        "note": record.note,
        "starred": record.is_starred,
        "folder": str(record.folder),
        "data": str(record.data),
        "model": record.recipe.model,
        "weights": record.recipe.weights,
        "strategy": record.recipe.strategy,
        "seed": record.recipe.seed,
        "created": record.created.isoformat(),
        "device": record.device,
        "state": record.state,
        "reason": record.reason,
        "last_epoch": record.last_epoch,
        "best_epoch": record.best_epoch,
        "validation_accuracy": record.best_accuracy,
        "train_accuracy": record.train_accuracy,
        "test_accuracy": record.test_accuracy,
        "test_interval": list(found.interval) if found and found.split == "test" else None,
        "macro_f1": found.macro_f1 if found else None,
        "ece": found.ece if found else None,
        "seconds": record.seconds,
    }


def _record_named(name: str) -> RunRecord:
    record = run_records.run_named(name)
    if record is None:
        run = open_run(name)
        record = run_records.run_named(run.id)
        # A copy of a run's folder is not that run.
        if record is not None and record.folder != run.folder.resolve():
            record = None
    if record is None:
        raise RecipeError("There is no run “{name}”.", name=name)
    return record


def show_run(options: argparse.Namespace) -> int:
    import dataclasses

    record = _record_named(options.name)
    epochs = run_database.epochs_of(record.id)
    if options.json:
        shown = as_json(record)
        shown["recipe"] = dataclasses.asdict(record.recipe)
        shown["epochs"] = [dataclasses.asdict(epoch) for epoch in epochs]
        print_json(shown)
        return 0
    for name, value in as_json(record).items():
        if value not in ("", None):
            text = f"{value:.4g}" if isinstance(value, float) else value
            print(f"{name.replace('_', ' '):<20} {text}")
    for epoch in epochs:
        print(
            f"epoch {epoch.epoch}: loss {epoch.train_loss:.4f}, accuracy "
            f"{epoch.train_accuracy:.2%}; validation loss {epoch.validation_loss:.4f}, accuracy "
            f"{epoch.validation_accuracy:.2%}{' (best)' if epoch.best else ''}"
        )
    return 0


def delete_run(options: argparse.Namespace) -> int:
    record = _record_named(options.name)
    run_trash.move_to_trash([record.id])
    if options.json:
        print_json({"id": record.id, "trashed": True})
    else:
        print(
            f"{record.id} is in the trash. “runs restore {record.id}” brings it back, "
            "“runs empty-trash” removes it for good."
        )
    return 0


def restore_run(options: argparse.Namespace) -> int:
    record = _record_named(options.name)
    run_database.restore([record.id])
    if options.json:
        print_json({"id": record.id, "trashed": False})
    else:
        print(f"{record.id} is back.")
    return 0


def empty_trash(options: argparse.Namespace) -> int:
    count = run_trash.empty()
    if options.json:
        print_json({"removed": count})
    else:
        warn(f"{count} runs were removed for good.")
    return 0
