"""A messy data set that the caches know, and the view with what was found in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from fruitgui.train.inspection.view import InspectionView
from tests.fruitgui.train.inspection.looking import opened
from trainer.control import drain
from trainer.data.label_edits import LabelEdits
from trainer.inspection.inspect import inspect


@pytest.fixture(scope="session")
def messy(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A banana among the limes, a tomato twice to learn from and once to test with, and one that
    is nearly black; its photos stay as they are."""
    folder = tmp_path_factory.mktemp("messy") / "과일"
    shutil.copytree(demo_folder, folder)
    bananas, tomatoes = (sorted((folder / "train" / n).iterdir()) for n in ("Banana", "Tomato"))
    shutil.move(bananas[0], folder / "train" / "Lime" / "misplaced.jpg")
    shutil.copy(tomatoes[0], folder / "train" / "Tomato" / "again.jpg")
    shutil.copy(tomatoes[0], folder / "test" / "Tomato" / "tested.jpg")
    with Image.open(tomatoes[1]) as image:
        dark = Image.fromarray((np.asarray(image) * 0.1).astype(np.uint8))
    dark.save(tomatoes[1])
    (folder / "train" / "Lime" / "notes.txt").write_text("mine")
    return folder


@pytest.fixture(scope="session")
def acquainted(messy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose caches know the photos."""
    home = tmp_path_factory.mktemp("acquainted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRUITGUI_HOME", str(home))
        drain(inspect(messy))
    return home


@pytest.fixture
def data(messy: Path, acquainted: Path, home: Path) -> Iterator[Path]:
    """The messy photos, known already, and changed by nobody."""
    shutil.copytree(acquainted, home, dirs_exist_ok=True)
    yield messy
    LabelEdits.of(messy).file.unlink(missing_ok=True)


@pytest.fixture
def view(window: MainWindow, qtbot: QtBot, data: Path) -> InspectionView:
    """What was found in it."""
    return opened(window, qtbot, data)
