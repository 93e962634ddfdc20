import json
from pathlib import Path

import pytest

from tests.trainer.teaching.patterns import write_patterns
from trainer import paths
from trainer.cli.main import main
from trainer.models.metadata import read_model_info

STRIPES = ("#2030d0", "#f0f0f0")


def test_a_folder_of_photos_is_taught_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_patterns(tmp_path / "shown", STRIPES, 4)[0].parent
    assert main(["teach", "starter", str(folder), "--kind", "Zebra fruit"]) == 0
    first, second, path = capsys.readouterr().out.splitlines()
    assert first == "It knows 46 kinds now; “Zebra fruit” is new (4 photos)."
    assert second.startswith("Of the validation photos of what it knew, 9")
    assert read_model_info(Path(path)).taught_kinds == ("Zebra fruit",)
    assert paths.taught_models_folder() in Path(path).parents


def test_json_is_one_object_and_out_is_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = write_patterns(tmp_path / "shown", STRIPES, 3)
    target = tmp_path / "new.safetensors"
    arguments = ["teach", str(paths.starter_model()), *map(str, photos), "--kind", "Tomato"]
    assert main([*arguments, "--out", str(target), "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["model"] == str(target)
    assert values["kind"] == "Tomato"
    assert values["is_new"] is False
    assert values["photos"] == 3
    assert values["classes"] == list(read_model_info(target).classes)
    assert 0.8 < values["validation_accuracy"] <= 1
    assert not paths.taught_models_folder().exists()


@pytest.mark.parametrize(
    ("photos", "said"),
    [(2, "at least 3 different photos"), (0, "There are no pictures in")],
)
def test_what_is_missing_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], photos: int, said: str
) -> None:
    (tmp_path / "shown").mkdir()
    write_patterns(tmp_path / "shown", STRIPES, photos)
    assert main(["teach", "starter", str(tmp_path / "shown"), "--kind", "Zebra fruit"]) == 1
    line = capsys.readouterr().err.strip().splitlines()[-1]
    assert said in line


def test_a_model_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = write_patterns(tmp_path / "shown", STRIPES, 1)[0]
    assert main(["teach", str(tmp_path / "no.safetensors"), str(photo), "--kind", "x"]) == 1
    assert "There is no model file" in capsys.readouterr().err
