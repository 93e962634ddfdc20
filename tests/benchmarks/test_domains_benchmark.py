import json
import shutil
from pathlib import Path

import pytest

from benchmarks.domains import class_of, main
from trainer import paths
from trainer.models.metadata import read_model_info


@pytest.mark.parametrize(
    ("folder", "label"),
    [
        ("capsicum", "Pepper"),
        ("bell pepper", "Pepper"),
        ("eggplant", "Aubergine"),
        ("beetroot", "Red-Beet"),
        ("carrot", "Carrots"),
        ("sweetcorn", "Corn"),
        ("Banana", "Banana"),
        ("turnip", None),
    ],
)
def test_folders_are_matched_with_classes_of_the_same_meaning(
    folder: str, label: str | None
) -> None:
    classes = ("Aubergine", "Banana", "Carrots", "Corn", "Pepper", "Red-Beet")
    assert class_of(folder, classes) == label


@pytest.mark.parametrize("argument", ["photos", "photos=nowhere", "nowhere"])
def test_what_is_no_named_folder_is_refused(
    argument: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    with pytest.raises(SystemExit) as end:
        main([argument])
    assert end.value.code == 2
    assert f"“{argument}” is no NAME=FOLDER" in capsys.readouterr().err


def test_it_tells_known_from_unknown(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(demo_folder / "train" / "Banana", tmp_path / "photos" / "banana")
    shutil.copytree(demo_folder / "train" / "Tomato", tmp_path / "photos" / "pebbles")
    assert "Banana" in read_model_info(paths.starter_model()).classes
    named = f"rendered={tmp_path / 'photos'}"
    loose = f"loose={demo_folder / 'train' / 'Lime'}"
    assert main([named, loose, "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out.splitlines()[-1])
    count = len(list((demo_folder / "train" / "Banana").iterdir()))
    assert (first["known"], first["unknown"]) == (count, count)
    assert 0 <= first["said"] <= first["right"] <= 1
    assert second["known"] == 0
    assert second["unknown"] == count
