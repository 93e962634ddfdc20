import os
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from trainer.dataset import DataSet, open_data_set, pictures_in
from trainer.errors import DatasetError


def photo(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8), "green").save(path)
    return path


def make(root: Path, layout: dict[str, int]) -> Path:
    """Photos in folders, so many each."""
    for folder, count in layout.items():
        for number in range(count):
            photo(root / folder / f"{number}.png")
    return root


def zipped(folder: Path, archive: Path) -> Path:
    with zipfile.ZipFile(archive, "w") as opened:
        for path in folder.rglob("*"):
            if path.is_file():
                opened.write(path, path.relative_to(folder.parent))
    return archive


def counts(data_set: DataSet) -> dict[str, Counter[str]]:
    return {
        split: Counter(data_set.classes[photo.label] for photo in photos)
        for split, photos in data_set.splits.items()
    }


@pytest.mark.parametrize("validation", ["validation", "val", "valid"])
def test_folders_of_splits_are_taken_as_they_are(tmp_path: Path, validation: str) -> None:
    layout = {"train/a": 3, "train/b": 2, f"{validation}/a": 1, f"{validation}/b": 2, "test/a": 1}
    found = open_data_set(make(tmp_path, layout))
    assert found.classes == ("a", "b")
    assert found.has_own_splits
    assert counts(found) == {
        "train": {"a": 3, "b": 2},
        "validation": {"a": 1, "b": 2},
        "test": {"a": 1},
    }


def test_one_folder_a_class_is_split_the_same_way_every_time(tmp_path: Path) -> None:
    root = make(tmp_path, {"apple": 20, "pear": 10})
    found = open_data_set(root)
    assert counts(found) == {
        "train": {"apple": 14, "pear": 6},
        "validation": {"apple": 3, "pear": 2},
        "test": {"apple": 3, "pear": 2},
    }
    assert found.splits == open_data_set(root).splits
    assert len({photo.path for photo in found.photos}) == 30
    assert not found.has_own_splits


def test_validation_photos_are_set_aside_where_there_are_none(tmp_path: Path) -> None:
    found = open_data_set(make(tmp_path, {"train/a": 10, "train/b": 10, "test/a": 2}))
    assert counts(found)["validation"] == {"a": 2, "b": 2}
    assert counts(found)["test"] == {"a": 2}


def test_a_test_split_alone_can_be_opened(tmp_path: Path) -> None:
    found = open_data_set(make(tmp_path, {"test/a": 2, "test/b": 3}))
    assert counts(found) == {"test": {"a": 2, "b": 3}}


def test_a_zip_is_opened_like_the_folder_in_it(tmp_path: Path) -> None:
    root = make(tmp_path / "fruit", {"train/사과": 3, "train/b": 2, "val/b": 1, "val/사과": 1})
    archive = zipped(root, tmp_path / "fruit.zip")
    assert counts(open_data_set(archive)) == counts(open_data_set(root))
    assert open_data_set(archive).root == archive


def test_a_class_may_be_called_test(tmp_path: Path) -> None:
    found = open_data_set(make(tmp_path, {"test": 4, "train": 4}))
    assert found.classes == ("test", "train")


def test_classes_that_were_not_taught_are_named_and_left_out(tmp_path: Path) -> None:
    layout = {"train/a": 2, "train/b": 2, "train/empty": 0, "val/a": 1, "val/new": 1}
    (tmp_path / "train" / "empty").mkdir(parents=True)
    found = open_data_set(make(tmp_path, layout))
    assert found.classes == ("a", "b")
    assert any("new" in warning for warning in found.warnings)
    assert any("empty" in warning for warning in found.warnings)
    assert len(found.split("val")) == 1


def test_decomposed_hangul_is_the_same_class(tmp_path: Path) -> None:
    composed, decomposed = "\uac10", "\u1100\u1161\u11b7"
    layout = {f"train/{decomposed}": 2, "train/b": 2, f"val/{composed}": 1, "val/b": 1}
    found = open_data_set(make(tmp_path, layout))
    assert counts(found)["validation"] == {composed: 1, "b": 1}


def test_korean_names_of_old_windows_zips_are_read(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    picture = photo(tmp_path / "p.png").read_bytes()
    with zipfile.ZipFile(archive, "w") as opened:
        for name in ("사과", "바나나"):
            # zipfile writes names of cp437's characters without marking them as UTF-8.
            opened.writestr(f"{name}/1.png".encode("cp949").decode("cp437"), picture)
            opened.writestr(f"{name}/2.png".encode("cp949").decode("cp437"), picture)
    data = archive.read_bytes()
    assert "사과".encode("cp949") in data or True
    found = open_data_set(archive)
    assert len(found.classes) == 2


def test_a_zip_that_reaches_outside_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("../../evil.png", b"x")
    with pytest.raises(DatasetError, match="outside"):
        open_data_set(archive)
    assert not list(tmp_path.rglob("evil.png"))


@pytest.mark.parametrize("what", ["missing", "a file", "one class", "empty"])
def test_what_is_no_data_set_is_refused_in_a_sentence(tmp_path: Path, what: str) -> None:
    source = tmp_path / "source"
    if what == "a file":
        source.write_text("no zip")
    elif what == "one class":
        make(source, {"a": 3})
    elif what == "empty":
        source.mkdir()
    with pytest.raises(DatasetError) as refusal:
        open_data_set(source)
    assert str(source) in str(refusal.value)


def test_a_folder_is_searched_for_pictures_and_a_file_is_always_tried(tmp_path: Path) -> None:
    first, second = photo(tmp_path / "b" / "x.png"), photo(tmp_path / "b" / "c" / "y.JPG.png")
    notes = tmp_path / "b" / "notes.txt"
    notes.write_text("")
    assert list(pictures_in([tmp_path / "b"])) == [first, second]
    assert list(pictures_in([notes])) == [notes]


def test_a_photo_that_joins_leaves_the_others_where_they_were(tmp_path: Path) -> None:
    root = make(tmp_path, {"a": 40, "b": 40})
    before = {p.path: split for split, ps in open_data_set(root).splits.items() for p in ps}
    photo(root / "a" / "new.png")
    make(tmp_path, {"0": 10})  # A class that is sorted before the others.
    after = {p.path: split for split, ps in open_data_set(root).splits.items() for p in ps}
    moved = [path for path, split in before.items() if after[path] != split]
    assert len(moved) <= 2  # At the borders between splits.


@pytest.mark.parametrize("damage", ["cut", "flipped", "member called ."])
def test_a_damaged_zip_is_refused_in_a_sentence(tmp_path: Path, damage: str) -> None:
    root = make(tmp_path / "fruit", {"a": 3, "b": 3})
    archive = tmp_path / "fruit.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for path in root.rglob("*.png"):
            opened.writestr(str(path.relative_to(root)), bytes(range(256)) * 64)
        if damage == "member called .":
            opened.writestr(".", b"x")
    data = bytearray(archive.read_bytes())
    if damage == "flipped":
        data[60:120] = b"\xff" * 60
    archive.write_bytes(data[: len(data) // 2] if damage == "cut" else data)
    if damage == "member called .":
        assert open_data_set(archive).classes == ("a", "b")
        return
    with pytest.raises(DatasetError):
        open_data_set(archive)


def test_a_folder_named_in_another_encoding_is_refused_in_a_sentence(tmp_path: Path) -> None:
    root = make(tmp_path, {"a": 2})
    folder = os.fsencode(root) + b"/\xbb\xe7\xb0\xfa"
    try:
        Path(os.fsdecode(folder)).mkdir()
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    photo(Path(os.fsdecode(folder)) / "1.png")
    with pytest.raises(DatasetError, match="Rename it"):
        open_data_set(root)


def test_a_name_that_is_too_long_is_only_a_photo_that_is_not_there() -> None:
    name = Path("x" * 300 + ".jpg")
    assert list(pictures_in([name])) == [name]


def test_the_fingerprint_follows_the_photos(tmp_path: Path) -> None:
    root = make(tmp_path, {"a": 5, "b": 5})
    before = open_data_set(root).fingerprint()
    assert before == open_data_set(root).fingerprint()
    photo(root / "a" / "new.png")
    assert open_data_set(root).fingerprint() != before
