"""What a user does and sees in the view."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from fruitgui.train.inspection.findings import SECTIONS
from fruitgui.train.inspection.photo_list import InspectedPhotoList
from fruitgui.train.inspection.view import InspectionView
from trainer.data.label_edits import LabelEdit, LabelEdits


def opened(window: MainWindow, qtbot: QtBot, data: Path) -> InspectionView:
    window.show_page(2)
    page = window.train
    assert page.choices.look.isHidden()
    page.use_data(data)
    qtbot.waitUntil(page.choices.look.isVisible)
    qtbot.mouseClick(page.choices.look, Qt.MouseButton.LeftButton)
    view = page.inspection
    assert view.isVisible()
    assert view.progress.isVisible()
    settle(view, qtbot)
    assert view.sections.isVisible()
    return view


def settle(view: InspectionView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not view.is_busy)


def left(view: InspectionView) -> dict[str, str]:
    """What stands beside each section."""
    items = (view.sections.item(row) for row in range(len(SECTIONS)))
    spoken = (item.data(Qt.ItemDataRole.AccessibleTextRole) for item in items)
    return dict(text.rsplit(": ", 1) for text in spoken)


def shown(view: InspectionView) -> list[str]:
    return [path.name for path in view.section.photos.paths]


def left_out(view: InspectionView) -> list[str]:
    files = view.section.left_out
    assert view.section.files.isVisible()
    return [files.index(row).data() for row in range(files.rowCount())]


def headings(view: InspectionView) -> list[str]:
    photos = view.section.photos
    texts = (
        photos.index(row).data(InspectedPhotoList.HeadingRole) for row in range(photos.rowCount())
    )
    return [text for text in texts if text is not None]


def spoken(view: InspectionView, name: str) -> str:
    """What a screen reader says of a card."""
    photos = view.section.photos
    (path,) = (path for path in photos.paths if path.name == name)
    row = photos.row_of(path)
    assert row is not None
    return str(photos.index(row).data(Qt.ItemDataRole.AccessibleTextRole))


def select(view: InspectionView, name: str) -> None:
    grid, photos = view.section.grid, view.section.photos
    (row,) = (photos.row_of(path) for path in photos.paths if path.name == name)
    assert row is not None
    grid.go_to(row)
    grid.setFocus()


def edits(data: Path) -> list[LabelEdit]:
    return LabelEdits.of(data).edits
