from pathlib import Path

from pytestqt.qtbot import QtBot

from fruitgui.camera.recorder_thread import Recorded, RecorderThread
from tests.fruitgui.videos import APPLE, RATE, images
from tests.trainer.photos import make


def test_a_recording_stays_in_the_folder_that_it_began_in(qtbot: QtBot, tmp_path: Path) -> None:
    root = make(tmp_path / "fruit", {"pear": 2, "plum": 2})
    thread = RecorderThread()
    photos: list[Path] = []

    def note(recorded: Recorded) -> None:
        if recorded.photo is not None:
            photos.append(recorded.photo)

    thread.recorded.connect(note)
    thread.start()
    thread.begin(root, "apple", RATE)
    frames = iter(enumerate(images(*APPLE, seconds=4)))
    for number, frame in frames:
        thread.offer(frame, number / RATE)
        qtbot.waitUntil(lambda: not thread.is_writing)
        if photos:
            break
    # From now on, new photos would go elsewhere; but what is looked up once, is not again.
    make(root, {"train/pear": 2, "train/plum": 2})
    for number, frame in frames:
        thread.offer(frame, number / RATE)
        qtbot.waitUntil(lambda: not thread.is_writing)
    thread.shut_down()
    qtbot.waitUntil(lambda: len(photos) > 1)
    assert {photo.parent for photo in photos} == {root / "apple"}
