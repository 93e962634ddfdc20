import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.classify.similar_thread import SimilarThread
from tests.trainer.photos import make
from tests.trainer.runs import SMALL
from trainer import paths
from trainer.experiments.run import create_run


def test_reading_the_training_photos_ends_when_nobody_waits(
    qtbot: QtBot, tmp_path: Path, sample: Path
) -> None:
    run = create_run(SMALL, make(tmp_path / "fruit", {"apple": 6, "pear": 6}), tmp_path / "run")
    shutil.copyfile(paths.starter_model(), run.model_file)
    thread = SimilarThread()
    steps: list[tuple[int, int]] = []
    found: list[object] = []

    def stop(done: int, total: int) -> None:
        steps.append((done, total))
        thread._stopping = True

    thread.progressed.connect(stop, Qt.ConnectionType.DirectConnection)
    thread.found.connect(lambda *answer: found.append(answer))
    thread.start()
    thread.request(run.model_file, sample)
    qtbot.waitUntil(thread.isFinished)
    # All photos, as long as nobody knows which are to train with.
    assert [total for _, total in steps] == [12]
    assert found == []
