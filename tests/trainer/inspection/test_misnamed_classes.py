"""Classes whose photos show something else than what they are called."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from trainer.cli.main import main
from trainer.control import drain
from trainer.inspection.inspect import inspect
from trainer.inspection.misnamed_classes import misnamed_classes
from trainer.models.growth import Growth

KNOWN = ("Apple", "Pear", "Plum", "Kiwi", "Quandong", "Leek")
"""Of the last one, the model knows no photos."""
COUNTS = np.array([9, 9, 9, 9, 9, 0])


@pytest.fixture
def growth() -> Growth:
    means = 3 * np.eye(6, 12, dtype=np.float32)
    means[5] = 0
    nothing = np.zeros((0, 12), np.float32)
    ones = np.ones(12, np.float32)
    return Growth(means, COUNTS, nothing, ones, nothing, np.zeros(0, np.int64))


def photos(kind: int, count: int, *less: int) -> np.ndarray:
    """Near to a class of the model; less near to others."""
    result = np.zeros((count, 12), np.float32)
    result[:, kind] = 0.9
    for number, other in enumerate(less):
        result[:, other] = 0.5 - number / 10
    lengths = np.linalg.norm(result, axis=1, keepdims=True)
    return (result / lengths).astype(np.float32)


def found(growth: Growth, **classes: np.ndarray) -> dict[str, str]:
    labels = np.repeat(np.arange(len(classes)), [len(each) for each in classes.values()])
    features = np.concatenate(list(classes.values()))
    return dict(misnamed_classes(features, labels, list(classes), KNOWN, growth))


def test_a_class_that_looks_like_another_is_told_in_any_language(growth: Growth) -> None:
    looks_like_pear = photos(1, 5, 2, 3, 4)
    assert found(growth, Apple=looks_like_pear) == {"Apple": "Pear"}
    assert found(growth, 사과=looks_like_pear) == {"사과": "Pear"}


def test_two_folders_that_were_swapped_are_both_told(growth: Growth) -> None:
    assert found(growth, Plum=photos(3, 6, 0, 1, 4), Kiwi=photos(2, 6, 0, 1, 4)) == {
        "Plum": "Kiwi",
        "Kiwi": "Plum",
    }


def test_nothing_is_said_where_it_may_be_right(growth: Growth) -> None:
    assert found(growth, Apple=photos(0, 5)) == {}
    # Among what it looks like.
    assert found(growth, Apple=photos(1, 5, 0)) == {}
    # Too few photos; photos of many kinds; a class that the model does not know, or by name alone.
    assert found(growth, Apple=photos(1, 4, 2, 3, 4)) == {}
    mixed = np.concatenate([photos(kind, 3, *({1, 2, 3, 4} - {kind})) for kind in (1, 2, 3)])
    assert found(growth, Apple=mixed) == {}
    assert found(growth, Okra=photos(1, 5, 2, 3, 4), Leek=photos(1, 5, 2, 3, 4)) == {}


def test_of_a_model_of_two_classes_the_other_one_is_told(growth: Growth) -> None:
    few = dataclasses.replace(growth, counts=np.array([9, 9, 0, 0, 0, 0]))
    assert found(few, Apple=photos(1, 5), Pear=photos(0, 5)) == {"Apple": "Pear", "Pear": "Apple"}
    assert found(few, Apple=photos(0, 5), Pear=photos(1, 5)) == {}


def test_copies_of_a_photo_tell_nothing(tmp_path: Path, demo_folder: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(demo_folder, data)
    tomatoes = sorted((data / "train" / "Tomato").iterdir())
    for number in range(6):
        (data / "train" / "Leek").mkdir(exist_ok=True)
        shutil.copy(tomatoes[0], data / "train" / "Leek" / f"{number}.jpg")
    assert drain(inspect(data)).misnamed == {}


def test_a_data_set_with_a_wrong_folder_is_warned_of(
    tmp_path: Path, demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(demo_folder, data)
    for split in ("train", "validation", "test"):
        (data / split / "Tomato").rename(data / split / "Leek")
    found = drain(inspect(data))
    assert found.misnamed == {"Leek": "Tomato"}
    assert found.as_json()["misnamed"] == [{"class": "Leek", "looks_like": "Tomato"}]
    assert main(["check", str(data)]) == 0
    said = "The photos of “Leek” look like “Tomato”. Check the name of the class."
    assert said in capsys.readouterr().out
