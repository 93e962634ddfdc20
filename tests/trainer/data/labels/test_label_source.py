import json
import shutil
from pathlib import Path

import pytest

from tests.trainer.photos import photo
from trainer.data.apply_edits import apply_edits
from trainer.data.dataset import open_data_set
from trainer.data.label_edits import LabelEdit, LabelEdits
from trainer.data.labels.label_source import label_source, labels_moved_to
from trainer.data.labels.labelled_photos import choose_labels
from trainer.errors import DatasetError


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Photos with their labels among them."""
    folder = tmp_path / "photos"
    names = [f"{number}.png" for number in range(12)]
    for name in names:
        photo(folder / name)
    labels = {name: "apple" if n % 2 else "pear" for n, name in enumerate(names)}
    (folder / "labels.json").write_text(json.dumps(labels))
    return folder


def test_the_same_choice_is_the_same_data_set(photos: Path, home: Path) -> None:
    chosen = choose_labels(photos, photos / "labels.json")
    assert chosen == choose_labels(photos, photos / "labels.json")
    assert home in chosen.parents
    assert chosen.name == "photos (labels.json).labels"
    shutil.copy(photos / "labels.json", photos / "others.json")
    assert choose_labels(photos, photos / "others.json") != chosen


def test_label_edits_count(photos: Path) -> None:
    chosen = choose_labels(photos, photos / "labels.json")
    edits = LabelEdits.of(chosen)
    edits.add(LabelEdit(("0.png",), label="apple"))
    edits.add(LabelEdit(("1.png",), is_excluded=True))
    found = open_data_set(chosen)
    labels = {each.path.name: found.classes[each.label] for each in found.photos}
    assert labels["0.png"] == "apple"
    assert "1.png" not in labels
    with pytest.raises(DatasetError, match="cannot be moved into class folders"):
        list(apply_edits(edits))


def test_label_edits_that_were_made_with_other_columns_are_told(
    photos: Path, tmp_path: Path
) -> None:
    table = tmp_path / "labels.csv"
    rows = [f"{n}.png,{n % 2},{n % 3}" for n in range(12)]
    table.write_text("\n".join(("file,kind,ripeness", *rows)))
    chosen = choose_labels(photos, table, label_column="kind")
    LabelEdits.of(chosen).add(LabelEdit(("0.png",), label="1"))
    names = tmp_path / "names.txt"
    names.write_text("pear\napple\n")
    named = choose_labels(photos, table, label_column="kind", class_list=names)
    said = [str(each) for each in open_data_set(named).warnings]
    assert (
        "Changes that you made while these photos had other labels (“kind”) do not count here "
        "(1). Choose those labels again, and they do."
    ) in said
    LabelEdits.of(named).add(LabelEdit(("0.png",), label="apple"))
    assert "do not count here" not in "".join(map(str, open_data_set(named).warnings))
    other = choose_labels(photos, table, label_column="ripeness")
    said = [str(each) for each in open_data_set(other).warnings if "do not count" in str(each)]
    assert len(said) == 2
    assert any("(“kind”, “names.txt”)" in sentence for sentence in said)
    assert "do not count" not in "".join(
        map(str, open_data_set(choose_labels(photos, photos / "labels.json")).warnings)
    )


def test_labels_that_have_changed_are_noticed_until_they_are_chosen_again(photos: Path) -> None:
    file = photos / "labels.json"
    chosen = choose_labels(photos, file)
    assert open_data_set(chosen).warnings == ()
    labels = json.loads(file.read_text())
    file.write_text(json.dumps(labels | {"0.png": "apple"}))
    found = open_data_set(chosen)
    assert [str(each) for each in found.warnings if "labels.json" in str(each)] == [
        "The labels file “labels.json” has changed since it was chosen. It counts as it is now; "
        "runs that began before may not go on with it."
    ]
    assert sum(found.classes[each.label] == "apple" for each in found.photos) == 7
    assert choose_labels(photos, file) == chosen
    assert not label_source(chosen).has_changed


def test_labels_that_have_gone_are_asked_for(photos: Path) -> None:
    chosen = choose_labels(photos, photos / "labels.json")
    (photos / "labels.json").unlink()
    with pytest.raises(DatasetError, match=r"labels.json” is not there\. Put it back"):
        open_data_set(chosen)
    chosen.write_text("{}")
    with pytest.raises(DatasetError, match="does not say where labels are"):
        open_data_set(chosen)


def test_labels_come_along_when_photos_move(photos: Path, tmp_path: Path) -> None:
    chosen = choose_labels(photos, photos / "labels.json")
    before = open_data_set(chosen).fingerprint()
    shutil.move(photos, tmp_path / "elsewhere")
    moved = labels_moved_to(chosen, tmp_path / "elsewhere")
    assert open_data_set(moved).fingerprint() == before
    # Those that do not lie among the photos stay where they are.
    outside = shutil.copy(tmp_path / "elsewhere" / "labels.json", tmp_path / "ours.json")
    chosen = choose_labels(tmp_path / "elsewhere", Path(outside))
    shutil.move(tmp_path / "elsewhere", photos)
    assert label_source(labels_moved_to(chosen, photos)).file == Path(outside)
