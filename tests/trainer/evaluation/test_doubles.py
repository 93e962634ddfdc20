import io
import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from trainer.cli.main import main
from trainer.control import drain
from trainer.data.dataset import open_data_set
from trainer.evaluation.doubles import doubles
from trainer.paths import starter_model

CLASSES = (
    *("apple", "banana", "beetroot", "bell pepper", "cabbage", "capsicum", "carrot"),
    *("cauliflower", "chilli pepper", "corn", "cucumber", "eggplant", "garlic", "ginger"),
    *("grapes", "jalepeno", "kiwi", "lemon", "lettuce", "mango", "onion", "orange", "paprika"),
    *("pear", "peas", "pineapple", "pomegranate", "potato", "raddish", "soy beans", "spinach"),
    *("sweetcorn", "sweetpotato", "tomato", "turnip", "watermelon"),
)
"""As in the set *Fruits and Vegetables Image Recognition* on Kaggle, misspellings and all."""


def image(*seed: int) -> Image.Image:
    """Random colours in large patches, which survive shrinking."""
    draw = np.random.default_rng(seed)
    patches = draw.integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(patches).resize((96, 96), Image.Resampling.BICUBIC)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up set of that shape: the test photos of every second class are those of validation,
    and of every third, smaller ones of train."""
    path = tmp_path_factory.mktemp("kaggle") / "archive.zip"
    with zipfile.ZipFile(path, "w") as packed:

        def write(split: str, name: str, number: int, picture: Image.Image) -> None:
            file = io.BytesIO()
            picture.convert("RGB").save(file, "JPEG", quality=90)
            packed.writestr(f"{split}/{name}/Image_{number}.jpg", file.getvalue())

        for label, name in enumerate(CLASSES):
            write("train", name, 0, image(label, 0))
            write("validation", name, 1, image(label, 10))
            write("test", name, 1, image(label, 10 if label % 2 == 0 else 20))
            if label % 3 == 0:
                write("test", name, 2, image(label, 0).resize((60, 60)))
    return path


def test_the_zip_is_opened_as_it_was_downloaded(archive: Path) -> None:
    data = open_data_set(archive, with_doubles=True)
    assert data.classes == CLASSES
    assert {split: len(photos) for split, photos in data.splits.items()} == {
        "train": 36,
        "validation": 36,
        "test": 48,
    }


def test_doubles_are_equal_or_nearly_the_same(archive: Path) -> None:
    data = open_data_set(archive, with_doubles=True)
    found = drain(doubles(data, "test"))
    assert {data.place_of(path) for path in found} == {
        *(f"test/{name}/Image_1.jpg" for name in CLASSES[::2]),
        *(f"test/{name}/Image_2.jpg" for name in CLASSES[::3]),
    }
    assert drain(doubles(data, "validation")) == frozenset()
    assert drain(doubles(data, "train")) == frozenset()
    assert drain(doubles(data, "all")) == frozenset()


def test_a_split_that_was_made_here_is_not_looked_through(archive: Path, tmp_path: Path) -> None:
    data = open_data_set(archive, with_doubles=True)
    assert data.folder is not None
    shutil.copytree(data.folder / "train", tmp_path / "flat")
    assert list(doubles(open_data_set(tmp_path / "flat"), "test")) == []


def test_accuracy_is_told_as_given_and_without_the_doubles(
    archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["evaluate", str(starter_model()), str(archive), "--split", "test"]
    assert main([*arguments, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    known = printed["n"]
    assert 0 < printed["doubles"] < known
    assert printed["without_doubles"]["n"] == known - printed["doubles"]
    assert 0 <= printed["without_doubles"]["accuracy"] <= 1
    assert main(arguments) == 0
    lines = capsys.readouterr().out
    assert f"{printed['doubles']} of them are, or nearly are, among the photos of earlier" in lines
    assert f"on {known - printed['doubles']} photos" in lines


def test_checking_it_counts_its_doubles(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(archive), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert len(printed["classes"]) == 36
    assert printed["photos"] == 120
    assert printed["across_splits"] == 18 + 12
    assert len(printed["duplicates"]) == 18
    assert len(printed["near_duplicates"]) == 12
    assert all("archive.zip/" in path for group in printed["duplicates"] for path in group)
