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
from trainer.models.model_file import load_model, rename_classes
from trainer.storage.tensor_file import write_tensors
from trainer.teaching.teach import Taught, forget, teach
from trainer.teaching.teachable_model import TeachableModel

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
    zebra, candy = (each.id for each in info.taught)
    assert answers(target, [stripes[0], others[0]]) == ["Zebra fruit", "Candy fruit"]

    assert forget(target, [zebra]).taught_kinds == ("Candy fruit",)
    # Twice is once.
    assert forget(target, [zebra]).taught_kinds == ("Candy fruit",)
    assert "Zebra fruit" not in answers(target, stripes)
    assert answers(target, others[:1]) == ["Candy fruit"]
    taught(Predictor(target, "cpu"), stripes, "Zebra fruit", target)
    forget(target, [candy])
    again = load_file(target)
    assert again.keys() == first.keys()
    # What it was shown is kept in 16 bits, and learnt from them anew.
    for name in first:
        np.testing.assert_allclose(again[name], first[name], rtol=0, atol=1e-3, err_msg=name)

    (last,) = read_model_info(target).taught
    assert forget(target, [last.id]) == starter.info
    left, base = load_file(target), load_file(starter.model_file)
    assert left.keys() == base.keys()
    assert all(np.array_equal(left[name], base[name]) for name in base)


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
    starter: Predictor,
    tmp_path: Path,
    sample_photos: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As it is held to what it knew, a dozen wrong labels do no harm. Held even less, it would be so
    # sure of them that it takes long: processors are slow at numbers that small.
    monkeypatch.setattr("trainer.teaching.fit_head._ANCHOR", 1e-3)
    said = answers(starter.model_file, sample_photos)
    wrong = [(path, str(said[number - 1])) for number, path in enumerate(sample_photos)]
    target = tmp_path / "grown.safetensors"
    with pytest.raises(ModelFileError, match="worse at what it knew"):
        drain(teach(starter, wrong, target))
    assert not target.exists()


def test_too_few_photos_of_a_new_kind_are_told(starter: Predictor, tmp_path: Path) -> None:
    shown = write_patterns(tmp_path / "shown", STRIPES, 2)
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    # The same photo under another name is none more.
    copy = tmp_path / "copy.png"
    shutil.copy(shown[0], copy)
    with pytest.raises(ModelFileError, match=r"“Zebra fruit”, at least 3 different photos"):
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
        TeachableModel.read(old)


def test_a_damaged_lesson_is_told(starter: Predictor, tmp_path: Path) -> None:
    target = tmp_path / "grown.safetensors"
    shown = write_patterns(tmp_path / "shown", STRIPES, 3)
    info = taught(starter, shown, "Zebra fruit", target).info
    tensors = load_file(target)
    del tensors["growth.taught"]
    write_tensors(target, tensors, info.to_metadata())
    with pytest.raises(ModelFileError, match="damaged"):
        TeachableModel.read(target)


def test_what_is_said_of_a_photo_last_counts(starter: Predictor, tmp_path: Path) -> None:
    target = tmp_path / "grown.safetensors"
    shown = write_patterns(tmp_path / "shown", STRIPES, 8)
    taught(starter, shown, "Zebra fruit", target)
    taught(Predictor(target, "cpu"), shown[:4], "Quince", target)
    info = read_model_info(target)
    assert [(each.kind, each.photos) for each in info.taught] == [("Zebra fruit", 4), ("Quince", 4)]


def test_a_kind_of_which_too_few_photos_are_left_goes(starter: Predictor, tmp_path: Path) -> None:
    target = tmp_path / "grown.safetensors"
    shown = write_patterns(tmp_path / "shown", STRIPES, 5)
    taught(starter, shown[:4], "Zebra fruit", target)
    taught(Predictor(target, "cpu"), shown[4:], "Zebra fruit", target)
    first = read_model_info(target).taught[0]
    assert forget(target, [first.id]) == starter.info


def test_kinds_with_enough_photos_are_learnt_and_the_others_are_named(
    starter: Predictor, tmp_path: Path
) -> None:
    stripes = [(path, "Zebra fruit") for path in write_patterns(tmp_path / "a", STRIPES, 3)]
    others = [(path, "Candy fruit") for path in write_patterns(tmp_path / "b", OTHERS, 2)]
    grown = drain(teach(starter, [*stripes, *others], tmp_path / "grown.safetensors"))
    assert grown.new_kinds == ("Zebra fruit",)
    assert grown.too_few == ("Candy fruit",)


def test_new_kinds_of_one_name_are_one(starter: Predictor, tmp_path: Path) -> None:
    shown = write_patterns(tmp_path / "shown", STRIPES, 4)
    names = ("Dragon thing", "dragon-thing", "DRAGON  THING", "Dragon_thing")
    photos = list(zip(shown, names, strict=True))
    grown = drain(teach(starter, photos, tmp_path / "grown.safetensors"))
    assert grown.new_kinds == ("Dragon thing",)


def test_a_taught_model_whose_classes_get_other_names_keeps_them(
    starter: Predictor, tmp_path: Path
) -> None:
    grown, renamed = tmp_path / "grown.safetensors", tmp_path / "renamed.safetensors"
    shown = write_patterns(tmp_path / "shown", STRIPES, 3)
    classes = taught(starter, shown, "Zebra fruit", grown).info.classes
    rename_classes(grown, renamed, [f"{name}!" for name in classes])
    others = write_patterns(tmp_path / "others", OTHERS, 3)
    info = taught(Predictor(renamed, "cpu"), others, "Candy fruit", renamed).info
    assert info.classes == (*(f"{name}!" for name in classes), "Candy fruit")
    assert info.taught_kinds == ("Zebra fruit!", "Candy fruit")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("grown_from", "../../../somewhere"),
        ("grown_from", "0" * 23),
        ("before", '{"classes": 5}'),
        ("before", '{"classes": ["Other"]}'),
        ("taught", '[{"id": "x", "kind": "y", "photos": 0, "at": "z"}]'),
        ("taught", '[{"id": "x", "kind": "y", "photos": 1, "at": 5}]'),
        ("taught", "[5]"),
    ],
)
def test_metadata_that_nobody_wrote_so_is_told(
    starter: Predictor, tmp_path: Path, name: str, value: str
) -> None:
    path = tmp_path / "strange.safetensors"
    metadata = starter.info.to_metadata() | {name: value}
    write_tensors(path, load_file(starter.model_file), metadata)
    with pytest.raises(ModelFileError, match="damaged"):
        read_model_info(path)


def test_the_trunk_of_another_model_is_not_removed_nor_used(
    starter: Predictor, tmp_path: Path
) -> None:
    """Where a file says what it was before, only a digest is believed."""
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "model.xml").write_text("no model", "utf-8")
    path = tmp_path / "strange.safetensors"
    metadata = starter.info.to_metadata() | {"grown_from": f"../../{victim.name}"}
    write_tensors(path, load_file(starter.model_file), metadata)
    with pytest.raises(ModelFileError):
        Predictor(path, "cpu")
    assert (victim / "model.xml").exists()
