"""Generators for :class:`~fruitgui.workers.task.Task` about comparisons: the list, and a table."""

from collections.abc import Generator
from dataclasses import dataclass

from trainer.experiments import run_database, run_records
from trainer.experiments.comparison import Comparison, comparisons, is_done
from trainer.experiments.comparison_choice import tabulate
from trainer.experiments.comparison_table import Table


@dataclass(frozen=True, slots=True)
class ListedComparison:
    """A comparison, and which of its runs are done."""

    comparison: Comparison
    done: tuple[bool, ...]

    @property
    def done_count(self) -> int:
        return sum(self.done)

    @property
    def is_complete(self) -> bool:
        return all(self.done)


def list_comparisons() -> Generator[None, None, list[ListedComparison]]:
    """Returns all comparisons, the newest first."""
    yield
    records = {record.folder: record for record in run_records.runs()}
    listed = []
    for comparison in comparisons():
        folders = map(comparison.run_folder, range(len(comparison.recipes)))
        done = tuple(is_done(records.get(folder)) for folder in folders)
        listed.append(ListedComparison(comparison, done))
        yield
    return listed


def tabulate_comparison(
    comparison: Comparison,
) -> Generator[None, None, tuple[Comparison, Table]]:
    """Returns a comparison, and what it has come to so far."""
    yield
    return comparison, tabulate(comparison)


def forget_comparison(comparison: Comparison) -> Generator[None, None, None]:
    """Take a comparison off the list; its runs stay."""
    yield
    run_database.forget_comparison(comparison.id)


def remember_comparison(comparison: Comparison) -> Generator[None, None, None]:
    """Put a comparison on the list again."""
    yield
    run_database.add_comparison(comparison.id, comparison.folder, comparison.data)
