"""Which tests ``make check`` runs."""

from pathlib import Path

import pytest

from tools.changed_tests import tests_of as places_of


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for file in ("tests/trainer/data/test_splits.py", "tests/tools/test_other.py"):
        place = tmp_path / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("trainer/data/splits.py", ["tests/trainer/data/test_splits.py"]),
        ("trainer/data/images.py", ["tests/trainer/data"]),
        ("trainer/paths.py", ["tests/trainer"]),
        ("benchmarks/camera.py", ["tests"]),
        ("tests/trainer/data/test_splits.py", ["tests/trainer/data/test_splits.py"]),
        ("tests/trainer/runs.py", ["tests/trainer"]),
        ("pyproject.toml", ["tests"]),
        ("assets/report/ko.json", ["tests"]),
        ("README.md", []),
    ],
)
def test_the_tests_of_a_changed_file_are_its_mirror(
    repository: Path, changed: str, expected: list[str]
) -> None:
    assert places_of([changed], repository) == expected


def test_what_has_the_same_tests_names_them_once(repository: Path) -> None:
    changed = ["trainer/data/images.py", "trainer/data/zips.py"]

    assert places_of(changed, repository) == ["tests/trainer/data"]
