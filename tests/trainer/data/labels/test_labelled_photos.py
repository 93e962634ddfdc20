import json
import zipfile
from pathlib import Path

import pytest

from tests.trainer.photos import photo
from trainer.data.dataset import DataSet, open_data_set
from trainer.data.labels.found_photos import photos_of
from trainer.data.labels.label_source import LabelSource
from trainer.data.labels.labelled_photos import choose_labels, label_photos
from trainer.errors import DataNotFoundError, DatasetError

NAMES = [f"{kind}_{n}" for kind in ("apple", "pear") for n in range(6)]
LABELS = {f"{name}.png": name.split("_")[0] for name in NAMES}


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    for name in LABELS:
        photo(folder / name)
    return folder


def write(file: Path, lines: list[str]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def labels_of(data_set: DataSet) -> dict[str, str]:
    return {each.path.name: data_set.classes[each.label] for each in data_set.photos}


def warnings_of(data_set: DataSet) -> str:
    return "\n".join(map(str, data_set.warnings))


def test_a_table_labels_photos_where_they_lie(photos: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    file = write(
        tmp_path / "labels.csv", ["path,label", *(f"photos\\{n},{k}" for n, k in LABELS.items())]
    )
    found = open_data_set(choose_labels(photos, file))
    assert labels_of(found) == LABELS
    assert not found.has_own_splits
    # Held out as of class folders, and the same each time.
    assert {split: len(some) for split, some in found.splits.items()} == {
        "train": 8,
        "validation": 2,
        "test": 2,
    }
    assert found.splits == open_data_set(choose_labels(photos, file)).splits
    left = [each for each in tmp_path.rglob("*") if tmp_path / "home" not in (each, *each.parents)]
    assert sorted(left) == [file, *before]


def test_splits_of_the_table_count(photos: Path) -> None:
    splits = ["training", "val", "Test Set"]
    lines = [f"{name};{kind};{splits[n % 3]}" for n, (name, kind) in enumerate(LABELS.items())]
    file = write(photos / "labels.csv", ["file;kind;part", *lines])
    found = open_data_set(choose_labels(photos, file))
    assert found.has_own_splits
    assert {split: len(some) for split, some in found.splits.items()} == {
        "train": 4,
        "validation": 4,
        "test": 4,
    }
    # The labels themselves are no file to complain of.
    assert "labels.csv" not in warnings_of(found)


def test_a_split_that_is_none_leaves_its_photo_out_and_no_other(photos: Path) -> None:
    splits = dict.fromkeys(LABELS, "train") | {
        "apple_1.png": "test",
        "pear_1.png": "test",
        "apple_2.png": "",
    }
    lines = [f"{name},{kind},{splits[name]}" for name, kind in LABELS.items()]
    file = write(photos / "labels.csv", ["file,kind,split", *lines])
    found = open_data_set(choose_labels(photos, file))
    assert [each.path.name for each in found.split("test")] == ["apple_1.png", "pear_1.png"]
    assert labels_of(found).keys() == LABELS.keys() - {"apple_2.png"}
    assert "whose split is none of train, validation and test (1, such as" in warnings_of(found)


def test_columns_are_guessed_around_those_that_are_chosen(photos: Path) -> None:
    lines = [f"{name},{kind},{'val' if '_5' in name else 'train'}" for name, kind in LABELS.items()]
    file = write(photos / "labels.csv", ["file,kind,split", *lines])
    found = open_data_set(choose_labels(photos, file, label_column="split"))
    assert found.classes == ("train", "val")
    assert not found.has_own_splits
    with pytest.raises(DatasetError, match="cannot be two things"):
        choose_labels(photos, file, label_column="kind", split_column="kind")
    hot = [f"{name},{int('app' in name)},{int('pea' in name)},kim" for name in LABELS]
    hot[::2] = [row.replace("kim", "lee") for row in hot[::2]]
    file = write(photos / "labels.csv", ["file,apple,pear,who", *hot])
    with pytest.raises(DatasetError, match=r"which column of .* “who”\. Choose it"):
        choose_labels(photos, file)
    assert (
        labels_of(open_data_set(choose_labels(photos, file, label_column="apple, pear"))) == LABELS
    )


def test_columns_that_are_chosen_count_before_those_that_are_guessed(photos: Path) -> None:
    lines = [f"{name},{kind},{name[-5]},train" for name, kind in LABELS.items()]
    file = write(photos / "labels.csv", ["file,label,number,half", *lines])
    found = open_data_set(choose_labels(photos, file, label_column="number", split_column="half"))
    assert found.classes == ("0", "1", "2", "3", "4", "5")
    assert found.has_own_splits
    assert "The labels are numbers, such as 0." in warnings_of(found)
    with pytest.raises(DatasetError, match="no column “colour”, only: “file”, “label”"):
        choose_labels(photos, file, label_column="colour")


def test_numbers_are_called_as_a_list_beside_says(photos: Path, tmp_path: Path) -> None:
    file = write(
        tmp_path / "labels.csv", [f"{name[:-4]},{int(k == 'pear')}" for name, k in LABELS.items()]
    )
    write(tmp_path / "classes.txt", ["apple", "pear"])
    assert labels_of(open_data_set(choose_labels(photos, file))) == LABELS
    other = write(tmp_path / "ours.txt", ["사과", "배"])
    found = open_data_set(choose_labels(photos, file, class_list=other))
    assert found.classes == ("배", "사과")
    assert "called as “ours.txt” says" in warnings_of(found)


def test_numbers_stay_where_a_list_beside_does_not_say_whose_a_name_is(
    photos: Path, tmp_path: Path
) -> None:
    rows = [f"{name},{1 + (kind == 'pear')}" for name, kind in LABELS.items()]
    file = write(tmp_path / "labels.csv", rows)
    names = write(tmp_path / "classes.txt", ["plum", "apple", "pear"])
    found = open_data_set(choose_labels(photos, file))
    assert found.classes == ("1", "2")
    assert "3 names for labels from 1 to 2, and does not say which is whose" in warnings_of(found)
    with pytest.raises(DatasetError, match="which is whose"):
        choose_labels(photos, file, class_list=names)
    write(names, ["0,plum", "1,apple", "2,pear"])
    assert labels_of(open_data_set(choose_labels(photos, file))) == LABELS


def test_one_hot_columns_are_classes(photos: Path, tmp_path: Path) -> None:
    lines = [f"{name}, {int(k == 'apple')}, {int(k == 'pear')}" for name, k in LABELS.items()]
    lines[0], lines[1] = "apple_0.png, 1, 1", "apple_1.png, 0, 0"
    found = open_data_set(
        choose_labels(photos, write(tmp_path / "l.csv", ["filename, apple, pear", *lines]))
    )
    assert labels_of(found) == dict(list(LABELS.items())[2:])
    assert "of no class or several (2, such as “apple_0.png”)" in warnings_of(found)


def test_what_does_not_fit_together_is_left_out_and_said(photos: Path, tmp_path: Path) -> None:
    photo(photos / "new.png")
    for folder in ("x", "y"):
        photo(photos / folder / "double.png")
    rows = [
        *(f"{name},{kind}" for name, kind in LABELS.items()),
        "apple_0.png,apple",
        "apple_1.png,pear",
        "gone.png,pear",
        "gone too.png,pear",
        "../../secret.png,pear",
        "/etc/passwd,pear",
        "double.png,pear",
    ]
    rows[rows.index("pear_0.png,pear")] = "pear_0.png,"
    found = open_data_set(choose_labels(photos, write(tmp_path / "labels.csv", rows)))
    assert labels_of(found).keys() == LABELS.keys() - {"apple_1.png", "pear_0.png"}
    said = warnings_of(found)
    for sentence in (
        "photos without a label (3, such as “new.png”)",
        "several labels, or splits, that differ (1, such as “apple_1.png”)",
        "photos that are not there (2, such as “gone.png”)",
        "outside of the photos' folder (2, such as “../../secret.png”)",
        "of the same name (1, such as “double.png”)",
        "empty label, or of no class or several (1, such as “pear_0.png”)",
        "counted once: labels of photos (1, such as “apple_0.png”)",
    ):
        assert sentence in said
    reasons = {(each.path.name, each.reason) for each in found.left_out}
    assert reasons >= {
        ("new.png", "no label"),
        ("apple_1.png", "several labels"),
        ("gone.png", "no photo"),
    }


def test_labels_of_other_photos_are_refused(photos: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "labels.csv", ["image,label", "one.png,apple", "two.png,pear"])
    with pytest.raises(DatasetError, match=r"names no photo that is in .*; it names “one.png”"):
        choose_labels(photos, file)
    empty = write(tmp_path / "labels.csv", ["image,label", "apple_0.png,", "pear_0.png,"])
    with pytest.raises(DatasetError, match=r"no label for a photo .* even for “apple_0.png”"):
        choose_labels(photos, empty)
    both = write(tmp_path / "labels.csv", ["image,label,who", "apple_0.png,x,kim"])
    with pytest.raises(DatasetError, match=r"no row with a split.* “apple_0.png”"):
        choose_labels(photos, both, split_column="who")
    one = write(tmp_path / "labels.csv", ["image,label", "apple_0.png,x", "pear_0.png,x"])
    with pytest.raises(DatasetError, match="1 classes, but at least 2"):
        open_data_set(choose_labels(photos, one))
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match="holds no photos"):
        choose_labels(tmp_path / "empty", one)
    with pytest.raises(DataNotFoundError):
        choose_labels(tmp_path / "nowhere", one)
    with pytest.raises(DatasetError, match="has labels already"):
        choose_labels(choose_labels(photos), one)


def test_of_boxes_the_largest_counts(photos: Path, tmp_path: Path) -> None:
    boxes = [
        row
        for name, kind in LABELS.items()
        for row in (
            f"{name},8,8,leaf,0,0,1,1",
            f"{name},8,8,{kind},1,1,7,7",
            f"{name},8,8,leaf,1,1,2,2",
        )
    ]
    file = write(
        tmp_path / "boxes.csv", ["filename,width,height,class,xmin,ymin,xmax,ymax", *boxes]
    )
    found = open_data_set(choose_labels(photos, file))
    assert labels_of(found) == LABELS
    assert "the one that covers most counts (12, such as “apple_0.png”)" in warnings_of(found)
    assert "more than once" not in warnings_of(found)


def test_several_labels_without_boxes_are_told(photos: Path, tmp_path: Path) -> None:
    rows = [f"{name},{kind}" for name in LABELS for kind in ("leaf", "fruit")]
    with pytest.raises(DatasetError, match=r"each photo several labels, .* such as “apple_0.png”"):
        choose_labels(photos, write(tmp_path / "labels.csv", ["file,kind", *rows]))


def test_rows_that_contradict_one_another_are_marked(photos: Path, tmp_path: Path) -> None:
    rows = [f"{name},{kind}" for name, kind in LABELS.items()]
    file = write(tmp_path / "labels.csv", ["file,kind", *rows, "apple_0.png,pear"])
    labelled = label_photos(LabelSource(photos, file), photos_of(photos, file))
    assert {row.text for row in labelled.rows if row.conflict == "contradicted"} == {"apple_0.png"}
    assert [row.conflict for row in labelled.rows].count("contradicted") == 2


def test_why_no_photo_has_a_label_is_said(photos: Path, tmp_path: Path) -> None:
    images = "".join(
        f'<image name="{name}"><tag label="occluded"/><tag label="a"/></image>' for name in LABELS
    )
    file = write(tmp_path / "labels.xml", [f"<annotations>{images}</annotations>"])
    with pytest.raises(DatasetError, match=r"has no label .*none is known to cover most \(12"):
        choose_labels(photos, file)


def test_photos_in_a_zip_are_labelled_too(photos: Path, tmp_path: Path) -> None:
    archive = tmp_path / "photos.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for name in LABELS:
            opened.write(photos / name, f"set/{name}")
        opened.writestr("readme.txt", "hello")
    file = tmp_path / "labels.json"
    file.write_text(json.dumps(LABELS))
    found = open_data_set(choose_labels(archive, file))
    assert labels_of(found) == LABELS
    assert "readme.txt" in warnings_of(found)


def test_names_are_labels_by_a_pattern(photos: Path) -> None:
    photo(photos / "IMG.png")
    found = open_data_set(choose_labels(photos))
    assert labels_of(found) == LABELS
    assert "names do not fit the pattern (1, such as “IMG.png”)" in warnings_of(found)
    found = open_data_set(choose_labels(photos, pattern="*_{label}"))
    assert found.classes == ("0", "1", "2", "3", "4", "5")
    with pytest.raises(DatasetError, match=r"fits “{label}=#”, such as “IMG.png”"):
        choose_labels(photos, pattern="{label}=#")


def test_names_may_tell_splits(tmp_path: Path) -> None:
    for name in LABELS:
        photo(tmp_path / "set" / ("test" if name[-5] in "01" else "train") / name)
    found = open_data_set(choose_labels(tmp_path / "set"))
    assert labels_of(found) == LABELS
    assert len(found.split("test")) == 4


def test_names_without_labels_are_refused(tmp_path: Path) -> None:
    for number in range(4):
        photo(tmp_path / "set" / f"IMG_{number}.png")
    with pytest.raises(DatasetError, match=r"such as “IMG_0.png”, show no labels"):
        choose_labels(tmp_path / "set")


def test_photos_found_by_name_alone_are_said(photos: Path, tmp_path: Path) -> None:
    rows = [f"/home/kim/{kind}s/{name},{kind}" for name, kind in LABELS.items()]
    found = open_data_set(choose_labels(photos, write(tmp_path / "labels.csv", rows)))
    assert labels_of(found) == LABELS
    assert (
        "names alone, for they lie in another folder than the labels say (12, such as “/home"
        in (warnings_of(found))
    )


def test_labels_of_another_split_are_refused(photos: Path, tmp_path: Path) -> None:
    file = write(
        tmp_path / "labels.csv", [f"/data/train/{name},{kind}" for name, kind in LABELS.items()]
    )
    (tmp_path / "set").mkdir()
    photos.rename(tmp_path / "set" / "val")
    for root in (tmp_path / "set", tmp_path / "set" / "val"):
        with pytest.raises(DatasetError, match="names no photo that is in"):
            choose_labels(root, file)
