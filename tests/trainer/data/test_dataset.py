import io
import os
import stat
import zipfile
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.trainer.photos import make, photo
from tests.zips import zip_of
from trainer.data.dataset import DataSet, images_in, open_data_set, read_data_set
from trainer.errors import DatasetError
from trainer.events import Preparing
from trainer.storage import caches


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


@pytest.mark.parametrize(
    "layout",
    [
        {"train/사과": 3, "train/b": 2, "val/b": 1, "val/사과": 1},
        {"train/사과": 9, "train/b": 8, "test/b": 1},
        {"사과": 9, "b": 8},
        {"wrapped/again/사과": 9, "wrapped/again/b": 8},
        {"사과/deeper": 9, "b": 8},
    ],
    ids=lambda layout: next(iter(layout)),
)
def test_a_zip_is_opened_like_the_folder_in_it(tmp_path: Path, layout: dict[str, int]) -> None:
    root = make(tmp_path / "fruit", layout)
    archive = zipped(root, tmp_path / "fruit.zip")
    assert counts(open_data_set(archive)) == counts(open_data_set(root))
    assert open_data_set(archive).root == archive
    assert open_data_set(archive).classes == ("b", "사과")
    assert open_data_set(archive).splits == open_data_set(archive).splits


def test_a_zips_photos_are_the_same_once_the_caches_were_cleared(tmp_path: Path) -> None:
    root = make(tmp_path / "fruit", {"a": 5, "b": 5})
    data_set = open_data_set(zipped(root, tmp_path / "fruit.zip"))
    fingerprint = data_set.fingerprint()
    caches.clear()
    assert data_set.fingerprint() == fingerprint


def test_a_zip_made_by_a_mac_has_no_classes_of_its_own(tmp_path: Path) -> None:
    archive = zipped(make(tmp_path / "fruit", {"a": 5, "b": 5}), tmp_path / "fruit.zip")
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr("__MACOSX/fruit/a/._0.png", b"resource fork")
        opened.writestr("fruit/.DS_Store", b"")
    assert open_data_set(archive).classes == ("a", "b")
    assert len(open_data_set(archive).photos) == 10


def test_a_class_may_be_called_test(tmp_path: Path) -> None:
    found = open_data_set(make(tmp_path, {"test": 4, "train": 4}))
    assert found.classes == ("test", "train")


def test_classes_that_were_not_taught_are_named_and_left_out(tmp_path: Path) -> None:
    layout = {"train/a": 2, "train/b": 2, "train/empty": 0, "val/a": 1, "val/new": 1}
    (tmp_path / "train" / "empty").mkdir(parents=True)
    found = open_data_set(make(tmp_path, layout))
    assert found.classes == ("a", "b")
    assert any("new" in str(warning) for warning in found.warnings)
    assert any("empty" in str(warning) for warning in found.warnings)
    assert len(found.split("val")) == 1


def test_decomposed_hangul_is_the_same_class(tmp_path: Path) -> None:
    composed, decomposed = "\uac10", "\u1100\u1161\u11b7"
    layout = {f"train/{decomposed}": 2, "train/b": 2, f"val/{composed}": 1, "val/b": 1}
    found = open_data_set(make(tmp_path, layout))
    assert counts(found)["validation"] == {composed: 1, "b": 1}


def test_folders_of_one_name_in_both_forms_are_one_class(tmp_path: Path) -> None:
    composed, decomposed = "\uac10", "\u1100\u1161\u11b7"
    make(tmp_path, {"train/b": 2, "val/b": 1, f"train/{composed}": 2})
    make(tmp_path, {f"train/{decomposed}": 5})
    expected = sum(1 for path in (tmp_path / "train").glob("*/*") if path.parent.name != "b")
    assert counts(open_data_set(tmp_path))["train"][composed] == expected


def test_a_split_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    found = open_data_set(make(tmp_path, {"train/a": 2, "train/b": 2, "val/a": 1}))
    assert found.split("valid") == found.split("validation")
    with pytest.raises(DatasetError, match="only: train, validation"):
        found.split("test")


def png(*seed: int) -> bytes:
    """A photo like no other."""
    pixels = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG")
    return content.getvalue()


def raw_zip(archive: Path, names: list[bytes], extra: bytes = b"") -> Path:
    """A zip whose members' names are these bytes, not marked as UTF-8, as old tools write them."""
    stand_ins = [chr(ord("a") + number) * len(name) for number, name in enumerate(names)]
    with zipfile.ZipFile(archive, "w") as opened:
        for stand_in in stand_ins:
            member = zipfile.ZipInfo(stand_in)
            member.extra = extra
            opened.writestr(member, png(*stand_in.encode()))
    data = archive.read_bytes()
    for stand_in, name in zip(stand_ins, names, strict=True):
        assert data.count(stand_in.encode()) == 2  # Beside the photo, and in the list of contents.
        data = data.replace(stand_in.encode(), name)
    archive.write_bytes(data)
    return archive


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_korean_names_that_a_zip_does_not_mark_as_utf_8_are_read(
    tmp_path: Path, encoding: str
) -> None:
    names = [f"{name}/사진{i}.png" for name in ("사과", "바나나") for i in range(3)]
    found = open_data_set(raw_zip(tmp_path / "a.zip", [n.encode(encoding) for n in names]))
    assert found.classes == ("바나나", "사과")
    assert {f"{photo.path.parent.name}/{photo.path.name}" for photo in found.photos} == set(names)


def test_a_zips_unicode_extra_field_does_not_garble_names(tmp_path: Path) -> None:
    # Newer versions of Python take a member's name from it, older ones do not.
    names = ["사과/사진.png", "바나나/사진.png"]
    raw = names[0].encode("cp949")
    field = b"\x01" + zlib.crc32(raw).to_bytes(4, "little") + names[0].encode()
    extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
    archive = raw_zip(tmp_path / "fruit.zip", [n.encode("cp949") for n in names], extra)
    assert open_data_set(archive).classes == ("바나나", "사과")


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp850", ["Möhren", "Äpfel"]),
        ("cp437", ["Möhren", "Piña"]),
        ("cp932", ["りんご", "野菜表"]),
    ],
)
def test_names_of_other_systems_are_read(tmp_path: Path, encoding: str, names: list[str]) -> None:
    raw = [f"{name}/{number}.png".encode(encoding) for name in names for number in range(3)]
    assert open_data_set(raw_zip(tmp_path / "a.zip", raw)).classes == tuple(sorted(names))


def test_backslashes_lie_between_folders(tmp_path: Path) -> None:
    raw = [rf"fruit\{name}\{number}.png".encode() for name in "ab" for number in range(3)]
    found = open_data_set(raw_zip(tmp_path / "a.zip", raw))
    assert found.classes == ("a", "b")
    assert {found.place_of(photo.path) for photo in found.photos} == {
        name.decode().replace("\\", "/") for name in raw
    }


def test_a_name_in_unicode_beside_the_old_one_is_taken(tmp_path: Path) -> None:
    raw, name = b"M?hren/1.png", "Möhren/1.png"
    field = b"\x01" + zlib.crc32(raw).to_bytes(4, "little") + name.encode()
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        member = zipfile.ZipInfo(raw.decode())
        member.extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
        opened.writestr(member, png(0))
        opened.writestr("pear/1.png", png(1))
    assert open_data_set(archive).classes == ("Möhren", "pear")


def test_what_a_zip_holds_beside_photos_is_told(tmp_path: Path) -> None:
    archive = zipped(make(tmp_path / "fruit", {"a": 6, "b": 6}), tmp_path / "fruit.zip")
    with zipfile.ZipFile(archive, "a") as opened:
        for name in ("fruit/notes.txt", "fruit/a/IMG", "fruit/a/Thumbs.db", "@eaDir/a/0.png"):
            opened.writestr(name, b"no photo")
        opened.writestr("fruit/b/empty.png", b"")
        link = zipfile.ZipInfo("fruit/b/link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(link, b"../a/0.png")
    found = open_data_set(archive)
    assert found.classes == ("a", "b")
    assert {found.place_of(each.path): each.reason for each in found.left_out} == {
        "fruit/notes.txt": "not a picture",
        "fruit/a/IMG": "no suffix",
        "fruit/b/empty.png": "unreadable",
        "fruit/b/link.png": "link",
    }
    assert len(found.warnings) == 4


@pytest.mark.parametrize(
    "name", ["../../evil.png", r"..\..\evil.png", "a/../../evil.png", "/evil.png", "C:/evil.png"]
)
def test_a_zip_that_reaches_outside_is_refused(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("a/good.png", b"x")
        opened.writestr(name, b"x")
    with pytest.raises(DatasetError, match="outside"):
        open_data_set(archive)
    assert not list(tmp_path.rglob("*.png"))


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
    assert list(images_in([tmp_path / "b"])) == [first, second]
    assert list(images_in([notes])) == [notes]


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
            # What follows the picture makes it long enough to be damaged.
            opened.writestr(str(path.relative_to(root)), path.read_bytes() + bytes(range(256)) * 64)
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
    except (OSError, UnicodeDecodeError):
        pytest.skip("this file system takes only names in UTF-8")
    photo(Path(os.fsdecode(folder)) / "1.png")
    with pytest.raises(DatasetError, match="Rename it"):
        open_data_set(root)


def test_a_name_that_is_too_long_is_only_a_photo_that_is_not_there() -> None:
    name = Path("x" * 300 + ".jpg")
    assert list(images_in([name])) == [name]


def test_the_fingerprint_follows_the_photos(tmp_path: Path) -> None:
    root = make(tmp_path, {"a": 5, "b": 5})
    before = open_data_set(root).fingerprint()
    assert before == open_data_set(root).fingerprint()
    photo(root / "a" / "new.png")
    assert open_data_set(root).fingerprint() != before


def test_unpacking_a_zip_is_told(tmp_path: Path) -> None:
    colours = {f"{name}/{n}.png": f"#{n}{n}{n}" for name in ("apple", "pear") for n in range(1, 6)}
    steps = read_data_set(zip_of(tmp_path / "a.zip", colours))
    assert [next(steps) for _ in colours] == [Preparing("unzip", n, 10) for n in range(1, 11)]
    steps.close()
