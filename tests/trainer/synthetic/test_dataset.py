"""Rendered files: the data set's layout, progress and wholeness, and the samples."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from trainer.data.dataset import open_data_set
from trainer.data.images import open_rgb
from trainer.errors import DatasetError
from trainer.synthetic import DEFAULT_KINDS, KINDS, write_data_set, write_samples
from trainer.synthetic.__main__ import main

SOME = ("Apple", "Kiwi", "Lime")


def test_layout_counts_and_progress(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "demo"
    steps = list(write_data_set(folder, per_class=10, kinds=SOME, size=32))
    assert steps == [(done, 30) for done in range(1, 31)]
    counts = {
        split: [len(list((folder / split / kind).glob("*.jpg"))) for kind in SOME]
        for split in ("train", "validation", "test")
    }
    assert counts == {"train": [6] * 3, "validation": [2] * 3, "test": [2] * 3}
    assert [entry.name for entry in folder.parent.iterdir()] == ["demo"]


def test_the_trainer_opens_it(tmp_path: Path) -> None:
    for _ in write_data_set(tmp_path / "demo", per_class=3, kinds=SOME, size=40):
        pass
    data = open_data_set(tmp_path / "demo")
    assert data.classes == SOME
    assert data.left_out == ()
    assert {split: len(photos) for split, photos in data.splits.items()} == {
        "train": 3,
        "validation": 3,
        "test": 3,
    }
    for photo in data.split("train"):
        assert open_rgb(photo.path).size == (40, 40)


def test_no_two_pictures_are_the_same(tmp_path: Path) -> None:
    for _ in write_data_set(tmp_path / "demo", per_class=6, kinds=SOME, size=32):
        pass
    files = [path.read_bytes() for path in (tmp_path / "demo").rglob("*.jpg")]
    assert len(files) == len(set(files)) == 18


def test_the_same_seed_gives_the_same_files_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        for _ in write_data_set(tmp_path / name, per_class=3, seed=seed, kinds=SOME, size=32):
            pass
    one, same, other = (
        [path.read_bytes() for path in sorted((tmp_path / name).rglob("*.jpg"))]
        for name in ("one", "same", "other")
    )
    assert one == same
    assert all(a != b for a, b in zip(one, other, strict=True))


def test_nothing_half_written_is_left_when_closed_half_way(tmp_path: Path) -> None:
    writing = write_data_set(tmp_path / "demo", per_class=5, kinds=SOME, size=32)
    for _ in range(7):
        next(writing)
    assert not (tmp_path / "demo").exists()
    writing.close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


def test_the_set_is_whole_when_the_last_step_is_reported(tmp_path: Path) -> None:
    for done, total in write_data_set(tmp_path / "demo", per_class=3, kinds=SOME, size=32):
        assert (tmp_path / "demo").exists() == (done == total)


def test_a_set_is_replaced_but_only_when_the_new_one_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    for _ in write_data_set(folder, per_class=3, kinds=SOME, size=32):
        pass
    before = sorted(folder.rglob("*.jpg"))
    writing = write_data_set(folder, per_class=4, kinds=SOME, size=32)
    next(writing)
    writing.close()  # type: ignore[attr-defined]
    assert sorted(folder.rglob("*.jpg")) == before
    for _ in write_data_set(folder, per_class=4, kinds=SOME, size=32):
        pass
    assert len(list(folder.rglob("*.jpg"))) == 12


def test_other_files_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"dear")
    with pytest.raises(DatasetError, match="holds other files"):
        next(write_data_set(tmp_path, per_class=3, kinds=SOME, size=32))
    assert [entry.name for entry in tmp_path.iterdir()] == ["holiday.jpg"]


@pytest.mark.parametrize(
    ("per_class", "kinds"),
    [(2, SOME), (3, ("Apple",)), (3, ("Apple", "Apple")), (3, ("Apple", "X"))],
)
def test_impossible_sets_are_refused(
    tmp_path: Path, per_class: int, kinds: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match=r"pictures|kind"):
        next(write_data_set(tmp_path / "demo", per_class, kinds=kinds))
    assert list(tmp_path.iterdir()) == []


def test_samples_are_one_small_jpeg_a_kind(tmp_path: Path) -> None:
    paths = write_samples(tmp_path, size=160)
    assert [path.name for path in paths] == [f"{kind.lower()}-1.jpg" for kind in KINDS]
    for path in paths:
        assert path.stat().st_size < 120_000
        with Image.open(path) as image:
            assert image.format == "JPEG"
            assert np.asarray(image).shape == (160, 160, 3)


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", str(tmp_path / "demo"), "--per-class", "3", "--size", "32"]) == 0
    assert open_data_set(tmp_path / "demo").classes == DEFAULT_KINDS
    assert main(["data", str(tmp_path / "demo"), "--per-class", "1"]) == 1
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [f"18 pictures in {tmp_path / 'demo'}"]
    assert captured.err.splitlines() == ["1 pictures a kind are too few for three splits."]
