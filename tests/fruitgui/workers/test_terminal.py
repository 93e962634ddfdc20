import signal
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from fruitgui.workers.terminal import Terminal


@pytest.fixture
def terminal(qtbot: QtBot) -> Iterator[Terminal]:
    owner = QObject()
    terminal = Terminal(owner)
    yield terminal
    terminal.leave()
    owner.deleteLater()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_told_to_the_window(
    terminal: Terminal, qtbot: QtBot, number: signal.Signals
) -> None:
    told = terminal.interrupted if number == signal.SIGINT else terminal.terminated
    with qtbot.waitSignal(told):
        signal.raise_signal(number)


def test_once_left_signals_do_what_they_did() -> None:
    before = signal.getsignal(signal.SIGINT)
    Terminal().leave()
    assert signal.getsignal(signal.SIGINT) is before


def test_leaving_twice_does_no_harm() -> None:
    before = signal.getsignal(signal.SIGTERM)
    terminal = Terminal()
    terminal.leave()
    terminal.leave()
    assert signal.getsignal(signal.SIGTERM) is before
