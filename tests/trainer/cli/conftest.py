from pathlib import Path

import pytest

from tests.trainer.cli.command_line import SMALL
from trainer.cli.main import main


@pytest.fixture(scope="session")
def trained(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file."""
    out = tmp_path_factory.mktemp("trained") / "run"
    assert main(["train", str(demo_folder), *SMALL, "--out", str(out)]) == 0
    return out / "model.safetensors"
