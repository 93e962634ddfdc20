"""Runs and comparisons whose data set lies elsewhere by now: they go on with it there."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from trainer.data.dataset import DataSet, open_data_set
from trainer.data.label_edits import adopted
from trainer.data.labels.label_source import is_label_source, labels_moved_to
from trainer.errors import DataNotFoundError, ModelFileError
from trainer.evaluation.result_file import load_evaluation, moved_to, save_evaluation
from trainer.experiments.comparison import Comparison, keep_comparison_data
from trainer.experiments.run import Run, keep_data
from trainer.experiments.run_photos import changes_since, kept_fingerprint
from trainer.models.metadata import read_model_info


def run_on(run: Run, data: Path) -> Run:
    """The run with its data set in *data*, a folder or zip, which is kept from now on. The user's
    label edits come along.

    Raises:
        DataNotFoundError: the photos there are not those that the run began with.
        DatasetError: *data* is no data set.
        OSError: the disk is full.
    """
    data = with_labels(run.data, data)
    with adopted(run.data, data):
        data_set = open_data_set(data, split_rule=run.split_rule)
        _require_same([run], data_set)
    return _moved(run, data_set)


def comparison_on(comparison: Comparison, data: Path) -> Comparison:
    """The comparison, and all of its runs that have begun, with their data set in *data*.

    Raises:
        DataNotFoundError: the photos there are not those that its runs began with.
        DatasetError: *data* is no data set.
        OSError: the disk is full.
    """
    data = with_labels(comparison.data, data)
    numbers = range(len(comparison.recipes))
    runs = [run for number in numbers if (run := comparison.begun_run(number)) is not None]
    with adopted(comparison.data, data):
        data_set = open_data_set(data, split_rule=comparison.split_rule)
        _require_same(runs, data_set)
    for run in runs:
        _moved(run, data_set)
    return keep_comparison_data(comparison, data)


def with_labels(old: Path, new: Path) -> Path:
    """What to open for photos that have moved to *new*: where their labels came from elsewhere,
    they still do.

    Raises:
        DatasetError: it is no longer known where they came from.
        OSError: the disk is full.
    """
    if is_label_source(old) and old.is_file() and not is_label_source(new):
        return labels_moved_to(old, new)
    return new


def _require_same(runs: Sequence[Run], data_set: DataSet) -> None:
    fingerprints = data_set.fingerprints()
    for run in runs:
        if _fingerprint_of(run) in {None, *fingerprints}:
            continue
        changes = changes_since(run.folder, data_set)
        if changes is None:
            raise DataNotFoundError(
                "“{path}” does not hold the photos that this run began with. Choose the folder or "
                "zip that does, or start a new run.",
                path=data_set.root,
            )
        raise DataNotFoundError(
            "“{path}” does not hold the photos that this run began with: {missing} missing, {new} "
            "new, {resized} of another size, {relabelled} of another class or split. Choose the "
            "folder or zip that does, or start a new run.",
            path=data_set.root,
            **asdict(changes),
        )


def _fingerprint_of(run: Run) -> str | None:
    """Of the photos that a run has to go on with; None before it has begun."""
    kept = kept_fingerprint(run.folder)
    if kept is not None:
        return kept
    try:
        return read_model_info(run.model_file).data_fingerprint or None
    except ModelFileError:
        return None  # It has learnt nothing yet.


def _moved(run: Run, data_set: DataSet) -> Run:
    # Its answers are held against those of runs that are still to come, photo by photo.
    with suppress(ModelFileError):
        kept = load_evaluation(run.evaluation_file)
        save_evaluation(run.evaluation_file, moved_to(kept, data_set))
    return keep_data(run, data_set.root)
