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
    notice.show_error(DatasetError("The model does not know the class “{name}”.", name="Plum"))
    assert notice.text == "The model does not know the class “Plum”."

    english.install("ko")
    try:
        qtbot.waitUntil(lambda: notice.text == "모델이 “Plum” 클래스를 모릅니다.")
        assert notice.accessibleName() == notice.text
    finally:
        english.install("en")


def test_what_is_said_later_takes_an_errors_place_in_every_language(
    qtbot: QtBot, english: Translation
) -> None:
    notice = Notice()
    qtbot.addWidget(notice)
    notice.show_error(DatasetError("The model does not know the class “{name}”.", name="Plum"))
    notice.show_info("Done.")

    english.install("ko")
    try:
        qtbot.waitUntil(lambda: notice._close.toolTip() != "Close")
        assert notice.text == "Done."
    finally:
        english.install("en")
