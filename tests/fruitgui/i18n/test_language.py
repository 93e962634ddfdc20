"""The language of what Qt itself says."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from fruitgui.i18n.language import Translation


@pytest.fixture
def korean(english: Translation) -> Iterator[None]:
    translation = Translation()
    translation.install("ko")
    yield
    translation.install("en")


def test_the_file_dialog_is_korean_throughout(korean: None, qtbot: QtBot) -> None:
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    said = [label.text() for label in dialog.findChildren(QLabel) if label.text()]
    assert said
    for text in said:
        assert any("가" <= letter <= "힣" for letter in text), text
    assert QCoreApplication.translate("QAbstractFileIconProvider", "Folder") == "폴더"
    asked = QCoreApplication.translate(
        "QFileDialog", "%1 already exists.\nDo you want to replace it?"
    )
    assert asked.startswith("%1 파일이 이미 있습니다.")
