import dataclasses
import importlib
import json
import math
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from safetensors import safe_open
from sklearn import metrics

from tests.zips import zip_of
from trainer.data.images import open_rgb
from trainer.data.synonyms import USUAL, groups_among, read_groups, write_groups
from trainer.data.zips import unzipped
from trainer.errors import ModelFileError
from trainer.evaluation.result import Evaluation
from trainer.evaluation.result_file import KeptEvaluation, load_evaluation, save_evaluation
from trainer.storage import caches

CLASSES = ("a", "b", "c")


def evaluation_of(
    probabilities: np.ndarray,
    labels: list[int],
    classes: tuple[str, ...] = CLASSES,
    familiarity: list[float] | None = None,
    threshold: float = 0.0,
) -> Evaluation:
    count = len(labels)
    return Evaluation(
        classes=classes,
        paths=tuple(Path(f"{number}.jpg") for number in range(count)),
        labels=np.array(labels, dtype=np.int64),
        probabilities=probabilities.astype(np.float32),
        familiarity=np.array(familiarity or [0.5] * count, dtype=np.float32),
        threshold=threshold,
    )


def answered(answers: list[int], confidence: float = 0.8, classes: int = 3) -> np.ndarray:
    probabilities = np.full((len(answers), classes), (1 - confidence) / (classes - 1))
    probabilities[np.arange(len(answers)), answers] = confidence
    return probabilities


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    """torchmetrics' functions, which import torchvision: through our door to it."""
    importlib.import_module("trainer.models.torchvision_models")
    return importlib.import_module("torchmetrics.functional.classification")


@pytest.fixture
def many() -> Evaluation:
    """500 photos of 12 classes; one class is in no photo, and some answers are wrong."""
    chance = np.random.default_rng(5)
    labels = chance.integers(0, 11, 500)
    logits = chance.normal(size=(500, 12)) * 1.5
    logits[np.arange(500), labels] += chance.choice([0.5, 3.0], 500)
    powers = np.exp(logits)
    classes = tuple(f"class {number}" for number in range(12))
    return evaluation_of(powers / powers.sum(axis=1, keepdims=True), labels.tolist(), classes)


def test_the_figures_of_a_small_confusion_matrix() -> None:
    # Class a: 3 photos, 2 right, 1 taken for b; class b: 1 photo, right; class c: none.
    found = evaluation_of(answered([0, 0, 1, 1]), [0, 0, 0, 1])
    assert found.confusion == ((2, 1, 0), (0, 1, 0), (0, 0, 0))
    assert (found.n, found.accuracy) == (4, 0.75)
    a, b, c = found.per_class
    assert (a.precision, a.recall, a.f1, a.support) == pytest.approx((1, 2 / 3, 0.8, 3))
    assert (b.precision, b.recall, b.f1, b.support) == pytest.approx((0.5, 1, 2 / 3, 1))
    assert (c.precision, c.recall, c.f1, c.support) == (0, 0, 0, 0)
    # A class that is neither in the photos nor among the answers does not count.
    assert found.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)
    assert found.ece == pytest.approx(abs(0.8 - 0.75))


def test_the_figures_are_those_of_scikit_learn(many: Evaluation) -> None:
    labels, answers = many.labels, many.answers
    assert many.accuracy == pytest.approx(metrics.accuracy_score(labels, answers))
    everything = range(len(many.classes))
    expected = metrics.confusion_matrix(labels, answers, labels=everything)
    assert [list(row) for row in many.confusion] == expected.tolist()
    assert many.macro_f1 == pytest.approx(metrics.f1_score(labels, answers, average="macro"))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, answers, labels=everything, zero_division=0
    )
    assert [report.precision for report in many.per_class] == pytest.approx(precision)
    assert [report.recall for report in many.per_class] == pytest.approx(recall)
    assert [report.f1 for report in many.per_class] == pytest.approx(f1)
    assert [report.support for report in many.per_class] == support.tolist()
    assert many.losses.mean() == pytest.approx(
        metrics.log_loss(labels, many.probabilities, labels=everything), rel=1e-4
    )


def test_the_figures_are_those_of_torchmetrics(many: Evaluation, reference: ModuleType) -> None:
    probabilities, labels = torch.from_numpy(many.probabilities), torch.from_numpy(many.labels)
    accuracy = reference.multiclass_accuracy(probabilities, labels, 12, average="micro")
    assert many.accuracy == pytest.approx(accuracy.item())
    error = reference.multiclass_calibration_error(probabilities, labels, 12, n_bins=15, norm="l1")
    assert many.ece == pytest.approx(error.item(), abs=1e-6)
    confusion = reference.multiclass_confusion_matrix(probabilities, labels, 12)
    assert [list(row) for row in many.confusion] == confusion.tolist()


def test_the_bars_of_the_reliability_diagram_hold_every_photo_once(
    many: Evaluation, reference: ModuleType
) -> None:
    bins = many.reliability
    assert sum(each.count for each in bins) == many.n
    error = sum(each.count * abs(each.confidence - each.accuracy) for each in bins) / many.n
    expected = reference.multiclass_calibration_error(
        torch.from_numpy(many.probabilities), torch.from_numpy(many.labels), 12, n_bins=10
    )
    assert error == pytest.approx(expected.item(), abs=1e-6)
    for number, each in enumerate(bins):
        inside = many.in_bin(number)
        assert len(inside) == each.count
        assert all(each.low <= many.photo(index).confidence <= each.high for index in inside)


def test_the_photos_of_a_cell_come_worst_first() -> None:
    probabilities = np.array(
        [[0.2, 0.7, 0.1], [0.05, 0.9, 0.05], [0.9, 0.05, 0.05], [0.1, 0.8, 0.1]]
    )
    found = evaluation_of(probabilities, [0, 0, 0, 1])
    assert found.in_cell("a", "b") == [1, 0]
    assert found.in_cell("a", None) == [1, 0, 2]
    assert found.in_cell(None, "b") == [1, 0, 3]
    assert found.confident_mistakes == [1, 0]
    assert found.top_losses == [1, 0, 3, 2]
    worst = found.photo(1)
    assert (worst.label, worst.answer, worst.is_right) == ("a", "b", False)
    assert (worst.confidence, worst.probability) == pytest.approx((0.9, 0.05))


def test_what_is_called_unknown_leaves_the_accuracy_of_the_rest() -> None:
    found = evaluation_of(
        answered([0, 0, 1, 1]), [0, 0, 0, 1], familiarity=[0.9, 0.6, 0.1, 0.04], threshold=0.05
    )
    assert found.unknown == [3]
    curve = found.rejection
    assert (curve.answered[0], curve.accuracy[0]) == (1, 0.75)
    at_half = curve.thresholds.index(0.5)
    assert (curve.answered[at_half], curve.accuracy[at_half]) == (0.5, 1)
    # Where nothing is answered, nothing is right or wrong.
    assert curve.answered[-1] == 0
    assert math.isnan(curve.accuracy[-1])


def test_synonyms_count_as_one() -> None:
    classes = ("Corn", "sweet-corn", "bell_pepper", "Capsicum", "paprika")
    found = evaluation_of(answered([1, 0, 3, 0], classes=5), [0, 0, 4, 2], classes)
    groups = groups_among(classes, [("corn", "Sweet corn"), ("capsicum", "bell pepper", "PAPRIKA")])
    assert groups == (("Corn", "sweet-corn"), ("Capsicum", "bell_pepper", "paprika"))
    # Groups that share a name are one, in whatever order they are given.
    chain = groups_among(("a", "b", "c", "d"), [("a", "b"), ("c", "d"), ("B", "C")])
    assert [sorted(group) for group in chain] == [["a", "b", "c", "d"]]
    assert found.right == 1
    assert found.merged_right(groups) == 3
    assert found.merged_right(()) == 1


def test_the_users_groups_of_synonyms_are_kept() -> None:
    assert read_groups() == USUAL
    write_groups([("감자", "potato")])
    assert read_groups() == (("감자", "potato"),)
    assert groups_among(("Apple", "Potato"), read_groups()) == ()


def test_an_evaluation_is_kept_whole(many: Evaluation, tmp_path: Path) -> None:
    file = tmp_path / "evaluation.safetensors"
    save_evaluation(file, KeptEvaluation(many, Path("/somewhere/과일"), "test"))
    kept = load_evaluation(file)
    assert (kept.data, kept.split) == (Path("/somewhere/과일"), "test")
    assert kept.evaluation.as_json() == many.as_json()
    assert kept.evaluation.paths == many.paths


def test_photos_in_a_zip_are_kept_by_their_places_in_it(many: Evaluation, tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "fruit.zip", {"Apple/a.png": "red", "Pear/b.png": "green"})
    photos = [unzipped(archive) / place for place in ("Apple/a.png", "Pear/b.png")]
    few = dataclasses.replace(
        many,
        paths=tuple(photos),
        labels=many.labels[:2],
        probabilities=many.probabilities[:2],
        familiarity=many.familiarity[:2],
    )
    file = tmp_path / "evaluation.safetensors"
    save_evaluation(file, KeptEvaluation(few, archive, "test"))
    with safe_open(file, framework="numpy") as opened:
        kept = json.loads(opened.metadata()["paths"])
    assert kept == [f"{archive}/Apple/a.png", f"{archive}/Pear/b.png"]
    caches.clear()
    found = load_evaluation(file).evaluation.paths
    assert [open_rgb(path).getpixel((0, 0)) for path in found] == [(255, 0, 0), (0, 128, 0)]
    assert found == tuple(photos)


def test_places_in_the_caches_that_earlier_versions_kept_are_found(
    many: Evaluation, tmp_path: Path
) -> None:
    archive = zip_of(tmp_path / "fruit.zip", {"Apple/a.png": "red"})
    old = tmp_path / "caches" / "unzipped" / "0123456789abcdef" / "Apple" / "a.png"
    one = dataclasses.replace(
        many,
        paths=(old,),
        labels=many.labels[:1],
        probabilities=many.probabilities[:1],
        familiarity=many.familiarity[:1],
    )
    file = tmp_path / "evaluation.safetensors"
    save_evaluation(file, KeptEvaluation(one, archive, "test"))
    (found,) = load_evaluation(file).evaluation.paths
    assert open_rgb(found).getpixel((0, 0)) == (255, 0, 0)
    archive.unlink()
    assert load_evaluation(file).evaluation.paths == (old,)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("labels", np.array([90] * 500)),
        ("labels", np.array([0, 1])),
        ("familiarity", np.zeros(3, dtype=np.float32)),
        ("probabilities", np.full((500, 12), np.nan, dtype=np.float32)),
    ],
)
def test_an_evaluation_that_does_not_fit_together_is_refused(
    name: str, wrong: np.ndarray, many: Evaluation, tmp_path: Path
) -> None:
    file = tmp_path / "evaluation.safetensors"
    broken = dataclasses.replace(many, **{name: wrong})
    save_evaluation(file, KeptEvaluation(broken, Path("/somewhere"), "test"))
    with pytest.raises(ModelFileError, match="Evaluate the model again"):
        load_evaluation(file)


@pytest.mark.parametrize("content", [b"", b"no evaluation", b"\xff" * 64])
def test_a_damaged_evaluation_is_one_sentence(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "evaluation.safetensors"
    file.write_bytes(content)
    with pytest.raises(ModelFileError, match="Evaluate the model again"):
        load_evaluation(file)
