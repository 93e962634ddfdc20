from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.train.inspection.findings import Findings
from fruitgui.train.inspection.section_view import SectionView
from fruitgui.workers.label_edits import KeptEdits
from tests.trainer.photos import make
from trainer.data.dataset import open_data_set
from trainer.data.label_edits import LabelEdit, LabelEdits
from trainer.inspection.result import FLAWS, Inspection, SuspectLabel

FOLDERS = ("train/apple", "train/pear", "validation/apple", "validation/pear")
PHOTOS = [f"train/{name}/{number}.png" for name in ("apple", "pear") for number in range(3)]


@dataclass
class Shown:
    """A section with all photos, of which those of pears are suspected to be apples."""

    view: SectionView
    findings: Findings
    wanted: list[list[LabelEdit]]

    def change(self, *edits: LabelEdit) -> None:
        """As the view that holds it does."""
        LabelEdits.of(self.findings.root).add(*edits)
        self.findings = self.findings.after(KeptEdits.of(self.findings.root))
        self.view.note_changed(self.findings)

    def select(self, *numbers: int) -> None:
        """Photos, by their numbers in PHOTOS."""
        grid, photos = self.view.grid, self.view.photos
        grid.clearSelection()
        for number in numbers:
            row = photos.row_of(self.findings.root / PHOTOS[number])
            assert row is not None
            grid.selectionModel().select(
                photos.index(row), grid.selectionModel().SelectionFlag.Select
            )

    def labels(self) -> dict[str, str]:
        """What the last click says of each photo, by its place."""
        return {photo: str(edit.label) for edit in self.wanted[-1] for photo in edit.photos}


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path) -> Iterator[Shown]:
    data = make(tmp_path / "fruit", dict.fromkeys(FOLDERS, 3))
    paths = tuple(data / place for place in PHOTOS)
    inspection = Inspection(
        data=open_data_set(data),
        left_out=(),
        warnings=(),
        formats={"PNG": 6},
        sizes=(8, 8, 8),
        duplicates=(paths[:3], paths[3:]),
        near_duplicates=(),
        across_splits=0,
        flaws={**dict.fromkeys(FLAWS, ()), "small": paths},
        suspects=tuple(SuspectLabel(path, "pear", "apple", 0.5) for path in paths[3:]),
        unjudged=(),
        misnamed={},
        unlike=(),
    )
    unchanged = open_data_set(data, with_edits=False, with_doubles=True)
    findings = Findings(inspection, unchanged, KeptEdits.of(data))
    view = SectionView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    view.show_section(findings, "small")
    wanted: list[list[LabelEdit]] = []
    view.edits_wanted.connect(wanted.append)
    yield Shown(view, findings, wanted)
    view.shut_down()


def test_what_was_decided_before_is_not_decided_anew_with_others(
    shown: Shown, qtbot: QtBot
) -> None:
    shown.change(LabelEdit((PHOTOS[3],), label="pear"))
    shown.change(LabelEdit((PHOTOS[0],), is_excluded=True))
    shown.select(0, 1, 3, 4, 5)
    panel = shown.view.actions_panel
    qtbot.mouseClick(panel.take, Qt.MouseButton.LeftButton)
    assert shown.labels() == {PHOTOS[4]: "apple", PHOTOS[5]: "apple"}
    qtbot.mouseClick(panel.keep, Qt.MouseButton.LeftButton)
    assert shown.labels() == {PHOTOS[1]: "apple", PHOTOS[4]: "pear", PHOTOS[5]: "pear"}
    assert len(shown.wanted[-1]) == 2
    # By itself, it is.
    shown.select(3)
    qtbot.mouseClick(panel.take, Qt.MouseButton.LeftButton)
    assert shown.labels() == {PHOTOS[3]: "apple"}
    shown.select(0)
    qtbot.mouseClick(panel.keep, Qt.MouseButton.LeftButton)
    assert shown.labels() == {PHOTOS[0]: "apple"}
    assert shown.wanted[-1][0].is_excluded is False


def test_suggestions_that_were_all_decided_on_are_not_offered(shown: Shown) -> None:
    shown.change(LabelEdit(tuple(PHOTOS[3:]), label="pear"))
    shown.select(3, 4)
    assert shown.view.actions_panel.take.isHidden()


def test_what_was_left_out_stays_so_when_it_is_moved_or_named_with_others(
    shown: Shown, qtbot: QtBot
) -> None:
    shown.change(LabelEdit((PHOTOS[0],), is_excluded=True))
    shown.view.grid.selectAll()
    panel = shown.view.actions_panel
    (training,) = (each for each in panel.move_menu.actions() if each.text() == "Training")
    training.trigger()
    shown.change(*shown.wanted[-1])
    assert shown.findings.photo(shown.findings.root / PHOTOS[0]).is_excluded
    qtbot.keyClicks(panel.class_field, "quince")
    qtbot.keyClick(panel.class_field, Qt.Key.Key_Return)
    shown.change(*shown.wanted[-1])
    photo = shown.findings.photo(shown.findings.root / PHOTOS[0])
    assert (photo.is_excluded, photo.label) == (True, "quince")
    # Who names it alone wants it.
    shown.select(0)
    qtbot.keyClicks(panel.class_field, "pear")
    qtbot.keyClick(panel.class_field, Qt.Key.Key_Return)
    shown.change(*shown.wanted[-1])
    photo = shown.findings.photo(shown.findings.root / PHOTOS[0])
    assert (photo.is_excluded, photo.label) == (False, "pear")


def test_one_of_each_leaves_what_is_to_stay(shown: Shown, qtbot: QtBot) -> None:
    shown.change(LabelEdit((PHOTOS[1],), label="apple"))
    shown.view.show_section(shown.findings, "duplicates")
    qtbot.mouseClick(shown.view.one_of_each, Qt.MouseButton.LeftButton)
    ((edit,),) = shown.wanted
    assert edit.photos == (PHOTOS[0], PHOTOS[2], PHOTOS[4], PHOTOS[5])


def test_only_changed_photos_are_told_to_be_changed(shown: Shown) -> None:
    rows: list[tuple[int, int]] = []
    shown.view.photos.dataChanged.connect(
        lambda first, last: rows.append((first.row(), last.row()))
    )
    shown.change(LabelEdit((PHOTOS[1], PHOTOS[2], PHOTOS[4]), is_excluded=True))
    assert rows == [(1, 2), (4, 4)]
    rows.clear()
    shown.change(replace(LabelEdit((PHOTOS[1],)), is_excluded=None))
    assert rows == []


def test_headings_and_cards_have_sizes_of_their_own(shown: Shown) -> None:
    view = shown.view
    assert view.grid.uniformItemSizes()
    view.show_section(shown.findings, "duplicates")
    assert not view.grid.uniformItemSizes()
    heading, card = (view.grid.visualRect(view.photos.index(row)) for row in (0, 1))
    assert heading.width() > 2 * card.width()
    assert heading.bottom() < card.top()
