from pathlib import Path

from trainer.data.labels.labelled_rows import LabelledRow, with_largest_boxes
from trainer.data.labels.marks import UNKNOWN

A, B, C = (Path(f"/photos/{name}.jpg") for name in "abc")


def test_boxes_of_the_class_that_covers_most_count() -> None:
    marks = [
        (A, "leaf", 1.0),
        (A, "apple", 4.0),
        (A, "leaf", 2.0),
        (A, "", 9.0),
        (B, "leaf", 4.0),
        (B, "pear", UNKNOWN),
        (C, "pear", 1.0),
        (C, "pear", 1.0),
    ]
    rows = [LabelledRow(photo.name, label, None, photo) for photo, label, _ in marks]
    rows.append(LabelledRow("gone.jpg", "leaf", None, "missing"))
    settled, warnings = with_largest_boxes(rows, [*(area for *_, area in marks), 9.0])
    assert [row.conflict for row in settled] == ["outweighed", "", "outweighed", *[""] * 6]
    (said,) = warnings
    assert "covers most counts (1, such as “a.jpg”)" in str(said)
