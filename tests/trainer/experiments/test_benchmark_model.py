from pathlib import Path

import pytest

from tests.links import symlink
from tests.trainer.runs import STAGED, new_run
from trainer.control import drain
from trainer.data.dataset import DataSet, open_data_set
from trainer.evaluation.result_file import load_evaluation
from trainer.events import Finished
from trainer.experiments import run_database, run_records
from trainer.experiments.benchmark_model import measure, time_a_photo
from trainer.experiments.run import Run
from trainer.inference.predictor import Predictor
from trainer.models.classifier import Classifier, trained_parameter_count
from trainer.training.fit import fit


@pytest.fixture
def run(demo_data: DataSet, tmp_path: Path) -> Run:
    run = new_run(demo_data, tmp_path / "run", model=STAGED, epochs=1, strategy="layer4")
    assert isinstance(list(fit(run, demo_data))[-1], Finished)
    return run


def test_a_run_ends_with_what_its_model_makes_of_the_test_photos(
    run: Run, demo_data: DataSet
) -> None:
    record = run_records.run_named(run.id)
    assert record is not None
    found = record.measurement
    assert found is not None
    photos = demo_data.split("test")
    predictor = Predictor(run.model_file, "cpu")
    right = 0
    for photo, prediction in zip(photos, predictor.predict([p.path for p in photos]), strict=True):
        assert prediction.answer is not None
        right += prediction.answer.top[0].label == demo_data.classes[photo.label]
    assert (found.split, found.photos, found.right) == ("test", len(photos), right)
    assert record.test_accuracy == right / len(photos)
    kept = load_evaluation(run.evaluation_file)
    assert (kept.evaluation.right, kept.split, kept.data) == (right, "test", demo_data.root)
    classifier = Classifier(STAGED, 3)
    assert found.trained_parameters == trained_parameter_count(classifier, "layer4", 1)
    assert found.file_bytes == run.model_file.stat().st_size


def test_only_what_is_trained_is_counted() -> None:
    classifier = Classifier("resnet18", 10, "linear")
    head = 512 * 10 + 10
    last = sum(p.numel() for p in classifier.network.get_submodule("layer4").parameters())
    everything = sum(p.numel() for p in classifier.parameters())
    counts = [trained_parameter_count(classifier, s, 6) for s in ("head", "layer4", "full")]
    assert counts == [head, head + last, everything]
    assert trained_parameter_count(classifier, "gradual", 6) == everything


def test_without_test_photos_the_validation_photos_are_measured(
    demo_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    for split in ("train", "validation"):
        (folder / split).parent.mkdir(exist_ok=True)
        symlink(folder / split, demo_folder / split)
    data = open_data_set(folder)
    run = new_run(data, tmp_path / "run", epochs=1)
    list(fit(run, data))
    record = run_records.run_named(run.id)
    assert record is not None
    assert record.measurement is not None
    assert record.measurement.split == "validation"
    assert record.test_accuracy is None


def test_a_stopped_run_is_measured_when_it_is_asked_for(run: Run, demo_data: DataSet) -> None:
    run_database.forget([run.id])
    run_database.begin(run, "CPU")
    run.evaluation_file.unlink()
    measured = drain(measure(run, demo_data))
    record = run_records.run_named(run.id)
    assert record is not None
    assert record.measurement == measured
    assert run.evaluation_file.is_file()


def test_a_photo_is_timed_as_the_app_would_answer_it(run: Run, demo_data: DataSet) -> None:
    photos = [photo.path for photo in demo_data.split("test")]
    steps = time_a_photo(run.model_file, photos, "cpu")
    first = next(steps)
    assert (first.stage, first.done) == ("time", 0)
    assert 0 < drain(steps) < 60_000
    assert drain(time_a_photo(run.model_file, [], "cpu")) == 0
