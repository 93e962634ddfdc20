from pathlib import Path

import pytest

from trainer import paths


@pytest.fixture
def sample_photos() -> list[Path]:
    return sorted(paths.samples_folder().glob("*.jpg"))
