from dataclasses import replace
from pathlib import Path

import pytest

from fruitgui.train.inspection.findings import SECTIONS, Findings, open_suggestions
from fruitgui.workers.label_edits import KeptEdits
from tests.trainer.photos import make
from trainer.data.dataset import open_data_set
from trainer.data.label_edits import LabelEdit, LabelEdits
from trainer.data.left_out import LeftOut
from trainer.inspection.result import FLAWS, Inspection, SuspectLabel

LAYOUT = {
    "train/apple": 4,
    "train/pear": 4,
    "validation/apple": 2,
    "validation/pear": 2,
    "test/apple": 2,
    "test/pear": 2,
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make(tmp_path / "fruit", LAYOUT)


@pytest.fixture
def clean(data: Path) -> Inspection:
    """Nothing was found."""
    return Inspection(
        data=open_data_set(data),
        left_out=(),
        warnings=(),
        formats={"PNG": 16},
        sizes=(8, 8, 8),
        duplicates=(),
        near_duplicates=(),
        across_splits=0,
        flaws=dict.fromkeys(FLAWS, ()),
        suspects=(),
        unjudged=(),
        misnamed={},
        unlike=(),
    )


def findings(inspection: Inspection) -> Findings:
    data = inspection.data.root
    unchanged = open_data_set(data, with_edits=False, with_doubles=True)
    return Findings(inspection, unchanged, KeptEdits.of(data))


def changed(found: Findings, edit: LabelEdit) -> Findings:
    LabelEdits.of(found.root).add(edit)
    return found.after(KeptEdits.of(found.root))


def test_a_data_set_without_faults_is_clean(clean: Inspection) -> None:
    found = findings(clean)
    assert found.is_clean
    assert found.left("overview") == 16
    assert found.counts() == {
        "apple": {"train": 4, "validation": 2, "test": 2},
        "pear": {"train": 4, "validation": 2, "test": 2},
    }


def test_counts_follow_the_changes_and_their_taking_back(clean: Inspection) -> None:
    found = findings(clean)
    found = changed(found, LabelEdit(("train/apple/0.png", "test/apple/0.png"), label="quince"))
    found = changed(found, LabelEdit(("train/apple/1.png",), is_excluded=True))
    found = changed(found, LabelEdit(("train/pear/0.png",), split="test"))
    assert found.counts() == {
        "apple": {"train": 2, "validation": 2, "test": 1},
        "pear": {"train": 3, "validation": 2, "test": 3},
        "quince": {"train": 1, "validation": 0, "test": 1},
    }
    assert found.left("overview") == 15
    assert found.classes == ("apple", "pear", "quince")
    # Also of changes that were made before it was looked through.
    again = findings(replace(clean, data=open_data_set(found.root)))
    assert again.counts() == found.counts()
    while LabelEdits.of(found.root).undo():
        pass
    again = again.after(KeptEdits.of(found.root))
    assert again.counts() == findings(clean).counts()


def test_a_suspect_is_settled_once_the_user_has_said_what_it_is(
    clean: Inspection, data: Path
) -> None:
    photos = [data / "train" / "apple" / f"{number}.png" for number in range(3)]
    suspects = tuple(SuspectLabel(path, "apple", "pear", 0.5) for path in photos)
    found = findings(replace(clean, suspects=suspects, unlike=(photos[0],)))
    assert found.left("suspects") == 3
    assert found.photo(photos[0]).suggested == "pear"
    found = changed(found, LabelEdit(("train/apple/0.png",), label="apple"))
    assert found.left("suspects") == 2
    assert found.left("unlike") == 0
    # To which split it belongs is another question.
    found = changed(found, LabelEdit(("train/apple/1.png",), split="test"))
    assert found.left("suspects") == 2
    found = changed(found, LabelEdit(("train/apple/1.png",), is_excluded=True))
    assert found.left("suspects") == 1
    # What is left stands first.
    assert [path.name for path in found.groups("suspects")[0]] == ["2.png", "0.png", "1.png"]


def test_a_photo_that_was_changed_is_not_offered_the_same_change_again(
    clean: Inspection, data: Path
) -> None:
    path = data / "train" / "apple" / "0.png"
    left = (LeftOut(data / "train" / "apple" / "notes.txt", "not a picture"),)
    suspect = SuspectLabel(path, "apple", "pear", 0.5)
    found = findings(replace(clean, suspects=(suspect,), left_out=left))
    assert open_suggestions([found.photo(path)]) == {found.photo(path): "pear"}
    assert not found.is_decided
    found = changed(found, LabelEdit(("train/apple/0.png",), label="pear"))
    assert open_suggestions([found.photo(path)]) == {}
    # A file that is no photo is there to be seen, and waits for nobody.
    assert found.is_decided
    assert not found.is_clean


def test_doubles_are_told_with_all_their_copies(clean: Inspection, data: Path) -> None:
    train = [data / "train" / "apple" / f"{number}.png" for number in range(4)]
    test = data / "test" / "apple" / "0.png"
    validation = data / "validation" / "apple" / "0.png"
    found = findings(
        replace(
            clean,
            duplicates=((train[0], test), (train[2], train[3])),
            near_duplicates=((validation, train[0]),),
        )
    )
    # Of three that are nearly the same, those that are not learnt from have a double that is.
    assert found.groups("across splits") == [(train[0], validation, test)]
    assert found.left("across splits") == 2
    found = changed(found, LabelEdit(("test/apple/0.png",), is_excluded=True))
    assert found.left("across splits") == 1
    assert found.left("duplicates") == 1
    found = changed(found, LabelEdit(("validation/apple/0.png",), split="train"))
    assert found.left("across splits") == 0
    # They still are nearly the same, until the user says that both are wanted.
    assert found.left("near-duplicates") == 1
    found = changed(
        found, LabelEdit(("validation/apple/0.png", "train/apple/0.png"), label="apple")
    )
    assert found.left("near-duplicates") == 0


def test_of_equal_photos_all_but_one_are_spare_unless_their_labels_differ(
    clean: Inspection, data: Path
) -> None:
    apple, pear = data / "train" / "apple", data / "train" / "pear"
    test = data / "test" / "apple" / "1.png"
    found = findings(
        replace(
            clean,
            duplicates=(
                (test, apple / "0.png", apple / "1.png"),
                (apple / "2.png", pear / "2.png"),
            ),
        )
    )
    assert found.spare_copies() == [apple / "1.png", test]
    found = changed(found, LabelEdit(("train/pear/2.png",), label="apple"))
    # What the user has decided on stays, whichever comes first.
    assert found.spare_copies() == [apple / "1.png", test, apple / "2.png"]
    found = changed(found, LabelEdit(("test/apple/1.png",), label="apple"))
    assert found.spare_copies() == [apple / "0.png", apple / "1.png", apple / "2.png"]
    LabelEdits.of(found.root).undo()
    found = found.after(KeptEdits.of(found.root))
    places = tuple(map(found.place_of, found.spare_copies()))
    found = changed(found, LabelEdit(places, is_excluded=True))
    assert found.spare_copies() == []
    assert found.left("duplicates") == 0


def test_a_photo_that_has_gone_meanwhile_is_not_shown(clean: Inspection, data: Path) -> None:
    gone, there = data / "train" / "apple" / "0.png", data / "train" / "apple" / "1.png"
    gone.unlink()
    found = findings(
        replace(
            clean,
            duplicates=((gone, there),),
            unlike=(gone, there),
            suspects=(SuspectLabel(gone, "apple", "pear", 0.5),),
        )
    )
    assert [found.left(section) for section in SECTIONS] == [15, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_a_wrong_name_is_told_until_most_photos_have_another(clean: Inspection) -> None:
    found = findings(replace(clean, misnamed={"apple": "Quince"}))
    assert found.misnamed == {"apple": "Quince"}
    places = tuple(f"train/apple/{number}.png" for number in range(3))
    found = changed(found, LabelEdit(places, label="quince"))
    assert found.misnamed == {"apple": "Quince"}
    found = changed(found, LabelEdit(("train/apple/3.png",), label="quince"))
    assert found.misnamed == {}
    while LabelEdits.of(found.root).undo():
        pass
    assert found.after(KeptEdits.of(found.root)).misnamed == {"apple": "Quince"}


def test_a_class_is_renamed_but_for_what_the_user_has_said(clean: Inspection) -> None:
    found = findings(replace(clean, misnamed={"apple": "Pear"}))
    settled = "train/apple/0.png"
    found = changed(found, LabelEdit((settled,), label="apple"))
    edit = found.renaming("apple", "Pear")
    assert edit.label == "pear"  # As the data set spells it.
    assert settled not in edit.photos
    counts = changed(found, edit).counts()
    assert sum(counts["apple"].values()) == 1


def test_a_class_of_which_all_is_decided_is_called_as_it_is(clean: Inspection) -> None:
    found = findings(replace(clean, misnamed={"apple": "Pear"}))
    places = found.renaming("apple", "Pear").photos
    found = changed(found, LabelEdit(places, label="apple"))
    assert found.misnamed == {}
    assert found.renaming("apple", "Pear").photos == ()
