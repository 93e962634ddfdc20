from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from fruitgui.i18n.errors import translated
from fruitgui.i18n.formats import display_device
from fruitgui.i18n.language import Translation
from fruitgui.i18n.run_texts import RunRow, RunTexts
from tests.finished_runs import finished_run
from trainer.errors import DatasetError
from trainer.experiments import run_records
from trainer.runtime.device_info import cpu_name


@pytest.fixture
def korean(app: QApplication) -> Iterator[None]:
    translation = Translation()
    translation.install("ko")
    yield
    translation.install("en")


@pytest.mark.usefixtures("korean")
def test_a_run_of_days_ago_says_in_the_users_language_why_it_failed() -> None:
    failure = DatasetError("There is no folder or zip file “{path}”.", path="/사진")
    finished_run(right=(), state="failed", failure=failure, test_right=None)
    (record,) = run_records.runs()
    assert record.reason == str(failure)
    explanation = RunTexts().explanation(RunRow(record))
    assert "“/사진”" in explanation
    assert "폴더" in explanation


@pytest.mark.usefixtures("korean")
def test_devices_are_named_in_the_users_language() -> None:
    assert display_device(cpu_name(8)) == "CPU, 스레드 8개"
    assert display_device("NVIDIA H200") == "NVIDIA H200"
    assert display_device("CPU") == "CPU"


@pytest.mark.usefixtures("korean")
def test_splits_are_named_in_the_users_language() -> None:
    template = "“{name}” is in {split} but not in {leading}, and is left out."
    text = translated(DatasetError(template, name="test", split="test", leading="train"))
    assert "테스트용" in text
    assert "학습용" in text
    # The user's own class keeps its name.
    assert "“test”" in text
