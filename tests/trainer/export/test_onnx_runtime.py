import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.trainer.export.conftest import Pair
from trainer.export.format import Format

_SILENCERS = ("ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS")
LOAD_QUIETLY = """
import sys
from trainer.export.onnx_runtime import onnxruntime

onnxruntime.InferenceSession(sys.argv[1])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="There, Windows keeps what it reports")
def test_onnx_runtime_gets_ready_to_report_nothing(
    export_for_squares: Callable[[Format], Pair], tmp_path: Path
) -> None:
    """Where it may report, it keeps a number of the device in the user's folder."""
    places = dict.fromkeys(("HOME", "XDG_CACHE_HOME"), str(tmp_path))
    # In continuous integration it is silent by itself.
    others = {key: value for key, value in os.environ.items() if key not in ("CI", *_SILENCERS)}
    arguments = [sys.executable, "-c", LOAD_QUIETLY, str(export_for_squares("onnx").exported.path)]
    subprocess.run(arguments, env=others | places, check=True)
    assert list(tmp_path.rglob("*")) == []
