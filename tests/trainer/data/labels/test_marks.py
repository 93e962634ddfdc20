from collections.abc import Sequence

import pytest

from trainer.data.labels.marks import (
    UNKNOWN,
    WHOLE,
    Mark,
    MarkedImage,
    by_largest_area,
    label_of,
    polygon_area,
    run_length_area,
)


@pytest.mark.parametrize(
    ("marks", "label"),
    [
        ((), ""),
        ((("a", UNKNOWN), ("a", UNKNOWN)), "a"),
        # Two small ones together cover less than a large one.
        ((("leaf", 1.0), ("leaf", 2.0), ("fruit", 9.0)), "fruit"),
        # What is said of the whole image counts before what is in it.
        ((("leaf", 9.0), ("fruit", WHOLE), ("fruit", UNKNOWN)), "fruit"),
        ((("occluded", WHOLE), ("a", WHOLE)), None),
        ((("leaf", 9.0), ("fruit", UNKNOWN)), None),
        ((("leaf", 9.0), ("fruit", 9.0)), None),
    ],
)
def test_the_class_that_is_known_to_cover_most_is_the_label(
    marks: Sequence[Mark], label: str | None
) -> None:
    assert label_of(marks) == label


def test_areas() -> None:
    assert polygon_area([(0, 0), (4, 0), (4, 3)]) == 6
    assert polygon_area([(0, 0), (0, 2), (2, 2), (2, 0), (0, 0)]) == 4
    assert run_length_area([5, 3, 2, 4]) == 7


def test_images_of_several_classes_are_told() -> None:
    table = by_largest_area(
        "X",
        [
            MarkedImage("a.jpg", [("leaf", 1.0), ("fruit", 2.0)], "train"),
            MarkedImage("b.jpg", [("leaf", WHOLE), ("fruit", WHOLE)]),
        ],
    )
    assert table.columns == ("image", "label", "split")
    assert table.rows == (("a.jpg", "fruit", "train"), ("b.jpg", "", ""))
    said = "\n".join(map(str, table.warnings))
    assert "the one that covers most counts (1, such as “a.jpg”)" in said
    assert "none is known to cover most (1, such as “b.jpg”)" in said
