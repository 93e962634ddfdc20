import json
from contextlib import closing
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from tests.trainer.runs import new_run
from tests.trainer.teaching.patterns import write_patterns
from trainer import paths
from trainer.control import drain
from trainer.data.dataset import DataSet, open_data_set
from trainer.errors import ModelFileError
from trainer.evaluation.seen_images import seen_by
from trainer.experiments.model_library import stored_models
from trainer.experiments.run import Run
from trainer.experiments.taught_models import (
    forget_kept,
    gather_photos,
    is_taught,
    lessons_of,
    taught_file,
    teach_kept,
)
from trainer.models.growth import read_growth
from trainer.models.metadata import read_model_info
from trainer.storage.file_digests import digest_of
from trainer.storage.tensor_file import write_tensors
from trainer.training.fit import fit

STRIPES = ("#2030d0", "#f0f0f0")


@pytest.fixture
def stripes(tmp_path: Path) -> list[tuple[Path, str]]:
    return [(path, "Zebra fruit") for path in write_patterns(tmp_path / "stripes", STRIPES, 5)]


@pytest.fixture
def run(demo_data: DataSet, tmp_path: Path) -> Run:
    run = new_run(demo_data, tmp_path / "run", epochs=1)
    with closing(fit(run, demo_data)) as steps:
        list(steps)
    return run


def test_a_taught_model_is_a_model_like_any_other(stripes: list[tuple[Path, str]]) -> None:
    taught = drain(teach_kept(paths.starter_model(), stripes))
    assert is_taught(taught.model)
    (model,) = [each for each in stored_models() if each.origin == "taught"]
    assert model.path == taught.model
    assert model.info.taught_kinds == ("Zebra fruit",)
    # Taught again, it is the same model; the starter, taught again, is another.
    assert taught_file(taught.model) == taught.model
    assert taught_file(paths.starter_model()).parent != taught.model.parent


def test_it_is_not_tested_on_what_it_was_taught(stripes: list[tuple[Path, str]]) -> None:
    taught = drain(teach_kept(paths.starter_model(), stripes))
    seen = seen_by(taught.model, "test")
    assert seen >= seen_by(paths.starter_model(), "test")
    assert {digest_of(path.read_bytes()) for path, _ in stripes} <= seen


def test_without_lessons_it_is_what_it_was(stripes: list[tuple[Path, str]]) -> None:
    taught = drain(teach_kept(paths.starter_model(), stripes))
    assert forget_kept(taught.model, taught.lessons) == paths.starter_model()
    assert not taught.model.exists()
    assert all(path.exists() for path, _ in stripes)


def test_of_several_lessons_the_others_stay(stripes: list[tuple[Path, str]]) -> None:
    others = [(path, "Tomato") for path, _ in stripes[:2]]
    taught = drain(teach_kept(paths.starter_model(), [*stripes[2:], *others]))
    assert [each.kind for each in taught.info.taught] == ["Zebra fruit", "Tomato"]
    assert forget_kept(taught.model, taught.lessons[:1]) == taught.model
    lessons = lessons_of(taught.model)
    assert lessons is not None
    assert set(lessons.paths().values()) == {"Tomato"}
    assert read_model_info(taught.model).taught_kinds == ()


def test_a_run_leaves_a_model_that_can_be_taught(run: Run, stripes: list[tuple[Path, str]]) -> None:
    assert read_growth(run.model_file) is not None
    taught = drain(teach_kept(run.model_file, stripes, "cpu"))
    assert taught.info.classes == (*read_model_info(run.model_file).classes, "Zebra fruit")


def test_what_was_taught_is_not_tested_on_once_its_photos_are_elsewhere(
    stripes: list[tuple[Path, str]], tmp_path: Path
) -> None:
    taught = drain(teach_kept(paths.starter_model(), stripes))
    digests = {digest_of(path.read_bytes()) for path, _ in stripes}
    for path, _ in stripes:
        path.rename(path.with_name(f"moved-{path.name}"))
    more = [(path, "Candy") for path in write_patterns(tmp_path / "x", ("#000", "#e0c"), 3)]
    again = drain(teach_kept(taught.model, more))
    assert digests <= seen_by(again.model, "test")


def without_growth(model: Path) -> None:
    """As an earlier version wrote it."""
    tensors = {k: v for k, v in load_file(model).items() if not k.startswith("growth.")}
    write_tensors(model, tensors, read_model_info(model).to_metadata())


def test_a_model_of_an_earlier_version_gets_what_it_needs_of_its_photos(
    run: Run, stripes: list[tuple[Path, str]]
) -> None:
    without_growth(run.model_file)
    taught = drain(teach_kept(run.model_file, stripes, "cpu"))
    assert taught.new_kinds == ("Zebra fruit",)


def test_where_these_have_gone_it_says_so(
    run: Run, stripes: list[tuple[Path, str]], tmp_path: Path
) -> None:
    without_growth(run.model_file)
    (run.folder / "run.json").unlink()
    with pytest.raises(ModelFileError, match="the photos that it learnt from are not there"):
        drain(teach_kept(run.model_file, stripes, "cpu"))


def test_all_photos_together_are_a_data_set(run: Run, stripes: list[tuple[Path, str]]) -> None:
    taught = drain(teach_kept(run.model_file, stripes, "cpu"))
    folder, recipe = drain(gather_photos(taught.model))
    gathered = open_data_set(folder)
    assert recipe == run.recipe
    assert "Zebra fruit" in gathered.classes
    before = open_data_set(run.data)
    for split, more in (("train", 4), ("validation", 1)):
        assert len(gathered.split(split)) == len(before.split(split)) + more


def test_a_damaged_note_of_the_photos_is_as_if_there_were_none(
    stripes: list[tuple[Path, str]],
) -> None:
    taught = drain(teach_kept(paths.starter_model(), stripes))
    note = taught.model.parent / "lessons.json"
    assert json.loads(note.read_text("utf-8"))["base"] == str(paths.starter_model())
    note.write_text("{", "utf-8")
    assert lessons_of(taught.model) is None
    # The lesson itself can still be taken back.
    assert forget_kept(taught.model, taught.lessons) == taught.model
    assert read_model_info(taught.model).taught == ()


def test_where_what_it_learnt_from_is_damaged_nothing_is_taught(
    run: Run, stripes: list[tuple[Path, str]]
) -> None:
    (run.folder / "learnt.json").write_text("{", "utf-8")
    with pytest.raises(ModelFileError, match="damaged"):
        drain(teach_kept(run.model_file, stripes, "cpu"))
    assert not paths.taught_models_folder().exists()
