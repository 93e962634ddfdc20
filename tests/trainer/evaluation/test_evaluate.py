from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from tests.trainer.photos import make
from trainer.control import drain
from trainer.data.dataset import DataSet, Photo, open_data_set
from trainer.errors import DatasetError
from trainer.evaluation.evaluate import evaluate, photos_to_evaluate
from trainer.evaluation.result import Evaluation
from trainer.events import PhotoSkipped, Preparing
from trainer.inference.predictor import Predictor
from trainer.models.classifier import Classifier
from trainer.models.metadata import ModelInfo
from trainer.models.model_file import save_model


def info(fingerprint: str = "") -> ModelInfo:
    return ModelInfo(
        title="Test", architecture="resnet50", classes=("a", "b"), data_fingerprint=fingerprint
    )


def test_which_photos_are_taken(tmp_path: Path) -> None:
    split = open_data_set(make(tmp_path / "split", {"train/a": 2, "train/b": 2, "val/a": 1}))
    assert photos_to_evaluate(split, None, info())[0] == "validation"
    assert photos_to_evaluate(split, "train", info())[0] == "train"

    flat = open_data_set(make(tmp_path / "flat", {"a": 10, "b": 10}))
    name, photos = photos_to_evaluate(flat, None, info())
    assert (name, len(photos)) == ("all", 20)
    name, photos = photos_to_evaluate(flat, None, info(flat.fingerprint()))
    assert (name, len(photos)) == ("test", 4)


def evaluated(
    predictor: Predictor, data: DataSet, photos: Sequence[Photo]
) -> tuple[Evaluation, list[Preparing | PhotoSkipped]]:
    steps = evaluate(predictor, data, photos)
    happened = []
    return drain(steps, happened.append), happened


def test_photos_are_counted_by_the_names_of_their_classes(
    demo_data: DataSet, tmp_path: Path
) -> None:
    # The model names its classes in another order, and knows one of them not.
    model = tmp_path / "model.safetensors"
    classes = ("Tomato", "Zebra", "Banana")
    torch.manual_seed(0)
    info = ModelInfo(title="x", architecture="mobilenet_v2", classes=classes, image_size=32)
    save_model(model, Classifier("mobilenet_v2", 3), info)
    predictor = Predictor(model, "cpu")
    broken = tmp_path / "broken.jpg"
    broken.touch()
    photos = (Photo(broken, 0), *demo_data.split("train"))

    found, happened = evaluated(predictor, demo_data, photos)

    expected = [[0, 0, 0] for _ in classes]
    for photo in demo_data.split("train"):
        name = demo_data.classes[photo.label]
        if name in classes:
            (prediction,) = predictor.predict([photo.path])
            assert prediction.answer is not None
            answer = prediction.answer.top[0].label
            expected[classes.index(name)][classes.index(answer)] += 1
    assert [list(row) for row in found.confusion] == expected
    skipped = {e.path for e in happened if isinstance(e, PhotoSkipped)}
    limes = {p.path for p in demo_data.split("train") if demo_data.classes[p.label] == "Lime"}
    assert skipped == {broken, *limes}
    assert found.n == len(photos) - len(skipped)
    assert happened[-1] == Preparing("evaluate", found.n + 1, found.n + 1)


def test_photos_of_unknown_classes_alone_are_refused(demo_data: DataSet, tmp_path: Path) -> None:
    model = tmp_path / "model.safetensors"
    info_of_others = ModelInfo(title="x", architecture="mobilenet_v2", classes=("a", "b"))
    save_model(model, Classifier("mobilenet_v2", 2), info_of_others)
    with pytest.raises(DatasetError, match="no readable photo of a class"):
        evaluated(Predictor(model, "cpu"), demo_data, demo_data.split("test"))


def test_a_split_that_is_not_there_cannot_be_evaluated(tmp_path: Path) -> None:
    split = open_data_set(make(tmp_path, {"train/a": 2, "train/b": 2, "val/a": 1}))
    with pytest.raises(DatasetError, match="no split"):
        photos_to_evaluate(split, "test", info())
    assert len(photos_to_evaluate(split, "all", info())[1]) == 5


def test_classes_of_nearly_the_same_name_are_evaluated(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    classes = ("apple", "bell_pepper")
    save_model(
        file,
        Classifier("mobilenet_v2", 2),
        ModelInfo(title="x", architecture="mobilenet_v2", classes=classes, image_size=32),
    )
    root = make(tmp_path / "data", {"apples": 2, "Bell Pepper": 1, "bell-pepper": 1, "plum": 1})
    data = open_data_set(root)
    evaluation, events = evaluated(Predictor(file, "cpu"), data, data.photos)
    assert evaluation.labels.tolist().count(0) == 2
    assert evaluation.labels.tolist().count(1) == 2
    assert [str(e.reason) for e in events if isinstance(e, PhotoSkipped)] == [
        "The model does not know the class “plum”."
    ]
