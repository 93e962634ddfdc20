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
    first = Path(json.loads(capsys.readouterr().out)["path"])
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
        ([str(text)], "not a model"),
        ([str(tmp_path / "nothing.pth"), "--classes", "a,b"], "There is no weights file"),
    ):
        assert main(["import", *arguments]) == 1
        captured = capsys.readouterr()
        assert said in captured.err
        assert captured.err.count("\n") == 1
    assert not list(paths.models_folder().glob("*"))
