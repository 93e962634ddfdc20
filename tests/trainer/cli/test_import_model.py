import json
import shutil
from pathlib import Path

import pytest
import torch

from trainer import paths
from trainer.cli.main import main
from trainer.models.classifier import Classifier
from trainer.models.metadata import read_model_info


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """As the notebook leaves them."""
    file = tmp_path / "best_model.pth"
    torch.save(Classifier("resnet50", classes=3).network.state_dict(), file)
    return file


def test_the_notebooks_weights_are_given_the_names_of_their_classes(
    weights: Path, demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(weights), "--classes", "사과, 배 , pear", "--json"]) == 0
    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert answer["classes"] == ["사과", "배", "pear"]
    assert "ResNet50, 3 classes in this order: 0 사과, 1 배, 2 pear" in captured.err
    first = Path(answer["model"])
    assert first.parent == paths.models_folder()
    info = read_model_info(first)
    assert (info.architecture, info.classes) == ("resnet50", ("사과", "배", "pear"))
    assert main(["import", str(weights), "--data", str(demo_folder)]) == 0
    second = Path(capsys.readouterr().out.strip())
    assert second != first
    assert read_model_info(second).classes == ("Banana", "Lime", "Tomato")


def test_a_model_file_is_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "mine.safetensors"
    shutil.copyfile(paths.starter_model(), source)
    assert main(["import", str(source)]) == 0
    assert Path(capsys.readouterr().out.strip()).read_bytes() == source.read_bytes()


def test_what_cannot_be_imported_is_one_sentence(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "model.safetensors"
    text.write_text("no model")
    for arguments, said in (
        ([str(weights)], "--classes"),
        ([str(weights), "--classes", "a,b"], "3 classes apart"),
        ([str(text)], "holds something else than a network's weights"),
        ([str(tmp_path / "nothing.pth"), "--classes", "a,b"], "There is no weights file"),
    ):
        assert main(["import", *arguments]) == 1
        captured = capsys.readouterr()
        assert said in captured.err
        assert captured.err.count("\n") == 1
    assert not list(paths.models_folder().glob("*"))


def test_a_model_files_own_classes_are_kept_or_renamed_aloud(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "mine.safetensors"
    shutil.copyfile(paths.starter_model(), source)
    own = read_model_info(source).classes
    renamed = ("Fruit of mine", *own[1:])
    assert main(["import", str(source), "--classes", ",".join(renamed)]) == 0
    captured = capsys.readouterr()
    assert f"{own[0]} → Fruit of mine" in captured.err
    info = read_model_info(Path(captured.out.strip()))
    assert info.classes == renamed
    # All else stays.
    assert info.temperature == read_model_info(source).temperature
    assert main(["import", str(source), "--classes", ",".join(reversed(own))]) == 1
    assert "in this order" in capsys.readouterr().err


def test_the_classes_of_a_file_count_before_those_of_folders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "weights.pth"
    state = Classifier("mobilenet_v2", classes=2).network.state_dict()
    torch.save({"model": state, "classes": ["bell_pepper", "apple"]}, file)
    for name in ("apples", "Bell Pepper", "bell-pepper"):
        (tmp_path / "data" / name).mkdir(parents=True)
    assert main(["import", str(file), "--data", str(tmp_path / "data"), "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["classes"] == ["bell_pepper", "apple"]
    assert "apples = apple" in captured.err
    assert "ReLU is assumed" in captured.err
    assert main(["import", str(file), "--activation", "gelu"]) == 0
    captured = capsys.readouterr()
    assert "assumed" not in captured.err
    assert read_model_info(Path(captured.out.strip())).head_activations == ("gelu",)
