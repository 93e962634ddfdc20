"""Looking through a data set beside the GUI thread."""

from collections.abc import Generator
from pathlib import Path

from fruitgui.train.inspection.findings import Findings
from fruitgui.workers.label_edits import KeptEdits
from trainer.data.dataset import read_data_set
from trainer.events import Preparing


def look_through(source: Path) -> Generator[Preparing | None, None, Findings]:
    """Yields how far it is; returns what was found in a data set's folder or zip."""
    from trainer.inspection.inspect import inspect

    inspection = yield from inspect(source)
    unchanged = yield from read_data_set(source, with_edits=False, with_doubles=True)
    yield None
    return Findings(inspection, unchanged, KeptEdits.of(unchanged.root))
