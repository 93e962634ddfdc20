import unicodedata
from pathlib import Path

import pytest
import torch

from trainer.config.architectures import ARCHITECTURES
from trainer.config.recipe import HeadKind
from trainer.errors import ModelFileError
from trainer.experiments.model_library import import_weights, stored_models
from trainer.models.classifier import Classifier
from trainer.models.import_weights import from_state_dict

CLASSES = ("a", "b", "c")


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
@pytest.mark.parametrize("head", ["notebook", "linear"])
def test_bare_weights_are_recognised(tmp_path: Path, name: str, head: HeadKind) -> None:
    torch.manual_seed(0)
    original = Classifier(name, len(CLASSES), head).eval()
    path = tmp_path / "best_model.pth"
    torch.save(original.network.state_dict(), path)
    classifier, info = from_state_dict(path, CLASSES)
    assert (info.architecture, info.head, info.classes) == (name, head, CLASSES)
    images = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        assert torch.equal(classifier(images), original(images))


def test_another_number_of_names_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "best_model.pth"
    torch.save(Classifier("mobilenet_v2", 3).network.state_dict(), path)
    with pytest.raises(ModelFileError, match="3 classes apart, but 2 names"):
        from_state_dict(path, ("a", "b"))


def test_weights_of_no_known_model_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    torch.save({"classifier.1.weight": torch.zeros(3, 4), "x": torch.zeros(1)}, path)
    with pytest.raises(ModelFileError, match="no model known"):
        from_state_dict(path, CLASSES)


def test_an_imported_model_joins_the_library_beside_its_namesake(tmp_path: Path) -> None:
    path = tmp_path / "best_model.pth"
    torch.save(Classifier("mobilenet_v2", 3).network.state_dict(), path)
    first, second = import_weights(path, CLASSES), import_weights(path, CLASSES)
    assert first != second
    assert {m.path for m in stored_models() if m.origin == "imported"} == {first, second}


def test_two_classes_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "best_model.pth"
    torch.save(Classifier("mobilenet_v2", 3).network.state_dict(), path)
    # Composed or not, Hangul is the same.
    with pytest.raises(ModelFileError, match="cannot both be called “가지”"):
        from_state_dict(path, ("가지", "b", unicodedata.normalize("NFD", "가지")))
