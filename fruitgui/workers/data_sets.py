"""Rendering the demo data set beside the GUI thread."""

from collections.abc import Generator
from pathlib import Path

from trainer import paths

_SEED = 1


def write_demo_data() -> Generator[tuple[int, int], None, Path]:
    """Render the demo data set, unless it is there; yields (done, total), returns its folder."""
    folder = paths.demo_folder()
    if not folder.is_dir():
        from trainer.synthetic import write_data_set

        # Others than those that the starter has learnt from.
        yield from write_data_set(folder, seed=_SEED)
    return folder
