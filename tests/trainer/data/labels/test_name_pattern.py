from pathlib import PurePosixPath

import pytest

from trainer.data.labels.name_pattern import NamePattern, propose_patterns
from trainer.errors import DatasetError


@pytest.mark.parametrize(
    ("pattern", "place", "label", "split"),
    [
        ("{label}_*", "apple_red_1.jpg", "apple", None),
        ("{label}_#", "great_pear_12.jpg", "great_pear", None),
        ("*-{label}.jpg", "IMG-01-apple.JPG", "apple", None),
        ("*-{label}", "x/IMG-01-사과.png", "사과", None),
        ("{split}/{label}_{*}", "set/Training/apple_1.jpg", "apple", "train"),
        ("{label} ({#})", "Äpfel (3).jpg", "Äpfel", None),
        ("{split}_{label}_*", "fold7_apple_1.jpg", "apple", ""),
        ("{label}/*", "apple/1.jpg", "apple", None),
    ],
)
def test_a_pattern_takes_names_apart(
    pattern: str, place: str, label: str, split: str | None
) -> None:
    parts = NamePattern(pattern).parts_of(PurePosixPath(place))
    assert parts is not None
    assert (parts.label, parts.split) == (label, split)
    start, end = parts.label_range
    assert place[start:end] == label


@pytest.mark.parametrize(
    ("pattern", "place"),
    [
        ("{label}_#", "apple_one.jpg"),
        ("{label}_*", "apple.jpg"),
        ("{label}_*", "_1.jpg"),
        ("*-{label}.jpg", "1-apple.png"),
        ("{split}/{label}_*", "apple_1.jpg"),
        ("a.c_{label}", "abc_apple.jpg"),
    ],
)
def test_a_name_that_does_not_fit_has_no_label(pattern: str, place: str) -> None:
    assert NamePattern(pattern).parts_of(PurePosixPath(place)) is None


@pytest.mark.parametrize(
    ("pattern", "label"),
    [
        ("*_*_*_*_*_*_{label}_#", "b"),
        ("{label}_*_*_*_*_*_*_#", "a"),
        ("*_*_*_{label}_*_*_*_#", "a"),
        ("*###*###*_{label}_#", None),
    ],
)
def test_many_stars_are_matched_in_names_of_many_parts(pattern: str, label: str | None) -> None:
    # Trying all places of all stars would take longer than anybody waits.
    assert NamePattern(pattern).parts_of(PurePosixPath("a_" * 120)) is None
    parts = NamePattern(pattern).parts_of(PurePosixPath("a_" * 120 + "b_7.jpg"))
    assert (parts and parts.label) == label


@pytest.mark.parametrize(
    ("pattern", "place", "label"),
    [
        # In front of the label * takes as much as it can, after it as little.
        ("*_*_{label}", "1_2_3_apple", "apple"),
        ("{label}_*_*", "apple_1_2_3", "apple"),
        ("*#*1_{label}", "a11_apple", "apple"),
        ("##{label}", "12apple", "apple"),
        ("##{label}", "1apple", None),
    ],
)
def test_stars_and_numbers_share_what_there_is(pattern: str, place: str, label: str | None) -> None:
    parts = NamePattern(pattern).parts_of(PurePosixPath(place))
    assert (parts and parts.label) == label


@pytest.mark.parametrize("pattern", ["", "*", "label_*", "{label}_{label}"])
def test_a_pattern_has_one_label(pattern: str) -> None:
    with pytest.raises(DatasetError, match=r"needs one {label}"):
        NamePattern(pattern)


def places(*names: str) -> list[PurePosixPath]:
    return [PurePosixPath(name.replace("#", str(n))) for name in names for n in range(100, 105)]


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (("apple_#.jpg", "pear_#.jpg"), "{label}_#"),
        (("great_pear_#.jpg", "red_apple_#.jpg"), "{label}_#"),
        (("apple#.jpg", "pear#.jpg"), "{label}#"),
        (("apple (#).jpg", "pear (#).jpg"), "{label} (#)"),
        (("apple-#-x.jpg", "pear-#-y.jpg"), "{label}-*"),
        (("#_apple.jpg", "#_pear.jpg"), "#_{label}"),
        (("IMG_apple_#.jpg", "IMG_pear_#.jpg"), "*_{label}_#"),
        (("train/apple_#.jpg", "train/pear_#.jpg", "val/pear_#.jpg"), "{split}/{label}_#"),
        (("train_apple_#.jpg", "test_pear_#.jpg"), "{split}_{label}_#"),
        (("apple_2024_#.jpg", "apple_2025_#.jpg", "pear_2024_#.jpg"), "{label}_*"),
    ],
)
def test_the_pattern_of_ones_own_names_is_proposed(names: tuple[str, ...], pattern: str) -> None:
    assert propose_patterns(places(*names))[0] == pattern


@pytest.mark.parametrize("names", [("IMG_#.jpg",), ("2024_#.jpg", "2025_#.jpg"), ()])
def test_names_without_labels_give_no_pattern(names: tuple[str, ...]) -> None:
    assert propose_patterns(places(*names)) == []
