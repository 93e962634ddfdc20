"""What a report says of how good a model is."""

from pathlib import Path

import numpy as np

from tests.trainer.report.reading import World, copied, evaluation_of, report
from tests.trainer.runs import new_run
from trainer import paths
from trainer.control import drain
from trainer.data import synonyms
from trainer.data.dataset import open_data_set
from trainer.evaluation.evaluate import evaluate, photos_to_evaluate
from trainer.inference.predictor import Predictor


def test_a_run_without_a_model_says_so(demo_folder: Path, tmp_path: Path) -> None:
    run = new_run(open_data_set(demo_folder), tmp_path / "new")
    page = report(run.folder, tmp_path / "a.html")
    assert "There is no model: no epoch of its training has ended." in page.text
    assert "No epoch of its training is known." in page.text
    assert len(page.commands) == 1


def test_a_run_that_was_not_measured_is_measured(world: World, tmp_path: Path) -> None:
    run = copied(world, tmp_path)
    run.evaluation_file.unlink()
    page = report(run.folder, tmp_path / "a.html")
    found = evaluation_of(world.run)
    assert f"It names {found.accuracy:.1%} of {found.n} held-out photos" in page.text
    assert not run.evaluation_file.exists()


def test_the_model_of_a_run_means_the_run(world: World, tmp_path: Path) -> None:
    page = report(world.run / "model.safetensors", tmp_path / "a.html")
    assert "Training run" in page.inside("p")


def test_a_model_alone_tells_what_its_file_says(tmp_path: Path) -> None:
    page = report(paths.starter_model(), tmp_path / "a.html")
    assert "By its own file, it named 91.3% of 196 validation photos" in page.text
    assert "Give the report one with --data." in page.text
    assert page.images == []
    assert page.commands[0].startswith("python -m trainer export")


def test_the_matrix_has_the_classes_that_there_are_photos_or_answers_of(
    demo_folder: Path, tmp_path: Path
) -> None:
    report(paths.starter_model(), tmp_path / "a.html", data=demo_folder)
    predictor = Predictor(paths.starter_model(), "cpu")
    data_set = open_data_set(demo_folder)
    _, photos = photos_to_evaluate(data_set, None, predictor.info)
    confusion = np.array(drain(evaluate(predictor, data_set, photos)).confusion)
    present = int(((confusion.sum(axis=0) + confusion.sum(axis=1)) > 0).sum())
    assert 3 <= present < len(predictor.info.classes)
    svg = (tmp_path / "a.html").read_text(encoding="utf-8").split("Confusion matrix</title>")[1]
    # A name beside each row and above each column.
    assert svg.split("</svg>")[0].count("rotate(-90") == present


def test_a_model_is_measured_on_given_photos(demo_folder: Path, tmp_path: Path) -> None:
    page = report(paths.starter_model(), tmp_path / "a.html", data=demo_folder)
    data_set = open_data_set(demo_folder)
    predictor = Predictor(paths.starter_model(), "cpu")
    split, photos = photos_to_evaluate(data_set, None, predictor.info)
    found = drain(evaluate(predictor, data_set, photos))
    assert split == "test"
    assert f"It names {found.accuracy:.1%} of {found.n} photos" in page.text
    assert "Whether it learnt from some of these photos is not known." in page.text
    assert f"{found.n} photos of “{demo_folder.name}” (test)" in page.text


def test_classes_that_mean_the_same_count_as_one(world: World, tmp_path: Path) -> None:
    groups = (("banana", "LIME"),)
    synonyms.write_groups(groups)
    found = evaluation_of(world.run)
    merged = found.merged_right((("Banana", "Lime"),)) / found.n
    page = report(world.run, tmp_path / "a.html")
    assert "Banana = Lime" in page.inside("li")
    assert f"count as one, {merged:.1%}" in page.text
