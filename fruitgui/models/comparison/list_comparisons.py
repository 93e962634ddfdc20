"""Which comparisons there are, and how far each is."""

from collections.abc import Generator
from dataclasses import dataclass

from trainer.experiments import run_records
from trainer.experiments.comparison import Comparison, comparisons, is_done


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
    records = {record.folder: record for record in run_records.runs()}
    listed = []
    for comparison in comparisons():
        folders = map(comparison.run_folder, range(len(comparison.recipes)))
        done = tuple(is_done(records.get(folder)) for folder in folders)
        listed.append(ListedComparison(comparison, done))
        yield
    return listed
