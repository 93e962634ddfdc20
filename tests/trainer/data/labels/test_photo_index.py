import unicodedata
from pathlib import Path

import pytest

from trainer.data.labels.photo_index import PhotoIndex

PLACES = (
    *("a.jpg", "x/b.jpg", "y/b.jpg", "x/deep/c.JPG", "사과 1.png", "d.jpg", "d.png", "7.jpg"),
    "100%.jpg",
)


@pytest.fixture
def index(tmp_path: Path) -> PhotoIndex:
    root = tmp_path / "photos"
    return PhotoIndex(root, [root / place for place in PLACES], tmp_path / "tables")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a.jpg", "a.jpg"),
        ("./a.jpg", "a.jpg"),
        ("x\\b.jpg", "x/b.jpg"),
        ("../photos/y/b.jpg", "y/b.jpg"),
        ("photos/x/b.jpg", "x/b.jpg"),
        ("c.jpg", "x/deep/c.JPG"),
        ("deep/c", "x/deep/c.JPG"),
        ("a", "a.jpg"),
        ("C:\\Users\\kim\\photos\\x\\b.jpg", "x/b.jpg"),
        ("/home/kim/set/y/b.jpg", "y/b.jpg"),
        ("https://example.org/files/%EC%82%AC%EA%B3%BC%201.png?size=9", "사과 1.png"),
        ("gs://bucket/y/b.jpg", "y/b.jpg"),
        ("/data/local-files/?d=photos/x/b.jpg", "x/b.jpg"),
        ("/data/upload/3/0a1b2c3d-a.jpg", "a.jpg"),
        (unicodedata.normalize("NFD", "사과 1.png"), "사과 1.png"),
        ('"A.JPG"', "a.jpg"),
        ("d.png", "d.png"),
        ("x%2Fb.jpg", "x/b.jpg"),
        ("100%.jpg", "100%.jpg"),
        ("100%25.jpg", "100%.jpg"),
        ("/data/upload/1/0a1b2c3d-%EC%82%AC%EA%B3%BC%201.png", "사과 1.png"),
        ("%EC%82%AC%EA%B3%BC%201.png", "사과 1.png"),
        ("7.0", "7.jpg"),
        ("a.jpeg", "a.jpg"),
        ("7.JPE", "7.jpg"),
    ],
)
def test_a_path_from_elsewhere_is_found(index: PhotoIndex, text: str, place: str) -> None:
    assert index.find(text) == index.root / place


def test_an_absolute_path_is_found_as_it_is(index: PhotoIndex) -> None:
    assert index.find(str(index.root / "x" / "b.jpg")) == index.root / "x" / "b.jpg"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "missing"),
        ("e.jpg", "missing"),
        ("z/b.jpg", "missing"),
        ("a.png", "missing"),
        ("/data/upload/1/0a1b2c3d-e.jpg", "missing"),
        ("/home/kim/z/b.jpg", "outside"),
        ("/home/kim/0a1b2c3d-a.jpg", "outside"),
        ("7.5", "missing"),
        ("b.jpg", "ambiguous"),
        ("d", "ambiguous"),
        ("https://example.org/e.jpg", "missing"),
        ("https://[broken/e.jpg?a=[", "missing"),
        ("\0", "missing"),
        ("/etc/passwd", "outside"),
        ("../../etc/passwd", "outside"),
        ("../elsewhere/a.jpg", "outside"),
    ],
)
def test_what_leads_to_no_photo_says_why(index: PhotoIndex, text: str, why: str) -> None:
    assert index.find(text) == why


def test_a_path_counts_from_the_labels_file_first(tmp_path: Path) -> None:
    photos = [tmp_path / "a.jpg", tmp_path / "sub" / "a.jpg"]
    assert PhotoIndex(tmp_path, photos, tmp_path / "sub").find("a.jpg") == photos[1]
    assert PhotoIndex(tmp_path, photos).find("a.jpg") == photos[0]


def test_a_photo_that_has_gone_is_not_another_of_its_name(index: PhotoIndex) -> None:
    assert index.find(str(index.root / "z" / "b.jpg")) == "missing"
    assert index.find(str(index.root / "deep" / "c.JPG")) == "missing"
    assert index.find(str(index.root / "x" / "b.JPEG")) == index.root / "x" / "b.jpg"


def test_many_photos_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    places = [f"plant{plant}/{number}.jpg" for plant in range(3000) for number in range(10)]
    index = PhotoIndex(tmp_path, [tmp_path / place for place in places])
    assert [index.find(place) for place in places] == [tmp_path / place for place in places]
    assert {index.find(f"/home/kim/{place}") for place in places} == set(index.photos)
    assert index.find("7.jpg") == "ambiguous"


def test_a_photo_from_a_zip_is_found_by_its_name_there(tmp_path: Path) -> None:
    photo = tmp_path / "day_1" / "12_30.jpg"
    index = PhotoIndex(tmp_path, [photo])
    assert index.find("day?1/12:30.jpg") == photo
    assert index.find("/home/kim/day?1/12:30.jpg") == photo
    assert index.find("../day?1/12:30.jpg") == "outside"
