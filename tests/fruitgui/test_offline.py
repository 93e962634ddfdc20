"""Nothing is asked of the network, by the program or what it stands on, in a whole session."""

import os
import subprocess
import sys
from pathlib import Path

_DENYING = """
import os, sys

def deny(event, arguments):
    asks = event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        # Python's own pairs of sockets are of this computer.
        asks = arguments[1][0] not in ("127.0.0.1", "::1")
    if asks:
        # An exception might be caught: those who ask in secret do so.
        os.write(2, f"{event}: {arguments}".encode())
        os._exit(3)

sys.addaudithook(deny)
"""
_CONNECTING = """
import socket
try:
    socket.create_connection(("192.0.2.1", 9), timeout=0.1)
except Exception:
    pass
"""


def test_a_whole_session_opens_no_connection(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-c"),
            _DENYING + "from fruitgui.self_test import self_test\nsys.exit(self_test())",
        ],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for step in ("label", "live label", "now knows 46 kinds", "went on", "evaluated", "exported"):
        assert step in done.stdout


def test_a_connection_would_be_noticed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _DENYING + _CONNECTING],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert "192.0.2.1" in done.stderr
