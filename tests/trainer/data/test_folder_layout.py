import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from trainer.data.dataset import open_data_set
from trainer.data.folder_layout import class_folder_parents, class_folders, photos_in
from trainer.data.recordings import frame_name, new_recording
from trainer.errors import DatasetError


def photo(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(list(os.fsencode(path.name))).integers(0, 256, (8, 8, 3))
    Image.fromarray(pixels.astype(np.uint8)).save(path)
    return path


def test_there_need_be_no_folder_yet(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert class_folder_parents(folder) == (folder, {"train": folder})
    assert class_folders(folder) == {}


def test_photos_of_a_class_are_in_the_order_of_their_names(tmp_path: Path) -> None:
    first, second = new_recording(), new_recording()
    frames = [photo(tmp_path / "배" / frame_name(b, n)) for b in (first, second) for n in (1, 2)]
    other = photo(tmp_path / "배" / "IMG 1.jpg")
    photo(tmp_path / "배" / ".hidden" / "2.jpg")
    photo(tmp_path / "apple" / "1.jpg")
    found = class_folders(tmp_path)
    assert list(found) == ["apple", "배"]
    assert photos_in(found["배"]) == [other, *sorted(frames)]


def test_only_training_photos_count_where_there_are_splits(tmp_path: Path) -> None:
    photo(tmp_path / "train" / "pear" / "1.png")
    photo(tmp_path / "val" / "pear" / "2.png")
    training, parents = class_folder_parents(tmp_path)
    assert training == tmp_path / "train"
    assert parents == {"train": tmp_path / "train", "validation": tmp_path / "val"}
    assert [photo.name for photo in photos_in(class_folders(tmp_path)["pear"])] == ["1.png"]


def test_a_decomposed_name_is_the_same_class(tmp_path: Path) -> None:
    for form in ("NFD", "NFC"):
        photo(tmp_path / unicodedata.normalize(form, "사과") / f"{form}.png")
    found = class_folders(tmp_path)
    assert list(found) == ["사과"]
    assert [path.name for path in photos_in(found["사과"])] == ["NFC.png", "NFD.png"]


def test_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="is a file"):
        class_folders(photo(tmp_path / "photo.png"))


def test_a_data_set_of_single_recordings_says_what_to_do(tmp_path: Path) -> None:
    for name in ("apple", "pear"):
        recording = new_recording()
        for number in range(4):
            photo(tmp_path / name / frame_name(recording, number))
    with pytest.raises(DatasetError, match="Record each class once more"):
        open_data_set(tmp_path)


def test_a_class_of_one_recording_is_told_of(tmp_path: Path) -> None:
    for name, recordings in (("apple", 1), ("pear", 3)):
        for _ in range(recordings):
            recording = new_recording()
            for number in range(4):
                photo(tmp_path / name / frame_name(recording, number))
    found = open_data_set(tmp_path)
    assert [str(warning) for warning in found.warnings] == [
        "All photos of “apple” are of one recording, so none can check what is learnt. "
        "Record it once more."
    ]
    assert {found.classes[photo.label] for photo in found.splits["validation"]} == {"pear"}
