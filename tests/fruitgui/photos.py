"""Dropping photos on the Classify page, and waiting for their answers."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow


def dropped(window: MainWindow, data: QMimeData) -> None:
    event = QDropEvent(
        QPointF(100, 100),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.classify.dropEvent(event)


def files(*sources: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(source)) for source in sources])
    return data


def labelled(window: MainWindow, qtbot: QtBot, *sources: Path) -> None:
    """Drop photos and wait for all their answers."""
    dropped(window, files(*sources))
    settled(window, qtbot)


def settled(window: MainWindow, qtbot: QtBot) -> None:
    page = window.classify
    qtbot.waitUntil(lambda: not page._is_busy())
    qtbot.waitUntil(lambda: page.photos.answered == len(page.photos.paths))
    qtbot.waitUntil(lambda: not page._showing.isActive())


def save_as(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
