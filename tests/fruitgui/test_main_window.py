import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import fruitgui
from fruitgui import theme
from fruitgui.i18n.errors import translated
from fruitgui.main_window import MainWindow
from fruitgui.settings import Settings
from tests.fruitgui.conftest import window_of
from trainer import paths
from trainer.errors import ImageError, ModelFileError
from trainer.models.metadata import read_model_info

ROOT = Path(fruitgui.__file__).parents[1]


def test_the_window_stands_before_torch_is_loaded() -> None:
    program = "import sys, fruitgui.app; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_page_says_so_while_the_model_loads(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model")
    said: list[str] = []
    # Noted with the signal: a model that is read already may load faster than one can look.
    window.recognition.loading.connect(lambda: said.append(window.sidebar.in_use.text()))
    window.use_model(paths.starter_model())
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["Loading the model…"]
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model")


def test_pages_are_turned_with_the_mouse_and_the_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.sidebar.tabs.button(2), Qt.MouseButton.LeftButton)
    assert window.page is window.train
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.page is window.models)


def test_the_language_changes_at_once_and_is_kept(window: MainWindow, qtbot: QtBot) -> None:
    window.set_language("ko")
    qtbot.waitUntil(lambda: window.sidebar.tabs.button(0).text() == "분류")
    assert window.train._start.text() == "시작"
    assert translated(ImageError("The file is empty.")) == "빈 파일입니다."
    assert window._settings.language == "ko"
    window.set_language("en")
    qtbot.waitUntil(lambda: window.sidebar.tabs.button(0).text() == "Classify")


@pytest.mark.parametrize("is_dressed", [True])
def test_dark_and_light_change_at_once_and_are_kept(window: MainWindow) -> None:
    window.set_appearance("dark")
    assert theme.colours() is theme.DARK
    assert window._settings.appearance == "dark"
    window.set_appearance("light")
    assert theme.colours() is theme.LIGHT


def test_without_a_korean_font_the_window_speaks_english_and_says_why(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.set_language("ko")
    window.fall_back_without(["Noto Sans CJK KR"])
    qtbot.waitUntil(lambda: window.sidebar.tabs.button(0).text() == "분류")
    window.fall_back_without([])
    qtbot.waitUntil(lambda: window.sidebar.tabs.button(0).text() == "Classify")
    assert "no font for Korean" in window.classify.notice.text
    # Once there is one, it is Korean again.
    assert window._settings.language == "ko"
    window.set_language("en")


def test_a_model_that_has_gone_gives_way_to_the_starter(
    app: QApplication, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    settings.model_in_use = tmp_path / "gone.safetensors"
    with window_of(settings) as window:
        qtbot.waitUntil(lambda: settings.model_in_use is None)
        qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model")
        assert "gone.safetensors" in window.classify.notice.text


def test_what_is_chosen_while_another_model_is_loaded_stays_chosen(
    window: MainWindow, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model")
    mine, gone = tmp_path / "mine.safetensors", tmp_path / "gone.safetensors"
    shutil.copyfile(paths.starter_model(), mine)
    settings.model_in_use = gone
    window.models.model_chosen.emit(mine)
    # As one that began to load before says now that it is there, and another that it is not.
    starter = paths.starter_model()
    window.recognition.ready.emit(starter, read_model_info(starter))
    assert settings.model_in_use == gone
    window.recognition.failed.emit(gone, ModelFileError("It is gone."))
    qtbot.waitUntil(lambda: settings.model_in_use == mine)
    assert window.classify.notice.text.startswith("Classify and Camera answer with “")


def test_what_was_said_of_the_model_before_is_taken_back(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model")
    mine = tmp_path / "mine.safetensors"
    shutil.copyfile(paths.starter_model(), mine)
    window.models.model_chosen.emit(mine)
    notice = window.classify.notice
    qtbot.waitUntil(notice.isVisible)
    assert "answer with" in notice.text
    with qtbot.waitSignal(window.recognition.ready):
        window.use_model(paths.starter_model())
    assert not notice.isVisible()


def test_what_is_chosen_and_cannot_be_loaded_leaves_all_as_it_was(
    window: MainWindow, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model")
    mine, damaged = tmp_path / "mine.safetensors", tmp_path / "damaged.safetensors"
    shutil.copyfile(paths.starter_model(), mine)
    damaged.write_bytes(b"no model")
    window.models.model_chosen.emit(mine)
    qtbot.waitUntil(lambda: settings.model_in_use == mine)
    window.models.model_chosen.emit(damaged)
    # Neither what was there before nor another device takes the place of what is chosen.
    window.models.fallback_wanted.emit(paths.starter_model())
    window.settings_page.computing_chosen.emit()
    qtbot.waitUntil(lambda: "damaged.safetensors" in window.classify.notice.text)
    assert settings.model_in_use == mine
    # What is taught from now on, and what another device is to compute, is the model that answers.
    assert window.teacher._model == mine
    with qtbot.waitSignal(window.recognition.ready) as ready:
        window.settings_page.computing_chosen.emit()
    assert ready.args[0] == mine


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_text_is_translated_with_its_placeholders(language: str) -> None:
    tree = ElementTree.parse(ROOT / "assets" / "translations" / f"fruitgui_{language}.ts")
    messages = list(tree.iter("message"))
    assert messages
    for message in messages:
        source = message.findtext("source") or ""
        translation = message.find("translation")
        assert translation is not None
        texts = [form.text or "" for form in translation] or [translation.text or ""]
        assert translation.get("type") is None, source
        for text in texts:
            assert text, source
            assert placeholders(text) <= placeholders(source), source
        # A singular may do without its number.
        assert placeholders(texts[-1]) == placeholders(source), source


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}|%n", text))


def test_every_text_in_the_source_is_in_the_translations(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    sources = [s for s in sorted(ROOT.glob("fruitgui/**/*.py")) if s.name != "resources_rc.py"]
    sentences = tmp_path / "sentences.py"
    collect = [sys.executable, "-m", "tools.trainer_sentences", sentences]
    subprocess.run(collect, check=True, cwd=ROOT)
    tool = Path(sys.executable).parent / "pyside6-lupdate"
    subprocess.run(
        [tool, "-locations", "none", *sources, sentences, "-ts", fresh],
        check=True,
        capture_output=True,
    )

    def texts(path: Path) -> set[str | None]:
        return {m.findtext("source") for m in ElementTree.parse(path).iter("message")}

    assert texts(fresh) == texts(ROOT / "assets" / "translations" / "fruitgui_ko.ts")
