import csv
import dataclasses
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from trainer.errors import ImageError
from trainer.inference.prediction import Answer, Prediction, Ranked
from trainer.inference.prediction_tables import (
    LabelledPhoto,
    csv_table,
    json_lines,
    write_csv,
    write_json_lines,
)

TOP = (Ranked("Apple", 0.75), Ranked("Pear", 0.25))
SURE = Prediction(Path("a.jpg"), Answer("Apple", 0.75, TOP))
UNSURE = Prediction(Path("b.jpg"), Answer(None, 0.75, TOP))
BROKEN = Prediction(Path("c.jpg"), error=ImageError("The file is empty."))

Write = Callable[[Path, Iterable[LabelledPhoto]], None]


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def named(path: str, label: str | None = "Apple") -> LabelledPhoto:
    return LabelledPhoto(Path(path), label, 0.5, False, None)


def test_a_photo_is_what_the_model_says_it_is() -> None:
    assert LabelledPhoto.of(SURE) == LabelledPhoto(
        Path("a.jpg"), "Apple", 0.75, unknown=False, error=None, top=TOP
    )
    assert LabelledPhoto.of(UNSURE) == LabelledPhoto(
        Path("b.jpg"), None, 0.75, unknown=True, error=None, top=TOP
    )
    assert LabelledPhoto.of(BROKEN) == LabelledPhoto(
        Path("c.jpg"), None, None, unknown=False, error="The file is empty."
    )


@pytest.mark.parametrize("prediction", [SURE, UNSURE])
def test_or_what_the_user_says_as_sure_as_the_model_was(prediction: Prediction) -> None:
    photo = LabelledPhoto.of(prediction, "라임")
    assert (photo.label, photo.corrected, photo.unknown) == ("라임", True, False)
    assert (photo.confidence, photo.top) == (0.75, TOP)


@pytest.mark.parametrize("prediction", [SURE, UNSURE, BROKEN])
def test_in_json_it_has_the_keys_of_a_prediction_and_one_more(prediction: Prediction) -> None:
    expected = {**prediction.as_json(), "corrected": False}
    assert LabelledPhoto.of(prediction).as_json() == expected


def test_a_table_has_a_row_a_photo(tmp_path: Path) -> None:
    path = tmp_path / "새 폴더" / "표.csv"
    photos = [LabelledPhoto.of(SURE, "풋사과 🍏"), LabelledPhoto.of(UNSURE)]
    write_csv(path, [*photos, LabelledPhoto.of(BROKEN), named('the "best", one.jpg')])
    assert path.read_bytes().startswith(b"\xef\xbb\xbfpath,label,")
    assert rows(path) == [
        ["path", "label", "confidence", "unknown", "error", "corrected", "guess", "name"],
        ["a.jpg", "풋사과 🍏", "0.75", "False", "", "True", TOP[0].label, "풋사과 🍏"],
        ["b.jpg", "", "0.75", "True", "", "False", TOP[0].label, ""],
        ["c.jpg", "", "", "False", "The file is empty.", "False", "", ""],
        ['the "best", one.jpg', "Apple", "0.5", "False", "", "False", "", "Apple"],
    ]


def test_a_label_has_its_name_in_the_users_language_beside_it(tmp_path: Path) -> None:
    photo = dataclasses.replace(named("a.jpg", "Apple"), name="사과")
    write_csv(tmp_path / "table.csv", [photo])
    assert (rows(tmp_path / "table.csv")[1][1], rows(tmp_path / "table.csv")[1][7]) == (
        "Apple",
        "사과",
    )


@pytest.mark.parametrize(
    ("label", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'\t=1+1"),
        ("-5", "-5"),
        ("+3.5", "+3.5"),
        ("사과 = 배", "사과 = 배"),
    ],
)
def test_no_cell_runs_as_a_formula(tmp_path: Path, label: str, cell: str) -> None:
    write_csv(tmp_path / "table.csv", [named(f"{label}.jpg", label)])
    assert rows(tmp_path / "table.csv")[1][1] == cell
    write_json_lines(tmp_path / "lines.jsonl", [named("a.jpg", label)])
    assert json.loads((tmp_path / "lines.jsonl").read_text("utf-8"))["label"] == label


def test_json_lines_hold_an_object_a_photo(tmp_path: Path) -> None:
    path = tmp_path / "줄.jsonl"
    photos = [LabelledPhoto.of(SURE, "라임\n🍋"), LabelledPhoto.of(BROKEN)]
    write_json_lines(path, photos)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [photo.as_json() for photo in photos]
    assert "🍋" in lines[0]


def test_a_name_that_is_no_text_is_escaped(tmp_path: Path) -> None:
    photo = dataclasses.replace(named("a"), path=Path("\udcff.jpg"))
    write_csv(tmp_path / "table.csv", [photo])
    write_json_lines(tmp_path / "lines.jsonl", [photo])
    if os.name == "posix":
        assert rows(tmp_path / "table.csv")[1][0] == r"\udcff.jpg"
    assert json.loads((tmp_path / "lines.jsonl").read_text("utf-8"))["path"] == str(photo.path)


@pytest.mark.parametrize("write", [write_csv, write_json_lines])
def test_a_file_is_there_whole_or_as_it_was(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "file"
    write(path, [named("a.jpg")])
    before = path.read_bytes()

    def interrupted() -> Iterable[LabelledPhoto]:
        yield named("b.jpg")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(path, interrupted())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_photos_can_be_added_as_they_come(tmp_path: Path) -> None:
    with csv_table(tmp_path / "a.csv") as add_row, json_lines(tmp_path / "a.jsonl") as add_line:
        for photo in (named("a.jpg"), named("b.jpg")):
            add_row(photo)
            add_line(photo)
        assert not (tmp_path / "a.csv").exists()
    assert [row[0] for row in rows(tmp_path / "a.csv")] == ["path", "a.jpg", "b.jpg"]
    assert len((tmp_path / "a.jsonl").read_text("utf-8").splitlines()) == 2
