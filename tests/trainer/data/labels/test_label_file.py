from pathlib import Path

import pytest

from trainer.data.labels.label_file import labels_among, looks_like_labels, read_label_file
from trainer.errors import DatasetError


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("labels.csv", "a.jpg,apple\n", "CSV"),
        ("labels.txt", "a.jpg\tapple\n", "TSV"),
        # The content counts, whatever the name.
        ("labels.csv", '{"a.jpg": "apple"}', "JSON"),
        ("labels.jsonl", '{"f": "a.jpg", "l": "x"}\n{"f": "b.jpg", "l": "y"}\n', "JSON"),
        (
            "labels.xml",
            '<annotations><image name="a.jpg"><tag label="x"/></image></annotations>',
            "CVAT",
        ),
    ],
)
def test_the_format_is_found_by_the_content(
    tmp_path: Path, name: str, text: str, found: str
) -> None:
    file = tmp_path / name
    file.write_text(text)
    assert looks_like_labels(file)
    assert read_label_file(file).format == found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "begins with “”. What is needed is a table with a column of photos"),
        ("Dear all,\n\nhere are my photos.\n", "begins with “Dear all, here"),
        ("<html><body>404</body></html>", "begins with “<html>"),
        ('{"a.jpg": "apple",}', r"damaged JSON \(line 1, column 19\)"),
        ("[" * 100_000, "damaged JSON|nested too deeply"),
        ('{"a": [1], "b": {}}', "it holds an object with the keys “a”, “b”. What is needed is"),
        ("[1, 2, 3]", "it holds a list of 3"),
    ],
)
def test_what_is_not_understood_is_refused_with_what_was_found(
    tmp_path: Path, text: str, sentence: str
) -> None:
    file = tmp_path / "labels.csv"
    file.write_text(text)
    with pytest.raises(DatasetError, match=sentence):
        read_label_file(file)


def test_labels_and_photos_are_told_apart(tmp_path: Path) -> None:
    file, more = tmp_path / "a.csv", tmp_path / "b.json"
    photos, others = tmp_path / "photos", tmp_path / "others"
    file.write_text("")
    more.write_text("")
    photos.mkdir()
    assert labels_among([photos, file]) == (file, photos)
    assert labels_among([file]) == (file, None)
    with pytest.raises(DatasetError, match=r"Drop one of each, without “b.json”, “others”"):
        labels_among([file, photos, more, others])
