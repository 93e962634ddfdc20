import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from trainer import paths, synthetic
from trainer.data.images import open_rgb
from trainer.data.transforms import square_from_file
from trainer.inference.predictor import BATCH_SIZE, Predictor
from trainer.models.classifier import Classifier
from trainer.models.metadata import ModelInfo
from trainer.models.model_file import load_model, save_model

CLASSES = ("a", "b", "c")


def model_file(folder: Path, threshold: float = 0.0) -> Path:
    torch.manual_seed(0)
    path = folder / f"model-{threshold}.safetensors"
    info = ModelInfo(
        title="Test",
        architecture="mobilenet_v2",
        classes=CLASSES,
        image_size=32,
        threshold=threshold,
    )
    save_model(path, Classifier("mobilenet_v2", len(CLASSES)), info)
    return path


@pytest.fixture
def predictor(tmp_path: Path) -> Predictor:
    return Predictor(model_file(tmp_path), "cpu")


@pytest.fixture
def photos(demo_folder: Path) -> list[Path]:
    found = sorted(demo_folder.rglob("*.jpg"))
    assert len(found) > 2 * BATCH_SIZE
    return found


def test_answers_come_in_the_order_of_the_photos(predictor: Predictor, photos: list[Path]) -> None:
    assert [p.path for p in predictor.predict(photos)] == photos


def test_a_photo_is_answered_alike_alone_and_among_others(photos: list[Path]) -> None:
    starter = Predictor(paths.starter_model(), "cpu")  # It tells the photos apart.
    among = {p.path: p.answer for p in starter.predict(photos)}
    confidences = set()
    for path in photos[:: BATCH_SIZE // 2]:
        (alone,) = starter.predict([path])
        answer = among[path]
        assert alone.answer is not None
        assert answer is not None
        assert answer.confidence == pytest.approx(alone.answer.confidence, abs=1e-4)
        assert answer.top[0].label == alone.answer.top[0].label
        confidences.add(round(answer.confidence, 2))
    assert len(confidences) > 2


def test_a_photo_that_cannot_be_read_does_not_end_the_others(
    predictor: Predictor, photos: list[Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.touch()
    found = list(predictor.predict([broken, photos[0], broken, photos[1]]))
    assert [prediction.error is None for prediction in found] == [False, True, False, True]


def test_what_the_model_is_not_sure_of_is_unknown_with_its_top(
    tmp_path: Path, photos: list[Path]
) -> None:
    unsure = Predictor(model_file(tmp_path, threshold=0.999), "cpu")
    (prediction,) = unsure.predict(photos[:1])
    assert prediction.answer is not None
    assert prediction.answer.unknown
    assert prediction.answer.label is None
    assert {ranked.label for ranked in prediction.answer.top} == set(CLASSES)


def test_a_chunk_of_broken_photos_alone_is_answered_with_its_errors(
    predictor: Predictor, photos: list[Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_text("no picture")
    given = [photos[0], *[broken] * BATCH_SIZE, photos[1]]
    found = list(predictor.predict(given))
    assert [p.path for p in found] == given
    assert [p.answer is not None for p in found] == [True, *[False] * BATCH_SIZE, True]
    assert list(predictor.predict([])) == []


def test_the_top_holds_as_many_classes_as_asked_for_best_first(
    predictor: Predictor, photos: list[Path]
) -> None:
    (whole,) = (p.answer for p in predictor.predict(photos[:1]))
    (short,) = (p.answer for p in predictor.predict(photos[:1], top=2))
    assert whole is not None
    assert short is not None
    probabilities = [ranked.probability for ranked in whole.top]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1, abs=1e-5)
    assert short.top == whole.top[:2]
    assert (whole.label, whole.confidence) == (whole.top[0].label, probabilities[0])


def test_the_confidence_is_calibrated_by_the_models_temperature(
    tmp_path: Path, photos: list[Path]
) -> None:
    path = model_file(tmp_path)
    classifier, info = load_model(path)
    cool = tmp_path / "cool.safetensors"
    save_model(cool, classifier, dataclasses.replace(info, temperature=0.1))
    squares = [square_from_file(photo, 32, "squash") for photo in photos[:4]]
    logits = torch.from_numpy(Predictor(path, "cpu").outputs(squares).logits)
    expected = torch.softmax(logits / 0.1, dim=1)
    answers = Predictor(cool, "cpu").answers(squares)
    assert [answer.confidence for answer in answers] == pytest.approx(
        expected.max(dim=1).values.tolist(), abs=1e-6
    )


def test_a_picture_in_memory_is_answered_like_its_file(
    predictor: Predictor, photos: list[Path]
) -> None:
    (of_file,) = predictor.predict(photos[:1])
    of_image = predictor.answer_image(np.asarray(open_rgb(photos[0])))
    assert of_file.answer == of_image


def test_photos_are_read_no_further_ahead_than_needed(
    predictor: Predictor, photos: list[Path]
) -> None:
    taken = 0

    def endless() -> object:
        nonlocal taken
        while True:
            taken += 1
            yield photos[0]

    answers = predictor.predict(endless())  # type: ignore[arg-type]
    next(answers)
    answers.close()
    assert taken < 200


def test_the_starter_knows_rendered_produce() -> None:
    starter = Predictor(paths.starter_model(), "cpu")
    right = 0
    for kind in synthetic.KINDS:
        answer = starter.answer_image(synthetic.render(kind, seed=12345))
        right += answer.top[0].label == kind
    assert right >= 0.75 * len(synthetic.KINDS)
