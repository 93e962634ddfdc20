"""What the packaged program's proof rests on; ``tools/smoke_test.sh`` runs all of it."""

import subprocess
import sys


def test_a_connection_in_secret_ends_it() -> None:
    program = """
import socket
from fruitgui.self_test import refuse_connections

refuse_connections()
first, second = socket.socketpair()
print("a pair of its own", flush=True)
try:
    socket.create_connection(("192.0.2.1", 9), timeout=0.1)
except Exception:
    pass
print("went on", flush=True)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 3
    assert done.stdout.startswith("a pair of its own\nFAILED: socket.")
    assert "192.0.2.1" in done.stdout
