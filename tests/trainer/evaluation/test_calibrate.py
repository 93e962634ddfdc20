import dataclasses
from pathlib import Path

import pytest

from trainer.config.recipe import Recipe
from trainer.control import drain
from trainer.data.dataset import DataSet
from trainer.evaluation.calibrate import calibrate
from trainer.events import Finished, Preparing
from trainer.experiments.model_library import data_set_of
from trainer.experiments.run import create_run
from trainer.inference.predictor import Predictor
from trainer.inference.similar_images import training_features
from trainer.models.metadata import read_model_info
from trainer.models.model_file import load_model, save_model
from trainer.models.ood_score import THRESHOLD, has_class_means
from trainer.training.fit import fit

RECIPE = Recipe(
    model="tf_efficientnet_lite0",
    weights="imagenet",
    strategy="head",
    image_size=64,
    epochs=8,
    patience=0,
)


@pytest.fixture
def trained(demo_data: DataSet, tmp_path: Path) -> Path:
    run = create_run(RECIPE, demo_data.root, tmp_path / "run")
    finished = list(fit(run, demo_data, device="cpu"))[-1]
    assert isinstance(finished, Finished)
    return run.model_file


def test_a_finished_run_knows_how_right_answers_look(trained: Path, demo_data: DataSet) -> None:
    info = read_model_info(trained)
    assert has_class_means(trained)
    assert info.threshold == THRESHOLD
    assert info.cosine_weight > 0
    photos = [photo.path for photo in demo_data.split("train")]
    answers = [prediction.answer for prediction in Predictor(trained, "cpu").predict(photos)]
    unknown = sum(answer is not None and answer.unknown for answer in answers)
    assert unknown <= 0.1 * len(photos)


def test_the_weights_are_those_of_the_best_epoch_all_the_same(
    trained: Path, demo_data: DataSet, tmp_path: Path
) -> None:
    classifier, info = load_model(trained)
    plain = tmp_path / "plain.safetensors"
    save_model(plain, classifier, dataclasses.replace(info, familiar_scores=(), cosine_weight=0.0))
    before = {name: value.clone() for name, value in classifier.network.state_dict().items()}
    drain(calibrate(plain, demo_data, "cpu"))
    after = load_model(plain)[0].network.state_dict()
    assert all(before[name].equal(value) for name, value in after.items())
    again = read_model_info(plain)
    assert again.familiar_scores == pytest.approx(info.familiar_scores, abs=1e-6)
    assert again.temperature == pytest.approx(info.temperature)


def test_progress_ends_where_the_photos_do(trained: Path, demo_data: DataSet) -> None:
    steps = list(calibrate(trained, demo_data, "cpu"))
    count = len(demo_data.split("train")) + len(demo_data.split("validation"))
    assert steps[-1] == Preparing("calibrate", count, count)


def test_a_data_set_of_other_classes_changes_nothing(trained: Path, demo_data: DataSet) -> None:
    before = trained.read_bytes()
    others = dataclasses.replace(demo_data, classes=("x", "y", "z"))
    drain(calibrate(trained, others, "cpu"))
    assert trained.read_bytes() == before


def test_the_most_similar_training_photo_of_a_training_photo_is_itself(
    trained: Path, demo_data: DataSet
) -> None:
    predictor = Predictor(trained, "cpu")
    data_set = data_set_of(trained)
    assert data_set is not None
    features = drain(training_features(predictor, data_set))
    again = training_features(predictor, data_set)
    with pytest.raises(StopIteration) as kept:
        next(again)  # From the caches, without a step.
    assert kept.value.value.paths == features.paths
    photo = demo_data.split("train")[0].path
    square = next(predictor.read([photo])).decoded
    direction = predictor.outputs([square]).features[0]  # type: ignore[list-item]
    first, second, _ = features.nearest(direction)
    assert first.path == photo
    assert first.similarity == pytest.approx(1, abs=0.01)
    assert features.nearest(direction, but=photo)[0] == second


def test_the_photos_of_a_model_from_elsewhere_are_not_known(trained: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "model.safetensors"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(trained.read_bytes())
    assert data_set_of(elsewhere) is None
