import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.links import symlink
from tests.trainer.photos import make
from trainer.data.dataset import open_data_set
from trainer.data.file_names import IGNORES_CASE
from trainer.data.folder_layout import (
    class_folder_parents,
    class_folders,
    mark_class,
    photos_in,
    remove_mark,
)
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
        "All photos of “apple” are from one recording, so none are left for validation. "
        "Record it once more."
    ]
    assert {found.classes[photo.label] for photo in found.splits["validation"]} == {"pear"}


CLASSES = {"apple": 6, "pear": 6}


def inside(*folders: str) -> dict[str, int]:
    """The classes in each of these folders."""
    return {f"{folder}/{name}": count for folder in folders for name, count in CLASSES.items()}


def opened(root: Path, layout: dict[str, int]) -> tuple[dict[str, int], str]:
    """How many photos each split has, and what is said."""
    found = open_data_set(make(root, layout))
    assert found.classes == ("apple", "pear")
    counts = {split: len(photos) for split, photos in found.splits.items()}
    return counts, "\n".join(map(str, found.warnings))


@pytest.mark.parametrize(
    "folders",
    [
        ("train", "val", "test"),
        ("TRAIN", "VALID", "TEST"),
        ("training_set", "val_set", "test_set"),
        ("Training Set", "dev-set", "Test Set"),
        ("seg_train/seg_train", "seg_val/seg_val", "seg_test/seg_test"),
        ("train_images", "val_images", "test_images"),
        ("images/train", "images/val", "images/test"),
        ("train/images", "val/images", "test/images"),
        ("data/fruits/trainset", "data/fruits/valset", "data/fruits/testset"),
        ("학습", "검증", "테스트"),
        ("1.Training/원천데이터", "2.Validation/원천데이터", "3.Test/원천데이터"),
    ],
    ids=lambda folders: folders[0],
)
def test_splits_are_found_however_they_lie_and_are_called(
    tmp_path: Path, folders: tuple[str, ...]
) -> None:
    counts, said = opened(tmp_path, inside(*folders))
    assert counts == {"train": 12, "validation": 12, "test": 12}
    assert said == ""


@pytest.mark.parametrize("folders", [("val", "valid"), ("dev", "Validation Set")])
def test_folders_that_mean_the_same_split_are_taken_together(
    tmp_path: Path, folders: tuple[str, str]
) -> None:
    counts, said = opened(tmp_path, inside("train", *folders))
    assert counts == {"train": 12, "validation": 24}
    assert said.startswith("Taken together, for all of them mean validation")
    assert all(folder in said for folder in folders)


@pytest.mark.parametrize("layout", [CLASSES, inside("train")], ids=["classes", "splits"])
@pytest.mark.parametrize("name", ["test", "Test Images", "val", "테스트"])
def test_photos_to_test_with_that_are_not_sorted_are_no_class(
    tmp_path: Path, layout: dict[str, int], name: str
) -> None:
    counts, said = opened(tmp_path, {**layout, name: 5})
    assert sum(counts.values()) == 12
    assert said == (
        f"Left out, because their photos are not sorted by class: “{name}” (files: 5). Sort them "
        "into class folders; or, if the folder is a class, give it another name."
    )


def test_a_class_may_be_called_like_a_split(tmp_path: Path) -> None:
    found = open_data_set(make(tmp_path / "two", {"apple": 6, "test": 6}))
    assert found.classes == ("apple", "test")
    found = open_data_set(make(tmp_path / "recorded", CLASSES))
    for number in range(4):
        photo(tmp_path / "recorded" / "test" / frame_name(new_recording(), number))
    assert open_data_set(tmp_path / "recorded").classes == ("apple", "pear", "test")
    make(tmp_path / "marked", {**CLASSES, "test": 5})
    mark_class(tmp_path / "marked" / "test")
    assert open_data_set(tmp_path / "marked").classes == ("apple", "pear", "test")
    make(tmp_path / "shoes", {**CLASSES, "Training": 5})
    assert open_data_set(tmp_path / "shoes").classes == ("Training", "apple", "pear")


def test_classes_that_are_all_called_like_splits_are_doubted(tmp_path: Path) -> None:
    found = open_data_set(make(tmp_path, {"train": 6, "test": 6}))
    assert [str(warning) for warning in found.warnings] == [
        "The classes are called “test”, “train”. If these are splits, sort the photos in them into "
        "class folders."
    ]


def test_a_sorted_test_folder_beside_the_classes_is_a_split(tmp_path: Path) -> None:
    root = tmp_path / "fruit"
    counts, said = opened(root, {**CLASSES, "test/apple": 2, "test/pear": 3, "test/kiwi": 1})
    assert counts == {"train": 10, "validation": 2, "test": 5}
    assert said == "“kiwi” is in test but not in train, and is left out."
    training, parents = class_folder_parents(root)
    assert (training, parents) == (root, {"train": root, "test": root / "test"})
    assert list(class_folders(root)) == ["apple", "pear"]


def test_a_wrapper_may_have_other_things_beside_it(tmp_path: Path) -> None:
    root = make(tmp_path, inside("fruits"))
    for name in ("__MACOSX/fruits/apple", "@eaDir", ".cache", "labels/train"):
        (root / name).mkdir(parents=True)
    photo(root / ".cache" / "1.png")
    (root / "labels" / "train" / "1.txt").write_text("a box")
    (root / "README").write_text("about")
    counts, said = opened(root, {})
    assert sum(counts.values()) == 12
    assert said == (
        "Left out, for they are neither a split nor a class: “labels” (files: 1).\n"
        "Left out: files without a suffix such as .jpg (1, such as “README”). If they are photos, "
        "give them one."
    )
    assert class_folder_parents(root)[0] == root / "fruits"


@pytest.mark.parametrize("empty", [("banana", "cherry"), ("banana",), ("banana/day1",)])
def test_a_class_with_folders_inside_is_no_wrapper_beside_classes_to_come(
    tmp_path: Path, empty: tuple[str, ...]
) -> None:
    root = make(tmp_path, {"apple/day1": 6, "apple/day2": 6})
    for name in empty:
        (root / name).mkdir(parents=True)
    assert class_folder_parents(root) == (root, {"train": root})
    assert list(class_folders(root)) == ["apple", *(name.split("/")[0] for name in empty)]
    with pytest.raises(DatasetError, match="photos of 1 classes"):
        open_data_set(root)


@pytest.mark.parametrize(
    "layout",
    [
        {"apple": 3, "apple/training/1": 3, "pear": 6},
        {"apple/training/1": 3, "apple/training/2": 3, "pear": 6},
    ],
)
def test_a_class_with_a_split_inside_is_no_data_set_beside_other_classes(
    tmp_path: Path, layout: dict[str, int]
) -> None:
    counts, said = opened(tmp_path, layout)
    assert sum(counts.values()) == 12
    assert "neither a split nor a class" not in said


def test_a_class_with_photos_and_folders_is_no_wrapper(tmp_path: Path) -> None:
    root = make(tmp_path, {"apple": 6, "apple/day1": 6, "apple/day2": 6})
    assert class_folder_parents(root)[0] == root


def test_splits_are_found_beside_folders_that_are_none(tmp_path: Path) -> None:
    counts, said = opened(tmp_path, {**inside("set/train", "set/test"), "previews": 3})
    assert counts == {"train": 10, "validation": 2, "test": 12}
    assert "“previews” (files: 3)" in said
    counts, said = opened(tmp_path / "set", {"extra": 2})
    assert counts["train"] == 10
    assert "“extra” (files: 2)" in said


def test_several_data_sets_are_refused(tmp_path: Path) -> None:
    make(tmp_path, inside("red/train", "green/train"))
    with pytest.raises(DatasetError, match="several data sets: “green”, “red”"):
        open_data_set(tmp_path)


def test_a_folder_of_zips_is_refused_with_what_to_do(tmp_path: Path) -> None:
    for name in ("apple.zip", "pear.zip"):
        (tmp_path / name).write_bytes(b"PK")
    with pytest.raises(DatasetError, match="and zip files"):
        open_data_set(tmp_path)


def test_names_of_system_folders_are_never_classes(tmp_path: Path) -> None:
    names = (
        *("@eaDir", "$RECYCLE.BIN", "$Recycle.Bin", "System Volume Information", "lost+found"),
        *("__MACOSX", ".thumbnails", "#recycle"),
    )
    counts, said = opened(tmp_path, {**CLASSES, **dict.fromkeys(names, 2)})
    assert sum(counts.values()) == 12
    assert said == ""


@pytest.mark.skipif(IGNORES_CASE, reason="disks here take capitals for nothing")
def test_names_that_differ_in_capitals_are_the_same_class_in_other_splits(tmp_path: Path) -> None:
    layout = {"train/apple": 6, "train/pear": 6, "val/Apple": 2, "val/PEAR": 2, "val/pear": 1}
    counts, said = opened(tmp_path, layout)
    assert counts == {"train": 12, "validation": 5}
    assert said == (
        "Spelt otherwise in validation, and taken for the same classes: “Apple”, “PEAR”."
    )


@pytest.mark.skipif(IGNORES_CASE, reason="disks here take capitals for nothing")
def test_classes_that_only_capitals_tell_apart_are_doubted(tmp_path: Path) -> None:
    found = open_data_set(make(tmp_path, {"Apple": 6, "apple": 6}))
    assert found.classes == ("Apple", "apple")
    assert "only capitals differ: “Apple”, “apple”" in str(found.warnings[0])


def test_splits_inside_of_classes_are_told_of(tmp_path: Path) -> None:
    layout = {f"{name}/{split}": 5 for name in CLASSES for split in ("train", "test")}
    counts, said = opened(tmp_path, layout)
    assert sum(counts.values()) == 20
    assert "such as “apple/test”" in said


def test_linked_folders_are_followed(tmp_path: Path) -> None:
    elsewhere = make(tmp_path / "elsewhere", {"pears/deep": 6})
    root = make(tmp_path / "fruit", {"apple": 6})
    symlink(root / "pear", elsewhere / "pears")
    symlink(root / "apple" / "round", root)
    counts, said = opened(root, {})
    assert sum(counts.values()) == 12
    assert said == "Left out: links that lead nowhere or in a circle (1, such as “apple/round”)."


def test_what_systems_leave_in_a_folder_does_not_fill_it(tmp_path: Path) -> None:
    folder = tmp_path / "test"
    mark_class(folder)
    for name in (".DS_Store", "Thumbs.db", "desktop.ini"):
        (folder / name).touch()
    remove_mark(folder)
    assert not list(folder.iterdir())
    mark_class(folder)
    (folder / ".notes").touch()
    (folder / "Thumbs.db").touch()
    remove_mark(folder)
    assert len(list(folder.iterdir())) == 3
