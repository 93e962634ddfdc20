import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.trainer.photos import photo
from trainer.cli.main import main
from trainer.cli.options import add_data_argument, data_of
from trainer.data.dataset import open_data_set
from trainer.errors import DatasetError

SMALL = (
    "--model mobilenet_v2 --weights none --strategy full --image-size 32 --batch-size 8 --epochs 1"
).split()


def chosen(*arguments: str | Path) -> Path:
    parser = argparse.ArgumentParser()
    add_data_argument(parser)
    return data_of(parser.parse_args(list(map(str, arguments))))


def unsorted(folder: Path, names: Sequence[str]) -> Path:
    for name in names:
        photo(folder / name)
    return folder


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return unsorted(tmp_path / "photos", [f"{k}_{n}.png" for k in ("x", "y") for n in range(6)])


def test_without_labels_the_folder_is_the_data_set(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(photos.parent)
    assert chosen("photos") == photos
    assert chosen("nowhere") == Path("nowhere")


def test_labels_are_in_a_file_with_columns_of_whatever_names(photos: Path, tmp_path: Path) -> None:
    table = tmp_path / "labels.tsv"
    rows = [f"{n % 2}\t{n // 6}\t{path.name}" for n, path in enumerate(sorted(photos.iterdir()))]
    table.write_text("\n".join(("a\tb\tc", *rows)))
    names = tmp_path / "ours.txt"
    names.write_text("apple\npear\n")
    options = ("--label-column", "2", "--photo-column", "c", "--class-names", names)
    found = open_data_set(chosen(photos, "--labels", table, *options))
    assert found.classes == ("apple", "pear")
    labels = {each.path.name: found.classes[each.label] for each in found.photos}
    assert labels == {p.name: "apple" if p.name[0] == "x" else "pear" for p in photos.iterdir()}


def test_the_columns_that_are_taken_are_printed(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "labels.csv"
    rows = [f"{path.name},{path.name[0]},train" for path in photos.iterdir()]
    table.write_text("\n".join(("file,kind,half", *rows)))
    chosen(photos, "--labels", table)
    assert capsys.readouterr().err == ("Columns taken: photos from “file”, labels from “kind”.\n")
    chosen(photos, "--labels", table, "--split-column", "half")
    assert "from “kind”, splits from “half”.\n" in capsys.readouterr().err
    chosen(photos, "--label-pattern")
    assert capsys.readouterr().err == "Labels are taken from the photos' names: {label}_#\n"


def test_labels_are_in_names_with_a_pattern_or_a_guess(photos: Path) -> None:
    assert open_data_set(chosen(photos, "--label-pattern")).classes == ("x", "y")
    found = open_data_set(chosen(photos, "--label-pattern", "*_{label}.png"))
    assert found.classes == ("0", "1", "2", "3", "4", "5")


def test_columns_without_a_file_are_refused(photos: Path) -> None:
    with pytest.raises(DatasetError, match="give it with --labels"):
        chosen(photos, "--label-column", "kind")


def test_a_labels_file_in_place_of_photos_says_what_is_needed(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("a.png,x\n")
    assert main(["check", str(table), "--json"]) == 1
    assert "a folder or zip of photos is needed first" in capsys.readouterr().err


def test_a_run_on_labels_is_resumed_and_evaluated_without_options(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    labels = {}
    for number, path in enumerate(sorted((demo_folder / "train").rglob("*.*"))):
        shutil.copy(path, folder / f"{number}{path.suffix}")
        labels[f"{number}{path.suffix}"] = path.parent.name
    (folder / "labels.json").write_text(json.dumps(labels))
    out = str(tmp_path / "run")
    arguments = [str(folder), "--labels", str(folder / "labels.json")]
    assert main(["train", *arguments, *SMALL, "--out", out, "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[-1]["event"] == "finished"
    assert main(["evaluate", out, *arguments, "--json"]) == 0
    evaluated = json.loads(capsys.readouterr().out)
    assert evaluated["n"] == events[-1]["test_photos"]
    assert main(["resume", out]) == 0
    # And where the photos have moved, with their labels among them.
    folder.rename(tmp_path / "elsewhere")
    assert main(["resume", out]) == 1
    assert "There is no folder or zip file" in capsys.readouterr().err
    assert main(["resume", out, "--data", str(tmp_path / "elsewhere")]) == 0
    assert main(["resume", out]) == 0


@pytest.mark.parametrize("verb", ["train", "check"])
def test_a_name_that_is_too_long_cannot_be_read(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([verb, "x" * 300]) != 0
    said = capsys.readouterr().err
    assert "cannot be read" in said
    assert "Make room" not in said
