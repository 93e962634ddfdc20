"""Widgets in cycles die in the thread that made them."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from fruitgui.workers.garbage_collection import GarbageCollection


class Cycle:
    """Garbage as soon as nobody holds it, of use to no one but the collector."""

    def __init__(self, died_in: list[int]) -> None:
        self.itself = self
        self.died_in = died_in

    def __del__(self) -> None:
        self.died_in.append(threading.get_ident())


@pytest.fixture
def collection() -> Iterator[GarbageCollection]:
    was_enabled = gc.isenabled()
    gc.enable()
    owner = QObject()
    yield GarbageCollection(owner)
    owner.deleteLater()
    if was_enabled:
        gc.enable()


def test_a_worker_that_allocates_collects_nothing_and_this_thread_does(
    qtbot: QtBot, collection: GarbageCollection
) -> None:
    died_in: list[int] = []
    kept: list[list[int]] = []

    def work() -> None:
        for _ in range(3):
            Cycle(died_in)
        kept.extend([] for _ in range(10 * gc.get_threshold()[0]))

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert died_in == []

    qtbot.waitUntil(lambda: len(died_in) == 3)
    assert set(died_in) == {threading.get_ident()}


def test_nothing_is_collected_while_there_is_little(collection: GarbageCollection) -> None:
    gc.collect()
    died_in: list[int] = []
    Cycle(died_in)
    collection.collect_if_due()
    assert died_in == []
    gc.collect()
    assert len(died_in) == 1
