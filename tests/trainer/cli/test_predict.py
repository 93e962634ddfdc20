import csv
import dataclasses
import os
import zipfile
from pathlib import Path

import pytest

from tests.conftest import KINDS
from tests.trainer.cli.command_line import lines, run_process
from trainer import paths
from trainer.cli.main import main
from trainer.cli.predict import matching
from trainer.data import corrections
from trainer.models.model_file import load_model, save_model


def test_predict_prints_an_object_a_photo_in_input_order(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = demo_folder / "test" / "Lime"
    broken = tmp_path / "깨짐.jpg"
    broken.write_text("no picture")
    photo = sorted((demo_folder / "test" / "Tomato").iterdir())[0]
    status = main(
        ["predict", str(broken), str(folder), str(photo), "--model", str(trained), "--json"]
    )
    found = lines(capsys.readouterr().out)
    assert status == 0
    expected = [broken, *sorted(folder.iterdir()), photo]
    assert [line["path"] for line in found] == list(map(str, expected))
    assert found[0] == {
        "path": str(broken),
        "label": None,
        "confidence": None,
        "top": [],
        "unknown": False,
        "error": "This is not a picture, or of a kind that is not supported.",
    }
    last = found[-1]
    assert set(last) == {"path", "label", "confidence", "top", "unknown", "error"}
    assert last["error"] is None
    top = last["top"]
    assert isinstance(top, list)
    assert sorted(entry["label"] for entry in top) == sorted(KINDS)
    assert sum(entry["probability"] for entry in top) == pytest.approx(1, abs=1e-5)
    assert last["unknown"] == (last["label"] is None)


def test_predict_says_which_file_is_cut_off(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = sorted((demo_folder / "test" / "Tomato").iterdir())[0]
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(whole.read_bytes()[:-40])
    assert main(["predict", str(whole), str(cut), "--model", str(trained), "--json"]) == 0
    said = capsys.readouterr()
    assert [line["error"] for line in lines(said.out)] == [None, None]
    assert f"{cut}: The file is cut off" in said.err
    assert str(whole) not in said.err


def test_predict_limits_the_top_and_writes_a_table(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "표.csv"
    arguments = ["predict", str(demo_folder / "test"), "--model", str(trained), "--top", "1"]
    assert main([*arguments, "--csv", str(table), "--json"]) == 0
    found = lines(capsys.readouterr().out)
    assert all(len(line["top"]) == 1 for line in found)  # type: ignore[arg-type]
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == [line["path"] for line in found]


def test_predict_fails_only_when_every_photo_does(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "a.jpg"
    broken.touch()
    assert main(["predict", str(broken), "--model", str(trained), "--json"]) == 1
    captured = capsys.readouterr()
    assert lines(captured.out)[0]["error"] == "The file is empty."
    assert captured.err.strip().count("\n") == 0


def test_the_starter_labels_without_being_named(capsys: pytest.CaptureFixture[str]) -> None:
    samples = sorted(paths.samples_folder().glob("*.jpg"))
    assert main(["predict", str(paths.samples_folder()), "--json"]) == 0
    found = lines(capsys.readouterr().out)
    assert len(found) == len(samples)
    right = sum(
        Path(str(line["path"])).name.split("-")[0] == line["top"][0]["label"].lower()  # type: ignore[index]
        for line in found
    )
    assert right >= 0.75 * len(samples)


def test_folders_are_searched_below_and_a_file_named_outright_is_tried(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = sorted(demo_folder.rglob("*.jpg"))[0].read_bytes()
    deep = tmp_path / "photos" / "여름" / "deeper"
    deep.mkdir(parents=True)
    (deep / "a.JPG").write_bytes(image)
    (deep / "notes.txt").write_bytes(image)
    (deep / ".hidden.jpg").write_bytes(image)
    outright = deep / "no suffix"
    outright.write_bytes(image)
    arguments = ["predict", str(tmp_path / "photos"), str(outright)]
    assert main([*arguments, "--model", str(trained), "--json"]) == 0
    found = lines(capsys.readouterr().out)
    assert [line["path"] for line in found] == [str(deep / "a.JPG"), str(outright)]
    assert [line["error"] for line in found] == [None, None]


def test_an_unsure_answer_is_unknown_with_its_top(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    classifier, info = load_model(trained)
    unsure = tmp_path / "unsure.safetensors"
    save_model(unsure, classifier, dataclasses.replace(info, threshold=1.0, temperature=5.0))
    photo = sorted(demo_folder.rglob("*.jpg"))[0]
    assert main(["predict", str(photo), "--model", str(unsure), "--json"]) == 0
    (found,) = lines(capsys.readouterr().out)
    assert (found["label"], found["unknown"], found["error"]) == (None, True, None)
    top = found["top"]
    assert isinstance(top, list)
    assert found["confidence"] == top[0]["probability"]
    assert main(["predict", str(photo), "--model", str(unsure)]) == 0
    assert f"unknown ({top[0]['label']}?)" in capsys.readouterr().out


def test_a_table_names_its_columns_and_the_photos_that_failed(
    trained: Path, demo_folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / '깨짐, "a".jpg'
    broken.touch()
    photo = sorted(demo_folder.rglob("*.jpg"))[0]
    table = tmp_path / "new folder" / "표.csv"
    arguments = ["predict", str(broken), str(photo), "--model", str(trained), "--csv", str(table)]
    assert main(arguments) == 0
    with table.open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert list(first) == [
        *("path", "label", "confidence", "unknown", "error", "corrected", "guess", "name")
    ]
    assert (first["path"], first["error"]) == (str(broken), "The file is empty.")
    assert (second["path"], second["error"]) == (str(photo), "")
    assert 0 < float(second["confidence"]) <= 1


def test_a_name_that_is_no_text_is_escaped(
    trained: Path, demo_folder: Path, tmp_path: Path
) -> None:
    try:
        photo = tmp_path / os.fsdecode(b"\xbb\xe7\xb0\xfa.jpg")
        photo.write_bytes(sorted(demo_folder.rglob("*.jpg"))[0].read_bytes())
    except (OSError, UnicodeDecodeError):
        pytest.skip("this file system takes only names in UTF-8")
    table = tmp_path / "table.csv"
    options = ["--model", str(trained), "--csv", str(table), "--json"]
    done = run_process("predict", str(photo), *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert lines(done.stdout)[0]["path"] == str(photo)
    assert r"\udcbb\udce7\udcb0\udcfa.jpg" in table.read_text(encoding="utf-8-sig")


def test_corrections_count_in_files_and_not_in_what_is_printed(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = sorted((demo_folder / "test" / "Lime").iterdir())[:2]
    corrections.keep({first: "풋사과"})
    table, json_lines = tmp_path / "표.csv", tmp_path / "줄.jsonl"
    arguments = ["predict", str(first), str(second), "--model", str(trained), "--json"]
    assert main([*arguments, "--csv", str(table), "--json-lines", str(json_lines)]) == 0
    printed = lines(capsys.readouterr().out)
    assert all("corrected" not in line for line in printed)
    assert printed[0]["label"] != "풋사과"
    kept = lines(json_lines.read_text(encoding="utf-8"))
    assert kept == [
        {**printed[0], "label": "풋사과", "unknown": False, "corrected": True},
        {**printed[1], "corrected": False},
    ]
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["corrected"] for row in rows] == ["True", "False"]
    assert rows[0]["label"] == "풋사과"


def test_photos_are_sorted_into_folders_once(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = sorted((demo_folder / "test" / "Lime").iterdir())[0]
    broken = tmp_path / "broken.jpg"
    broken.touch()
    corrections.keep({photo: "풋사과"})
    out = tmp_path / "sorted"
    arguments = ["predict", str(photo), str(broken), "--model", str(trained), "--json"]
    assert main([*arguments, "--sort-into", str(out)]) == 0
    captured = capsys.readouterr()
    assert len(lines(captured.out)) == 2
    assert captured.err.splitlines()[-1] == f"1 photo copied into “{out}”."
    (copy,) = (path for path in out.rglob("*") if path.is_file())
    assert copy == out / "풋사과" / photo.name
    assert copy.read_bytes() == photo.read_bytes()
    assert main([*arguments, "--sort-into", str(out)]) == 0
    assert "0 photos copied" in (said := capsys.readouterr().err.splitlines()[-1])
    assert said.endswith("1 photo lay there already.")


def test_a_dry_run_says_what_would_be_copied_and_copies_nothing(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = sorted((demo_folder / "test" / "Lime").iterdir())[0]
    corrections.keep({photo: "풋사과"})
    out = tmp_path / "sorted"
    arguments = ["predict", str(photo), "--model", str(trained), "--sort-into", str(out)]
    assert main([*arguments, "--dry-run"]) == 0
    captured = capsys.readouterr()
    expected = f"{photo} → {out / '풋사과' / photo.name}"
    assert captured.out.splitlines()[-1] == expected
    assert captured.err.splitlines()[-1] == f"1 photo would be copied into “{out}”."
    assert main([*arguments, "--dry-run", "--json"]) == 0
    captured = capsys.readouterr()
    assert len(lines(captured.out)) == 1
    assert expected in captured.err.splitlines()
    assert not out.exists()


def test_predict_keeps_as_many_right_answers_as_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    unknown = []
    for percent in ("100", "95", "10"):
        assert main(["predict", str(paths.samples_folder()), "--keep", percent, "--json"]) == 0
        unknown.append(sum(line["unknown"] for line in lines(capsys.readouterr().out)))
    assert unknown[0] == 0
    assert unknown[0] < unknown[2]
    assert unknown == sorted(unknown)


@pytest.mark.parametrize("percent", ["101", "-1", "many"])
def test_an_impossible_share_to_keep_is_bad_usage(percent: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["predict", str(paths.samples_folder()), "--keep", percent])
    assert ended.value.code == 2


def test_predict_takes_a_zip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = tmp_path / "photos.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for sample in sorted(paths.samples_folder().glob("*.jpg"))[:2]:
            packed.write(sample, f"안/{sample.name}")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK no zip")
    assert main(["predict", str(archive), str(broken), "--json"]) == 0
    found = lines(capsys.readouterr().out)
    assert [line["error"] is None for line in found] == [True, True, False]
    assert "Unpack" in found[2]["error"]
    inside = [f"{archive}/안/{name}" for name in ("apple-1.jpg", "aubergine-1.jpg")]
    assert [line["path"] for line in found] == [*inside, str(broken)]


def test_the_photos_of_a_zip_are_told_by_their_places_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sample = next(paths.samples_folder().glob("*.jpg"))
    with zipfile.ZipFile("holiday.zip", "w") as packed:
        packed.write(sample, "day1/a.jpg")
        packed.writestr("day2/b.jpg", b"no picture")
    kept, again = Path("table.csv"), Path("holiday.zip").absolute()
    arguments = ["predict", "holiday.zip", str(again), "--csv", str(kept), "--sort-into", "out"]
    assert main([*arguments, "--dry-run"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("holiday.zip/day1/a.jpg: ")
    assert "\nholiday.zip/day1/a.jpg → out" in said.out
    assert "holiday.zip/day2/b.jpg: This is not a picture" in said.err
    with kept.open(encoding="utf-8-sig", newline="") as file:
        rows = [row["path"] for row in csv.DictReader(file)]
    assert rows == ["holiday.zip/day1/a.jpg", "holiday.zip/day2/b.jpg"]
    assert "caches" not in said.out + said.err


def test_a_class_called_unknown_is_told_from_the_unsure(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    classifier, info = load_model(trained)
    photo = sorted(demo_folder.rglob("*.jpg"))[0]
    classes = ("unknown", *info.classes[1:])
    out = tmp_path / "out"
    for threshold in (1.0, 0.0):
        model = tmp_path / f"{threshold}.safetensors"
        changed = dataclasses.replace(info, classes=classes, threshold=threshold)
        save_model(model, classifier, changed)
        options = ["--model", str(model), "--sort-into", str(out)]
        assert main(["predict", str(photo), *options]) == 0
    assert "not sure (" in capsys.readouterr().out
    assert (out / "not sure" / photo.name).is_file()
    (label,) = {folder.name for folder in out.iterdir()} - {"not sure"}
    assert label in classes


def test_on_windows_photos_can_be_named_by_a_pattern(tmp_path: Path) -> None:
    names = ("a.jpg", "b [1].jpg", "c.png")
    photos = [tmp_path / name for name in names]
    for photo in photos:
        photo.touch()
    missing = tmp_path / "*.gif"
    assert matching([tmp_path / "*.jpg", photos[2], missing], "win32") == [*photos, missing]
    assert matching([tmp_path / "b [1]*"], "win32") == [photos[1]]
    assert matching([missing], "linux") == [missing]
