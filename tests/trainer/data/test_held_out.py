import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from trainer import synthetic
from trainer.control import drain
from trainer.data.dataset import DataSet, open_data_set, read_data_set
from trainer.errors import DatasetError
from trainer.events import Preparing
from trainer.storage.file_digests import digest_of


def noise(path: Path) -> Path:
    """A photo like no other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    seed = list("/".join(path.parts[-3:]).encode())
    pixels = np.random.default_rng(seed).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def film(folder: Path, kind: str, seed: int, frames: int) -> None:
    """One piece before white, turned a little from frame to frame."""
    piece = Image.fromarray(synthetic.render(kind, seed, 128))
    for number in range(frames):
        turned = piece.rotate(2 * number, Image.Resampling.BILINEAR, fillcolor="white")
        turned.crop((20, 20, 108, 108)).save(folder / f"{seed}_{number:03}.jpg")


def sides(data: DataSet) -> dict[str, set[str]]:
    return {
        split: {digest_of(photo.path.read_bytes()) for photo in photos}
        for split, photos in data.splits.items()
    }


def has_overlap(parts: dict[str, set[str]]) -> bool:
    return sum(map(len, parts.values())) > len(set().union(*parts.values()))


def test_copies_of_a_photo_are_on_one_side(tmp_path: Path) -> None:
    for kind in ("apple", "pear"):
        for number in range(24):
            photo = noise(tmp_path / kind / f"p{number}.png")
            shutil.copy(photo, photo.with_name(f"p{number} - Copy.png"))
    data = open_data_set(tmp_path)
    assert not has_overlap(sides(data))
    assert {split: len(photos) for split, photos in data.splits.items()} == {
        "train": 72,
        "validation": 12,
        "test": 12,
    }
    assert [str(warning) for warning in data.warnings] == [
        "Photos that are nearly the same stay together, to learn from or to check with (96)."
    ]


def test_a_copy_in_another_class_is_on_the_same_side(tmp_path: Path) -> None:
    for number in range(30):
        photo = noise(tmp_path / "apple" / f"{number}.png")
        noise(tmp_path / "pear" / f"{number}.png")
        (tmp_path / "tomato").mkdir(exist_ok=True)
        shutil.copy(photo, tmp_path / "tomato" / f"other {number}.png")
    assert not has_overlap(sides(open_data_set(tmp_path)))


def test_the_frames_of_a_film_are_on_one_side(tmp_path: Path) -> None:
    for kind in ("Apple", "Tomato"):
        (tmp_path / kind).mkdir()
        for seed in range(6):
            film(tmp_path / kind, kind, seed, 20)
    data = open_data_set(tmp_path)
    films = {
        split: {(photo.label, photo.path.name[0]) for photo in photos}
        for split, photos in data.splits.items()
    }
    assert not films["train"] & (films["validation"] | films["test"])
    assert not films["validation"] & films["test"]
    assert {label for label, _ in films["validation"]} == {0, 1}


def test_a_class_that_is_one_film_is_checked_all_the_same_and_said(tmp_path: Path) -> None:
    (tmp_path / "Apple").mkdir()
    film(tmp_path / "Apple", "Apple", 1, 20)
    for number in range(20):
        noise(tmp_path / "pear" / f"{number}.png")
    data = open_data_set(tmp_path)
    assert [photo.label for photo in data.splits["validation"]].count(0) == 3
    (warning,) = data.warnings
    assert str(warning).startswith("Nearly all photos of “Apple” look the same")


def test_subfolders_stay_together_and_that_is_said(tmp_path: Path) -> None:
    for kind in ("apple", "pear"):
        for plant in range(1, 21):
            for view in ("front", "side"):
                noise(tmp_path / kind / f"plant{plant:02}" / f"{plant} {view}.png")
    data = open_data_set(tmp_path)
    assert [str(warning) for warning in data.warnings] == [
        "Photos of one subfolder stay together, to learn from or to check with (in 2 classes)."
    ]
    for photos in data.splits.values():
        fronts, others = (
            {photo.path.parent for photo in photos if (view in photo.path.name)}
            for view in ("front", "side")
        )
        assert fronts == others
    assert len(data.splits["validation"]) == len(data.splits["test"]) == 12


def test_the_test_photos_are_never_touched(tmp_path: Path) -> None:
    for kind in ("apple", "pear"):
        for number in range(20):
            noise(tmp_path / "train" / kind / f"{number}.png")
        noise(tmp_path / "test" / kind / "only.png")
    data = open_data_set(tmp_path)
    assert [photo.path.name for photo in data.splits["test"]] == ["only.png", "only.png"]
    assert len(data.splits["validation"]) == 6


def test_photos_are_looked_at_once_and_it_is_told_how_far_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for kind in ("apple", "pear"):
        for number in range(6):
            noise(folder / kind / f"{number}.png")
    steps: list[Preparing] = []
    data = drain(read_data_set(folder), steps.append)
    looked = [(step.done, step.total) for step in steps if step.stage == "look"]
    assert looked[:13] == [(number, 12) for number in range(13)]
    steps.clear()
    assert drain(read_data_set(folder), steps.append) == data
    assert {step.stage for step in steps} == {"compare"}


@pytest.mark.parametrize("rule", [1, 2])
def test_what_an_earlier_version_held_out_can_still_be_had(tmp_path: Path, rule: int) -> None:
    for kind in ("apple", "pear"):
        for number in range(20):
            noise(tmp_path / kind / f"day {number % 5}" / f"{number // 5}.png")
    data = open_data_set(tmp_path, split_rule=1 if rule == 1 else 2)
    held_out = [photo.path for photo in data.splits["validation"] if photo.label == 0]
    days = {path.parent.name for path in held_out}
    names = {path.name for path in held_out}
    assert (len(days), len(names)) == ((3, 1) if rule == 1 else (1, 4))


def test_photos_that_cannot_be_read_check_nothing(tmp_path: Path) -> None:
    for kind in ("apple", "pear"):
        for number in range(10):
            noise(tmp_path / kind / f"{number}.png")
    for number in range(8):
        (tmp_path / "pear" / f"{number}.png").write_bytes(b"no picture")
    (tmp_path / "apple" / "empty.png").touch()
    data = open_data_set(tmp_path)
    names = {
        split: [photo.path.name for photo in photos if photo.label == 1]
        for split, photos in data.splits.items()
    }
    assert sorted(name for photos in names.values() for name in photos) == ["8.png", "9.png"]
    assert len(names["validation"]) == 1
    assert [each.reason for each in data.left_out] == ["unreadable"] * 9
    said = [str(each) for each in data.warnings if "cannot be read" in str(each)]
    assert len(said) == 1
    assert "(9, such as" in said[0]


def test_folders_without_a_readable_photo_are_refused_with_the_count(tmp_path: Path) -> None:
    for name in ("apple/1.jpg", "apple/2.jpg", "pear/1.jpg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"no picture")
    with pytest.raises(DatasetError, match=r"None of the photos can be read \(3\)"):
        open_data_set(tmp_path)
