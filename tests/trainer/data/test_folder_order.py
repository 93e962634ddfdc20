import unicodedata
import zipfile
from pathlib import Path

import pytest

from tests.trainer.edited_data import place_in
from tests.trainer.photos import make
from trainer.data.dataset import open_data_set
from trainer.data.folder_order import folder_order
from trainer.data.label_edits import LabelEdit, LabelEdits
from trainer.errors import DatasetError


def _folders(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).mkdir(parents=True)
    return root


def test_folders_are_sorted_as_text(tmp_path: Path) -> None:
    root = _folders(tmp_path / "data", "10", "2", "1", "apple", "Banana", ".hidden")
    order = folder_order(root)
    assert order.classes == ("1", "10", "2", "Banana", "apple")
    assert order.note is None


def test_decomposed_names_are_sorted_as_they_are_stored_and_that_is_said(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Äpfel")
    order = folder_order(_folders(tmp_path / "data", decomposed, "Birnen", "Zitronen"))
    assert order.classes == ("Äpfel", "Birnen", "Zitronen")
    assert "Äpfel, Birnen, Zitronen" in str(order.note)
    assert "Birnen, Zitronen, Äpfel" in str(order.note)
    composed = folder_order(_folders(tmp_path / "other", "Äpfel", "Birnen", "Zitronen"))
    assert composed.classes == ("Birnen", "Zitronen", "Äpfel")
    assert composed.note is None


def test_of_a_data_set_with_splits_the_training_photos_decide(tmp_path: Path) -> None:
    root = tmp_path / "data"
    _folders(root / "train", "b", "a", "c")
    _folders(root / "test", "z", "a")
    assert folder_order(root).classes == ("a", "b", "c")


def test_a_zip_is_read_like_the_folder_in_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as file:
        for name in ("b", "a"):
            file.writestr(f"data/{name}/photo.jpg", b"")
    assert folder_order(tmp_path / "data.zip").classes == ("a", "b")


def test_label_edits_do_not_count(tmp_path: Path) -> None:
    root = make(tmp_path / "data", {"train/a": 3, "train/b": 3, "val/a": 1, "val/b": 1})
    LabelEdits.of(root).add(LabelEdit((place_in(root, "train", "a"),), label="aa"))
    assert open_data_set(root).classes == ("a", "aa", "b")
    assert folder_order(root).classes == ("a", "b")


def test_what_is_no_data_set_is_refused(tmp_path: Path) -> None:
    for source, said in (
        (tmp_path / "nothing", "no folder or zip"),
        (_folders(tmp_path / "one", "a"), "at least 2"),
    ):
        with pytest.raises(DatasetError, match=said):
            folder_order(source)
