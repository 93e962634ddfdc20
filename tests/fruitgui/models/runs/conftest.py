from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fruitgui.models.runs.view import RunBrowser
from fruitgui.settings import Settings
from tests.finished_runs import finished_run
from tests.fruitgui.models.runs.browsing import opened
from trainer.config.presets import PRESETS
from trainer.config.recipe import Recipe
from trainer.errors import DeviceError
from trainer.experiments.run import Run


@pytest.fixture
def runs() -> dict[str, Run]:
    """The newest last."""
    return {
        "good": finished_run(right=(60, 90), test_right=88),
        "quick": finished_run(
            PRESETS["quick"].but(model="mobilenet_v2", weights="starter", epochs=9, seed=1),
            Path("/사진/과일"),
            (50, 70, 65),
            test_right=None,
        ),
        "failed": finished_run(
            Recipe(model="convnext_tiny", seed=2),
            right=(),
            state="failed",
            failure=DeviceError("no {what}", what="memory"),
        ),
    }


@pytest.fixture
def browser(
    app: QApplication, qtbot: QtBot, settings: Settings, runs: dict[str, Run]
) -> Iterator[RunBrowser]:
    browser = opened(qtbot, settings)
    yield browser
    browser.shut_down()
    shiboken6.delete(browser)
