"""Writing a report beside the GUI thread."""

from collections.abc import Generator
from pathlib import Path

from trainer.data.class_names import Language
from trainer.events import PhotoSkipped, Preparing


def write_report(
    source: str, target: Path, language: Language
) -> Generator[Preparing | PhotoSkipped, None, Path]:
    """Write a report of a run, a model or a comparison; yields how far it is, returns the file."""
    from trainer.report.document import write_report

    return (yield from write_report(source, target, language))
