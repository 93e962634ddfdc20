from collections.abc import Sequence
from pathlib import Path

import pytest

from trainer.data.labels.found_paths import find_paths
from trainer.data.labels.photo_index import PhotoIndex

ROOT = Path("/x/set")


def found(places: Sequence[str], texts: Sequence[str], root: Path = ROOT) -> list[str]:
    """The places of the photos that paths lead to, or why they lead to none; with a star where the
    name alone told."""
    index = PhotoIndex(root, [root / place for place in places])
    paths = find_paths(index, texts)
    return [
        (photo.relative_to(root).as_posix() if isinstance(photo, Path) else photo)
        + "*" * (text in paths.by_name)
        for text, photo in zip(texts, paths.photos, strict=True)
    ]


@pytest.mark.parametrize(
    ("places", "texts", "expected"),
    [
        # Photos of another folder that are called alike.
        (("val/1.jpg", "val/2.jpg"), ("/data/train/1.jpg", "/data/train/2.jpg"), ["outside"] * 2),
        # A photo that has gone is not the one of another class.
        (
            ("apple/1.jpg", "pear/3.jpg"),
            ("/d/apple/1.jpg", "/d/apple/3.jpg", "/d/pear/3.jpg"),
            ["apple/1.jpg", "missing", "pear/3.jpg"],
        ),
        (
            ("apple/1.jpg", "3.jpg"),
            ("d/apple/1.jpg", "d/apple/3.jpg", "/else/3.jpg"),
            ["apple/1.jpg", "missing", "outside"],
        ),
        (
            ("apple/1.jpg", "pear/3.jpg"),
            ("/x/set/apple/1.jpg", "/x/set/apple/3.jpg"),
            ["apple/1.jpg", "missing"],
        ),
        # Folders that were flattened, with names that are unique.
        (("1.jpg", "2.jpg"), ("/d/apple/1.jpg", "/d/pear/2.jpg"), ["1.jpg*", "2.jpg*"]),
        # And with names that are not.
        (
            ("1.jpg", "2.jpg", "3.jpg"),
            ("/d/apple/1.jpg", "/d/pear/1.jpg", "/d/pear/2.jpg"),
            ["ambiguous"] * 3,
        ),
        # The folder itself tells them apart.
        (
            ("1.jpg", "2.jpg"),
            ("/d/apple/1.jpg", "/d/set/1.jpg", "/d/set/2.jpg", "/d/apple/2.jpg"),
            ["outside", "1.jpg", "2.jpg", "outside"],
        ),
        # Those of two people's computers.
        (
            ("a/1.jpg", "b/2.jpg"),
            ("/home/kim/a/1.jpg", "C:\\fruit\\b\\2.jpg"),
            ["a/1.jpg", "b/2.jpg"],
        ),
        (("1.jpg", "sub/2.jpg"), ("1.jpg", "2.jpg"), ["1.jpg", "sub/2.jpg*"]),
        (
            ("apple/1.jpg", "old/apple/2.jpg"),
            ("apple/1.jpg", "apple/2.jpg"),
            ["apple/1.jpg", "old/apple/2.jpg*"],
        ),
        # Splits that were put together.
        (
            ("apple/1.jpg", "apple/2.jpg"),
            ("train/apple/1.jpg", "val/apple/2.jpg"),
            ["apple/1.jpg", "apple/2.jpg"],
        ),
        (
            ("apple/1.jpg", "apple/2.jpg"),
            ("train/apple/1.jpg", "val/apple/1.jpg"),
            ["ambiguous", "ambiguous"],
        ),
        (("sub/1.jpg", "more/2.jpg"), ("1.jpg", "2.jpg"), ["sub/1.jpg", "more/2.jpg"]),
        (("1.jpg",), ("1.jpg", "/home/kim/1.jpg"), ["1.jpg", "outside"]),
    ],
)
def test_paths_of_one_table_lead_to_one_place(
    places: tuple[str, ...], texts: tuple[str, ...], expected: list[str]
) -> None:
    assert found(places, texts) == expected


def test_photos_of_one_split_are_not_those_of_another() -> None:
    texts = ["/data/train/1.jpg", "/data/train/images/1.jpg", "training/1.jpg"]
    assert found(["1.jpg"], texts[:1], Path("/x/val")) == ["outside"]
    assert found(["1.jpg"], texts[1:2], Path("/x/val/images")) == ["outside"]
    assert found(["1.jpg"], texts[2:], Path("/x/val")) == ["missing"]
    assert found(["1.jpg"], texts[:1], Path("/x/train")) == ["1.jpg"]
    assert found(["1.jpg"], texts[:1], Path("/x/mine")) == ["1.jpg*"]


def test_relative_paths_are_told_from_one_folder(tmp_path: Path) -> None:
    photos = [tmp_path / place for place in ("1.jpg", "2.jpg", "3.jpg", "sub/1.jpg", "sub/9.jpg")]
    index = PhotoIndex(tmp_path, photos, tmp_path / "sub")
    assert find_paths(index, ["1.jpg", "9.jpg"]).photos == (photos[3], photos[4])
    assert find_paths(index, ["1.jpg", "2.jpg", "3.jpg"]).photos == tuple(photos[:3])
