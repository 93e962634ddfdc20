import shutil
from pathlib import Path

import pytest

from tests.trainer.runs import new_run
from trainer import paths
from trainer.data.dataset import open_data_set
from trainer.errors import DatasetError
from trainer.evaluation.evaluate import evaluate, photos_to_evaluate
from trainer.evaluation.result import Evaluation
from trainer.evaluation.seen_images import SEEN_FILE, seen_by, seen_file, write_seen
from trainer.events import Finished, PhotoSkipped
from trainer.experiments.run import Run, remove_files
from trainer.inference.predictor import Predictor
from trainer.models.metadata import read_model_info
from trainer.storage.file_digests import digest_of
from trainer.training.fit import fit


@pytest.fixture
def data(demo_folder: Path, tmp_path: Path) -> Path:
    """A folder without splits of its own."""
    folder = tmp_path / "fruit"
    for source in sorted((demo_folder / "train").rglob("*.jpg")):
        target = folder / source.parent.name / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return folder


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Run:
    data_set = open_data_set(data)
    run = new_run(data_set, tmp_path / "run", epochs=1)
    list(fit(run, data_set))
    return run


def evaluated(run: Run, data: Path, split: str | None = None) -> tuple[Evaluation, set[Path]]:
    """What it came to, and which photos were left out."""
    data_set = open_data_set(data)
    chosen, photos = photos_to_evaluate(data_set, split, read_model_info(run.model_file))
    steps = evaluate(
        Predictor(run.model_file, "cpu"), data_set, photos, seen_by(run.model_file, chosen)
    )
    skipped = set()
    while True:
        try:
            event = next(steps)
        except StopIteration as end:
            return end.value, skipped
        if isinstance(event, PhotoSkipped):
            skipped.add(event.path)


def test_of_the_photos_that_it_has_not_learnt_from_none_is_left_out(run: Run, data: Path) -> None:
    found, skipped = evaluated(run, data)
    assert set(found.paths) == {photo.path for photo in open_data_set(data).split("test")}
    assert not skipped


def test_photos_that_come_into_the_test_because_others_went_are_left_out(
    run: Run, data: Path
) -> None:
    """A folder without splits is divided anew when photos come or go."""
    before = open_data_set(data)
    for split in ("test", "validation"):
        before.split(split)[0].path.unlink()
    after = open_data_set(data)
    learnt_from = {photo.path for part in ("train", "validation") for photo in before.split(part)}
    intruders = learnt_from & {photo.path for photo in after.split("test")}
    assert intruders
    found, skipped = evaluated(run, data)
    assert skipped == intruders
    assert not intruders & set(found.paths)
    assert found.n == len(after.split("test")) - len(intruders)


def test_a_copy_elsewhere_holds_what_it_has_learnt_as_well(
    run: Run, data: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    # Under other names, in a folder that the model does not know.
    for path in sorted(copy.rglob("*.jpg")):
        path.rename(path.with_name(f"new {path.name}"))
    found, skipped = evaluated(run, copy)
    assert found.n == len(open_data_set(data).split("test"))
    assert len(skipped) + found.n == len(list(copy.rglob("*.jpg")))


def test_who_asks_for_what_was_learnt_gets_it(run: Run, data: Path) -> None:
    found, skipped = evaluated(run, data, "train")
    assert found.n == len(open_data_set(data).split("train"))
    assert not skipped
    assert not seen_by(run.model_file, "train")


def test_where_nothing_is_left_that_is_said(run: Run, data: Path) -> None:
    tested = {photo.path for photo in open_data_set(data).split("test")}
    for path in tested:
        path.unlink()
    shutil.move(data, data.with_name("moved"))
    with pytest.raises(DatasetError, match="learnt from all of these"):
        evaluated(run, data.with_name("moved"), None)


def test_a_model_from_elsewhere_and_a_damaged_file_are_no_obstacle(run: Run, data: Path) -> None:
    file = run.folder / SEEN_FILE
    for content in ("", "[]", '{"train": 5}'):
        file.write_text(content)
        assert seen_by(run.model_file, "test") == frozenset()
    file.unlink()
    assert seen_by(run.model_file, "test") == frozenset()
    evaluated(run, data)


def test_it_goes_with_the_run(run: Run) -> None:
    assert (run.folder / SEEN_FILE).is_file()
    remove_files(run.id, run.folder)
    assert not run.folder.exists()


def test_what_it_started_from_has_learnt_from_photos_as_well(
    run: Run, demo_folder: Path, tmp_path: Path
) -> None:
    demo = open_data_set(demo_folder)
    successor = new_run(demo, tmp_path / "next", weights=str(run.model_file), epochs=1)
    list(fit(successor, demo))
    known = seen_by(successor.model_file, "test")
    assert seen_by(run.model_file, "test") < known


def test_the_starter_says_which_photos_it_has_learnt_from() -> None:
    known = seen_by(paths.starter_model(), "all")
    assert len(known) > 3000
    assert all(len(digest) == 32 for digest in known)


def test_a_model_is_not_tested_on_what_its_weights_learnt_elsewhere(
    demo_folder: Path, tmp_path: Path
) -> None:
    """As the starter's are, whose photos are told beside it."""
    starter = tmp_path / "other.safetensors"
    shutil.copyfile(paths.starter_model(), starter)
    data_set = open_data_set(demo_folder)
    tested = [digest_of(photo.path.read_bytes()) for photo in data_set.split("test")]
    write_seen(seen_file(starter), tested[:4])
    architecture = read_model_info(starter).architecture
    run = new_run(data_set, tmp_path / "run", epochs=1, weights=str(starter), model=architecture)
    finished = list(fit(run, data_set))[-1]
    assert isinstance(finished, Finished)
    assert finished.test_photos == len(tested) - 4
