from typing import get_args

import pytest
from PySide6.QtWidgets import QApplication

from fruitgui.i18n.language import Translation
from fruitgui.train.inspection.texts import InspectionTexts
from trainer.data.left_out import Reason


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_reason_why_a_file_is_left_out_has_a_text_of_its_own(
    qapp: QApplication, english: Translation, language: str
) -> None:
    english.install(language)
    texts = InspectionTexts()
    said = {reason: texts.reason(reason) for reason in get_args(Reason)}
    english.install("en")
    assert all(said.values())
    assert len(set(said.values())) == len(said)
    assert all(text.isascii() == (language == "en") for text in said.values())
