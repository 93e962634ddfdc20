"""What went wrong is said in the window's language."""

from pytestqt.qtbot import QtBot

from fruitgui.i18n.language import Translation
from fruitgui.widgets.notice import Notice
from trainer.errors import DatasetError


def test_an_error_follows_the_language_while_it_is_shown(
    qtbot: QtBot, english: Translation
) -> None:
    notice = Notice()
    qtbot.addWidget(notice)
    notice.show_error(DatasetError("The class “{name}” has no photos.", name="Plum"))
    assert notice.text == "The class “Plum” has no photos."

    english.install("ko")
    try:
        qtbot.waitUntil(lambda: "Plum" in notice.text and "사진" in notice.text)
        assert notice.accessibleName() == notice.text
    finally:
        english.install("en")


def test_what_is_said_later_takes_an_errors_place_in_every_language(
    qtbot: QtBot, english: Translation
) -> None:
    notice = Notice()
    qtbot.addWidget(notice)
    notice.show_error(DatasetError("The class “{name}” has no photos.", name="Plum"))
    notice.show_info("Done.")

    english.install("ko")
    try:
        qtbot.waitUntil(lambda: notice._close.toolTip() != "Close")
        assert notice.text == "Done."
    finally:
        english.install("en")
