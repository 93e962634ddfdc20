"""The starter's recipe, without the hour that it takes."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tools import train_starter
from trainer.cli.output import progress
from trainer.data.dataset import DataSet, open_data_set
from trainer.errors import DatasetError, RecipeError
from trainer.experiments.run import create_run


def test_kinds_of_imagenets_are_classes_without_photos(demo_data: DataSet) -> None:
    photos = train_starter.with_imagenets_kinds(demo_data)
    assert {"Banana", "Lime", "Tomato", "Strawberry", "Broccoli"} <= set(photos.classes)
    assert photos.classes == tuple(sorted(photos.classes))
    before = {photo.path: demo_data.classes[photo.label] for photo in demo_data.photos}
    after = {photo.path: photos.classes[photo.label] for photo in photos.photos}
    assert after == before


def test_pictures_of_others_are_taken_as_far_as_their_kinds_are_known(
    demo_data: DataSet, tmp_path: Path
) -> None:
    for kind in ("Banana", "Durian"):
        (tmp_path / kind).mkdir()
        for number in range(3):
            Image.new("RGB", (8, 8), (number, 0, 0)).save(tmp_path / kind / f"{number}.png")
    other = open_data_set(tmp_path)
    more = train_starter.with_images(demo_data, "train", other)
    added = more.split("train")[len(demo_data.split("train")) :]
    assert {more.classes[photo.label] for photo in added} == {"Banana"}
    assert len(added) == 3
    assert more.split("validation") == demo_data.split("validation")


def test_other_things_are_made_of_pieces_and_of_bare_grounds(
    demo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train_starter, "OTHER_COMPOSITES", 3)
    monkeypatch.setattr(train_starter, "EMPTY_GROUNDS", 2)
    monkeypatch.setattr(train_starter, "BARE_BACKGROUNDS", 2)
    folder = tmp_path / "other"
    *_, (done, total) = train_starter.write_other_things(folder, demo_folder / "train" / "Banana")
    assert done == total
    images = sorted(folder.iterdir())
    assert len(images) == 7
    assert len({np.asarray(Image.open(each)).tobytes() for each in images}) == 7
    data = train_starter.with_background(open_data_set(demo_folder), folder)
    labels = [photo.label for photo in data.split("train")]
    assert labels.count(data.background) == 7
    assert data.fingerprint() != open_data_set(demo_folder).fingerprint()


def test_a_folder_without_pictures_is_complained_of(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match="There are no pictures in"):
        next(train_starter.write_other_things(tmp_path / "other", tmp_path / "empty"))
    assert not (tmp_path / "other").exists()


def test_a_run_of_another_recipe_is_not_gone_on_with(demo_data: DataSet, tmp_path: Path) -> None:
    folder = tmp_path / "first"
    create_run(train_starter.FIRST_STAGE.but(epochs=1), demo_data.root, folder)
    with progress() as bar, pytest.raises(RecipeError, match="holds a run already"):
        train_starter._learn(train_starter.FIRST_STAGE, demo_data, folder, bar)
