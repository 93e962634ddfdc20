"""The starter learns what it does not know."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from tests.trainer.teaching.patterns import write_patterns
from trainer import paths
from trainer.control import drain
from trainer.errors import ModelFileError
from trainer.inference.engine_selection import prepared_file
from trainer.inference.predictor import Predictor
from trainer.models.metadata import read_model_info
from trainer.models.model_file import load_model
from trainer.storage.tensor_file import write_tensors
from trainer.teaching.growable import GrowableModel
from trainer.teaching.teach import Taught, class_meant, forget, teach

STRIPES = ("#2030d0", "#f0f0f0")
OTHERS = ("#101010", "#d020c0")


@pytest.fixture(scope="module")
def starter() -> Predictor:
    return Predictor(paths.starter_model(), "cpu")


def taught(predictor: Predictor, photos: list[Path], kind: str, target: Path) -> Taught:
    return drain(teach(predictor, [(photo, kind) for photo in photos], target))


def answers(model: Path, photos: list[Path]) -> list[str | None]:
    predictions = Predictor(model, "cpu").predict(photos)
    return [each.answer.label if each.answer else None for each in predictions]


def test_a_kind_is_known_that_was_not_and_the_others_are_not_forgotten(
    starter: Predictor, tmp_path: Path, sample_photos: list[Path]
) -> None:
    shown = write_patterns(tmp_path / "shown", STRIPES, 5)
    asked = write_patterns(tmp_path / "asked", STRIPES, 6, first=100)
    before = answers(starter.model_file, sample_photos)
    grown = taught(starter, shown, "Zebra fruit", tmp_path / "grown.safetensors")
    assert grown.new_kinds == ("Zebra fruit",)
    assert grown.photos == 5
    assert grown.info.classes == (*starter.info.classes, "Zebra fruit")
    assert grown.accuracy_after > grown.accuracy_before - 0.03
    assert answers(grown.model, asked) == ["Zebra fruit"] * 6
    assert answers(grown.model, sample_photos) == before
    assert starter.info == read_model_info(starter.model_file)


def test_it_answers_at_once_by_the_engine_that_is_there_as_torch_does(
    starter: Predictor, tmp_path: Path
) -> None:
    shown = write_patterns(tmp_path / "shown", STRIPES, 3)
    grown = taught(starter, shown, "Zebra fruit", tmp_path / "grown.safetensors")
    assert prepared_file(grown.model) == prepared_file(starter.model_file)
    squares = np.random.default_rng(0).integers(0, 256, (2, 260, 260, 3), dtype=np.uint8)
    found = Predictor(grown.model, "cpu").outputs(list(squares))
    classifier, info = load_model(grown.model)
    import torch

    from trainer.models.classifier import normalise

    with torch.inference_mode():
        images = torch.from_numpy(squares).permute(0, 3, 1, 2)
        wanted = classifier(normalise(images, info.mean, info.std)).numpy()
    np.testing.assert_allclose(found.logits, wanted, atol=0.15)


def test_lessons_are_taken_back_in_any_order(starter: Predictor, tmp_path: Path) -> None:
    target = tmp_path / "grown.safetensors"
    stripes = write_patterns(tmp_path / "stripes", STRIPES, 4)
    others = write_patterns(tmp_path / "others", OTHERS, 4)
    taught(starter, stripes, "Zebra fruit", target)
    first = load_file(target)
    taught(Predictor(target, "cpu"), others, "Candy fruit", target)
    info = read_model_info(target)
    assert [each.kind for each in info.taught] == ["Zebra fruit", "Candy fruit"]
    assert answers(target, [stripes[0], others[0]]) == ["Zebra fruit", "Candy fruit"]

    assert forget(target, 0).taught_kinds == ("Candy fruit",)
    assert "Zebra fruit" not in answers(target, stripes)
    assert answers(target, others[:1]) == ["Candy fruit"]
    taught(Predictor(target, "cpu"), stripes, "Zebra fruit", target)
    forget(target, 0)
    again = load_file(target)
    assert {name: tensor.tolist() for name, tensor in again.items() if "head" in name} == {
        name: tensor.tolist() for name, tensor in first.items() if "head" in name
    }

    assert forget(target, 0) == starter.info
    left, base = load_file(target), load_file(starter.model_file)
    assert left.keys() == base.keys()
    assert all(np.array_equal(left[name], base[name]) for name in base)
    with pytest.raises(ModelFileError, match="no such lesson"):
        forget(target, 0)


def test_photos_of_a_kind_that_is_known_are_corrections(starter: Predictor, tmp_path: Path) -> None:
    shown = write_patterns(tmp_path / "shown", STRIPES, 6)
    asked = write_patterns(tmp_path / "asked", STRIPES, 6, first=100)
    grown = taught(starter, shown, "가지", tmp_path / "grown.safetensors")
    assert grown.new_kinds == ()
    assert grown.info.classes == starter.info.classes
    assert [each.kind for each in grown.info.taught] == ["Aubergine"]
    assert answers(grown.model, asked).count("Aubergine") >= 5
    assert grown.accuracy_before - grown.accuracy_after <= 0.01


def test_corrections_that_would_do_harm_are_not_taken(
    starter: Predictor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = write_patterns(tmp_path / "shown", STRIPES, 3)
    # No photo that is at hand does so much harm; so none is borne.
    monkeypatch.setattr("trainer.teaching.teach.WORST_LOSS", -1.0)
    target = tmp_path / "grown.safetensors"
    with pytest.raises(ModelFileError, match="worse at what it knew"):
        taught(starter, shown, "Aubergine", target)
    assert not target.exists()


def test_too_few_photos_of_a_new_kind_are_told(starter: Predictor, tmp_path: Path) -> None:
    shown = write_patterns(tmp_path / "shown", STRIPES, 2)
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    # The same photo under another name is none more.
    copy = tmp_path / "copy.png"
    shutil.copy(shown[0], copy)
    with pytest.raises(ModelFileError, match=r"“Zebra fruit”, at least 3 photos"):
        taught(starter, [*shown, broken, copy], "Zebra fruit", tmp_path / "x.safetensors")


def test_what_cannot_be_read_is_left_out_and_named(starter: Predictor, tmp_path: Path) -> None:
    shown = write_patterns(tmp_path / "shown", STRIPES, 3)
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    grown = taught(starter, [*shown, broken], "Zebra fruit", tmp_path / "x.safetensors")
    assert grown.photos == 3
    assert grown.unreadable == (broken,)


def test_a_model_without_what_it_needs_says_so(starter: Predictor, tmp_path: Path) -> None:
    tensors = load_file(starter.model_file)
    old = tmp_path / "old.safetensors"
    kept = {name: value for name, value in tensors.items() if not name.startswith("growth.")}
    write_tensors(old, kept, starter.info.to_metadata())
    with pytest.raises(ModelFileError, match="cannot be taught more"):
        GrowableModel.read(old)


def test_a_damaged_lesson_is_told(starter: Predictor, tmp_path: Path) -> None:
    target = tmp_path / "grown.safetensors"
    shown = write_patterns(tmp_path / "shown", STRIPES, 3)
    info = taught(starter, shown, "Zebra fruit", target).info
    tensors = load_file(target)
    del tensors["growth.taught"]
    write_tensors(target, tensors, info.to_metadata())
    with pytest.raises(ModelFileError, match="damaged"):
        GrowableModel.read(target)


def test_names_are_taken_in_both_languages() -> None:
    assert class_meant("사과", ("Apple", "Pear")) == "Apple"
    assert class_meant("apple ", ("Apple", "Pear")) == "Apple"
    assert class_meant("Quandong", ("Apple", "Pear")) == "Quandong"
    assert class_meant("quandong", ("Apple", "Quandong")) == "Quandong"
