"""How long the window's thread works at once while a large inspection is looked through and mended.

Nothing is read: the findings are made up, with every photo in the section *Small*, as of a data set
of 32 × 32 pixels, and half as many files left out. Each step is timed from its call until all that
it asked of the window's thread is done; taking in a change is done beside that thread, as the view
does it.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

# Run as a file, its folder is where Python looks, and not the project.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fruitgui.app import create_application
from fruitgui.train.inspection.findings import Findings
from fruitgui.train.inspection.overview import InspectionOverview
from fruitgui.train.inspection.section_list import SectionList
from fruitgui.train.inspection.section_view import SectionView
from fruitgui.workers.label_edits import KeptEdits
from trainer.data.dataset import DataSet, Photo
from trainer.data.label_edits import LabelEdit, LabelEdits
from trainer.data.left_out import LeftOut
from trainer.inspection.result import FLAWS, Inspection

CLASSES = 34
SHARES = {"train": 0.8, "validation": 0.9, "test": 1.0}
"""Where each split's photos end."""


def findings_of(root: Path, count: int) -> Findings:
    """Findings of *count* photos that are not there."""
    photos = [Photo(root / f"{n % CLASSES}" / f"{n}.jpg", n % CLASSES) for n in range(count)]
    splits: dict[str, tuple[Photo, ...]] = {}
    begin = 0
    for split, share in SHARES.items():
        end = int(share * count)
        splits[split], begin = tuple(photos[begin:end]), end
    data = DataSet(root, tuple(map(str, range(CLASSES))), splits, folder=root)
    paths = tuple(photo.path for photo in photos)
    inspection = Inspection(
        data=data,
        left_out=tuple(LeftOut(root / f"{n}.txt", "not a picture") for n in range(count // 2)),
        warnings=(),
        formats={"JPEG": count},
        sizes=(32, 32, 32),
        duplicates=tuple(paths[n : n + 2] for n in range(0, min(count, 1000), 2)),
        near_duplicates=(),
        across_splits=0,
        flaws={flaw: paths if flaw == "small" else () for flaw in FLAWS},
        suspects=(),
        unjudged=(),
        misnamed={},
        unlike=(),
    )
    return Findings(inspection, data, KeptEdits.of(root))


def milliseconds(step: Callable[..., object], *arguments: object) -> float:
    """How long a step keeps the window's thread, with all that it leaves to be done."""
    begin = time.perf_counter()
    step(*arguments)
    QApplication.processEvents()
    return 1000 * (time.perf_counter() - begin)


def measure(root: Path, count: int) -> dict[str, float]:
    """Milliseconds by step."""
    findings = findings_of(root, count)
    view, sections, overview = SectionView(), SectionList(), InspectionOverview()
    for widget in (view, sections, overview):
        widget.resize(1000, 700)
        widget.show()
    QApplication.processEvents()

    def show(changed: Findings) -> None:
        sections.show_findings(changed)
        overview.show_findings(changed)
        view.note_changed(changed)

    wanted: list[list[LabelEdit]] = []
    view.edits_wanted.connect(wanted.append)
    rows: dict[str, float] = {}
    rows["open"] = milliseconds(view.show_section, findings, "small")
    for name, select in (("one", lambda: None), ("all", view.grid.selectAll)):
        rows[f"select {name}"] = milliseconds(select)
        rows[f"leave {name} out"] = milliseconds(view.grid.removal_asked.emit)
        LabelEdits.of(root).add(*wanted[-1])
        changed = findings.after(KeptEdits.of(root))
        rows[f"show that ({name})"] = milliseconds(show, changed)
        LabelEdits.of(root).undo()
        undone = changed.after(KeptEdits.of(root))
        rows[f"show its undoing ({name})"] = milliseconds(show, undone)
    for section in ("left out", "duplicates"):
        rows[f"open {section}"] = milliseconds(view.show_section, findings, section)
    rows["open a class"] = milliseconds(view.show_section, findings, "class", "3")
    view.shut_down()
    for widget in (view, sections, overview):
        widget.close()  # Else they lie above what is shown next, and take its mouse.
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--photos", type=int, default=35_000)
    options = parser.parse_args(arguments)
    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="fruitgui-benchmark-") as folder:
        os.environ["FRUITGUI_HOME"] = str(Path(folder) / "home")
        app = create_application(["fruitgui"])
        root = Path(folder) / "data"
        root.mkdir()
        rows = measure(root, options.photos)
        app.processEvents()
    print(f"{options.photos} photos: milliseconds of the window's thread at once")
    for name, value in rows.items():
        print(f"{name:32}{value:8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
