"""The app as a program of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="sends Unix signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_in_its_terminal_closes_it_without_a_word(
    tmp_path: Path, number: signal.Signals
) -> None:
    program = (
        "import sys; from PySide6.QtCore import QTimer; from fruitgui import app\n"
        "create = app.create_window\n"
        "def shown(*arguments):\n"
        "    window = create(*arguments)\n"
        "    QTimer.singleShot(0, lambda: print('shown', flush=True))\n"
        "    return window\n"
        "app.create_window = shown\n"
        "sys.exit(app.run(['fruitgui'], []))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "shown\n"
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in errors
